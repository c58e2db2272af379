//! Who was erased and whose contact data were removed, kept outside the database: a backup that comes back is older
//! than some of that, and it has to be done again before anybody is served (E19). It holds ids that mean nothing to
//! anybody, and must be kept apart from the backups, as the secret is.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file;
use crate::id::RespondentId;
use crate::problem::{Outcome, Problem};
use crate::store::erasure::Gone;

/// What stands behind an id of which only the contact data are gone.
const CONTACT: &str = " contact";

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

    /// Everybody in it, and how much of them is gone.
    ///
    /// # Errors
    /// When it can't be read, or a line of it is no id: then something else wrote to it.
    pub fn gone(&self) -> Outcome<BTreeMap<RespondentId, Gone>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            text => text.map_err(|error| wrong(&self.path, &error))?,
        };
        let entries = text.lines().map(|line| {
            let (id, gone) = match line.strip_suffix(CONTACT) {
                Some(id) => (id, Gone::Contact),
                None => (line, Gone::Person),
            };
            let no_id = |_| Problem::internal(format!("{}: {line:?} is no id", self.path.display()));
            Ok((id.parse().map_err(no_id)?, gone))
        });
        entries.collect()
    }

    /// Adds people to it, durably. Whoever is erased stays so.
    ///
    /// # Errors
    /// As [`Ledger::gone`]; those of the file system.
    pub fn add(&self, people: impl IntoIterator<Item = (RespondentId, Gone)>) -> Outcome<()> {
        let before = self.gone()?;
        let mut all = before.clone();
        for (id, gone) in people {
            all.entry(id).and_modify(|known| *known = gone.max(*known)).or_insert(gone);
        }
        if all == before {
            return Ok(());
        }
        let mark = |gone: Gone| if gone == Gone::Contact { CONTACT } else { "" };
        file::replace(&self.path, |out| {
            let mut lines = all.iter();
            lines.try_for_each(|(id, gone)| writeln!(out, "{id}{}", mark(*gone))).map_err(Problem::internal)
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
        assert!(ledger.gone().unwrap().is_empty());
        let (one, two) = (RespondentId::new(), RespondentId::new());
        ledger.add([(one, Gone::Person)]).unwrap();
        ledger.add([(two, Gone::Person), (one, Gone::Person)]).unwrap();
        assert_eq!(ledger.gone().unwrap(), BTreeMap::from([(one, Gone::Person), (two, Gone::Person)]));
        assert_eq!(fs::read_to_string(home.path().join("erased")).unwrap().lines().count(), 2);
    }

    #[test]
    fn whose_contact_data_are_gone_can_be_erased_later_and_not_the_other_way_round() {
        let home = tempfile::tempdir().unwrap();
        let ledger = Ledger::at(home.path().join("erased"));
        let (one, two) = (RespondentId::new(), RespondentId::new());
        ledger.add([(one, Gone::Contact), (two, Gone::Contact)]).unwrap();
        assert_eq!(ledger.gone().unwrap(), BTreeMap::from([(one, Gone::Contact), (two, Gone::Contact)]));
        ledger.add([(one, Gone::Person)]).unwrap();
        ledger.add([(one, Gone::Contact)]).unwrap();
        assert_eq!(ledger.gone().unwrap(), BTreeMap::from([(one, Gone::Person), (two, Gone::Contact)]));
    }

    #[test]
    fn what_a_process_that_was_killed_left_half_written_is_in_nobodys_way() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join(format!("erased.{}.part", std::process::id()));
        fs::write(&left, "half").unwrap();
        let ledger = Ledger::at(home.path().join("erased"));
        ledger.add([(RespondentId::new(), Gone::Person)]).unwrap();
        assert_eq!(ledger.gone().unwrap().len(), 1);
        assert!(!left.exists());
    }

    #[test]
    fn a_line_that_is_no_id_is_told_and_not_passed_over() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("erased");
        fs::write(&path, "nobody\n").unwrap();
        assert!(
            matches!(Ledger::at(path).gone(), Err(Problem::Internal(cause)) if cause.to_string().contains("nobody"))
        );
    }
}
