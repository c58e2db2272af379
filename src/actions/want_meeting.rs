//! Says what an interview wants of Microsoft Graph: a meeting of its own, or none.

use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::meeting::LinkSource;
use crate::problem::Outcome;
use crate::store::interviews::Interview;
use crate::store::studies::StudyRow;
use crate::store::{Tx, meetings};

/// Brings what is wanted in line with an interview as it is now. A planned online interview wants a meeting where the
/// study has them made, unless somebody pasted a link to another one; a meeting that was told of serves on when the
/// study turns to other links. To be called in the transaction that changed the interview, after the change.
///
/// # Errors
/// Only those of the database.
pub(super) fn want_meeting(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    interview: &Interview,
) -> Outcome<()> {
    let stands = interview.status == InterviewStatus::Booked
        && interview.mode == Mode::Teams
        && interview.own_link.is_none();
    let wants = stands
        && (study.study.rules.teams_link_source == LinkSource::Graph
            || meetings::link(tx, interview.id, interview.interviewer)?.is_some());
    meetings::unwant(tx, interview.id, wants.then_some(interview.interviewer), now)?;
    if wants { meetings::want(tx, interview, now) } else { Ok(()) }
}
