//! Replaces the strata of a study as a whole and moves everybody to where they belong now (E15).

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::stratum::{StratumPlan, check};
use crate::id::{StratumId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::strata::Stratum;
use crate::store::{Tx, members, strata, studies};

use super::assign_strata::assign_strata;

/// Sets the strata of a study. One that keeps its key stays the same stratum. A cap may lie below what is taken. `fits`
/// judges the plans that are found (If-Match).
///
/// # Errors
/// [`Problem::Invalid`] with everything that is wrong with the list; what `fits` says.
pub fn set_strata(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    plans: &[StratumPlan],
    fits: impl Fn(&[StratumPlan]) -> Outcome<()>,
) -> Outcome<Done<()>> {
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::ChangeStudy)?;
    let problems = check(plans);
    if !problems.is_empty() {
        return Err(Problem::Invalid(problems));
    }
    strata::lock(tx, study)?;
    let before = strata::of_study(tx, study)?;
    fits(&before.iter().map(Stratum::plan).collect::<Vec<_>>())?;
    for (position, plan) in (0..).zip(plans) {
        match before.iter().find(|row| row.key == plan.key) {
            Some(row) => strata::update(tx, row.id, plan, position)?,
            None => strata::insert(tx, study, plan, position)?,
        }
    }
    let ended: Vec<StratumId> =
        before.iter().filter(|row| plans.iter().all(|plan| plan.key != row.key)).map(|row| row.id).collect();
    let date = studies::get(tx, study)?.study.rules.population_on;
    assign_strata(tx, study, date, &ended)?;
    strata::delete(tx, &ended)?;
    let listed = serde_json::to_string(plans).map_err(Problem::internal)?;
    let entry = Entry::new(now, Actor::User(user), "strata.set").study(study).subject(study);
    Ok(entry.field("strata", listed).with(()))
}
