//! Tells the head of the log of changes once a day, so that a copy of it stands outside the database: whoever cuts off
//! the log's end or writes it anew cannot reach what the machine's own log has already passed on (R7).

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::problem::Outcome;
use crate::queries::audit_trail;
use crate::store::Store;

/// Remembers on which day the head was told last.
#[derive(Debug, Default)]
pub struct DailyHead {
    told_on: Option<NaiveDate>,
}

impl DailyHead {
    /// Tells the head if it was not told on this day (UTC) yet; an empty log has none.
    ///
    /// # Errors
    /// When the database fails; the next call tries again.
    pub async fn tell(&mut self, now: Instant, store: &Store) -> Outcome<()> {
        let today = now.utc().date_naive();
        if self.told_on == Some(today) {
            return Ok(());
        }
        if let Some((position, hash)) = store.read(audit_trail::head).await? {
            tracing::info!(target: "veldwerk::audit", head = %format!("{position}:{hash}"), "head of the log");
            self.told_on = Some(today);
        }
        Ok(())
    }
}
