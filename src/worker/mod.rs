//! The loop that does what is due. It meets the web only in the database.

pub mod sweep;

use std::time::Duration;

use rocket::Shutdown;

use self::sweep::Sweep;
use crate::clock::Clock;
use crate::mail::Folder;
use crate::problem::Outcome;
use crate::settings::Settings;
use crate::store::{Store, audit, idempotency, sessions, throttles};

/// How long the worker sleeps when nothing wakes it.
const POLL: Duration = Duration::from_secs(2);

/// Works until the house closes.
pub async fn run(settings: Settings, clock: Clock, store: Store, mut ending: Shutdown) {
    let folder = settings.smtp_url.is_none().then(|| Folder::new(settings.data_dir.join("mail")));
    let mut sweep = Sweep::default();
    loop {
        if let Err(problem) = round(&clock, &store).await {
            tracing::warn!(%problem, "a round of the worker failed");
        }
        if let Err(problem) = sweep.round(&store, folder.as_ref(), clock.now()).await {
            tracing::warn!(%problem, "sweeping after an erasure failed");
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
