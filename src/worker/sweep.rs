//! What has to follow an erasure outside the tables (E19): copies of letters in the mail folder go, and SQLite's log is
//! emptied.
//!
//! A copy in the folder names the person in clear, and nobody knows when it was fetched. So all of them go within
//! seconds, those to interviewers too; and the cancellation that a mail server would still bring to the person's
//! calendar is not written at all: in the outbox it is dropped because the person was erased.

use super::gone::Watch;
use crate::clock::Instant;
use crate::mail::Folder;
use crate::problem::{Outcome, Problem};
use crate::store::{Store, erasure};

/// Sweeps after erasures. What happened before this process began is swept by its first round.
#[derive(Debug, Default)]
pub struct Sweep {
    watch: Watch,
}

impl Sweep {
    /// Does what is due. `folder` is where letters are written when no mail server is set up.
    ///
    /// # Errors
    /// Those of the database and of the file system; the next round tries again.
    pub async fn round(&mut self, store: &Store, folder: Option<&Folder>, now: Instant) -> Outcome<()> {
        let look = self.watch.look(store, now).await?;
        if let Some(folder) = folder {
            // A letter that was on its way when its person was erased may appear there some moments later.
            let since = look.since;
            let letters = store.read(move |tx| erasure::letters_since(tx, since)).await?;
            for letter in letters {
                folder.forget(letter).map_err(Problem::internal)?;
            }
        }
        if !self.watch.news(&look).is_empty() {
            store.scrub().await?;
        }
        self.watch.done(look);
        Ok(())
    }
}
