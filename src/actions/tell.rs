//! Puts a letter about an interview into the outbox, with the facts as they are now.

use crate::clock::Instant;
use crate::domain::letter::{CalendarMethod, LetterKind};
use crate::domain::letter_facts::{About, Addressee, Appointment, Change, LetterFacts};
use crate::problem::Outcome;
use crate::store::interviews::Interview;
use crate::store::letters::{NewLetter, Recipient};
use crate::store::{Tx, letters};

/// Tells one of the two sides about an interview. One sequence of it gives a recipient one letter of a kind at most.
///
/// # Errors
/// Only those of the database.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    recipient: Recipient,
    kind: LetterKind,
    change: Option<&Change>,
) -> Outcome<()> {
    let mut letter = letter(tx, now, interview, recipient, kind)?;
    letter.facts.change = change.cloned();
    letters::put(tx, &letter, now).map(drop)
}

/// A letter about an interview as it is now.
///
/// # Errors
/// When the seal of its place is broken.
pub(super) fn letter(
    tx: &Tx<'_>,
    now: Instant,
    interview: &Interview,
    recipient: Recipient,
    kind: LetterKind,
) -> Outcome<NewLetter> {
    let appointment = Appointment {
        uid: interview.uid.clone(),
        starts_at: interview.starts_at,
        ends_at: interview.ends_at,
        mode: interview.mode,
        place: interview.place(tx)?,
        join_link: interview.announced_link.clone(),
        interviewer: interview.interviewer,
    };
    Ok(NewLetter {
        study: interview.study,
        recipient,
        respondent: Some(interview.respondent),
        kind,
        occasion: format!("{}:{}", interview.id, interview.sequence),
        interview: Some((interview.id, interview.sequence)),
        facts: LetterFacts::about(About::Interview(appointment)),
        due_at: now,
    })
}

/// Tells whoever made the appointment for the respondent, if anybody did. The letter bears their address itself, and says
/// nothing in the words of others.
///
/// # Errors
/// When a seal is broken.
pub(super) fn tell_delegate(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    kind: LetterKind,
    change: Option<&Change>,
) -> Outcome<()> {
    let Some(delegate) = interview.delegate(tx)? else { return Ok(()) };
    let mut letter = letter(tx, now, interview, Recipient::Delegate(delegate.id), kind)?;
    letter.facts.change = change.map(|change| Change { reason: None, ..change.clone() });
    letter.facts.addressee = Some(Addressee {
        name: delegate.who.name,
        email: delegate.who.email.as_str().to_owned(),
        language: delegate.who.language.unwrap_or_default(),
    });
    letters::put(tx, &letter, now).map(drop)
}

/// Tells everybody who is to be there: the respondent and whoever made the appointment for them, the interviewer and,
/// where there is one, the second interviewer.
///
/// # Errors
/// Only those of the database.
pub(super) fn tell_all(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    (to_respondent, to_interviewers): (LetterKind, LetterKind),
    change: Option<&Change>,
) -> Outcome<()> {
    tell(tx, now, interview, Recipient::Respondent(interview.respondent), to_respondent, change)?;
    if let Some(method) = to_respondent.calendar_method() {
        let kind = match method {
            CalendarMethod::Request => LetterKind::DelegateInvited,
            CalendarMethod::Cancel => LetterKind::DelegateCancelled,
        };
        tell_delegate(tx, now, interview, kind, change)?;
    }
    tell(tx, now, interview, Recipient::User(interview.interviewer), to_interviewers, change)?;
    match interview.second {
        Some(second) => tell(tx, now, interview, Recipient::User(second), to_interviewers, change),
        None => Ok(()),
    }
}
