//! A file that appears whole and durable under its name, or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::problem::{Outcome, Problem};

/// Writes a new file that only its owner can read.
///
/// # Errors
/// When there is one of this name already; those of the file system; those of `content`. Nothing is left then.
pub(super) fn write(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Outcome<()>) -> Outcome<()> {
    let wrong = |error: io::Error| Problem::internal(format!("{}: {error}", path.display()));
    if path.try_exists().map_err(wrong)? {
        return Err(Problem::internal(format!("{} is there already; give another name", path.display())));
    }
    replace(path, content)
}

/// Writes a file that only its owner can read, in place of one that may be there.
///
/// # Errors
/// Those of the file system; those of `content`. What was there stays then.
pub(super) fn replace(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Outcome<()>) -> Outcome<()> {
    let wrong = |error: io::Error| Problem::internal(format!("{}: {error}", path.display()));
    let part = beside(path);
    // A process of the same number may have been killed over it; in a container every one has the same.
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(wrong(error)),
        _ => {}
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(wrong)?;
    let mut out = BufWriter::new(file);
    let written = content(&mut out)
        .and_then(|()| out.flush().map_err(wrong))
        .and_then(|()| out.get_ref().sync_all().map_err(wrong))
        .and_then(|()| fs::rename(&part, path).map_err(wrong))
        .and_then(|()| sync_folder(path).map_err(wrong));
    if written.is_err() {
        // What is left of it is of no use; that it can't be deleted is the smaller trouble.
        let _ = fs::remove_file(&part);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

/// A name is durable when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}
