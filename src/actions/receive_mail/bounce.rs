//! What a mail server reports of a letter. Only who has seen the letter, or carried it, knows its identifier.

use super::Verdict;
use crate::actions::tell;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Entry};
use crate::domain::incoming::{Bounce, Doubt, Fate, Undelivered};
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::CalendarMethod;
use crate::domain::letter_facts::{About, LetterFacts};
use crate::problem::Outcome;
use crate::store::incoming_mail::Subject;
use crate::store::letters::{self, Recipient, Reported};
use crate::store::{Tx, contacts, interviews, respondents};

/// Marks the letter that a report is about, and the address where it is that of the respondent.
pub(super) fn bounce(tx: &mut Tx<'_>, now: Instant, report: &Bounce) -> Outcome<Verdict> {
    let Some(letter) = letter(tx, report)? else {
        return Ok(Verdict::doubt(Subject::default(), Doubt::UnknownLetter));
    };
    let subject = Subject {
        study: Some(letter.study),
        respondent: letter.respondent,
        interview: letter.interview,
        letter: Some(letter.id),
    };
    let Some(recipient) = report.worst() else { return Ok(Verdict::doubt(subject, Doubt::UnclearReport)) };
    let status = recipient.status.as_deref();
    let done = |action| {
        let entry = Entry::new(now, Actor::System, action).study(letter.study).subject(letter.id);
        entry.field("status", status.unwrap_or_default())
    };
    match recipient.fate {
        Fate::Passed => Ok(Verdict::idle(subject)),
        Fate::Delayed => {
            let noted = letters::note_delay(tx, letter.id, status)?;
            Ok(if noted { Verdict::done(subject, done("letter.delayed")) } else { Verdict::idle(subject) })
        }
        Fate::Failed => {
            let forgotten = match letter.respondent {
                Some(respondent) => respondents::is_out_of_reach(tx, respondent)?,
                None => false,
            };
            let retold = if forgotten { None } else { retold(tx, now, &letter)? };
            let said = (status, recipient.said.as_str());
            if !letters::bounce(tx, &letter, said, forgotten, retold.as_ref(), now)? {
                return Ok(Verdict::idle(subject));
            }
            // What may pass, such as a mailbox that is full, says nothing against the address (RFC 3463 2).
            if status.is_none_or(|status| !status.starts_with('4')) {
                mark_address(tx, &letter, recipient, now)?;
            }
            Ok(Verdict::done(subject, done("letter.bounced")))
        }
    }
}

/// What a letter that came back says when it is sent again: of recruitment the study, and of an invite the interview,
/// as long as it is ahead.
fn retold(tx: &mut Tx<'_>, now: Instant, letter: &Reported) -> Outcome<Option<LetterFacts>> {
    if letter.kind.is_recruitment() && letter.user.is_none() {
        return Ok(Some(LetterFacts::about(About::Study)));
    }
    let is_invite = letter.kind.calendar_method() == Some(CalendarMethod::Request);
    let Some(id) = letter.interview.filter(|_| is_invite && !letter.kind.is_for_delegate()) else {
        return Ok(None);
    };
    let interview = interviews::get(tx, id)?;
    if interview.status != InterviewStatus::Booked || interview.starts_at <= now {
        return Ok(None);
    }
    let recipient = letter.user.map_or(Recipient::Respondent(interview.respondent), Recipient::User);
    Ok(Some(tell::letter(tx, now, &interview, recipient, letter.kind)?.facts))
}

/// The letter that a report is about.
fn letter(tx: &mut Tx<'_>, report: &Bounce) -> Outcome<Option<Reported>> {
    for token in &report.tokens {
        if let Some(letter) = letters::of_return_path(tx, token)? {
            return Ok(Some(letter));
        }
    }
    for message_id in &report.message_ids {
        if let Some(letter) = letters::of_message(tx, message_id)? {
            return Ok(Some(letter));
        }
    }
    Ok(None)
}

/// Marks the respondent's address, where the report names just that: it may have been corrected since, or the letter
/// was passed on to another mailbox that has gone.
fn mark_address(tx: &mut Tx<'_>, letter: &Reported, recipient: &Undelivered, now: Instant) -> Outcome<()> {
    let (Some(respondent), None) = (letter.respondent, letter.user) else { return Ok(()) };
    let Some(contact) = contacts::find(tx, respondent)? else { return Ok(()) };
    let own = contact.email.folded();
    if recipient.addresses.iter().any(|address| address.to_lowercase() == own) {
        contacts::note_bounce(tx, respondent, now)?;
    }
    Ok(())
}
