//! `veldwerk backup` and `veldwerk restore`.

use std::path::PathBuf;

use clap::Args;

use super::serve;
use crate::archive::{self, Header, Manifest};
use crate::clock::Clock;
use crate::problem::{Outcome, Problem};
use crate::settings::{Database, Settings};
use crate::store::transfer::TABLES;
use crate::store::{Migrate, Store};

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet. Sealed where `VELDWERK_BACKUP_PASSPHRASE` is set.
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct Restore {
    /// The file to read.
    file: PathBuf,
}

/// Writes a backup, also while a server is running.
///
/// # Errors
/// Those of [`archive::make`].
#[expect(clippy::print_stdout, reason = "what was written is the result of the command")]
pub(super) async fn backup(Backup { file }: Backup) -> Outcome<()> {
    let settings = Settings::read()?;
    let keys = settings.keys()?;
    let now = Clock::system().now();
    let path = file.clone();
    let manifest = blocking(move || {
        archive::make(&settings.database, keys.fingerprint(), &path, settings.backup_passphrase.as_ref(), now)
    })
    .await?;
    println!("{}\n{}", counts(&manifest), file.display());
    Ok(())
}

/// Fills the empty database of the settings with a backup.
///
/// # Errors
/// Those of [`archive::restore`]; when a server is running.
#[expect(clippy::print_stdout, reason = "what came back is the result of the command")]
pub(super) async fn restore(Restore { file }: Restore) -> Outcome<()> {
    let settings = Settings::read()?;
    settings.prepare_data_dir()?;
    let keys = settings.keys()?;
    let _lock = alone_at(&settings.database)?;
    let (passphrase, database) = (settings.backup_passphrase.clone(), settings.database.clone());
    let fingerprint = keys.fingerprint().to_owned();
    let (header, manifest) =
        blocking(move || archive::restore(&file, passphrase.as_ref(), &fingerprint, &database)).await?;
    // Whatever does not open here would not open when people come.
    Store::open(settings.database, keys, Migrate::No).await?;
    println!("{}\n{}", counts(&manifest), made(&header));
    println!("whoever was erased since then is erased again when `veldwerk serve` starts");
    Ok(())
}

/// Reads a backup to its end and says what it holds.
///
/// # Errors
/// Those of [`archive::verify`].
#[expect(clippy::print_stdout, reason = "the findings are the result of the command")]
pub(super) async fn verify(file: PathBuf) -> Outcome<()> {
    let passphrase = Settings::read()?.backup_passphrase;
    let (header, manifest) = blocking(move || archive::verify(&file, passphrase.as_ref())).await?;
    println!("{}\n{}\nwhole", counts(&manifest), made(&header));
    Ok(())
}

/// Keeps every server away from a file of SQLite for as long as the answer is held.
///
/// # Errors
/// When one is running.
pub(super) fn alone_at(database: &Database) -> Outcome<Option<std::fs::File>> {
    let Database::Sqlite(path) = database else { return Ok(None) };
    let lock = serve::lock(path)?;
    lock.map(Some).ok_or_else(|| Problem::internal("a veldwerk serves this database; stop it first"))
}

/// Runs what blocks on a thread of its own.
///
/// # Errors
/// Those of the work.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

fn made(header: &Header) -> String {
    format!("made at {} by veldwerk {}, tables of {}", header.made_at, header.program, header.tables)
}

/// How many rows of each table, those without any left out.
pub(super) fn counts(manifest: &Manifest) -> String {
    let told = TABLES.into_iter().filter_map(|table| {
        let rows = manifest.get(table)?.rows;
        (rows > 0).then(|| format!("{rows:>9} {table}"))
    });
    told.collect::<Vec<_>>().join("\n")
}
