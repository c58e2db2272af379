//! The reminders of an interview: those to come, and the letters that were made of those before.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::delivery::LetterState;
use crate::domain::reminder::Planned;
use crate::id::{InterviewId, UserId};
use crate::problem::Outcome;
use crate::store::interviews::Interview;
use crate::store::reminders::{self, Made};
use crate::store::{Tx, interviews, members, studies};

/// The reminders of an interview at the time that it has.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reminders {
    /// Those to come, the next one first, as the study's rules are now.
    pub planned: Vec<Planned>,
    /// The letters of those before, in the order of their making.
    pub letters: Vec<ReminderLetter>,
}

/// A letter that reminds of an interview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReminderLetter {
    /// `respondent` or `interviewer`.
    pub to: &'static str,
    /// Which of the study's leads it was, in minutes.
    pub lead_minutes: i32,
    /// Where it stands.
    pub state: LetterState,
    /// When it was sent or, before that, when it may leave.
    pub at: Instant,
}

/// The reminders of an interview as a researcher sees them.
///
/// # Errors
/// Those of access.
pub fn of(tx: &mut Tx<'_>, user: UserId, id: InterviewId) -> Outcome<Reminders> {
    let interview = interviews::get(tx, id)?;
    members::require(tx, interview.study, user, Right::View)?;
    let mut made = reminders::made(tx, id)?;
    made.retain(|letter| letter.starts_at == interview.starts_at);
    let planned = planned(tx, &interview, &made)?;
    Ok(Reminders { planned, letters: made.into_iter().map(letter).collect() })
}

/// What is to come: after the moment up to which all is settled, and not made already by other rules.
fn planned(tx: &mut Tx<'_>, interview: &Interview, made: &[Made]) -> Outcome<Vec<Planned>> {
    let Some(from) = interview.remind_at else { return Ok(Vec::new()) };
    let rules = studies::get(tx, interview.study)?.study.rules.reminding();
    let mut planned = rules.planned(interview.starts_at, interview.arranged_at);
    planned.retain(|reminder| {
        from <= reminder.at && made.iter().all(|letter| letter.lead_minutes != reminder.lead_minutes)
    });
    Ok(planned)
}

fn letter(made: Made) -> ReminderLetter {
    let to = if made.kind.is_for_interviewer() { "interviewer" } else { "respondent" };
    ReminderLetter { to, lead_minutes: made.lead_minutes, state: made.state, at: made.at }
}
