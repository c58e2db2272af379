//! Whether somebody may do something, asked ahead of the action where an answer depends on it.

use crate::domain::access::Right;
use crate::id::{GuideId, InterviewId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, guides, members, sheets};

/// What somebody asks to work on.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A study.
    Study(StudyId),
    /// A respondent.
    Respondent(RespondentId),
    /// An interview guide.
    Guide(GuideId),
    /// The sheet of an interview.
    Sheet(InterviewId),
}

/// Demands a right.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for a stranger, [`crate::problem::Problem::Forbidden`] for another role.
pub fn require(tx: &mut Tx<'_>, place: Place, user: UserId, right: Right) -> Outcome<()> {
    match place {
        Place::Study(study) => members::require(tx, study, user, right),
        Place::Respondent(respondent) => members::require_for(tx, respondent, user, right),
        Place::Guide(guide) => {
            let study = guides::get(tx, guide)?.study;
            members::require(tx, study, user, right)
        }
        Place::Sheet(interview) => {
            let study = sheets::interviewed(tx, interview)?.study;
            members::require(tx, study, user, right)
        }
    }
    .map(drop)
}
