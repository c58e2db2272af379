//! Looks into the folder that messages come into, every so often, and takes what is new. Of several servers one looks.
//!
//! How far it came is written down after each message, and a message is known by its bytes too: one that is read twice,
//! after a crash or when the mail server numbers anew, is taken once. One that the mail server does not hand out is
//! tried again until it hands out a later one; then a person is told, and the others need not wait. Where many are
//! withheld in a row, each look asks for some that lie further on, and begins anew behind the last of them.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::{closing, incoming};
use crate::clock::Clock;
use crate::domain::audit::Done;
use crate::mail::incoming::{Folder, Handed, ImapFault, ImapSettings};
use crate::problem::{Outcome, Problem};
use crate::settings::Settings;
use crate::store::Store;
use crate::store::mail_folders::{self, Held};

/// For how many days back messages are taken when the folder is looked into for the first time.
const DAYS_BACK: i64 = 30;
/// How many refusals to hand out a message are taken in a row before the look ends, and how many messages that lie
/// further on are asked for in the next one.
const REFUSALS: usize = 20;
/// The longest wait after a failure, in seconds.
const LONGEST_WAIT: u64 = 900;

/// A folder, and how often it is looked into.
#[derive(Debug, Clone)]
pub struct MailFolder {
    settings: ImapSettings,
    seconds: u64,
    /// Whose word about senders is believed.
    server: Option<String>,
    row: Row,
}

/// A row of withheld messages that was too long for one look. It ends with the process, which then finds it again.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    /// By which count the messages are numbered.
    validity: i64,
    /// Up to where it was asked for.
    asked: u32,
    /// A message behind it that was handed out, so that those before it need not be waited for.
    passed_at: u32,
}

/// What came of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// So many messages were read.
    Read(usize),
    /// Another server looks.
    Elsewhere,
    /// The folder can't be read.
    Failed(ImapFault),
}

impl MailFolder {
    /// The folder of an installation, if it has one.
    ///
    /// # Errors
    /// A sentence that names the setting that can't be used.
    pub fn of(settings: &Settings) -> Outcome<Option<Self>> {
        let Some(url) = &settings.imap_url else { return Ok(None) };
        let authority = settings.imap_authority()?;
        let folder = ImapSettings::parse(url.expose(), authority.as_deref());
        let folder = folder.map_err(|refused| Problem::internal(refused.to_string()))?;
        let (seconds, server) = (settings.imap_seconds, settings.mail_in_server.clone());
        Ok(Some(Self { settings: folder, seconds, server, row: Row::default() }))
    }

    /// Looks once.
    ///
    /// # Errors
    /// When the database is away: the messages wait in the folder.
    pub async fn look(&mut self, clock: &Clock, store: &Store) -> Outcome<Look> {
        let (name, now) = (self.settings.name(), clock.now());
        let claim = store.write(move |tx| mail_folders::claim(tx, &name, now).map(Done::housekeeping));
        let Some(mut held) = claim.await? else { return Ok(Look::Elsewhere) };
        let read = self.read(clock, store, &mut held).await;
        let failure = match &read {
            Ok(Err(fault)) => Some(fault.to_string()),
            Ok(Ok(_)) | Err(_) => None,
        };
        if read.is_ok() {
            let now = clock.now();
            let released = move |tx: &mut crate::store::Tx<'_>| {
                mail_folders::release(tx, &held, failure.as_deref(), now).map(Done::housekeeping)
            };
            store.write(released).await?;
        }
        Ok(read?.map_or_else(Look::Failed, Look::Read))
    }

    /// Takes what is new. The outer failure is that of our database, the inner one that of the mail server.
    async fn read(
        &mut self,
        clock: &Clock,
        store: &Store,
        held: &mut Held,
    ) -> Outcome<Result<usize, ImapFault>> {
        let mut folder = match Folder::open(&self.settings).await {
            Ok(folder) => folder,
            Err(fault) => return Ok(Err(fault)),
        };
        let validity = i64::from(folder.uid_validity());
        if held.uid_validity != validity {
            (held.uid_validity, held.last_uid) = (validity, 0);
        }
        if self.row.validity != validity {
            self.row = Row { validity, ..Row::default() };
        }
        let since = clock.now().plus_days(-DAYS_BACK).utc().date_naive();
        let last = u32::try_from(held.last_uid).unwrap_or(u32::MAX);
        let new = match folder.after(last, since).await {
            Ok(new) => new,
            Err(fault) => return Ok(Err(fault)),
        };
        if let Err(fault) = self.row.look_beyond(&mut folder, last, &new).await {
            folder.close().await;
            return Ok(Err(fault));
        }
        let (mut read, mut refused) = (0, Vec::new());
        for uid in new {
            match folder.message(uid).await {
                Ok(Handed::Message(raw)) => {
                    // A server that hands out a later message has nothing wrong with it but these.
                    for uid in refused.drain(..) {
                        incoming::note_withheld(store, clock, &self.settings.name(), (validity, uid)).await?;
                    }
                    incoming::take(store, clock, self.server.as_deref(), raw).await?;
                    read += 1;
                }
                // Somebody deleted it in the meantime.
                Ok(Handed::Gone) => {}
                Ok(Handed::Withheld) if uid < self.row.passed_at => {
                    incoming::note_withheld(store, clock, &self.settings.name(), (validity, uid)).await?;
                }
                Ok(Handed::Withheld) => refused.push(uid),
                Err(fault) => return Ok(Err(fault)),
            }
            if refused.len() > REFUSALS {
                self.row.asked = uid;
                break;
            }
            if !refused.is_empty() {
                continue;
            }
            held.last_uid = i64::from(uid);
            let (reached, now) = (held.clone(), clock.now());
            let still =
                store.write(move |tx| mail_folders::reached(tx, &reached, now).map(Done::housekeeping));
            if !still.await? {
                break;
            }
        }
        folder.close().await;
        Ok(if refused.is_empty() { Ok(read) } else { Err(ImapFault::Withheld) })
    }

    /// How long to wait after so many failures in a row: the usual time, doubling to a quarter of an hour.
    fn pause(&self, failures: u32) -> Duration {
        let usual = self.seconds.max(1);
        let longest = LONGEST_WAIT.max(usual);
        Duration::from_secs(usual.saturating_mul(1 << failures.min(10)).min(longest))
    }
}

impl Row {
    /// Goes on where the look before gave up, to find out whether a later message is handed out. Nothing is taken here:
    /// what was withheld is asked for once more, in its order, when one is.
    async fn look_beyond(&mut self, folder: &mut Folder, last: u32, new: &[u32]) -> Result<(), ImapFault> {
        if self.asked <= last || self.passed_at > last {
            return Ok(());
        }
        let asked = self.asked;
        let mut ahead = new.iter().copied().filter(|uid| *uid > asked).take(REFUSALS).peekable();
        if ahead.peek().is_none() {
            self.asked = last;
            return Ok(());
        }
        for uid in ahead {
            if let Handed::Message(_) = folder.message(uid).await? {
                self.passed_at = uid;
                return Ok(());
            }
            self.asked = uid;
        }
        Err(ImapFault::Withheld)
    }
}

/// Looks into the folder until the house closes.
pub(super) async fn watch(
    mut folder: MailFolder,
    clock: Clock,
    store: Store,
    mut stopping: watch::Receiver<bool>,
) {
    let mut failures = 0;
    loop {
        let looked = tokio::select! {
            () = closing(&mut stopping) => return,
            looked = folder.look(&clock, &store) => looked,
        };
        failures = match looked {
            Ok(Look::Read(_) | Look::Elsewhere) => 0,
            Ok(Look::Failed(fault)) => {
                tracing::warn!(%fault, "the folder for incoming mail can't be read");
                failures + 1
            }
            Err(problem) => {
                tracing::warn!(%problem, "a look into the folder for incoming mail failed");
                failures + 1
            }
        };
        tokio::select! {
            () = closing(&mut stopping) => return,
            () = sleep(folder.pause(failures)) => {}
        }
    }
}
