//! The beginning of everything that is done by a personal link: a button was pressed, by whom, and not too often.
//!
//! Reading is never limited, so that a mail scanner cannot shut out the person whose link it follows; writing is
//! limited per link and never per address (E25).

use super::pace::demand_pace;
use crate::clock::Instant;
use crate::domain::audit::Done;
use crate::domain::respondent::RespondentStatus;
use crate::keys::About;
use crate::problem::{Outcome, Problem};
use crate::store::respondents::{self, Moment, Respondent};
use crate::store::{Tx, studies, throttles};

/// How many writes one link may make in a window.
pub const WRITES: i32 = 60;
/// How long that window is, in seconds.
pub const WINDOW_SECONDS: i64 = 600;

/// The respondent behind a personal link, locked until the transaction ends. The write is counted, and the first one
/// is noted (R4).
///
/// # Errors
/// [`Problem::NotFound`] for an unknown link, [`Problem::Throttled`] after too many writes.
pub fn press(tx: &mut Tx<'_>, now: Instant, digest: &str) -> Outcome<Respondent> {
    let found = respondents::by_link(tx, digest)?;
    press_found(tx, now, digest, found)
}

/// As [`press`], where the respondent behind the link was just found in the same transaction.
///
/// # Errors
/// [`Problem::NotFound`] when they were erased in the meantime, [`Problem::Throttled`].
pub fn press_found(tx: &mut Tx<'_>, now: Instant, digest: &str, found: Respondent) -> Outcome<Respondent> {
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock_found(tx, found)?;
    let subject = tx.keys().digest(About::Guess, &[b"link", digest.as_bytes()]);
    demand_pace(throttles::count(tx, &subject, now, WRITES, WINDOW_SECONDS)?, now)?;
    if respondent.opened_at.is_none() {
        respondents::note(tx, respondent.id, Moment::Opened, now)?;
    }
    Ok(respondent)
}

/// Demands that a respondent still takes part.
///
/// # Errors
/// [`Problem::Withdrawn`].
pub fn demand_taking_part(respondent: &Respondent) -> Outcome<()> {
    if respondent.status == RespondentStatus::Withdrawn { Err(Problem::Withdrawn) } else { Ok(()) }
}

/// Counts a write that was refused, whose own counting went back with it.
///
/// # Errors
/// As [`press`].
pub fn count_refused(tx: &mut Tx<'_>, now: Instant, digest: &str) -> Outcome<Done<()>> {
    press(tx, now, digest).map(|_| Done::housekeeping(()))
}
