//! `veldwerk database`: an installation moves from one database to another.

use clap::Subcommand;

use super::backup::{alone_at, blocking, counts};
use crate::archive::Manifest;
use crate::problem::{Outcome, Problem};
use crate::queries::audit_trail;
use crate::settings::{Database as Address, Settings};
use crate::store::transfer::{Counting, Filling, Snapshot, TABLES};
use crate::store::{Migrate, Store};

#[derive(Subcommand)]
pub(super) enum Database {
    /// Copy everything into an empty database, then compare both and check the log of changes. Stop the server first:
    /// what it wrote during the copy would stay behind.
    Copy {
        /// Where everything is: sqlite:PATH or postgres://…
        #[arg(long, value_name = "URL", value_parser = Address::parse)]
        from: Address,
        /// The empty database.
        #[arg(long, value_name = "URL", value_parser = Address::parse)]
        to: Address,
    },
}

/// Copies, compares and says what was copied.
///
/// # Errors
/// When one can't be reached or is served, the target is not empty, or what arrived is not what left.
#[expect(clippy::print_stdout, reason = "what was copied is the result of the command")]
pub(super) async fn database(command: Database) -> Outcome<()> {
    let Database::Copy { from, to } = command;
    let keys = Settings::read()?.keys()?;
    if from == to {
        return Err(Problem::internal("both are the same database; name another one to copy to"));
    }
    if let Address::Sqlite(path) = &from
        && !path.exists()
    {
        return Err(Problem::internal(format!("there is no database at {}", path.display())));
    }
    let _locks = (alone_at(&from)?, alone_at(&to)?);
    // Opened so that another secret, or another version of the tables, is told before anything is written.
    Store::open(from.clone(), keys.clone(), Migrate::No).await?;
    let target = to.clone();
    let manifest = blocking(move || copy(&from, &target)).await?;
    let store = Store::open(to, keys, Migrate::No).await?;
    let verdict = store.read(|tx| audit_trail::verify(tx, None)).await?;
    if let Some((row, how)) = verdict.broken {
        return Err(Problem::internal(format!(
            "the log of changes is broken in the copy: row {row} is {how}"
        )));
    }
    println!("{}", counts(&manifest));
    println!("log of changes: {} sealed, {} not yet, no break", verdict.sealed, verdict.unsealed);
    Ok(())
}

fn copy(from: &Address, to: &Address) -> Outcome<Manifest> {
    let mut source = Snapshot::of(from)?;
    let mut filling = Filling::begin(to, source.version())?;
    let mut left = Manifest::new();
    for table in TABLES {
        filling.table(table)?;
        let mut counting = Counting::default();
        source.rows(table, |row| {
            counting.add(&row)?;
            filling.put(row)
        })?;
        left.insert(table.to_owned(), counting.tally());
    }
    filling.finish()?;
    let arrived = tally(to)?;
    match TABLES.into_iter().find(|table| left.get(*table) != arrived.get(*table)) {
        None => Ok(arrived),
        Some(table) => Err(Problem::internal(format!(
            "what arrived in {table} is not what left; delete the copy and go on with the original"
        ))),
    }
}

fn tally(database: &Address) -> Outcome<Manifest> {
    let mut snapshot = Snapshot::of(database)?;
    let mut manifest = Manifest::new();
    for table in TABLES {
        let mut counting = Counting::default();
        snapshot.rows(table, |row| counting.add(&row))?;
        manifest.insert(table.to_owned(), counting.tally());
    }
    Ok(manifest)
}
