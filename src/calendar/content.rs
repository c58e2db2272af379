//! Content lines that hold hostile text safely.
//!
//! Every property of this room is made here, in one of three ways: [`text`] for what people wrote, [`uri`] for
//! addresses, [`exact`] for values that the program composed itself.

use ics::components::{Component, Parameter, Property};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::domain::text::is_deceptive;

/// The greatest length of a line in octets, without its line break (RFC 5545 3.1).
const LINE_OCTETS: usize = 75;

/// What may not stand as it is in a URI (RFC 3986 2).
const NOT_IN_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What an address must not bring along unencoded into a `mailto:` URI (RFC 6068 2).
const NOT_IN_MAILTO: &AsciiSet = &NOT_IN_URI.add(b'%').add(b'?').add(b'#');

/// A property with a TEXT value (RFC 5545 3.3.11): escaped once, line breaks kept, other controls dropped.
pub(super) fn text(name: &'static str, value: &str) -> Property<'static> {
    let lines = value.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = lines.chars().filter(|&c| matches!(c, '\n' | '\t') || !is_deceptive(c)).collect();
    Property::new(name, ics::escape_text(plain).into_owned())
}

/// A property with a URI value, which is never escaped (RFC 5545 3.3.13) and so may hold nothing but a URI.
pub(super) fn uri(name: &'static str, value: &str) -> Property<'static> {
    Property::new(name, as_uri(value))
}

/// The spelling of a link that can stand where only a URI may.
pub(super) fn as_uri(value: &str) -> String {
    utf8_percent_encode(value, NOT_IN_URI).to_string()
}

/// A calendar user address (RFC 5545 3.3.3), spelled as the mail is addressed: calendars compare the two.
pub(super) fn mailto(name: &'static str, address: &str) -> Property<'static> {
    Property::new(name, format!("mailto:{}", utf8_percent_encode(address, NOT_IN_MAILTO)))
}

/// A property whose value the program composed: a time, a number, a word of the standard.
pub(super) fn exact(name: &'static str, value: impl Into<String>) -> Property<'static> {
    Property::new(name, value.into())
}

/// The property with one more parameter that the program composed.
pub(super) fn with(
    mut property: Property<'static>,
    name: &'static str,
    value: impl Into<String>,
) -> Property<'static> {
    property.add(Parameter::new(name, value.into()));
    property
}

/// A parameter value that people wrote, in quotes (RFC 5545 3.2). A quote inside can't be escaped, so it becomes an
/// apostrophe; a break or control becomes a space. A circumflex and a backslash begin an escape for some readers (RFC
/// 6868, and ical.js in Thunderbird) and are themselves for others, so they become what looks like them to all.
pub(super) fn quoted(value: &str) -> String {
    let inner: String = value
        .chars()
        .map(|c| match c {
            '"' => '\'',
            '^' => '\u{2C6}',
            '\\' => '/',
            c if is_deceptive(c) => ' ',
            c => c,
        })
        .collect();
    format!("\"{}\"", inner.trim())
}

/// The finished object: CRLF after every line, and no line longer than 75 octets with its leading space.
pub(super) fn write(calendar: &Component<'_>) -> String {
    // The `ics` crate folds at 76 octets. No value holds a line break any more, so what it folded can be joined again.
    let unfolded = calendar.to_string().replace("\r\n ", "");
    let mut out = String::with_capacity(unfolded.len() + unfolded.len() / 16);
    for line in unfolded.split_terminator("\r\n") {
        let (mut rest, mut room) = (line, LINE_OCTETS);
        while let Some((now, later)) = fold(rest, room) {
            out.push_str(now);
            out.push_str("\r\n ");
            (rest, room) = (later, LINE_OCTETS - 1);
        }
        out.push_str(rest);
        out.push_str("\r\n");
    }
    out
}

/// What fits into `room` octets, and what has to follow; nothing where all of it fits. A line of nothing but white
/// space is the end of the object to some readers, so what follows begins with something else, if it has to.
fn fold(line: &str, room: usize) -> Option<(&str, &str)> {
    if line.len() <= room {
        return None;
    }
    let is_white = |c: char| matches!(c, ' ' | '\t');
    let full = (1..=room).rev().find_map(|at| line.split_at_checked(at))?;
    let is_blank = full.1.bytes().take(LINE_OCTETS - 1).all(|octet| is_white(char::from(octet)));
    let earlier = full.0.char_indices().rev().find(|(at, c)| *at > 0 && !is_white(*c)).filter(|_| is_blank);
    Some(earlier.and_then(|(at, _)| line.split_at_checked(at)).unwrap_or(full))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(property: Property<'static>) -> String {
        let mut component = Component::new("X");
        component.add_property(property);
        write(&component)
    }

    #[test]
    fn text_is_escaped_once_and_can_never_begin_a_line_of_its_own() {
        let out = written(text("SUMMARY", "a,b;c\\d\r\nATTENDEE:x\rEND:X\n\u{0}\u{202E}\u{2028}e"));
        assert_eq!(out, "BEGIN:X\r\nSUMMARY:a\\,b\\;c\\\\d\\nATTENDEE:x\\nEND:X\\ne\r\nEND:X\r\n");
    }

    #[test]
    fn a_parameter_is_quoted_and_cannot_leave_its_quotes() {
        assert_eq!(quoted("Jan \"de, Bok\"; x:y\r\nZ"), "\"Jan 'de, Bok'; x:y  Z\"");
    }

    #[test]
    fn a_parameter_holds_nothing_that_some_reader_takes_for_an_escape() {
        assert_eq!(quoted("a^nb^\"c\\nd"), "\"aˆnbˆ'c/nd\"");
    }

    #[test]
    fn a_link_with_line_breaks_or_spaces_stays_one_value() {
        let out = written(uri("URL", "https://a.example/ë b\r\nATTENDEE:x"));
        assert_eq!(out, "BEGIN:X\r\nURL:https://a.example/%C3%AB%20b%0D%0AATTENDEE:x\r\nEND:X\r\n");
    }

    #[test]
    fn an_address_keeps_its_spelling_but_cannot_carry_a_query() {
        let out = written(mailto("ATTENDEE", "A.Jansen+o'k?cc=x%41@Example.org"));
        assert_eq!(out, "BEGIN:X\r\nATTENDEE:mailto:A.Jansen+o'k%3Fcc=x%2541@Example.org\r\nEND:X\r\n");
    }

    #[test]
    fn no_line_is_left_with_white_space_alone() {
        for width in 0..80 {
            let value = format!("{}ë {}", "x".repeat(width), " ".repeat(width % 7));
            let out = written(text("SUMMARY", &value));
            assert!(out.split_terminator("\r\n").all(|line| !line.trim().is_empty()), "{out:?}");
            assert_eq!(out.replace("\r\n ", ""), format!("BEGIN:X\r\nSUMMARY:{value}\r\nEND:X\r\n"));
        }
    }

    #[test]
    fn lines_fold_at_75_octets_and_never_inside_a_character() {
        for width in 0..80 {
            let value = format!("{}{}", "x".repeat(width), "ë€😀".repeat(60));
            let out = written(text("SUMMARY", &value));
            assert!(out.split("\r\n").all(|line| line.len() <= LINE_OCTETS), "{out}");
            assert!(out.contains("\r\n "));
            assert_eq!(out.replace("\r\n ", ""), format!("BEGIN:X\r\nSUMMARY:{value}\r\nEND:X\r\n"));
        }
    }
}
