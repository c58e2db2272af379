//! Sets the hours in which interviewers can hold interviews. What is booked already stays booked.

use std::collections::BTreeSet;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::availability::{Availability, AvailabilityDraft};
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::{Tx, availability, members, studies};

/// Replaces the hours of the interviewers that the draft names; one that names nobody empties those of `whose`. `fits`
/// judges the hours of the study that are found (If-Match).
///
/// # Errors
/// What `fits` says; those of access: somebody else's hours are an owner's to set; everything that is wrong with the
/// draft, and `unknown_reference` for each interviewer who plans no interviews in this study (E29).
pub fn plan_availability(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    whose: UserId,
    draft: &AvailabilityDraft,
    fits: impl Fn(&Availability) -> Outcome<()>,
) -> Outcome<Done<()>> {
    // Of two who replace the same hours the second waits here, and finds those of the first.
    studies::lock(tx, study)?;
    let member = members::require(tx, study, user, Right::PlanSelf)?;
    fits(&availability::of_study(tx, study)?)?;
    let hours = draft.check(user).map_err(Problem::Invalid)?;
    let rules = hours.rules.iter().enumerate().map(|(i, rule)| ("rules", i, rule.interviewer));
    let exceptions = hours.exceptions.iter().enumerate().map(|(i, e)| ("exceptions", i, e.interviewer));
    let named: Vec<(&str, usize, UserId)> = rules.chain(exceptions).collect();
    let mut interviewers: BTreeSet<UserId> = named.iter().map(|(_, _, who)| *who).collect();
    if interviewers.is_empty() {
        interviewers.insert(whose);
    }
    if interviewers.iter().any(|who| *who != user) {
        member.require(Right::PlanForOthers)?;
    }
    let mut unknown = BTreeSet::new();
    for who in &interviewers {
        if !members::interviews(tx, study, *who)? {
            unknown.insert(*who);
        }
    }
    if !unknown.is_empty() {
        let wrong = named.iter().filter(|(_, _, who)| unknown.contains(who));
        let problems = wrong.map(|(list, i, _)| {
            FieldProblem::new(format!("{list}.{i}.interviewer"), FieldCode::UnknownReference)
        });
        return Err(Problem::Invalid(problems.collect()));
    }
    let interviewers: Vec<UserId> = interviewers.into_iter().collect();
    availability::replace(tx, study, &interviewers, &hours)?;
    let entry = Entry::new(now, Actor::User(user), "availability.planned").study(study);
    let entry = match interviewers.as_slice() {
        [one] => entry.subject(one),
        several => entry.field("interviewers", several.len()),
    };
    Ok(entry.field("rules", hours.rules.len()).field("exceptions", hours.exceptions.len()).with(()))
}
