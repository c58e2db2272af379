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
    Some(text.unwrap_or_else(|e| WINDOWS_1252.decode_without_bom_handling(e.as_bytes()).0.into_owned()))
}

/// As [`decode`], and UTF-16 too where a byte order mark says so: what spreadsheets call "Unicode text".
#[must_use]
pub fn decode_any(bytes: Vec<u8>) -> Option<String> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) if encoding != encoding_rs::UTF_8 => {
            let text =
                encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned();
            (!text.contains('\0')).then_some(text)
        }
        _ => decode(bytes),
    }
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
    fn a_line_break_of_any_system_is_one_space() {
        assert_eq!(one_line("a\r\nb\nc\rd"), "a b c d");
    }
}
