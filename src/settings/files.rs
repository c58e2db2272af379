//! The files and directories of an installation: where they stand, and how the secret gets there.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{Database, Settings, refused};
use crate::keys::{Keys, SECRET_MINIMUM, fresh_token};
use crate::problem::{Outcome, Problem};

impl Settings {
    /// Where letters are written where no mail server is set up.
    #[must_use]
    pub fn mail_dir(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// Where the installation remembers who was erased, whatever backup comes back.
    #[must_use]
    pub fn erasure_ledger(&self) -> PathBuf {
        self.data_dir.join("erased")
    }

    /// Makes the data directory, readable by its owner only (E27).
    ///
    /// # Errors
    /// When the directory can't be made.
    pub fn prepare_data_dir(&self) -> Outcome<()> {
        private_directory(&self.data_dir).map_err(|error| {
            refused(&format!("the data directory {} cannot be made: {error}", self.data_dir.display()))
        })
    }

    /// The certificates that the mail server may show besides the public ones.
    ///
    /// # Errors
    /// When their file can't be read.
    pub fn smtp_authority(&self) -> Outcome<Option<Vec<u8>>> {
        authority(self.smtp_ca_file.as_deref())
    }

    /// The certificates that the hosts of calendars of one's own may show.
    ///
    /// # Errors
    /// When their file can't be read.
    pub fn calendar_authority(&self) -> Outcome<Option<Vec<u8>>> {
        authority(self.calendar_ca_file.as_deref())
    }

    /// The certificates that the server of the folder may show besides the public ones.
    ///
    /// # Errors
    /// When their file can't be read.
    pub fn imap_authority(&self) -> Outcome<Option<Vec<u8>>> {
        authority(self.imap_ca_file.as_deref())
    }

    /// The keys of the installation. With SQLite a secret that was not given is made once and kept in the data
    /// directory; with PostgreSQL, which several servers may share, it must be given (R5).
    ///
    /// # Errors
    /// When it was not given with PostgreSQL, or its file can't be read or made.
    pub fn keys(&self) -> Outcome<Keys> {
        if let Some(secret) = &self.secret {
            return Ok(Keys::derive(secret.expose().as_bytes()));
        }
        if matches!(self.database, Database::Postgres(_)) {
            return Err(refused("with PostgreSQL the secret must be given: set VELDWERK_SECRET_KEY"));
        }
        let path = self.data_dir.join("secret");
        match fs::read_to_string(&path) {
            Ok(secret) if secret.trim().len() >= SECRET_MINIMUM => Ok(Keys::derive(secret.trim().as_bytes())),
            Ok(_) => Err(refused("the file `secret` in the data directory is damaged; put its backup back")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let secret = fresh_token();
                write_durably(&path, secret.as_bytes()).map_err(Problem::internal)?;
                Ok(Keys::derive(secret.as_bytes()))
            }
            Err(error) => Err(Problem::internal(error)),
        }
    }
}

/// Certificates in PEM.
fn authority(path: Option<&Path>) -> Outcome<Option<Vec<u8>>> {
    let Some(path) = path else { return Ok(None) };
    let read = fs::read(path);
    read.map(Some).map_err(|error| refused(&format!("{} cannot be read: {error}", path.display())))
}

/// Makes a directory that only its owner may enter.
///
/// # Errors
/// Those of the file system.
pub fn private_directory(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Writes a new file for its owner only and waits until it is on the disk, its name included.
fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    match path.parent() {
        Some(directory) => fs::File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_for_its_owner_only_and_then_kept() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let mut settings = Settings::local(directory.path(), 0, "x");
        settings.secret = None;
        let first = settings.keys().unwrap();
        assert_eq!(first.fingerprint(), settings.keys().unwrap().fingerprint());
        let mode = fs::metadata(directory.path().join("secret")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
