//! Backups: one file that holds everything that a database held at one moment, and can say whether it is whole.
//!
//! The file is lines of JSON, compressed: who made it, then each table with its rows, and at the end how many rows
//! there were and what they add up to. Without that last line it is not whole. With a passphrase all of it is sealed.
//! It never holds the secret of the installation, without which contact data in it can't be read by anybody.

mod envelope;
mod file;
mod ledger;
mod rotation;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::problem::{Outcome, Problem};
use crate::settings::{Database, Secret};
use crate::store::transfer::{Counting, Filling, Row, Snapshot, TABLES, Tally};

pub use ledger::Ledger;
pub use rotation::{Shelf, due};

/// The number of this format.
const FORMAT: u32 = 1;
/// The longest line that is read, in bytes: a row with the largest import of municipalities fits many times.
const LINE_LIMIT: u64 = 256 * 1024 * 1024;

/// Who made a backup, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The number of the format.
    pub veldwerk_backup: u32,
    /// The version of the tables.
    pub tables: String,
    /// The version of the program.
    pub program: String,
    /// The moment whose state it holds.
    pub made_at: Instant,
    /// The fingerprint of the secret that its contact data are sealed with.
    pub secret: String,
}

/// What a backup holds: how much of each table.
pub type Manifest = BTreeMap<String, Tally>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Table(String),
    Row(Row),
    Manifest(Manifest),
}

/// Writes a backup of a database into a new file, which only its owner can read. Others may go on writing to the
/// database meanwhile. Blocks its thread.
///
/// # Errors
/// When there is such a file already, or it can't be written; nothing is left of it then.
pub fn make(
    database: &Database,
    secret: &str,
    path: &Path,
    passphrase: Option<&Secret>,
    now: Instant,
) -> Outcome<Manifest> {
    let mut snapshot = Snapshot::of(database)?;
    let header = Header {
        veldwerk_backup: FORMAT,
        tables: snapshot.version().to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        secret: secret.to_owned(),
    };
    let mut manifest = Manifest::new();
    file::write(path, |out| {
        let mut out = GzEncoder::new(envelope::Sealer::new(out, passphrase)?, Compression::default());
        write_line(&mut out, &header)?;
        for table in TABLES {
            write_line(&mut out, &Line::Table(table.to_owned()))?;
            let mut counting = Counting::default();
            snapshot.rows(table, |row| {
                counting.add(&row)?;
                write_line(&mut out, &Line::Row(row))
            })?;
            manifest.insert(table.to_owned(), counting.tally());
        }
        write_line(&mut out, &Line::Manifest(manifest.clone()))?;
        out.finish().map_err(Problem::internal)?.finish()
    })?;
    Ok(manifest)
}

/// Reads a backup to its end without keeping anything.
///
/// # Errors
/// When it is not whole, damaged, sealed with another passphrase, or of a format that this program does not know.
pub fn verify(path: &Path, passphrase: Option<&Secret>) -> Outcome<(Header, Manifest)> {
    let mut lines = Lines::open(path, passphrase)?;
    let header = lines.header()?;
    let manifest = lines.follow(|_| Ok(()), |_| Ok(()))?;
    Ok((header, manifest))
}

/// Fills an empty database with a backup: all of it, or nothing. Sessions do not come back.
///
/// # Errors
/// As [`verify`]; when it was made with another secret or by a newer program; when the database is not empty.
pub fn restore(
    path: &Path,
    passphrase: Option<&Secret>,
    secret: &str,
    database: &Database,
) -> Outcome<(Header, Manifest)> {
    let mut lines = Lines::open(path, passphrase)?;
    let header = lines.header()?;
    if header.secret != secret {
        return Err(Problem::internal(
            "this backup was made with another secret; give that one in VELDWERK_SECRET_KEY or put its file back",
        ));
    }
    let filling = std::cell::RefCell::new(Filling::begin(database, &header.tables)?);
    let manifest =
        lines.follow(|table| filling.borrow_mut().table(table), |row| filling.borrow_mut().put(row))?;
    let mut filling = filling.into_inner();
    filling.end_sessions()?;
    filling.finish()?;
    Ok((header, manifest))
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Outcome<()> {
    serde_json::to_writer(&mut *out, line).map_err(Problem::internal)?;
    out.write_all(b"\n").map_err(Problem::internal)
}

/// The lines of a backup, one after the other.
struct Lines {
    input: BufReader<GzDecoder<envelope::Opener>>,
}

impl Lines {
    fn open(path: &Path, passphrase: Option<&Secret>) -> Outcome<Self> {
        let opener = envelope::Opener::open(path, passphrase)?;
        Ok(Self { input: BufReader::new(GzDecoder::new(opener)) })
    }

    fn header(&mut self) -> Outcome<Header> {
        let header: Header = self.next()?.ok_or_else(cut_off)?;
        if header.veldwerk_backup > FORMAT {
            return Err(Problem::internal("this backup was made by a newer veldwerk; use that version"));
        }
        Ok(header)
    }

    /// Hands over tables and rows in their order, and compares them with what the end says.
    fn follow(
        &mut self,
        mut table: impl FnMut(&'static str) -> Outcome<()>,
        mut row: impl FnMut(Row) -> Outcome<()>,
    ) -> Outcome<Manifest> {
        let mut found = Manifest::new();
        let mut current: Option<(String, Counting)> = None;
        loop {
            match self.next::<Line>()?.ok_or_else(cut_off)? {
                Line::Table(name) => {
                    close(&mut found, &mut current);
                    let known = TABLES.into_iter().find(|table| *table == name);
                    table(known.ok_or_else(|| damaged("it names a table that nobody knows"))?)?;
                    current = Some((name, Counting::default()));
                }
                Line::Row(values) => {
                    let (_, counting) =
                        current.as_mut().ok_or_else(|| damaged("a row belongs to no table"))?;
                    counting.add(&values)?;
                    row(values)?;
                }
                Line::Manifest(told) => {
                    close(&mut found, &mut current);
                    return if told == found {
                        Ok(told)
                    } else {
                        Err(damaged("its rows are not those it counted"))
                    };
                }
            }
        }
    }

    fn next<T: for<'de> Deserialize<'de>>(&mut self) -> Outcome<Option<T>> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line);
        match read.map_err(|error| damaged(&error.to_string()))? {
            0 => Ok(None),
            _ => serde_json::from_slice(&line).map(Some).map_err(|error| damaged(&error.to_string())),
        }
    }
}

fn close(found: &mut Manifest, current: &mut Option<(String, Counting)>) {
    if let Some((name, counting)) = current.take() {
        found.insert(name, counting.tally());
    }
}

fn cut_off() -> Problem {
    damaged("its end is missing")
}

fn damaged(how: &str) -> Problem {
    Problem::internal(format!("this is no whole backup of veldwerk: {how}"))
}
