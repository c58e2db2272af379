//! Sets how long an interviewer is on the way to interviews in person. What is booked already keeps the travel that it
//! was booked with.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::travel::Travel;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, accounts, members, travel};

/// Puts an interviewer's ways in place of those that were known, which `fits` judges.
///
/// # Errors
/// Those of access: somebody else's ways are an owner's to set. [`Problem::NotFound`] for somebody who plans no
/// interviews in this study, and what `fits` says.
pub fn plan_travel(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    whose: UserId,
    ways: &Travel,
    fits: impl Fn(&Travel) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let member = members::require(tx, study, user, Right::PlanSelf)?;
    if whose != user {
        member.require(Right::PlanForOthers)?;
    }
    if !members::interviews(tx, study, whose)? {
        return Err(Problem::NotFound);
    }
    // Whoever books with them at this moment has them to the end of it.
    accounts::lock(tx, whose)?;
    fits(&travel::of(tx, study, whose)?)?;
    travel::replace(tx, study, whose, ways)?;
    let entry = Entry::new(now, Actor::User(user), "travel.planned").study(study).subject(whose);
    let entry = entry.field("minutes", ways.minutes);
    Ok(entry.field("municipalities", ways.municipalities.len()).with(()))
}
