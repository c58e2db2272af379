//! Plain text inside Markdown: what is escaped in writing and resolved in reading, within one line.

/// One line of text, without line feeds, such that Markdown shows exactly its characters.
pub(super) fn escape(line: &str) -> String {
    let inner = line.trim_matches(' ');
    let before = line.len() - line.trim_start_matches(' ').len();
    let after = line.len() - before - inner.len();
    let mut escaped = "&#32;".repeat(before);
    let mut rest = inner.chars();
    let number = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = inner.len() - number.len();
    let mut position = 0;
    while let Some(c) = rest.next() {
        let starts_block = match c {
            '-' | '+' | '=' => position == 0,
            '.' | ')' => numbered > 0 && position == numbered && ends_word(rest.as_str()),
            _ => false,
        };
        match c {
            '\t' => escaped.push_str("&#9;"),
            '\r' => escaped.push_str("&#13;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => escaped.extend(['\\', c]),
            '&' if starts_reference(rest.as_str()) => escaped.push_str("\\&"),
            _ if starts_block => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
        position += c.len_utf8();
    }
    escaped.push_str(&"&#32;".repeat(after));
    escaped
}

fn ends_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

/// Whether an ampersand before this text would be read as a character reference.
fn starts_reference(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| c == '#' || c.is_ascii_alphanumeric());
    name.len() < rest.len() && name.starts_with(';')
}

/// The text that a line of Markdown shows: a backslash before punctuation is dropped, and a number of a character is
/// that character.
pub(super) fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let escaped =
            rest.strip_prefix('\\').and_then(|r| r.chars().next()).filter(char::is_ascii_punctuation);
        let (shown, length) = match escaped {
            Some(escaped) => (escaped, 2),
            None => reference(rest).unwrap_or((c, c.len_utf8())),
        };
        text.push(shown);
        rest = rest.get(length..).unwrap_or_default();
    }
    text
}

/// A numeric character reference (`CommonMark` 6.2) at the start of a text, and its length in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix("&#")?;
    let (number, _) = body.split_once(';')?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let is_number = !digits.is_empty() && digits.len() <= 7 && digits.chars().all(|c| c.is_digit(radix));
    let c = is_number.then(|| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32))??;
    Some((c, "&#;".len() + number.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in
            ["Wat doet u, en waarom (ongeveer)?", "R&D: 10 - 12 uur", "e-mail: a@b.nl!", "3 en 4.", "3.5 fte"]
        {
            assert_eq!(escape(text), text);
            assert_eq!(unescape(text), text);
        }
    }

    #[test]
    fn what_means_something_in_markdown_is_escaped() {
        for (text, escaped) in [
            ("# kop", r"\# kop"),
            ("- punt", r"\- punt"),
            ("12. punt", r"12\. punt"),
            ("3) punt", r"3\) punt"),
            ("*vet* _a_ `b`", r"\*vet\* \_a\_ \`b\`"),
            ("<script>", r"\<script\>"),
            ("[x](y)", r"\[x\](y)"),
            (r"c:\", r"c:\\"),
            ("&lt; & &#10; &x", r"\&lt; & \&\#10; &x"),
            ("  a ", "&#32;&#32;a&#32;"),
            (" ", "&#32;"),
            ("\ta\r", "&#9;a&#13;"),
            ("===", r"\==="),
        ] {
            assert_eq!(escape(text), escaped);
            assert_eq!(unescape(escaped), text);
        }
    }

    #[test]
    fn a_backslash_before_a_letter_and_a_reference_to_nothing_are_themselves() {
        for text in [r"\a", r"a\", "&#;", "&#x;", "&#xD800;", "&#99999999;", "&amp;", "&#+9;"] {
            assert_eq!(unescape(text), text);
        }
        assert_eq!(unescape("&#x41;&#66;"), "AB");
    }
}
