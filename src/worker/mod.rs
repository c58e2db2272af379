//! The loop that does what is due. It meets the web only in the database.

mod audit_head;

use std::time::Duration;

use self::audit_head::DailyHead;
use crate::clock::Clock;
use crate::problem::Outcome;
use crate::settings::Settings;
use crate::store::{Store, audit, idempotency, sessions, throttles};

/// How long the worker sleeps when nothing wakes it.
const POLL: Duration = Duration::from_secs(2);

/// Works until `ending` comes: the house closes.
pub async fn run(
    _settings: Settings,
    clock: Clock,
    store: Store,
    mut ending: impl Future<Output = ()> + Unpin,
) {
    let mut head = DailyHead::default();
    loop {
        if let Err(problem) = round(&clock, &store).await {
            tracing::warn!(%problem, "a round of the worker failed");
        }
        if let Err(problem) = head.tell(clock.now(), &store).await {
            tracing::warn!(%problem, "the head of the log could not be read");
        }
        tokio::select! {
            () = &mut ending => return,
            () = store.woken() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Does once whatever is due.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn round(clock: &Clock, store: &Store) -> Outcome<()> {
    let now = clock.now();
    while store.write(audit::seal).await? {}
    store
        .write(move |tx| {
            sessions::forget_expired(tx, now)?;
            throttles::forget_old(tx, now)?;
            idempotency::forget_old(tx, now)
        })
        .await
}
