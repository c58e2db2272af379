//! Reminds of the interviews that are near: looks which are due, and has each reminded of in a transaction of its own.

use crate::actions::remind::remind;
use crate::clock::{Clock, Instant};
use crate::domain::audit::Done;
use crate::id::InterviewId;
use crate::problem::{Outcome, Problem};
use crate::store::{Store, reminders};

/// How many interviews one round looks at, so that the house can close in between.
const AT_ONCE: i64 = 100;
/// After how many minutes an interview is looked at again that could not be reminded of.
const PATIENCE_MINUTES: i64 = 60;

/// Queues reminders that are due; answers of how many interviews. A fault with one of them is told in the log and keeps
/// none of the others back.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn remind_due(clock: &Clock, store: &Store) -> Outcome<usize> {
    let now = clock.now();
    let mut reminded = 0;
    for due in store.read(move |tx| reminders::due(tx, now, AT_ONCE)).await? {
        match store.write(move |tx| remind(tx, now, due)).await {
            Ok(queued) => reminded += usize::from(queued),
            Err(Problem::Busy(seconds)) => return Err(Problem::Busy(seconds)),
            // The person was erased since, and the interview called off with that.
            Err(Problem::NotFound) => look_next(store, due.interview, None).await?,
            Err(problem) => {
                tracing::error!(interview = %due.interview, %problem, "an interview cannot be reminded of");
                look_next(store, due.interview, Some(now.plus_minutes(PATIENCE_MINUTES))).await?;
            }
        }
    }
    Ok(reminded)
}

/// Keeps an interview that can't be reminded of from standing before the others for ever.
async fn look_next(store: &Store, interview: InterviewId, next: Option<Instant>) -> Outcome<()> {
    store.write(move |tx| reminders::look_at(tx, interview, next).map(Done::housekeeping)).await
}
