//! What is kept beside the database: who was erased, and a backup a day.

use tokio::task::spawn_blocking;

use crate::actions::erase_respondent::erase_again;
use crate::actions::remove_contact::remove_contact_again;
use crate::archive::{self, Ledger, Shelf};
use crate::clock::{Clock, Instant};
use crate::problem::{Outcome, Problem};
use crate::settings::{Secret, Settings};
use crate::store::Store;
use crate::store::erasure::{self, Gone};

/// The files of an installation beside its database.
#[derive(Debug)]
pub struct Upkeep {
    ledger: Ledger,
    shelf: Option<Shelf>,
    passphrase: Option<Secret>,
    /// Up to when erasures are in the ledger.
    noted: Option<Instant>,
}

impl Upkeep {
    /// The files of an installation.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let shelf = settings.backup_dir.clone().map(|folder| Shelf { folder, keep: settings.backup_keep });
        Self {
            ledger: Ledger::at(settings.erasure_ledger()),
            shelf,
            passphrase: settings.backup_passphrase.clone(),
            noted: None,
        }
    }

    /// Erases whoever is in the ledger and has come back with an older state of the database, or removes their contact
    /// data; answers how many. To be done before anybody is served (E19).
    ///
    /// # Errors
    /// When the ledger can't be read or the database fails: then nobody may be served.
    pub async fn erase_again(&self, clock: &Clock, store: &Store) -> Outcome<usize> {
        let mut again = 0;
        for (id, gone) in self.ledger.gone()? {
            let now = clock.now();
            let done = store.write(move |tx| match gone {
                Gone::Person => erase_again(tx, now, id),
                Gone::Contact => remove_contact_again(tx, now, id),
            });
            again += usize::from(done.await?);
        }
        Ok(again)
    }

    /// Notes in the ledger who was erased since the last time, and whose contact data were removed.
    ///
    /// # Errors
    /// Those of the database and of the file system; the next round tries again.
    pub async fn note_erasures(&mut self, store: &Store, now: Instant) -> Outcome<()> {
        let latest = store.read(erasure::latest).await?;
        // Of two erasures in one second the second may come after the look.
        if latest.is_none_or(|latest| self.noted.is_some_and(|noted| noted > latest)) {
            return Ok(());
        }
        let since = self.noted.unwrap_or(Instant::from_unix(0));
        let erased = store.read(move |tx| erasure::since(tx, since)).await?;
        let ledger = self.ledger.clone();
        spawn_blocking(move || ledger.add(erased)).await.map_err(Problem::internal)??;
        self.noted = Some(now);
        Ok(())
    }

    /// Makes the backup of the day, unless it is there.
    ///
    /// # Errors
    /// Those of the database and of the file system; the next round tries again.
    pub async fn back_up(&self, store: &Store, now: Instant) -> Outcome<()> {
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
