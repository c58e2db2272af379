//! How the outbox is doing.

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::queued;
use crate::clock::Instant;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::on_each;
use crate::store::installation;
use crate::store::schema::{account_letters, installation as values, letters};

/// Since when the mail server has been failing, in seconds since 1970; absent while it works.
const AWAY_SINCE: &str = "mail_away_since";

/// How the outbox is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutboxState {
    /// Letters that are not sent yet, those about accounts among them.
    pub waiting: i64,
    /// Letters that failed for good.
    pub failed: i64,
    /// How long the oldest due letter has been due, in seconds.
    pub oldest_due_seconds: i64,
    /// Since when the mail server has taken no letter at all, while letters wait for it.
    pub failing_since: Option<Instant>,
}

/// Counts what waits and what failed.
///
/// # Errors
/// Only those of the database.
pub fn state(tx: &mut Tx<'_>, now: Instant) -> Outcome<OutboxState> {
    let waiting: i64 = tx.run(|c| letters::table.filter(queued()).select(count_star()).get_result(c))?;
    let about_accounts = account_letters::table.filter(queued());
    let waiting = waiting + tx.run(|c| about_accounts.count().get_result::<i64>(c))?;
    let failed = tx.run(|c| letters::table.filter(sql::<Bool>("state = 'failed'")).count().get_result(c))?;
    let first = letters::table.filter(queued()).order((letters::due_at, letters::id));
    let oldest: Option<Instant> = tx.maybe(|c| first.select(letters::due_at).first(c))?;
    let away = installation::value(tx, AWAY_SINCE)?.and_then(|seconds| seconds.parse().ok());
    Ok(OutboxState {
        waiting,
        failed,
        oldest_due_seconds: oldest.map_or(0, |at| (now.unix() - at.unix()).max(0)),
        failing_since: away.map(Instant::from_unix).filter(|_| waiting > 0),
    })
}

/// Notes that the mail server takes no letters, unless that is known.
///
/// # Errors
/// Only those of the database.
pub fn mail_is_away(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let row = (values::key.eq(AWAY_SINCE), values::value.eq(now.unix().to_string()));
    tx.run(|c| {
        on_each!(c, |c| diesel::insert_into(values::table).values(row).on_conflict_do_nothing().execute(c))
    })
    .map(drop)
}

/// Notes that the mail server works.
///
/// # Errors
/// Only those of the database.
pub fn mail_works(tx: &mut Tx<'_>) -> Outcome<()> {
    tx.run(|c| on_each!(c, |c| diesel::delete(values::table.find(AWAY_SINCE)).execute(c))).map(drop)
}
