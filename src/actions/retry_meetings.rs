//! Asks Microsoft again for the meeting of an interview, for example after an administrator let the installation in.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{InterviewId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{Tx, interviews, meetings, members};

/// Has whatever is not as it is wanted asked for at once.
///
/// # Errors
/// Those of access; [`Problem::WrongState`] where nothing waits and nothing failed.
pub fn retry_meetings(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
) -> Outcome<Done<Made<InterviewId>>> {
    let interview = interviews::get(tx, id)?;
    members::require(tx, interview.study, user, Right::Interviews)?;
    if meetings::retry(tx, id, now)? == 0 {
        return Err(Problem::WrongState(interview.status.as_str()));
    }
    let entry = Entry::new(now, Actor::User(user), "meeting.asked_again").study(interview.study);
    Ok(entry.subject(id).with(Made::new(200, id)))
}
