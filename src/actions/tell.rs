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
    let letter = letter_of(tx, now, interview, (recipient, kind), change)?;
    letters::put(tx, &letter, now).map(drop)
}

fn letter_of(
    tx: &Tx<'_>,
    now: Instant,
    interview: &Interview,
    (recipient, kind): (Recipient, LetterKind),
    change: Option<&Change>,
) -> Outcome<NewLetter> {
    let mut letter = letter(tx, now, interview, recipient, kind)?;
    letter.facts.change = change.cloned();
    Ok(letter)
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

/// Tells whoever made the appointment for the respondent, if anybody did. The letter bears their address itself, and
/// says nothing in the words of others.
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
    match to_delegate(tx, now, interview, kind, change)? {
        Some(letter) => letters::put(tx, &letter, now).map(drop),
        None => Ok(()),
    }
}

/// Invites whoever made the appointment once more to the interview as it stands. `occasion` keeps it from being told
/// twice.
///
/// # Errors
/// When a seal is broken.
pub(super) fn tell_delegate_again(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    occasion: &str,
) -> Outcome<()> {
    let Some(letter) = to_delegate(tx, now, interview, LetterKind::DelegateInvited, None)? else {
        return Ok(());
    };
    letters::put(tx, &NewLetter { occasion: occasion.to_owned(), ..letter }, now).map(drop)
}

fn to_delegate(
    tx: &Tx<'_>,
    now: Instant,
    interview: &Interview,
    kind: LetterKind,
    change: Option<&Change>,
) -> Outcome<Option<NewLetter>> {
    let Some(delegate) = interview.delegate(tx)? else { return Ok(None) };
    let mut letter = letter(tx, now, interview, Recipient::Delegate(delegate.id), kind)?;
    letter.facts.change = change.map(|change| Change { reason: None, ..change.clone() });
    letter.facts.addressee = Some(Addressee {
        name: delegate.who.name,
        email: delegate.who.email.as_str().to_owned(),
        language: delegate.who.language.unwrap_or_default(),
    });
    Ok(Some(letter))
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
    kinds: (LetterKind, LetterKind),
    change: Option<&Change>,
) -> Outcome<()> {
    for letter in to_all(tx, now, interview, kinds, change)? {
        letters::put(tx, &letter, now)?;
    }
    Ok(())
}

/// As [`tell_all`], of an interview that was booked in this very transaction.
///
/// # Errors
/// Only those of the database.
pub(super) fn tell_of_new(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    kinds: (LetterKind, LetterKind),
    change: Option<&Change>,
) -> Outcome<()> {
    for letter in to_all(tx, now, interview, kinds, change)? {
        letters::put_first(tx, &letter, now)?;
    }
    Ok(())
}

/// The letters to everybody who is to be there.
fn to_all(
    tx: &Tx<'_>,
    now: Instant,
    interview: &Interview,
    (to_respondent, to_interviewers): (LetterKind, LetterKind),
    change: Option<&Change>,
) -> Outcome<Vec<NewLetter>> {
    let respondent = (Recipient::Respondent(interview.respondent), to_respondent);
    let mut letters = vec![letter_of(tx, now, interview, respondent, change)?];
    if let Some(method) = to_respondent.calendar_method() {
        let kind = match method {
            CalendarMethod::Request => LetterKind::DelegateInvited,
            CalendarMethod::Cancel => LetterKind::DelegateCancelled,
        };
        letters.extend(to_delegate(tx, now, interview, kind, change)?);
    }
    for interviewer in [Some(interview.interviewer), interview.second].into_iter().flatten() {
        letters.push(letter_of(tx, now, interview, (Recipient::User(interviewer), to_interviewers), change)?);
    }
    Ok(letters)
}
