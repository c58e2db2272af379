//! What pages are dressed with: the stylesheets, the scripts and the icon, embedded in the program.
//!
//! A page asks for a file under an address that changes with its bytes, so that a browser may keep what it has for as
//! long as it likes and still sees every change at once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");
static ALL: LazyLock<BTreeMap<&'static str, File>> = LazyLock::new(read);

/// How many hexadecimal digits of its SHA-256 tell a file from what it was before.
const DIGITS: usize = 12;

/// A file that pages ask for.
#[derive(Debug)]
pub struct File {
    /// What it holds.
    pub bytes: &'static [u8],
    /// What its address ends in: the beginning of its SHA-256.
    pub version: String,
}

/// The file of this name, such as `veldwerk.css`.
#[must_use]
pub fn file(name: &str) -> Option<&'static File> {
    ALL.get(name)
}

/// The files by their names.
pub fn files() -> impl Iterator<Item = (&'static str, &'static File)> {
    ALL.iter().map(|(name, file)| (*name, file))
}

/// The address of a file as it is now: `/static/veldwerk.css?v=0123456789ab`.
pub(super) fn address(name: &str) -> Option<String> {
    Some(format!("/static/{name}?v={}", file(name)?.version))
}

fn read() -> BTreeMap<&'static str, File> {
    let named = |file: &'static include_dir::File<'static>| Some((file.path().to_str()?, file.contents()));
    FILES
        .files()
        .filter_map(named)
        .map(|(name, bytes)| (name, File { bytes, version: version(bytes) }))
        .collect()
}

fn version(bytes: &[u8]) -> String {
    let mut hex = HEXLOWER.encode(&Sha256::digest(bytes));
    hex.truncate(DIGITS);
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changes_with_the_bytes_and_with_nothing_else() {
        assert_eq!(version(b"body {}"), version(b"body {}"));
        assert_ne!(version(b"body {}"), version(b"body { }"));
        let address = address("veldwerk.css").expect("the stylesheet");
        assert_eq!(address.len(), "/static/veldwerk.css?v=".len() + DIGITS, "{address}");
        assert_eq!(super::address("nothing.css"), None);
    }
}
