//! What is due once a day: telling the head of the log of changes, and making a backup. Either may take minutes, or
//! fail for a day. So each goes round by itself, holds up nothing else, and waits a while before it tries again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::audit_head::DailyHead;
use super::backups::Backups;
use super::closing;
use super::post::Post;
use crate::clock::Clock;
use crate::problem::Outcome;
use crate::store::Store;

/// How often the day is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// How long after a failure it is tried again.
const LATER: Duration = Duration::from_secs(15 * 60);

/// Tells the head of the log until the house closes.
pub(super) async fn tell_head(
    clock: Clock,
    store: Store,
    post: Arc<Post>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut head = DailyHead::default();
    loop {
        let told = tokio::select! {
            () = closing(&mut stopping) => return,
            told = head.tell(clock.now(), &store, &post) => told,
        };
        if wait(told, "the head of the log could not be told", &mut stopping).await.is_none() {
            return;
        }
    }
}

/// Makes backups until the house closes. One that is being made then is left unfinished, and so is none.
pub(super) async fn back_up(
    clock: Clock,
    store: Store,
    backups: Backups,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let made = tokio::select! {
            () = closing(&mut stopping) => return,
            made = backups.make_due(&store, clock.now()) => made,
        };
        if wait(made, "the backup of the day could not be made", &mut stopping).await.is_none() {
            return;
        }
    }
}

/// Waits until the next round is due; `None` when the house closes before.
async fn wait(outcome: Outcome<()>, failure: &str, stopping: &mut watch::Receiver<bool>) -> Option<()> {
    let pause = match outcome {
        Ok(()) => EVERY,
        Err(problem) => {
            tracing::warn!(%problem, "{failure}");
            LATER
        }
    };
    tokio::select! {
        () = closing(stopping) => None,
        () = sleep(pause) => Some(()),
    }
}
