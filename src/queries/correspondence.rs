//! What a claimed letter is written from, or why it is not sent any more.

use super::referrals;
use crate::clock::Instant;
use crate::domain::attendance::Attendance;
use crate::domain::correspondence::{Correspondence, GivenConsent, Subject};
use crate::domain::delivery::{Dropped, dropped};
use crate::domain::interview::InterviewStatus;
use crate::domain::language::Language;
use crate::domain::letter::Placeholder;
use crate::domain::letter_facts::{About, LetterFacts};
use crate::domain::study::Study;
use crate::domain::text::EmailAddress;
use crate::id::{ConsentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::attendances::Answered;
use crate::store::contacts::Contact;
use crate::store::letters::{Claimed, Earlier};
use crate::store::respondents::Respondent;
use crate::store::{
    Tx, accounts, attendances, consent_forms, consents, contacts, interviews, letter_texts, letters, members,
    municipalities, respondents, studies,
};

/// What is to be done with a claimed letter.
#[derive(Debug)]
pub enum Next {
    /// It is not to be sent any more.
    Dropped(Dropped),
    /// It is written already: its message as it was kept.
    Ready(Vec<u8>),
    /// It is to be written from this.
    Write(Box<Correspondence>),
}

/// Whether the contact data of a letter's recipient are gone, so that it is not kept for long (E19).
///
/// # Errors
/// Only those of the database.
pub fn is_to_erased(tx: &mut Tx<'_>, letter: &Claimed) -> Outcome<bool> {
    match (letter.respondent, letter.user) {
        (Some(respondent), None) => respondents::is_out_of_reach(tx, respondent),
        _ => Ok(false),
    }
}

/// What is to be done with a claimed letter.
///
/// # Errors
/// Those of the database, and a fault when what the letter needs is damaged.
pub fn next(tx: &mut Tx<'_>, letter: &Claimed, now: Instant) -> Outcome<Next> {
    let facts = match letters::facts(tx, letter) {
        Err(Problem::NotFound) => return Ok(Next::Dropped(Dropped::Erased)),
        facts => facts?,
    };
    let row = studies::get(tx, letter.study)?;
    let respondent = letter.respondent.map(|id| respondents::remains(tx, id)).transpose()?;
    let contact = match (&respondent, letter.user) {
        (Some(respondent), None) => contact(tx, respondent)?,
        _ => None,
    };
    if let Some(respondent) = respondent.as_ref().filter(|_| letter.user.is_none()) {
        let suppressed = match &contact {
            Some(contact) => is_suppressed(tx, letter.study, &contact.email)?,
            None if facts.addressee.is_none() => return Ok(Next::Dropped(Dropped::Erased)),
            None => false,
        };
        let opted_out = suppressed || respondent.opted_out_at.is_some();
        if let Some(why) = dropped(letter.kind, respondent.status, opted_out, row.closed_at.is_some()) {
            return Ok(Next::Dropped(why));
        }
    }
    if letter.kind.is_appointment_reminder() && is_outdated(tx, letter, &facts, now)? {
        return Ok(Next::Dropped(Dropped::Outdated));
    }
    if letters::lost_its_point(tx, letter)? {
        return Ok(Next::Dropped(Dropped::NeverInvited));
    }
    if let Some(message) = letters::message(tx, letter)? {
        return Ok(Next::Ready(message));
    }
    let to = addressed(tx, letter.user, &facts, &row.study, respondent.as_ref(), contact)?;
    write(tx, letter, facts, row.study, respondent, to, now).map(|all| Next::Write(Box::new(all)))
}

/// Whether the interview that a letter reminds of has begun, or does not stand any more as the letter tells.
fn is_outdated(tx: &mut Tx<'_>, letter: &Claimed, facts: &LetterFacts, now: Instant) -> Outcome<bool> {
    let (Some(id), About::Interview(told)) = (letter.interview, &facts.about) else { return Ok(false) };
    let interview = interviews::get(tx, id)?;
    let stands = interview.status == InterviewStatus::Booked
        && interview.starts_at == told.starts_at
        && interview.interviewer == told.interviewer;
    Ok(!stands || interview.starts_at <= now)
}

/// The one who gets a letter.
struct To {
    name: String,
    email: EmailAddress,
    language: Language,
}

fn contact(tx: &mut Tx<'_>, respondent: &Respondent) -> Outcome<Option<Contact>> {
    contacts::find(tx, respondent.id)
}

fn is_suppressed(tx: &mut Tx<'_>, study: StudyId, email: &EmailAddress) -> Outcome<bool> {
    let digest = contacts::email_digest(tx, study, email);
    contacts::is_suppressed(tx, study, &digest)
}

fn addressed(
    tx: &mut Tx<'_>,
    user: Option<UserId>,
    facts: &LetterFacts,
    study: &Study,
    respondent: Option<&Respondent>,
    contact: Option<Contact>,
) -> Outcome<To> {
    let address = |text: &str| EmailAddress::parse(text).map_err(|_| Problem::internal("no mail address"));
    if let Some(user) = user {
        let account = accounts::get(tx, user)?;
        let language = match facts.about {
            About::Rehearsal(language) => language,
            _ => study.rules.language,
        };
        return Ok(To { name: account.name, email: address(&account.email)?, language });
    }
    match (&facts.addressee, contact, respondent) {
        (Some(former), _, _) => {
            Ok(To { name: former.name.clone(), email: address(&former.email)?, language: former.language })
        }
        (None, Some(contact), Some(respondent)) => {
            Ok(To { name: contact.name, email: contact.email, language: respondent.language })
        }
        _ => Err(Problem::internal("a letter has no recipient")),
    }
}

fn write(
    tx: &mut Tx<'_>,
    letter: &Claimed,
    facts: LetterFacts,
    study: Study,
    respondent: Option<Respondent>,
    to: To,
    now: Instant,
) -> Outcome<Correspondence> {
    let earlier = match letter.interview {
        Some(interview) => letters::earlier(tx, letter, interview)?,
        None => Earlier::default(),
    };
    let attendance = attendance(tx, letter)?;
    let sequence = letter.sequence.and_then(|sequence| u32::try_from(sequence).ok());
    let subject = respondent.map(|respondent| subject(tx, &respondent)).transpose()?;
    let consent = match facts.about {
        About::Consent(id) => Some(consent(tx, id)?),
        _ => None,
    };
    let interviewer = match &facts.about {
        About::Interview(appointment) => Some(appointment.interviewer),
        _ => None,
    };
    let is_second = letter.user.is_some() && interviewer.is_some() && letter.user != interviewer;
    // Words of the study that lead to the personal page are not for a mailbox that is not theirs any more.
    let is_gone = facts.addressee.is_some();
    let wording = letter_texts::get(tx, letter.study, letter.kind, to.language)?.map(|text| text.wording);
    let wording = wording.filter(|wording| !(is_gone && wording.names(Placeholder::Link)));
    Ok(Correspondence {
        kind: letter.kind,
        language: to.language,
        wording,
        study,
        researcher: researcher(tx, letter.study, interviewer)?,
        name: to.name,
        email: to.email,
        subject,
        facts,
        is_second,
        interview: letter.interview.zip(sequence),
        invited_before: earlier.invited,
        attendance,
        thread: earlier.thread,
        consent,
        // DTSTAMP rises from message to message, even within a second.
        stamp: earlier.stamp.map_or(now, |last| now.max(last.plus_seconds(1))),
    })
}

/// What the recipient of a letter answered to the time that it tells. A letter about an earlier time asks, as it did.
fn attendance(tx: &mut Tx<'_>, letter: &Claimed) -> Outcome<Option<Attendance>> {
    let (Some(id), Some(sequence)) = (letter.interview, letter.sequence) else { return Ok(None) };
    let timed = interviews::get(tx, id)?.time_sequence;
    let answered = attendances::all(tx, id)?.into_iter().find(|answer| letter.is_to(answer));
    let holds = |answer: &Answered| sequence >= timed && answer.version().sequence >= timed;
    Ok(answered.filter(holds).map(|answer| answer.attendance))
}

fn subject(tx: &mut Tx<'_>, respondent: &Respondent) -> Outcome<Subject> {
    let places = municipalities::places(tx)?;
    let municipality = places.gazetteer.get(respondent.municipality);
    Ok(Subject {
        code: respondent.code.clone(),
        municipality: municipality.map_or_else(String::new, |m| m.name.clone()),
        link: tx.keys().link_token(respondent.id, respondent.link_generation),
        unsubscribe: tx.keys().unsubscribe_token(respondent.id),
        referrer: referrals::referrer(tx, respondent.id)?,
    })
}

fn consent(tx: &mut Tx<'_>, id: ConsentId) -> Outcome<GivenConsent> {
    let consent = consents::get(tx, id)?;
    let signed = consents::typed_name(tx, &consent)?;
    let form = consent_forms::get(tx, consent.form)?.body;
    Ok(GivenConsent {
        form,
        version: consent.version,
        language: consent.language,
        sha256: consent.sha256,
        answers: consent.items,
        signed,
        given_at: consent.given_at,
    })
}

/// The name of the researcher who signs: the one who holds the interview, else the first owner of the study.
///
/// # Errors
/// Only those of the database.
pub fn researcher(tx: &mut Tx<'_>, study: StudyId, interviewer: Option<UserId>) -> Outcome<String> {
    match interviewer {
        Some(user) => accounts::get(tx, user).map(|account| account.name),
        None => Ok(members::first_owner(tx, study)?.unwrap_or_default()),
    }
}
