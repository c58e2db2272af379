//! How the outbox is doing, for supervisors.

use crate::clock::Instant;
use crate::problem::Outcome;
use crate::store::{Tx, letters};

pub use crate::store::letters::OutboxState;

/// Counts what waits and what failed.
///
/// # Errors
/// Only those of the database.
pub fn of(tx: &mut Tx<'_>, now: Instant) -> Outcome<OutboxState> {
    letters::state(tx, now)
}
