//! A folder that gets one backup a day and keeps so many of them.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::problem::{Outcome, Problem};
use crate::settings::private_directory;

const BEGIN: &str = "veldwerk-";
const END: &str = ".backup";

/// Where the daily backups lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The folder.
    pub folder: PathBuf,
    /// How many backups are kept, the newest.
    pub keep: usize,
}

/// The file that is to be written for a day (UTC), unless it is there.
///
/// # Errors
/// When the folder can't be made or read.
pub fn due(shelf: &Shelf, day: NaiveDate) -> Outcome<Option<PathBuf>> {
    private_directory(&shelf.folder).map_err(|error| wrong(&shelf.folder, &error))?;
    let path = shelf.folder.join(format!("{BEGIN}{day}{END}"));
    let is_there = path.try_exists().map_err(|error| wrong(&path, &error))?;
    Ok(Some(path).filter(|_| !is_there))
}

impl Shelf {
    /// Takes the oldest backups away until no more are left than are kept. Files of another name are left alone.
    ///
    /// # Errors
    /// When the folder can't be read, or a file in it not deleted.
    pub fn rotate(&self) -> Outcome<()> {
        let entries = fs::read_dir(&self.folder).map_err(|error| wrong(&self.folder, &error))?;
        let mut backups: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_daily(path)).collect();
        backups.sort();
        let many = backups.len().saturating_sub(self.keep.max(1));
        for oldest in backups.iter().take(many) {
            fs::remove_file(oldest).map_err(|error| wrong(oldest, &error))?;
        }
        Ok(())
    }
}

fn is_daily(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let day = name.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    day.is_some_and(|day| day.parse::<NaiveDate>().is_ok())
}

fn wrong(path: &Path, error: &std::io::Error) -> Problem {
    Problem::internal(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_has_one_backup_and_the_oldest_make_room() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf { folder: home.path().join("backups"), keep: 2 };
        for day_of_month in 1..=4 {
            let path = due(&shelf, day(&format!("2027-03-0{day_of_month}"))).unwrap().unwrap();
            fs::write(path, "x").unwrap();
        }
        fs::write(shelf.folder.join("veldwerk-before-the-move.backup"), "mine").unwrap();
        assert_eq!(due(&shelf, day("2027-03-04")).unwrap(), None);
        shelf.rotate().unwrap();
        let mut left: Vec<_> =
            fs::read_dir(&shelf.folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        let names =
            ["veldwerk-2027-03-03.backup", "veldwerk-2027-03-04.backup", "veldwerk-before-the-move.backup"];
        assert_eq!(left, names);
    }
}
