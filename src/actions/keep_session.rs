//! Keeps a session that is in use from ending.

use crate::clock::Instant;
use crate::domain::audit::Done;
use crate::id::SessionId;
use crate::problem::Outcome;
use crate::store::{Tx, sessions};

/// Notes that a researcher goes on working in a session.
///
/// # Errors
/// Only those of the database.
pub fn keep_session(tx: &mut Tx<'_>, now: Instant, session: SessionId) -> Outcome<Done<()>> {
    sessions::seen(tx, session, now).map(Done::housekeeping)
}
