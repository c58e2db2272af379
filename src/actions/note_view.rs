//! Notes in the log that a researcher looked at personal data, before it is shown: the one thing that a GET may write
//! (R4). What shows codes alone is not noted, and neither are those who may see no more than that.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, interviews, members, respondents};

/// What was looked at.
#[derive(Debug, Clone, Copy)]
pub enum View {
    /// A part of the list of respondents.
    Respondents(StudyId),
    /// All that is known of a respondent.
    Respondent(RespondentId),
    /// Names beside the interviews of a study.
    Interviews(StudyId),
    /// Who is interviewed, and where.
    Interview(InterviewId),
}

/// Notes a view. The entry of a single person bears their code, that of a list the study.
///
/// # Errors
/// Those of access.
pub fn note_view(tx: &mut Tx<'_>, now: Instant, user: UserId, view: View) -> Outcome<Done<()>> {
    let (study, action, subject) = match view {
        View::Respondents(study) => (study, "respondents.viewed", study.to_string()),
        View::Interviews(study) => (study, "interviews.viewed", study.to_string()),
        View::Respondent(id) => {
            let respondent = respondents::remains(tx, id)?;
            (respondent.study, "respondent.viewed", respondent.code)
        }
        View::Interview(id) => {
            let (interview, code) = interviews::get_with_code(tx, id)?;
            (interview.study, "interview.viewed", code)
        }
    };
    if !members::require(tx, study, user, Right::View)?.may(Right::Contacts) {
        return Ok(Done::housekeeping(()));
    }
    let entry = Entry::new(now, Actor::User(user), action).study(study).subject(subject);
    let entry = if let View::Interview(id) = view { entry.field("interview", id) } else { entry };
    Ok(entry.with(()))
}
