//! What is kept beside the database of those who are erased.

use tokio::task::spawn_blocking;

use super::gone::Watch;
use crate::actions::erase_respondent::erase_again;
use crate::actions::remove_contact::remove_contact_again;
use crate::archive::Ledger;
use crate::clock::{Clock, Instant};
use crate::problem::{Outcome, Problem};
use crate::settings::Settings;
use crate::store::Store;
use crate::store::erasure::Gone;

/// The ledger of an installation, and who is in it already.
#[derive(Debug)]
pub struct Upkeep {
    ledger: Ledger,
    watch: Watch,
}

impl Upkeep {
    /// The ledger of an installation.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self { ledger: Ledger::at(settings.erasure_ledger()), watch: Watch::default() }
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
        let look = self.watch.look(store, now).await?;
        let news = self.watch.news(&look);
        if !news.is_empty() {
            let ledger = self.ledger.clone();
            spawn_blocking(move || ledger.add(news)).await.map_err(Problem::internal)??;
        }
        self.watch.done(look);
        Ok(())
    }
}
