//! A backup a day in a folder, where an operator set one.

use tokio::task::spawn_blocking;

use crate::archive::{self, Shelf};
use crate::clock::Instant;
use crate::problem::{Outcome, Problem};
use crate::settings::{Secret, Settings};
use crate::store::Store;

/// Where the daily backups go, and what they are sealed with.
#[derive(Debug)]
pub struct Backups {
    shelf: Option<Shelf>,
    passphrase: Option<Secret>,
}

impl Backups {
    /// The backups of an installation.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let shelf = settings.backup_dir.clone().map(|folder| Shelf { folder, keep: settings.backup_keep });
        Self { shelf, passphrase: settings.backup_passphrase.clone() }
    }

    /// Makes the backup of the day, unless it is there.
    ///
    /// # Errors
    /// Those of the database and of the file system; the next round tries again.
    pub async fn make_due(&self, store: &Store, now: Instant) -> Outcome<()> {
        let Some(place) = self.shelf.clone() else { return Ok(()) };
        let Some(path) = archive::due(&place, now.utc().date_naive())? else { return Ok(()) };
        let (store, passphrase) = (store.clone(), self.passphrase.clone());
        let made = spawn_blocking(move || {
            archive::make(store.database(), store.keys().fingerprint(), &path, passphrase.as_ref(), now)?;
            place.rotate()?;
            Ok::<_, Problem>(path)
        });
        let path = made.await.map_err(Problem::internal)??;
        tracing::info!(path = %path.display(), "the backup of the day was made");
        Ok(())
    }
}
