//! The only room that knows Rocket: it turns requests into actions and questions, and their results into answers.
//!
//! A handler is one sentence: a guard says who asks, the input is parsed, one line calls an action or a query. It
//! decides nothing. The worker is never called from here; the two meet in the outbox.

pub mod access_log;
pub mod agenda_feed;
pub mod answers;
pub mod api;
pub mod batches;
pub mod catchers;
pub mod closing;
pub mod guards;
pub mod half_way;
pub mod headers;
pub mod health;
pub mod input;
pub mod mail_in;
pub mod openapi;
pub mod packing;
pub mod pages;
pub mod participation;
pub mod passwords;
pub mod query;
pub mod waves;

use rocket::{Build, Rocket};

use crate::actions::note_view::{View, note_view};
use crate::clock::Clock;
use crate::domain::access::Right;
use crate::id::UserId;
use crate::mail::Folder;
use crate::problem::Outcome;
use crate::queries::access::{self, Place};
use crate::settings::Settings;
use crate::store::Store;

/// What every handler can reach.
pub struct App {
    /// The doors to the database.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// What the operator set.
    pub settings: Settings,
    /// At most so many passwords are hashed at once, so that sign-ins cannot use up the memory.
    pub hashing: tokio::sync::Semaphore,
}

impl App {
    /// What was read from a request, or why it was refused. A refusal is told only to somebody who may do what they
    /// asked for: to others a study does not exist or is closed, whatever they sent (E11).
    ///
    /// # Errors
    /// [`crate::problem::Problem::NotFound`] or [`crate::problem::Problem::Forbidden`] before the refusal itself.
    pub async fn told<T>(&self, read: Outcome<T>, place: Place, user: UserId, right: Right) -> Outcome<T> {
        if read.is_err() {
            self.store.read(move |tx| access::require(tx, place, user, right)).await?;
        }
        read
    }

    /// Notes in the log what a researcher is about to be shown. To be called with the answer in hand, so that a view
    /// that failed is not noted, and before it leaves.
    ///
    /// # Errors
    /// Those of access and of the database: what can't be noted is not shown.
    pub async fn note_view(&self, user: UserId, view: View) -> Outcome<()> {
        let now = self.clock.now();
        self.store.write(move |tx| note_view(tx, now, user, view)).await
    }
}

/// How many passwords are hashed at once; each takes about 19 MiB.
const HASHING_AT_ONCE: usize = 2;

/// Puts the house on the street: all routes, catchers and fairings.
#[must_use]
pub fn build(settings: Settings, clock: Clock, store: Store) -> Rocket<Build> {
    let config = rocket::Config {
        address: settings.address,
        port: settings.port,
        // Rocket's own log would print addresses with personal links in them.
        log_level: rocket::config::LogLevel::Off,
        cli_colors: false,
        ident: rocket::config::Ident::none(),
        // A forwarded address is only believed from a trusted proxy, see `guards`.
        ip_header: None,
        shutdown: rocket::config::Shutdown { ctrlc: true, grace: 5, mercy: 3, ..Default::default() },
        ..rocket::Config::default()
    };
    let hashing = tokio::sync::Semaphore::new(HASHING_AT_ONCE);
    let mailbox = settings.mailbox_page.then(|| pages::mailbox(Folder::new(settings.mail_dir())));
    let rocket = rocket::custom(config)
        .manage(App { store, clock, settings, hashing })
        // Our own headers say all that Rocket's would.
        .attach(rocket::shield::Shield::new())
        .attach(headers::Fairing)
        .attach(access_log::Fairing)
        .attach(api::stage())
        .attach(agenda_feed::stage())
        .attach(pages::stage())
        .attach(health::stage())
        .attach(openapi::stage())
        .register("/", catchers::all());
    match mailbox {
        Some(mailbox) => rocket.attach(mailbox),
        None => rocket,
    }
}
