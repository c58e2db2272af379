//! The meetings that Microsoft makes for an interview: how each stands, and what keeps it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::meeting::{MeetingProblem, MeetingState, Wanted};
use crate::id::{InterviewId, UserId};
use crate::problem::Outcome;
use crate::store::meetings::{self, MeetingRow};
use crate::store::{Tx, interviews, members};

pub use crate::store::meetings::{MeetingFigures, figures};

/// The meetings of an interview: one for each person who holds it or held it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TeamsMeetings {
    /// Each, in no order of time; none where links are fixed or pasted.
    pub items: Vec<TeamsMeeting>,
}

/// An online meeting at Microsoft.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TeamsMeeting {
    /// In whose name it is made.
    pub interviewer: UserId,
    /// What is wanted of it.
    pub wanted: Wanted,
    /// How far that has come.
    pub state: MeetingState,
    /// Why it has come no further.
    pub problem: Option<MeetingProblem>,
    /// How often it was asked for since that was wanted.
    pub attempts: i32,
    /// When it is asked for next; null where it does not wait.
    pub next_at: Option<Instant>,
}

/// The meetings of an interview as its researchers see them.
///
/// # Errors
/// Those of access.
pub fn of(tx: &mut Tx<'_>, user: UserId, id: InterviewId) -> Outcome<TeamsMeetings> {
    let interview = interviews::get(tx, id)?;
    members::require(tx, interview.study, user, Right::View)?;
    let items = meetings::of_interview(tx, id)?.into_iter().map(meeting).collect();
    Ok(TeamsMeetings { items })
}

fn meeting(row: MeetingRow) -> TeamsMeeting {
    let MeetingRow { interviewer, wanted, state, problem, attempts, due_at } = row;
    let next_at = (state == MeetingState::Waiting).then_some(due_at);
    TeamsMeeting { interviewer, wanted, state, problem, attempts, next_at }
}
