//! The hours of the interviewers of a study.

use crate::domain::access::Right;
use crate::domain::availability::Availability;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, availability, members};

/// All hours, by interviewer and then by day.
///
/// # Errors
/// Those of access.
pub fn of_study(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Availability> {
    members::require(tx, study, user, Right::View)?;
    availability::of_study(tx, study)
}
