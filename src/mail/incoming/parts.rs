//! The parts of a message that came in, read by ourselves so that no message can nest them without end.
//!
//! `mail-parser` reads headers and decodes single parts. The tree is walked here: to a limited depth, for a limited
//! number of parts, and never into a message that lies in a message, since what somebody forwards is not what they say.

use mail_parser::{ContentType, HeaderName, Message, MessageParser};

use crate::domain::incoming::Doubt;

/// How deep parts may lie in each other. Real answers and reports need three.
const DEPTH: usize = 8;
/// How many parts there may be.
const PARTS: usize = 60;
/// How many lines of headers one part may have.
const HEADER_LINES: usize = 2_000;
/// The most octets of headers that one part may have.
const HEADER_OCTETS: usize = 500_000;

/// A part that holds no others.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Its type in lower case, such as `text/plain`.
    pub(super) kind: String,
    /// The whole part, headers included.
    raw: &'a [u8],
    /// Where its body begins.
    body_at: usize,
}

impl<'a> Part<'a> {
    /// What stands in it, as it was sent.
    pub(super) fn raw_body(&self) -> &'a [u8] {
        self.raw.get(self.body_at..).unwrap_or_default()
    }

    /// What stands in it, decoded to text as far as that is possible.
    pub(super) fn text(&self) -> String {
        // Neither type can be told from its name to the parser, which would go on into what lies in it.
        if self.kind.starts_with("message/rfc822") || self.kind.starts_with("message/global") {
            return String::from_utf8_lossy(self.raw_body()).into_owned();
        }
        if self.kind.starts_with("multipart/") {
            return String::new();
        }
        let parsed = MessageParser::default().parse(self.raw);
        let part = parsed.as_ref().and_then(|message| message.parts.first());
        part.map_or_else(String::new, |part| match part.text_contents() {
            Some(text) => text.to_owned(),
            None => String::from_utf8_lossy(part.contents()).into_owned(),
        })
    }
}

/// The headers of a part, without what follows them.
pub(super) fn headers(raw: &[u8]) -> Option<Message<'_>> {
    let end = body_at(raw);
    let head = raw.get(..end).unwrap_or_default();
    if end > HEADER_OCTETS || head.iter().filter(|byte| **byte == b'\n').count() > HEADER_LINES {
        return None;
    }
    MessageParser::default().parse_headers(head)
}

/// All parts of a message that hold no others, in their order.
///
/// # Errors
/// [`Doubt::TooDeep`], or [`Doubt::Broken`] where there is no header at all.
pub(super) fn parts(message: &[u8]) -> Result<Vec<Part<'_>>, Doubt> {
    let mut found = Vec::new();
    let mut waiting = vec![(message, 0)];
    let mut seen = 0;
    while let Some((raw, depth)) = waiting.pop() {
        seen += 1;
        if depth > DEPTH || seen > PARTS {
            return Err(Doubt::TooDeep);
        }
        let head = headers(raw);
        if head.is_none() && depth == 0 {
            return Err(Doubt::Broken);
        }
        let kind = head.as_ref().and_then(content_type);
        let name = kind.map_or_else(|| "text/plain".to_owned(), type_name);
        let boundary = kind.and_then(|kind| kind.attribute("boundary"));
        match boundary.filter(|boundary| name.starts_with("multipart/") && !boundary.is_empty()) {
            // The last one first, so that they come off the stack in their order.
            Some(boundary) => {
                let children = split(raw.get(body_at(raw)..).unwrap_or_default(), boundary, PARTS + 1);
                waiting.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
            }
            None => found.push(Part { kind: name, raw, body_at: body_at(raw) }),
        }
    }
    Ok(found)
}

/// The type of a part as its headers tell.
pub(super) fn content_type<'m>(head: &'m Message<'_>) -> Option<&'m ContentType<'m>> {
    head.header(HeaderName::ContentType).and_then(|value| value.as_content_type())
}

/// A type by its name, in lower case.
pub(super) fn type_name(kind: &ContentType<'_>) -> String {
    format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
}

/// Where the body begins: behind the first empty line.
fn body_at(raw: &[u8]) -> usize {
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return at;
        }
    }
    at
}

/// What stands between the lines of a boundary (RFC 2046 5.1.1).
fn split<'a>(body: &'a [u8], boundary: &str, limit: usize) -> Vec<&'a [u8]> {
    let opening = format!("--{boundary}");
    let mut found = Vec::new();
    let (mut at, mut begun) = (0, None);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(opening.as_bytes()) else { continue };
        let rest = rest.trim_ascii();
        if !rest.is_empty() && rest != b"--" {
            continue;
        }
        if let Some(from) = begun.take() {
            found.push(body.get(from..start).unwrap_or_default());
        }
        if rest == b"--" || found.len() >= limit {
            return found;
        }
        begun = Some(at);
    }
    // One that was cut off still says what it said.
    found.extend(begun.and_then(|from| body.get(from..)));
    found
}
