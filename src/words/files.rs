//! What pages are dressed with: the stylesheets, the scripts and the icon, embedded in the program.
//!
//! What is sent is without the comments and the indentation, which are for those who work on it.
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
    pub bytes: Vec<u8>,
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
    let sent = |bytes: &[u8]| {
        std::str::from_utf8(bytes).map_or_else(|_| bytes.to_vec(), |text| bare(text).into_bytes())
    };
    FILES
        .files()
        .filter_map(named)
        .map(|(name, bytes)| {
            let bytes = sent(bytes);
            let version = version(&bytes);
            (name, File { bytes, version })
        })
        .collect()
}

/// A stylesheet, a script or a drawing without its comments, which stand on lines of their own, and its indentation.
fn bare(text: &str) -> String {
    let mut is_inside = false;
    let is_said = |line: &&str| {
        let begins = line.starts_with("/*");
        let is_comment = is_inside || begins || line.starts_with("//");
        is_inside = (is_inside || begins) && !line.ends_with("*/");
        !is_comment && !line.is_empty()
    };
    text.lines().map(str::trim).filter(is_said).collect::<Vec<_>>().join("\n")
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
    fn comments_and_indentation_stay_here_and_nothing_else() {
        let script = "// Why.\n/**\n * How.\n */\nclass A {\n  // Where.\n  b() {}\n}\n\n/* Who. */\n.a { b: url(//c) }\n";
        assert_eq!(bare(script), "class A {\nb() {}\n}\n.a { b: url(//c) }");
        for file in FILES.files() {
            let text = file.contents_utf8().expect("a text");
            let mut comment = false;
            for line in text.lines().map(str::trim) {
                comment |= line.starts_with("/*");
                let (_, behind) = line.rsplit_once("*/").unwrap_or_default();
                assert!(behind.is_empty() || !comment, "this would be lost: {line}");
                comment &= !line.contains("*/");
                assert!(line.matches('`').count().is_multiple_of(2), "a text of several lines: {line}");
            }
        }
    }

    #[test]
    fn an_address_changes_with_the_bytes_and_with_nothing_else() {
        assert_eq!(version(b"body {}"), version(b"body {}"));
        assert_ne!(version(b"body {}"), version(b"body { }"));
        let address = address("veldwerk.css").expect("the stylesheet");
        assert_eq!(address.len(), "/static/veldwerk.css?v=".len() + DIGITS, "{address}");
        assert_eq!(super::address("nothing.css"), None);
    }
}
