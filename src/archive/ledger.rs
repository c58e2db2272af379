//! Who was erased, kept outside the database: a backup that comes back is older than some erasures, and those have to be
//! done again before anybody is served (E19). It holds ids that mean nothing to anybody, and must be kept apart from the
//! backups, as the secret is.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file;
use crate::id::RespondentId;
use crate::problem::{Outcome, Problem};

/// The file in which erasures are remembered, one id on a line.
#[derive(Debug, Clone)]
pub struct Ledger {
    path: PathBuf,
}

impl Ledger {
    /// The ledger in a file, which need not be there yet.
    #[must_use]
    pub const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Everybody in it.
    ///
    /// # Errors
    /// When it can't be read, or a line of it is no id: then something else wrote to it.
    pub fn erased(&self) -> Outcome<BTreeSet<RespondentId>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            text => text.map_err(|error| wrong(&self.path, &error))?,
        };
        let ids = text.lines().map(|line| {
            line.parse().map_err(|_| Problem::internal(format!("{}: {line:?} is no id", self.path.display())))
        });
        ids.collect()
    }

    /// Adds people to it, durably.
    ///
    /// # Errors
    /// As [`Ledger::erased`]; those of the file system.
    pub fn add(&self, ids: impl IntoIterator<Item = RespondentId>) -> Outcome<()> {
        let mut all = self.erased()?;
        let before = all.len();
        all.extend(ids);
        if all.len() == before {
            return Ok(());
        }
        file::replace(&self.path, |out| {
            all.iter().try_for_each(|id| writeln!(out, "{id}")).map_err(Problem::internal)
        })
    }
}

fn wrong(path: &Path, error: &io::Error) -> Problem {
    Problem::internal(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_added_is_found_again_once() {
        let home = tempfile::tempdir().unwrap();
        let ledger = Ledger::at(home.path().join("erased"));
        assert!(ledger.erased().unwrap().is_empty());
        let (one, two) = (RespondentId::new(), RespondentId::new());
        ledger.add([one]).unwrap();
        ledger.add([two, one]).unwrap();
        assert_eq!(ledger.erased().unwrap(), BTreeSet::from([one, two]));
        assert_eq!(fs::read_to_string(home.path().join("erased")).unwrap().lines().count(), 2);
    }

    #[test]
    fn what_a_process_that_was_killed_left_half_written_is_in_nobodys_way() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join(format!("erased.{}.part", std::process::id()));
        fs::write(&left, "half").unwrap();
        let ledger = Ledger::at(home.path().join("erased"));
        ledger.add([RespondentId::new()]).unwrap();
        assert_eq!(ledger.erased().unwrap().len(), 1);
        assert!(!left.exists());
    }

    #[test]
    fn a_line_that_is_no_id_is_told_and_not_passed_over() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("erased");
        fs::write(&path, "nobody\n").unwrap();
        assert!(
            matches!(Ledger::at(path).erased(), Err(Problem::Internal(cause)) if cause.to_string().contains("nobody"))
        );
    }
}
