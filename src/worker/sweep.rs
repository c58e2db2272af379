//! What has to follow an erasure outside the tables (E19): copies of letters in the mail folder go, and SQLite's log is
//! emptied.
//!
//! A copy in the folder names the person in clear, and nobody knows when it was fetched. So all of them go within
//! seconds, those to interviewers too; and the cancellation that a mail server would still bring to the person's
//! calendar is not written at all: in the outbox it is dropped because the person was erased.

use crate::clock::Instant;
use crate::mail::Folder;
use crate::problem::{Outcome, Problem};
use crate::store::{Store, erasure};

/// How long after an erasure a letter that was on its way may still appear in the mail folder, in minutes.
const LATE_MINUTES: i64 = 2;

/// Sweeps after erasures. What happened before this process began is swept by its first round.
#[derive(Debug, Default)]
pub struct Sweep {
    /// When the log was last emptied.
    emptied: Option<Instant>,
    /// Up to when copies of letters were deleted.
    forgot: Option<Instant>,
}

impl Sweep {
    /// Does what is due. `folder` is where letters are written when no mail server is set up.
    ///
    /// # Errors
    /// Those of the database and of the file system; the next round tries again.
    pub async fn round(&mut self, store: &Store, folder: Option<&Folder>, now: Instant) -> Outcome<()> {
        if let Some(folder) = folder {
            let since = self.forgot.map_or(Instant::from_unix(0), |at| at.plus_minutes(-LATE_MINUTES));
            let letters = store.read(move |tx| erasure::letters_since(tx, since)).await?;
            for letter in letters {
                folder.forget(letter).map_err(Problem::internal)?;
            }
            self.forgot = Some(now);
        }
        let latest = store.read(erasure::latest).await?;
        // Of two erasures in one second the second may come after the emptying.
        if latest.is_some_and(|latest| self.emptied.is_none_or(|emptied| emptied <= latest)) {
            store.scrub().await?;
            self.emptied = Some(now);
        }
        Ok(())
    }
}
