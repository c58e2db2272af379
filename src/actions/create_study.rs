//! Makes a study with its three usual strata; whoever makes it owns it.

use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::municipality::Places;
use crate::domain::stratum::StratumPlan;
use crate::domain::study::Study;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::{Tx, members, municipalities, strata, studies};

/// Makes a study.
///
/// # Errors
/// [`Problem::Invalid`] when no municipality was counted yet on the study's date.
pub fn create_study(tx: &mut Tx<'_>, now: Instant, user: UserId, study: &Study) -> Outcome<Done<StudyId>> {
    let places = municipalities::places(tx)?;
    check_date(&places, study)?;
    let id = studies::insert(tx, study, now)?;
    members::insert(tx, id, user, Role::Owner, now)?;
    for (position, plan) in (0..).zip(StratumPlan::defaults(study.rules.language)) {
        strata::insert(tx, id, &plan, position)?;
    }
    let entry = Entry::new(now, Actor::User(user), "study.created").study(id).subject(id);
    Ok(entry.field("title", &study.title).field("population_on", study.rules.population_on).with(id))
}

/// Demands a date on which size classes can be told: before the first count every municipality would fall out of all
/// strata without a word (R9).
pub(super) fn check_date(places: &Places, study: &Study) -> Outcome<()> {
    if places.gazetteer.reference_date(study.rules.population_on).is_some() {
        return Ok(());
    }
    let problem = FieldProblem::new("population_on", FieldCode::Value);
    Err(Problem::Invalid(vec![match places.gazetteer.first_date() {
        Some(first) => problem.with("allowed", format!("{first} – …")),
        None => problem,
    }]))
}
