//! What differs from the weekly hours on one date: hours that are opened beside them, or closed; and the weekly hours
//! again.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::availability::{Change, EXCEPTIONS_LIMIT, Exception, date_at};
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, availability, members, studies};

/// Opens or closes a date, or a stretch of it, for interviews with somebody. Two who do so at once can't both open the
/// same hours.
///
/// # Errors
/// Those of access: somebody else's hours are an owner's to set. `unknown_reference` at `interviewer` for whoever plans
/// no interviews in this study; [`FieldCode::Value`] at `date` for one that has passed or beyond [`EXCEPTIONS_LIMIT`],
/// [`FieldCode::Overlap`] at `from` with hours that were opened on it before.
pub fn except_date(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    exception: Exception,
) -> Outcome<Done<()>> {
    let Exception { interviewer, date, change } = exception;
    lock_hours(tx, user, study, interviewer)?;
    if date < date_at(studies::get(tx, study)?.study.rules.time_zone, now) {
        return Err(Problem::field("date", FieldCode::Value));
    }
    let mut kept = availability::of_study(tx, study)?.exceptions;
    kept.retain(|kept| kept.interviewer == interviewer);
    if kept.len() >= EXCEPTIONS_LIMIT {
        return Err(Problem::field("date", FieldCode::Value));
    }
    let overlaps = |kept: &Exception| match (kept.change, change) {
        (Change::Open(stands), Change::Open(comes)) => kept.date == date && stands.overlaps(comes),
        _ => false,
    };
    if kept.iter().any(overlaps) {
        return Err(Problem::field("from", FieldCode::Overlap));
    }
    if !kept.contains(&exception) {
        availability::add(tx, study, exception)?;
    }
    let name = if change.is_open() { "availability.opened" } else { "availability.closed" };
    let entry = Entry::new(now, Actor::User(user), name).study(study).subject(interviewer);
    Ok(entry.field("date", date).with(()))
}

/// Takes back what differs on a date. What is gone already stays gone.
///
/// # Errors
/// Those of access, as [`except_date`].
pub fn follow_week(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    exception: Exception,
) -> Outcome<Done<()>> {
    let Exception { interviewer, date, .. } = exception;
    lock_hours(tx, user, study, interviewer)?;
    availability::remove(tx, study, exception)?;
    let entry = Entry::new(now, Actor::User(user), "availability.restored").study(study).subject(interviewer);
    Ok(entry.field("date", date).with(()))
}

/// Keeps the hours of an interviewer for somebody who may set them: their own, or everybody's. Of two who do so at once
/// the second waits for the first.
///
/// # Errors
/// Those of access; `unknown_reference` at `interviewer` for whoever plans no interviews in this study.
pub(super) fn lock_hours(tx: &mut Tx<'_>, user: UserId, study: StudyId, whose: UserId) -> Outcome<()> {
    studies::lock(tx, study)?;
    let member = members::require(tx, study, user, Right::PlanSelf)?;
    if whose != user {
        member.require(Right::PlanForOthers)?;
    }
    if members::interviews(tx, study, whose)? {
        Ok(())
    } else {
        Err(Problem::field("interviewer", FieldCode::UnknownReference))
    }
}
