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
    charset: String,
    encoding: String,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    fn of(head: Option<&Message<'_>>, kind: String, body: &'a [u8]) -> Self {
        let charset = head.and_then(content_type).and_then(|kind| kind.attribute("charset"));
        let encoding = head.and_then(|head| head.header(HeaderName::ContentTransferEncoding));
        let encoding = encoding.and_then(|value| value.as_text());
        Self { kind, charset: word(charset), encoding: word(encoding), body }
    }

    /// What stands in it as text, decoded. A message in it stays as it was sent.
    pub(super) fn text(&self) -> String {
        if self.kind.starts_with("multipart/") {
            return String::new();
        }
        if self.kind.starts_with("message/rfc822") || self.kind.starts_with("message/global") {
            return String::from_utf8_lossy(self.body).into_owned();
        }
        // Under headers of our own, so that whatever the real ones hide, this is one part and no more.
        let charset = if self.charset.is_empty() { "utf-8" } else { &self.charset };
        let encoding = if self.encoding.is_empty() { "8bit" } else { &self.encoding };
        let head = format!(
            "Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        );
        let whole = [head.as_bytes(), self.body].concat();
        let parsed = MessageParser::default().parse(&whole);
        let part = parsed.as_ref().and_then(|message| message.parts.first());
        part.and_then(|part| part.text_contents()).unwrap_or_default().to_owned()
    }
}

/// A word that can stand in a header as it is; nothing else is.
fn word(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    if is_plain && text.len() <= 40 { text.to_owned() } else { String::new() }
}

/// The headers of a part, without what follows them.
pub(super) fn headers(raw: &[u8]) -> Option<Message<'_>> {
    let end = body_at(raw);
    let head = raw.get(..end).unwrap_or_default();
    if end > HEADER_OCTETS || head.split(|byte| *byte == b'\n').count() > HEADER_LINES {
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
        let body = raw.get(body_at(raw)..).unwrap_or_default();
        let boundary = boundary.filter(|boundary| name.starts_with("multipart/") && !boundary.is_empty());
        if let Some(boundary) = boundary {
            // The last one first, so that they come off the stack in their order.
            let children = split(body, boundary, PARTS + 1);
            waiting.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
        } else {
            found.push(Part::of(head.as_ref(), name, body));
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
