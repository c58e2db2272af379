//! What the mail server took, written down while the next letter is on its way; several letters in one change where the
//! database takes longer than the mail server.
//!
//! A process that is killed sends again what was not written down yet (R2): that is never more than [`UNMARKED`]
//! letters of a postman.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::store::letters::{self, Hold};
use crate::store::{Store, Tx};

/// The most letters of a postman that were taken and are not written down yet.
const UNMARKED: usize = 8;
/// How often they are written down again when the database is away.
const TRIES: u32 = 5;
/// How long it is left alone in between.
const PAUSE: Duration = Duration::from_secs(1);

/// A letter that the mail server took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) hold: Hold,
    pub(super) study: StudyId,
    pub(super) at: Instant,
}

/// The letters of a round that were taken.
pub(super) struct Marks {
    store: Store,
    waiting: Vec<Taken>,
    writing: Option<(usize, JoinHandle<Outcome<()>>)>,
}

impl Marks {
    pub(super) const fn new(store: Store) -> Self {
        Self { store, waiting: Vec::new(), writing: None }
    }

    /// Has a letter written down, and waits for that only where too many would be open.
    ///
    /// # Errors
    /// When an earlier one could not be written down.
    pub(super) async fn add(&mut self, taken: Taken) -> Outcome<()> {
        self.waiting.push(taken);
        let (open, is_idle) = match &self.writing {
            Some((letters, writing)) => (self.waiting.len() + letters, writing.is_finished()),
            None => (self.waiting.len(), true),
        };
        if is_idle || open >= UNMARKED {
            self.written().await?;
            let some = std::mem::take(&mut self.waiting);
            self.writing = Some((some.len(), tokio::spawn(write_down(self.store.clone(), some))));
        }
        Ok(())
    }

    /// Waits until all is written down.
    ///
    /// # Errors
    /// When something could not be; it is sent again when its lease ends.
    pub(super) async fn finish(&mut self) -> Outcome<()> {
        self.written().await?;
        write_down(self.store.clone(), std::mem::take(&mut self.waiting)).await
    }

    async fn written(&mut self) -> Outcome<()> {
        match self.writing.take() {
            Some((_, writing)) => writing.await.map_err(Problem::internal)?,
            None => Ok(()),
        }
    }
}

/// What was taken must not be forgotten because the database is away for a moment, or it would be sent again.
async fn write_down(store: Store, taken: Vec<Taken>) -> Outcome<()> {
    if taken.is_empty() {
        return Ok(());
    }
    let mut tried = 0;
    loop {
        let some = taken.clone();
        match store.write(move |tx| mark(tx, &some)).await {
            Err(Problem::Busy(_)) if tried < TRIES => sleep(PAUSE).await,
            outcome => return outcome,
        }
        tried += 1;
    }
}

fn mark(tx: &mut Tx<'_>, taken: &[Taken]) -> Outcome<Done<()>> {
    letters::mail_works(tx)?;
    let mut done = Done::housekeeping(());
    for Taken { hold, study, at } in taken {
        letters::sent(tx, *hold, *at)?;
        done = done.and(Entry::new(*at, Actor::System, "letter.sent").study(*study).subject(hold.letter));
    }
    Ok(done)
}
