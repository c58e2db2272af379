//! Closes a study for new bookings, calls off what is still planned where that is wished, tells those who are still
//! waiting, and opens it again.

use super::call_off::{Why, call_off};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::About;
use crate::domain::respondent::RespondentStatus;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::letters::NewLetter;
use crate::store::{Tx, holds, interviews, letters, members, proposals, respondents, studies};

/// What the letter about a closing is about, so that nobody gets it twice for the same one.
#[must_use]
pub fn occasion(closed_at: Instant) -> String {
    format!("closed {closed_at}")
}

/// The most letters that one transaction queues, so that others get their turn in between.
const AT_ONCE: i64 = 500;

/// Closes a study; one that is closed stays closed since the same moment.
///
/// # Errors
/// Those of access.
pub fn close_study(tx: &mut Tx<'_>, now: Instant, user: UserId, study: StudyId) -> Outcome<Done<()>> {
    // Whoever books or proposes at this moment is done before, or finds it closed.
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::ChangeStudy)?;
    if studies::get(tx, study)?.closed_at.is_some() {
        return Ok(Done::housekeeping(()));
    }
    studies::set_closed(tx, study, Some(now))?;
    proposals::end_all(tx, study, now)?;
    holds::drop_all(tx, study, None)?;
    Ok(Entry::new(now, Actor::User(user), "study.closed").study(study).subject(study).with(()))
}

/// Opens a closed study again.
///
/// # Errors
/// Those of access.
pub fn reopen_study(tx: &mut Tx<'_>, now: Instant, user: UserId, study: StudyId) -> Outcome<Done<()>> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    if studies::get(tx, study)?.closed_at.is_none() {
        return Ok(Done::housekeeping(()));
    }
    studies::set_closed(tx, study, None)?;
    Ok(Entry::new(now, Actor::User(user), "study.reopened").study(study).subject(study).with(()))
}

/// Calls off the next interview of a closed study that is still ahead, in the order of the list of respondents; answers
/// after whom to go on, or `None` when none is left. Each is a change of its own, so that both sides of it are told
/// whatever becomes of the others. An interview that has begun stays, since somebody has to say what became of it.
///
/// # Errors
/// Those of access.
pub fn call_off_next(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    after: Option<RespondentId>,
) -> Outcome<Done<Option<RespondentId>>> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    if studies::get(tx, study)?.closed_at.is_none() {
        return Ok(Done::housekeeping(None));
    }
    let status = Some(RespondentStatus::Booked);
    let filter = respondents::Filter { status, after, ..respondents::Filter::default() };
    let Some(respondent) = respondents::page(tx, study, filter, 1)?.pop() else {
        return Ok(Done::housekeeping(None));
    };
    let next = Some(respondent.id);
    let is_ahead = interviews::active_of(tx, respondent.id)?.is_some_and(|planned| planned.starts_at > now);
    if !is_ahead {
        return Ok(Done::housekeeping(next));
    }
    let done = call_off(tx, now, &respondent, Actor::User(user), &Why::StudyClosed)?;
    Ok(done.map_or(Done::housekeeping(next), |done| done.map(|_| next)))
}

/// Queues the letter about the closing for some of those who were invited or agreed and have no interview, in the
/// order of the list; answers after whom to go on, or `None` when all have theirs. Nobody gets it twice for the same
/// closing, so it may be begun again at any time; for a study that was opened again it does nothing.
///
/// # Errors
/// Those of access.
pub fn tell_of_closing(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    after: Option<RespondentId>,
) -> Outcome<Done<Option<RespondentId>>> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    let Some(closed_at) = studies::get(tx, study)?.closed_at else { return Ok(Done::housekeeping(None)) };
    let filter = respondents::Filter { after, ..respondents::Filter::default() };
    let page = respondents::page(tx, study, filter, AT_ONCE)?;
    let mut done = Done::housekeeping(page.last().map(|last| last.id));
    for respondent in page {
        let waits = matches!(respondent.status, RespondentStatus::Invited | RespondentStatus::Consented);
        if !waits || respondent.opted_out_at.is_some() || respondent.contact_removed_at.is_some() {
            continue;
        }
        let letter =
            NewLetter::to(&respondent, LetterKind::StudyClosed, occasion(closed_at), About::Study, now);
        if letters::put(tx, &letter, now)?.is_some() {
            let entry = Entry::new(now, Actor::User(user), "letter.queued").study(study);
            done = done.and(entry.subject(&respondent.code).field("kind", LetterKind::StudyClosed));
        }
    }
    Ok(done)
}
