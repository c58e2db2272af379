//! `veldwerk municipalities`.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Subcommand;

use super::open_beside;
use crate::actions::import_municipalities::import_municipalities;
use crate::clock::Clock;
use crate::domain::municipality::TABLE_LIMIT;
use crate::problem::{Outcome, Problem};
use crate::queries::municipalities;

#[derive(Subcommand)]
pub(super) enum Municipalities {
    /// Take over a newer table; respondents move to the strata that follow from it.
    Import {
        /// The table; `migrations/seed/README.md` describes its form.
        file: PathBuf,
    },
    /// Print the municipalities that existed on a date: code, inhabitants, province and name.
    List {
        /// The date, such as 2026-01-01; today when left out.
        #[arg(long)]
        on: Option<NaiveDate>,
    },
}

pub(super) async fn municipalities(command: Municipalities) -> Outcome<()> {
    match command {
        Municipalities::Import { file } => import(file).await,
        Municipalities::List { on } => list(on).await,
    }
}

#[expect(clippy::print_stdout, reason = "what came of it is the result of the command")]
async fn import(file: PathBuf) -> Outcome<()> {
    let unreadable = |error| Problem::internal(format!("{} cannot be read: {error}", file.display()));
    let mut text = String::new();
    // One more byte than a table may have is enough to see that it has too many.
    let limit = u64::try_from(TABLE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    File::open(&file).and_then(|file| file.take(limit).read_to_string(&mut text)).map_err(unreadable)?;
    let store = open_beside().await?;
    let now = Clock::system().now();
    let moved = store.write(move |tx| import_municipalities(tx, now, &text)).await?;
    let places = store.read(municipalities::places).await?;
    let today = now.utc().date_naive();
    let number = places.gazetteer.division(today).count();
    println!("{number} municipalities today; {moved} respondents moved to another stratum");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the list is the result of the command")]
async fn list(on: Option<NaiveDate>) -> Outcome<()> {
    let store = open_beside().await?;
    let on = on.unwrap_or_else(|| Clock::system().now().utc().date_naive());
    let places = store.read(municipalities::places).await?;
    for (row, figure) in places.gazetteer.division(on) {
        println!("{}\t{}\t{}\t{}", row.code, figure.inhabitants, row.province, row.name);
    }
    Ok(())
}
