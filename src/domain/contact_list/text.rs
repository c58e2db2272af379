//! From the bytes of a file to text, and from a cell to one line.

use encoding_rs::{Encoding, WINDOWS_1252};

/// The text of a file: UTF-8 if it is that, with or without a byte order mark, else Windows-1252, in which
/// spreadsheets write. `None` if it is no text, such as a spreadsheet itself or UTF-16, which both hold NUL bytes
/// before their first line ends; further on such a byte spoils no more than its own row (E16).
#[must_use]
pub fn decode(mut bytes: Vec<u8>) -> Option<String> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    if bytes.split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&0)) {
        return None;
    }
    let text = String::from_utf8(bytes);
    let text = text.unwrap_or_else(|e| WINDOWS_1252.decode_without_bom_handling(e.as_bytes()).0.into_owned());
    Some(without_stray_quotes(text))
}

/// As [`decode`], and UTF-16 too where a byte order mark says so: what spreadsheets call "Unicode text".
#[must_use]
pub fn decode_any(bytes: Vec<u8>) -> Option<String> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) if encoding != encoding_rs::UTF_8 => {
            let text =
                encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned();
            (!text.contains('\0')).then(|| without_stray_quotes(text))
        }
        _ => decode(bytes),
    }
}

/// The most stray quotation marks that are taken away.
const STRAYS_LIMIT: usize = 1_000;
/// The longest cell of several lines, in bytes.
const CELL_LIMIT: usize = 100_000;

/// Takes away quotation marks at the beginning of a cell that close nothing: all rows up to the next mark would be one
/// cell of one person, and those in them would be lost without a word.
fn without_stray_quotes(text: String) -> String {
    let (mut strays, mut rest, mut begins) = (Vec::new(), text.as_bytes(), true);
    while let Some((first, after)) = rest.split_first() {
        let cell = if *first == b'"' && begins { Some(quoted_cell(rest)) } else { None };
        (rest, begins) = match cell {
            Some(Some(length)) => (rest.get(length..).unwrap_or_default(), false),
            Some(None) if strays.len() < STRAYS_LIMIT => {
                strays.push(text.len() - rest.len());
                (after, true)
            }
            _ => (after, is_boundary(*first)),
        };
    }
    if strays.is_empty() {
        return text;
    }
    let mut place = 0;
    let mut mended = text;
    mended.retain(|c| {
        let is_kept = strays.binary_search(&place).is_err();
        place += c.len_utf8();
        is_kept
    });
    mended
}

const fn is_boundary(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'\t' | b'\r' | b'\n')
}

/// How long the quoted cell is that a text begins with (RFC 4180 2.5-2.7); `None` where its lines are no cell, since no
/// mark ends it, something follows that mark, or they read as rows of a list.
fn quoted_cell(text: &[u8]) -> Option<usize> {
    let (mut at, mut has_break) = (1, false);
    loop {
        match (text.get(at)?, text.get(at + 1)) {
            (b'"', Some(b'"')) => at += 2,
            (b'"', _) => break,
            (byte, _) => {
                has_break |= matches!(byte, b'\r' | b'\n');
                at += 1;
            }
        }
        if at > CELL_LIMIT {
            return None;
        }
    }
    let inside = text.get(1..at).unwrap_or_default();
    let reads_as_rows =
        inside.contains(&b'@') && inside.iter().any(|byte| matches!(byte, b',' | b';' | b'\t'));
    let ends = text.get(at + 1).is_none_or(|byte| is_boundary(*byte));
    (!has_break || ends && !reads_as_rows).then_some(at + 1)
}

/// A cell as one line: each line break in it becomes a space.
pub(super) fn one_line(cell: &str) -> String {
    cell.replace("\r\n", " ").replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_tried_before_windows_1252() {
        assert_eq!(decode(b"\xEF\xBB\xBFn\xC3\xA9".to_vec()).as_deref(), Some("né"));
        assert_eq!(decode(b"n\xE9 \x80".to_vec()).as_deref(), Some("né €"));
        assert_eq!(decode(Vec::new()).as_deref(), Some(""));
    }

    #[test]
    fn a_spreadsheet_and_utf_16_are_no_text() {
        assert_eq!(decode(b"PK\x03\x04\x14\x00".to_vec()), None);
        assert_eq!(decode(b"\xFF\xFEn\x00".to_vec()), None);
        assert_eq!(decode_any(b"PK\x03\x04\x14\x00".to_vec()), None);
    }

    #[test]
    fn a_mark_tells_of_utf_16_where_a_person_looks_at_the_outcome() {
        assert_eq!(decode_any(b"\xFF\xFEn\x00\xE9\x00".to_vec()).as_deref(), Some("né"));
        assert_eq!(decode_any(b"\xFE\xFF\x00n\x00\xE9".to_vec()).as_deref(), Some("né"));
        assert_eq!(decode_any(b"\xEF\xBB\xBFn\xC3\xA9".to_vec()).as_deref(), Some("né"));
    }

    #[test]
    fn a_quotation_mark_that_closes_nothing_takes_no_other_row_with_it() {
        let mended = |text: &str| decode(text.as_bytes().to_vec()).unwrap();
        for sound in [
            "name;email\n\"Jansen; A.\";a@x.nl\n",
            "name;email\n\"Jansen\r\nA.\";a@x.nl\n",
            "name;email\nJan \"Jantje\" Bos;a@x.nl\nPiet;p@x.nl\n",
            "name;email\n\"Jan \"\"Jantje\"\"\nBos\";a@x.nl\n",
        ] {
            assert_eq!(mended(sound), sound);
        }
        for (stray, expected) in [
            ("n;e\n\"Jan;j@x.nl\nPiet;p@x.nl\n", "n;e\nJan;j@x.nl\nPiet;p@x.nl\n"),
            (
                "n;e\n\"Jan;j@x.nl\nPiet;p@x.nl\n\"Kees;k@x.nl\n",
                "n;e\nJan;j@x.nl\nPiet;p@x.nl\nKees;k@x.nl\n",
            ),
            ("n;e\n\"Jan;j@x.nl\nPiet Bos\";p@x.nl\n", "n;e\nJan;j@x.nl\nPiet Bos\";p@x.nl\n"),
            ("n;e\nJan;\"j@x.nl", "n;e\nJan;j@x.nl"),
        ] {
            assert_eq!(mended(stray), expected);
        }
        // Bounded, whatever is sent.
        let many = "\"a\n".repeat(STRAYS_LIMIT * 3);
        assert!(mended(&many).len() >= many.len() - STRAYS_LIMIT);
    }

    #[test]
    fn a_line_break_of_any_system_is_one_space() {
        assert_eq!(one_line("a\r\nb\nc\rd"), "a b c d");
    }
}
