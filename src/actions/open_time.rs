//! Opens hours on one date, beside the weekly ones: an open exception.

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::availability::{Change, EXCEPTIONS_LIMIT, Exception, Stretch, date_at};
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, accounts, availability, members, studies};

/// Opens a stretch of a date for interviews with somebody. The person is locked, so that two who open at once can't both
/// open the same hours.
///
/// # Errors
/// Those of access: somebody else's hours are an owner's to set. `unknown_reference` at `interviewer` for whoever plans no
/// interviews in this study; [`FieldCode::Value`] at `date` for one that has passed or beyond [`EXCEPTIONS_LIMIT`],
/// [`FieldCode::Overlap`] at `from` with hours that were opened on it before.
pub fn open_time(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    (study, whose): (StudyId, UserId),
    (date, stretch): (NaiveDate, Stretch),
) -> Outcome<Done<()>> {
    let member = members::require(tx, study, user, Right::PlanSelf)?;
    if whose != user {
        member.require(Right::PlanForOthers)?;
    }
    if !members::interviews(tx, study, whose)? {
        return Err(Problem::field("interviewer", FieldCode::UnknownReference));
    }
    accounts::lock(tx, whose)?;
    if date < date_at(studies::get(tx, study)?.study.rules.time_zone, now) {
        return Err(Problem::field("date", FieldCode::Value));
    }
    let mut kept = availability::of_study(tx, study)?.exceptions;
    kept.retain(|exception| exception.interviewer == whose);
    if kept.len() >= EXCEPTIONS_LIMIT {
        return Err(Problem::field("date", FieldCode::Value));
    }
    let overlaps = |kept: &Exception| {
        kept.date == date && matches!(kept.change, Change::Open(open) if open.overlaps(stretch))
    };
    if kept.iter().any(overlaps) {
        return Err(Problem::field("from", FieldCode::Overlap));
    }
    let change = Change::Open(stretch);
    availability::add(tx, study, Exception { interviewer: whose, date, change })?;
    let entry = Entry::new(now, Actor::User(user), "availability.opened").study(study).subject(whose);
    Ok(entry.field("date", date).with(()))
}
