//! The outbox.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Tx;
use super::schema::letters;
use crate::clock::Instant;
use crate::problem::Outcome;

/// How the outbox is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutboxState {
    /// Letters that are not sent yet.
    pub waiting: i64,
    /// Letters that failed for good.
    pub failed: i64,
    /// How long the oldest due letter has been due, in seconds.
    pub oldest_due_seconds: i64,
    /// Since when the mail server has been failing: the making of the oldest letter that was tried in vain.
    pub failing_since: Option<Instant>,
}

/// Counts what waits and what failed.
///
/// # Errors
/// Only those of the database.
pub fn state(tx: &mut Tx<'_>, now: Instant) -> Outcome<OutboxState> {
    let queued = || letters::table.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'queued'"));
    let waiting = tx.run(|c| queued().select(count_star()).get_result(c))?;
    let failed = tx.run(|c| letters::table.filter(letters::state.eq("failed")).count().get_result(c))?;
    let oldest: Option<Instant> =
        tx.maybe(|c| queued().order(letters::created_at).select(letters::created_at).first(c))?;
    let failing_since = tx.maybe(|c| {
        queued()
            .filter(letters::attempts.gt(0))
            .order(letters::created_at)
            .select(letters::created_at)
            .first(c)
    })?;
    let oldest_due_seconds = oldest.map_or(0, |at| (now.unix() - at.unix()).max(0));
    Ok(OutboxState { waiting, failed, oldest_due_seconds, failing_since })
}
