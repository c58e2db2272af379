//! Whoever makes the appointment for a respondent: named when it is booked, and told of it until the respondent or a
//! researcher takes them off, or the appointment ends.

use super::tell::tell_delegate;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delegate::Delegate;
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{Change, Ending};
use crate::id::{InterviewId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::interviews::Interview;
use crate::store::respondents::Respondent;
use crate::store::{Tx, contacts, interviews, members, respondents, studies};

/// An interview that was just booked, with the one who booked it for the respondent.
///
/// # Errors
/// A problem with the field `delegate.email` for the respondent's own address, which has its invite already, and for
/// one of the study's researchers, who get theirs as such.
pub(super) fn named(
    tx: &mut Tx<'_>,
    respondent: &Respondent,
    interview: Interview,
    delegate: Option<&Delegate>,
) -> Outcome<Interview> {
    let Some(delegate) = delegate else { return Ok(interview) };
    if contacts::get(tx, respondent.id)?.email.folded() == delegate.email.folded() {
        return Err(Problem::field("delegate.email", FieldCode::EmailDuplicate));
    }
    let team = members::of_study(tx, respondent.study)?;
    if team.iter().any(|member| member.email.to_lowercase() == delegate.email.folded()) {
        return Err(Problem::field("delegate.email", FieldCode::EmailDuplicate));
    }
    let language = Some(delegate.language.unwrap_or(respondent.language));
    interviews::name_delegate(tx, interview.id, &Delegate { language, ..delegate.clone() })
}

/// A respondent, who is locked already, takes off who made the appointment for them; doing it twice is the same as
/// once.
///
/// # Errors
/// [`Problem::NoInterview`] when none is planned.
pub fn remove_delegate(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
) -> Outcome<Done<Made<InterviewId>>> {
    let interview = interviews::active_of(tx, respondent.id)?
        .filter(|interview| interview.status == InterviewStatus::Booked)
        .ok_or(Problem::NoInterview)?;
    remove(tx, now, respondent, &interview, Actor::Respondent(respondent.id))
}

/// A researcher takes off who made the appointment for a respondent.
///
/// # Errors
/// Those of access.
pub fn remove_delegate_of(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = interviews::get(tx, id)?;
    members::require(tx, found.study, user, Right::Contacts)?;
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    let interview = interviews::get(tx, id)?;
    remove(tx, now, &respondent, &interview, Actor::User(user))
}

/// The appointment leaves their calendar under the next sequence; nobody else is told.
fn remove(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    interview: &Interview,
    actor: Actor,
) -> Outcome<Done<Made<InterviewId>>> {
    let made = Made::new(200, interview.id);
    if !interview.has_delegate() {
        return Ok(Done::housekeeping(made));
    }
    let arrangement = interview.as_it_is(tx)?;
    let after = interviews::rearrange(tx, interview, &arrangement, now)?;
    let ended = Change { ending: Some(Ending::NotNeeded), ..Change::default() };
    tell_delegate(tx, now, &after, LetterKind::DelegateCancelled, Some(&ended))?;
    interviews::forget_delegate(tx, interview.id)?;
    let entry = Entry::new(now, actor, "interview.delegate_removed").study(interview.study);
    Ok(entry.subject(&respondent.code).field("interview", interview.id).with(made))
}
