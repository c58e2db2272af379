//! Letters as `.eml` files in a folder, where no mail server is set up.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::refusal::{Delivered, Refusal};
use super::transport::Outgoing;
use crate::id::LetterId;

/// A folder that only its owner can read (E27), with one file per letter, named by the letter's id.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Writes into this folder; it is made with the first letter.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where the folder is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The letters that lie in the folder, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the folder is there but can't be read.
    pub fn newest(&self, limit: usize) -> io::Result<Vec<LetterId>> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut letters: Vec<LetterId> =
            names.filter_map(|name| name.strip_suffix(".eml")?.parse().ok()).collect();
        letters.sort_unstable_by(|a, b| b.cmp(a));
        letters.truncate(limit);
        Ok(letters)
    }

    /// Reads a letter that was written.
    ///
    /// # Errors
    /// When it is not there or can't be read.
    pub fn read(&self, letter: LetterId) -> io::Result<Vec<u8>> {
        fs::read(self.finished(letter))
    }

    /// Deletes a letter that was written, if it is there; erasing a person needs this (E19).
    ///
    /// # Errors
    /// When the file is there but can't be deleted for good.
    pub fn forget(&self, letter: LetterId) -> io::Result<()> {
        for path in [self.finished(letter), self.unfinished(letter)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if self.0.exists() { File::open(&self.0)?.sync_all() } else { Ok(()) }
    }

    pub(super) async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Delivered, Refusal> {
        let (folder, letter, message) = (self.clone(), outgoing.letter, outgoing.message.to_vec());
        let written = tokio::task::spawn_blocking(move || folder.write(letter, &message)).await;
        match written.map_err(io::Error::other).flatten() {
            Ok(()) => Ok(Delivered { said: "written to the mail folder".to_owned() }),
            Err(error) => Err(Refusal::away(format!("the mail folder can't be written: {error}"))),
        }
    }

    /// Writes a letter so that it is there whole or not at all. Writing it again replaces it by the same bytes.
    fn write(&self, letter: LetterId, message: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        fs::set_permissions(&self.0, fs::Permissions::from_mode(0o700))?;
        let unfinished = self.unfinished(letter);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(message)?;
        file.sync_all()?;
        fs::rename(&unfinished, self.finished(letter))?;
        File::open(&self.0)?.sync_all()
    }

    fn finished(&self, letter: LetterId) -> PathBuf {
        self.0.join(format!("{letter}.eml"))
    }

    /// One name per letter, so that what a crash left behind is found again.
    fn unfinished(&self, letter: LetterId) -> PathBuf {
        self.0.join(format!("{letter}.part"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::EmailAddress;
    use crate::mail::RefusalKind;

    async fn send(folder: &Folder, letter: LetterId, message: &[u8]) -> Result<Delivered, Refusal> {
        let address = EmailAddress::parse("a@example.org").unwrap();
        folder.send(&Outgoing { letter, from: &address, to: &address, message }).await
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_letter_is_a_file_that_only_its_owner_can_read() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("data/mail"));
        let letter = LetterId::new();
        send(&folder, letter, b"hello").await.unwrap();
        let file = folder.path().join(format!("{letter}.eml"));
        assert_eq!(fs::read(&file).unwrap(), b"hello");
        assert_eq!((mode(folder.path()), mode(&file)), (0o700, 0o600));
    }

    #[tokio::test]
    async fn sending_again_after_a_crash_leaves_one_whole_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let letter = LetterId::new();
        fs::write(folder.unfinished(letter), "half of something much longer").unwrap();
        send(&folder, letter, b"hello").await.unwrap();
        send(&folder, letter, b"hello").await.unwrap();
        let names: Vec<_> = fs::read_dir(home.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, [format!("{letter}.eml").as_str()]);
        assert_eq!(fs::read(folder.finished(letter)).unwrap(), b"hello");
    }

    #[tokio::test]
    async fn a_forgotten_letter_is_gone_and_forgetting_it_twice_is_no_error() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("mail"));
        let letter = LetterId::new();
        folder.forget(letter).unwrap();
        send(&folder, letter, b"hello").await.unwrap();
        folder.forget(letter).unwrap();
        folder.forget(letter).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_stops_all_letters_for_a_while() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        let refusal =
            send(&Folder::new(home.path().join("file/mail")), LetterId::new(), b"x").await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Away);
    }
}
