//! Sets the hours that return every week with one interviewer. What differs on single dates stays, and so does what is
//! booked.

use super::except_date::lock_hours;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::availability::{AvailabilityDraft, Rule, RuleDraft};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, availability};

/// Replaces the weekly hours of an interviewer. `fits` judges those that are found.
///
/// # Errors
/// Those of access: somebody else's hours are an owner's to set. Everything that is wrong with the hours, at
/// `rules.<number>`, and what `fits` says.
pub fn plan_week(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    (study, whose): (StudyId, UserId),
    week: &[RuleDraft],
    fits: impl Fn(&[Rule]) -> Outcome<()>,
) -> Outcome<Done<()>> {
    lock_hours(tx, user, study, whose)?;
    fits(&availability::of_study(tx, study)?.weekly(whose))?;
    let draft = AvailabilityDraft { rules: week.to_vec(), exceptions: Vec::new() };
    let rules = draft.check(whose).map_err(Problem::Invalid)?.rules;
    availability::replace_weeks(tx, study, &[whose], &rules)?;
    let entry = Entry::new(now, Actor::User(user), "availability.planned").study(study).subject(whose);
    Ok(entry.field("rules", rules.len()).with(()))
}
