//! What is due without anybody asking: sealing the log of changes, reminding of interviews, and forgetting what has had
//! its time.

use std::time::Duration;

use tokio::sync::watch;

use super::long_work::{continue_batches, continue_imports, continue_judging, continue_waves, forget_drafts};
use super::reminders::remind_due;
use super::sweep::Sweep;
use super::upkeep::Upkeep;
use crate::clock::Clock;
use crate::domain::audit::Done;
use crate::mail::Folder;
use crate::problem::Outcome;
use crate::store::{
    Store, account_letters, account_links, audit, holds, idempotency, incoming_mail, letters,
    member_invitations, proposals, sessions, throttles,
};

/// How often the house is looked after.
const EVERY: Duration = Duration::from_secs(2);
/// How soon the next round follows when there is more to do.
const SOON: Duration = Duration::from_millis(50);
/// After how many rounds lists that were not imported are looked for.
const MINUTELY: u32 = 30;
/// After how many rounds what has had its time is looked for, which takes longer.
const THOROUGHLY: u32 = 150;

/// Looks after the house until it closes.
pub(super) async fn keep(
    clock: Clock,
    store: Store,
    folder: Option<Folder>,
    mut upkeep: Upkeep,
    mut stopping: watch::Receiver<bool>,
) {
    let mut sweep = Sweep::default();
    for number in (0..THOROUGHLY).cycle() {
        if let Err(problem) = round(&clock, &store).await {
            tracing::warn!(%problem, "a round of housekeeping failed");
        }
        if number == 0
            && let Err(problem) = forget(&clock, &store).await
        {
            tracing::warn!(%problem, "what has had its time could not be forgotten");
        }
        // Else what was forgotten would stand in SQLite's log for as long as little is written.
        if number == 0
            && let Err(problem) = store.scrub().await
        {
            tracing::debug!(%problem, "the log of the database was in use");
        }
        if number % MINUTELY == 0
            && let Err(problem) = forget_drafts(&clock, &store).await
        {
            tracing::warn!(%problem, "lists and batches that have had their time could not be forgotten");
        }
        let busy = go_on(&clock, &store).await;
        if let Err(problem) = remind_due(&clock, &store).await {
            tracing::warn!(%problem, "a round of reminders failed");
        }
        if let Err(problem) = sweep.round(&store, folder.as_ref(), clock.now()).await {
            tracing::warn!(%problem, "sweeping after an erasure failed");
        }
        if let Err(problem) = upkeep.note_erasures(&store, clock.now()).await {
            tracing::warn!(%problem, "an erasure could not be noted beside the database");
        }
        tokio::select! {
            () = super::closing(&mut stopping) => return,
            () = tokio::time::sleep(if busy { SOON } else { EVERY }) => {}
        }
    }
}

/// Goes on with what outlasted its request; answers whether there is more to do.
async fn go_on(clock: &Clock, store: &Store) -> bool {
    let mut is_more = false;
    for outcome in [
        continue_judging(store).await,
        continue_imports(clock, store).await,
        continue_waves(clock, store).await,
        continue_batches(clock, store).await,
    ] {
        match outcome {
            Ok(more) => is_more |= more,
            Err(problem) => tracing::warn!(%problem, "long work could not be gone on with"),
        }
    }
    is_more
}

/// Forgets what has had its time: what letters tell that can't or need not be sent any more, guesses of yesterday.
///
/// # Errors
/// When the database fails; a later round tries again.
pub async fn forget(clock: &Clock, store: &Store) -> Outcome<()> {
    let now = clock.now();
    store
        .write(move |tx| {
            letters::give_up_on_erased(tx, now)?;
            member_invitations::forget_old(tx, now)?;
            account_letters::forget_old(tx, now)?;
            incoming_mail::forget_old(tx, now)?;
            proposals::end_passed(tx, now)?;
            throttles::forget_old(tx, now)?;
            letters::forget_old_facts(tx, now).map(Done::housekeeping)
        })
        .await
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
            account_links::forget_expired(tx, now)?;
            holds::forget_expired(tx, now)?;
            idempotency::forget_old(tx, now)
        })
        .await
}
