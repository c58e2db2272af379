//! The loops that do what is due. They meet the web only in the database.

mod audit_head;
mod backups;
mod calendars;
mod daily;
mod gone;
mod housekeeping;
pub mod incoming;
mod long_work;
mod mail_folder;
mod meetings;
mod message;
mod post;
mod postman;
mod reminders;
pub mod sweep;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::postman::Postman;
use crate::clock::Clock;
use crate::domain::audit::Done;
use crate::problem::Outcome;
use crate::settings::Settings;
use crate::store::{Store, account_letters, calendar_looks, letters};

pub use self::audit_head::DailyHead;
pub use self::backups::Backups;
pub use self::calendars::Calendars;
pub use self::housekeeping::{forget, round};
pub use self::long_work::{
    continue_batches, continue_imports, continue_judging, continue_waves, forget_drafts,
};
pub use self::mail_folder::{Look, MailFolder};
pub use self::meetings::{Meetings, Round, access};
pub use self::post::Post;
pub use self::reminders::remind_due;
pub use self::upkeep::Upkeep;

/// How long a postman sleeps when nothing wakes it; letters that are to be tried again become due without a sound.
const POLL: Duration = Duration::from_secs(1);

/// All that the worker has to do, as an operator set it up.
pub struct Duties {
    /// The letters.
    pub post: Post,
    /// Who is noted as erased beside the database.
    pub upkeep: Upkeep,
    /// The daily backups.
    pub backups: Backups,
    /// The Teams meetings.
    pub meetings: Meetings,
    /// The calendars in which interviewers are busy.
    pub calendars: Calendars,
    /// The folder that messages come into, if there is one.
    pub folder: Option<MailFolder>,
}

impl Duties {
    /// # Errors
    /// When a setting can't be used.
    pub fn of(settings: &Settings) -> Outcome<Self> {
        Ok(Self {
            post: Post::of(settings)?,
            upkeep: Upkeep::of(settings),
            backups: Backups::of(settings),
            meetings: Meetings::of(settings),
            calendars: Calendars::of(settings)?,
            folder: MailFolder::of(settings)?,
        })
    }
}

/// Works until `ending` comes: the house closes. Letters that are on their way then are finished, if that takes no more
/// than moments.
pub async fn run(
    Duties { post, upkeep, backups, meetings, calendars, folder }: Duties,
    clock: Clock,
    store: Store,
    ending: impl Future<Output = ()>,
) {
    let freed = store
        .write(|tx| {
            letters::end_leases(tx)?;
            calendar_looks::end_leases(tx)?;
            account_letters::end_leases(tx).map(Done::housekeeping)
        })
        .await;
    if let Err(problem) = freed {
        tracing::warn!(%problem, "the leases of an earlier run are left to end by themselves");
    }
    let (stop, stopping) = watch::channel(false);
    let (post, colleagues) = (Arc::new(post), Arc::new(Notify::new()));
    let mut tasks = JoinSet::new();
    for _ in 0..post.connections {
        let postman = Postman::new(Arc::clone(&post), clock.clone(), store.clone());
        tasks.spawn(walk(postman, store.clone(), stopping.clone(), Arc::clone(&colleagues)));
    }
    tasks.spawn(meetings::keep(meetings, clock.clone(), store.clone(), stopping.clone()));
    tasks.spawn(calendars::keep(calendars, clock.clone(), store.clone(), stopping.clone()));
    if let Some(folder) = folder {
        tasks.spawn(mail_folder::watch(folder, clock.clone(), store.clone(), stopping.clone()));
    }
    tasks.spawn(daily::back_up(clock.clone(), store.clone(), backups, stopping.clone()));
    let folder = post.folder();
    tasks.spawn(daily::tell_head(clock.clone(), store.clone(), post, stopping.clone()));
    tasks.spawn(housekeeping::keep(clock, store, folder, upkeep, stopping));
    ending.await;
    // Nobody listens any more only when all have ended already.
    let _ = stop.send(true);
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a part of the worker ended badly");
        }
    }
}

/// Sends the letters that are due, once and one after the other; answers how many were tried or dropped.
///
/// # Errors
/// When the database fails.
pub async fn deliver(post: &Post, clock: &Clock, store: &Store) -> Outcome<usize> {
    let mut postman = Postman::new(Arc::new(post.clone()), clock.clone(), store.clone());
    let (_stop, mut stopping) = watch::channel(false);
    let mut total = 0;
    loop {
        let round = postman.round(&mut stopping).await?;
        if round.claimed == 0 {
            postman.rest().await;
            return Ok(total);
        }
        total += round.claimed;
    }
}

/// Waits until the house closes.
async fn closing(stopping: &mut watch::Receiver<bool>) {
    // An error means that whoever could tell has gone, and so everything closes.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// One postman's rounds until the house closes.
async fn walk(
    mut postman: Postman,
    store: Store,
    mut stopping: watch::Receiver<bool>,
    colleagues: Arc<Notify>,
) {
    let mut failures = 0;
    while !*stopping.borrow() {
        let (pause, awake) = match postman.round(&mut stopping).await {
            Ok(round) if round.away => {
                failures += 1;
                (Post::pause(failures), false)
            }
            Ok(round) if round.claimed > 0 => {
                failures = 0;
                if round.full {
                    colleagues.notify_one();
                }
                continue;
            }
            Ok(_) => (POLL, true),
            Err(problem) => {
                tracing::warn!(%problem, "a round of a postman failed");
                (POLL, false)
            }
        };
        tokio::select! {
            () = closing(&mut stopping) => {}
            () = store.woken(), if awake => {}
            () = colleagues.notified(), if awake => {}
            () = sleep(pause) => postman.rest().await,
        }
    }
    postman.rest().await;
}
