//! `veldwerk serve`: opens the house, starts the worker beside the web, and closes both in order.

use std::fs::{File, OpenOptions, TryLockError};
use std::net::TcpListener;
use std::path::Path;

use crate::actions::offer_setup::offer_setup;
use crate::clock::Clock;
use crate::domain::account_letter::SETUP_HOURS;
use crate::problem::{Outcome, Problem};
use crate::settings::{Database, Settings};
use crate::store::{Migrate, Store};
use crate::{web, worker};

/// Serves until asked to stop. On SIGTERM requests in progress are finished, then the worker's letter, then it ends.
///
/// # Errors
/// What keeps it from starting, in words.
pub async fn serve(settings: Settings) -> Outcome<()> {
    check_port(&settings)?;
    settings.prepare_data_dir()?;
    let keys = settings.keys()?;
    // Held until the end: a second server on the same file would not see what the first one has reserved in memory.
    let _lock = match &settings.database {
        Database::Sqlite(path) => Some(lock(path)?.ok_or_else(|| {
            Problem::internal("another veldwerk serves this database already; stop that one first")
        })?),
        Database::Postgres(_) => None,
    };
    let store = Store::open(settings.database.clone(), keys, Migrate::Yes).await?;
    run(settings, Clock::system(), store).await
}

/// Serves an open store.
///
/// # Errors
/// When the port can't be had or the server fails.
pub async fn run(settings: Settings, clock: Clock, store: Store) -> Outcome<()> {
    let duties = worker::Duties::of(&settings)?;
    let again = duties.upkeep.erase_again(&clock, &store).await?;
    if again > 0 {
        tracing::warn!(people = again, "people who came back with an older database were erased again");
    }
    offer_first_account(&settings, &clock, &store).await?;
    let rocket = web::build(settings.clone(), clock.clone(), store.clone())
        .ignite()
        .await
        .map_err(|error| Problem::internal(error.pretty_print().to_string()))?;
    let ending = rocket.shutdown();
    let worker = tokio::spawn(worker::run(duties, clock, store, ending.clone()));
    tracing::info!(address = %settings.address, port = settings.port, "serving");
    let outcome = rocket.launch().await;
    ending.notify();
    if let Err(error) = worker.await {
        tracing::error!(%error, "the worker ended badly");
    }
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::internal(format!("cannot serve: {:?}", error.kind()))),
    }
}

/// Demands that the address can be listened on, before any link to it is shown. Somebody may still take it before
/// Rocket does, which then ends the server.
///
/// # Errors
/// When it can't, in words.
pub fn check_port(settings: &Settings) -> Outcome<()> {
    let asked = (settings.address, settings.port);
    TcpListener::bind(asked).map(drop).map_err(|error| {
        let (address, port) = asked;
        Problem::internal(format!(
            "{address} port {port} can't be listened on ({error}); choose another with VELDWERK_ADDRESS and VELDWERK_PORT"
        ))
    })
}

/// Shows where to make the first account, while nobody has one. What is printed opens nothing any more once there is
/// one.
#[expect(clippy::print_stdout, reason = "the link is for whoever starts the server, and for no log")]
async fn offer_first_account(settings: &Settings, clock: &Clock, store: &Store) -> Outcome<()> {
    let now = clock.now();
    if let Some(token) = store.write(move |tx| offer_setup(tx, now)).await? {
        println!("Nobody has an account yet. Make the first one, within {SETUP_HOURS} hours, at");
        println!("  {}/setup/{token}", settings.base_url);
    }
    Ok(())
}

/// Takes the lock of a database file; `None` when another process holds it. It is given back when the file is closed.
///
/// # Errors
/// When the lock file can't be made.
pub fn lock(database: &Path) -> Outcome<Option<File>> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&name).map_err(
        |error| Problem::internal(format!("{} cannot be made: {error}", Path::new(&name).display())),
    )?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Problem::internal(error)),
    }
}
