//! Whether somebody may do something, asked ahead of the action where an answer depends on it.

use crate::domain::access::Right;
use crate::id::{
    ConsentFormId, GuideId, IncomingId, InterviewId, LetterId, ProposalId, RespondentId, StudyId, UserId,
};
use crate::problem::{Outcome, Problem};
use crate::store::{
    Tx, consent_forms, guides, incoming_mail, interviews, letters, members, proposals, sheets,
};

/// What somebody asks to work on.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A study.
    Study(StudyId),
    /// A respondent.
    Respondent(RespondentId),
    /// A consent form.
    ConsentForm(ConsentFormId),
    /// An interview guide.
    Guide(GuideId),
    /// An interview.
    Interview(InterviewId),
    /// Moments that a respondent proposed.
    Proposal(ProposalId),
    /// A letter.
    Letter(LetterId),
    /// A message that came in and waits.
    Incoming(IncomingId),
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
        Place::ConsentForm(form) => {
            let study = consent_forms::get(tx, form)?.study;
            members::require(tx, study, user, right)
        }
        Place::Interview(interview) => {
            let study = interviews::get(tx, interview)?.study;
            members::require(tx, study, user, right)
        }
        Place::Proposal(proposal) => {
            let study = proposals::get(tx, proposal)?.study;
            members::require(tx, study, user, right)
        }
        Place::Letter(letter) => {
            let study = letters::detail(tx, letter)?.study;
            members::require(tx, study, user, right)
        }
        Place::Incoming(message) => {
            let study = incoming_mail::get(tx, message)?.study.ok_or(Problem::NotFound)?;
            members::require(tx, study, user, right)
        }
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
