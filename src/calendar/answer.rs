//! Reads what a calendar program sends back about an interview: an answer (REPLY) or another time (COUNTER), RFC 5546.
//!
//! What it says is not believed here, only understood; whoever uses it holds it against what is known.

use chrono::NaiveDateTime;
use icalendar::parser::{Component, Property, read_components, unfold};

use super::busy::{moment_in, seconds};
use crate::clock::Instant;
use crate::domain::attendance::{Attendance, Version};
use crate::domain::incoming::{Counter, Doubt, Reply, shown};

/// How many components an answer may have. Outlook sends an event and a time zone of two halves, some an alarm too.
const COMPONENTS: usize = 40;
/// How many characters of a comment are kept.
const COMMENT: usize = 1_000;
/// The most characters of an identifier or an address.
const NAME: usize = 300;

/// What a calendar says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It answers an invite.
    Reply(Reply),
    /// It proposes another time.
    Counter(Counter),
}

/// Reads an answer.
///
/// # Errors
/// [`Doubt::NoAnswer`] for a calendar that does something else, [`Doubt::CalendarBroken`] for one that can't be read or
/// speaks of more than one event.
pub fn read_answer(text: &str) -> Result<Answer, Doubt> {
    let text = text.trim_start_matches('\u{FEFF}').trim();
    // The parser follows components into each other, so their number is limited before it begins.
    if text.to_ascii_uppercase().matches("BEGIN:").count() > COMPONENTS {
        return Err(Doubt::CalendarBroken);
    }
    let text = without_blank_lines(&unfold(text));
    let components = read_components(&text).map_err(|_| Doubt::CalendarBroken)?;
    let [calendar] = components.as_slice() else { return Err(Doubt::CalendarBroken) };
    let method = value(&calendar.properties, "METHOD").unwrap_or_default().to_ascii_uppercase();
    if !matches!(method.as_str(), "REPLY" | "COUNTER") {
        return Err(Doubt::NoAnswer);
    }
    let mut events = calendar.components.iter().filter(|part| part.name.as_str() == "VEVENT");
    let (Some(event), None) = (events.next(), events.next()) else { return Err(Doubt::CalendarBroken) };
    // Nobody was invited to a series, so nobody can answer one.
    if ["RRULE", "RDATE", "RECURRENCE-ID"].iter().any(|name| value(&event.properties, name).is_some()) {
        return Err(Doubt::CalendarBroken);
    }
    read_event(&text, event, &method).ok_or(Doubt::CalendarBroken)
}

fn read_event(file: &str, event: &Component<'_>, method: &str) -> Option<Answer> {
    let properties = &event.properties;
    let uid = shown(&value(properties, "UID")?, NAME);
    let sequence = value(properties, "SEQUENCE").map_or(Some(0), |text| text.trim().parse().ok())?;
    let stamp = moment(file, property(properties, "DTSTAMP")?)?;
    let version = Version { sequence, stamp };
    let mut attendees = properties.iter().filter(|property| is_named(property, "ATTENDEE"));
    let (Some(attendee), None) = (attendees.next(), attendees.next()) else { return None };
    let comment = value(properties, "COMMENT").map(|text| shown(&unescaped(&text), COMMENT));
    let comment = comment.filter(|text| !text.is_empty());
    let sent_by = parameter(attendee, "SENT-BY").map(|uri| mailbox(&uri));
    let (partstat, attendee) = (parameter(attendee, "PARTSTAT"), mailbox(attendee.val.as_str()));
    if method == "COUNTER" {
        let starts_at = moment(file, property(properties, "DTSTART")?)?;
        // An end that can't be read is not the same as none.
        let ends_at = match (property(properties, "DTEND"), value(properties, "DURATION")) {
            (Some(end), _) => Some(moment(file, end)?),
            (None, Some(length)) => Some(starts_at.plus_seconds(seconds(&length)?)),
            (None, None) => None,
        };
        let counter = Counter { uid, version, attendee, sent_by, starts_at, ends_at, comment };
        return Some(Answer::Counter(counter));
    }
    let attendance = Attendance::of_partstat(&partstat?)?;
    Some(Answer::Reply(Reply { uid, version, attendee, sent_by, attendance, comment }))
}

/// Blank lines between the lines of an object, which some relay puts there, end it for the parser.
fn without_blank_lines(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_end_matches('\r')).filter(|line| !line.trim().is_empty());
    lines.fold(String::with_capacity(text.len()), |mut all, line| {
        all.push_str(line);
        all.push_str("\r\n");
        all
    })
}

fn is_named(property: &Property<'_>, name: &str) -> bool {
    property.name.as_str().eq_ignore_ascii_case(name)
}

fn property<'p, 'a>(properties: &'p [Property<'a>], name: &str) -> Option<&'p Property<'a>> {
    properties.iter().find(|property| is_named(property, name))
}

fn value(properties: &[Property<'_>], name: &str) -> Option<String> {
    property(properties, name).map(|property| property.val.as_str().to_owned())
}

fn parameter(property: &Property<'_>, name: &str) -> Option<String> {
    let found = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name))?;
    found.val.as_ref().map(|value| value.as_str().trim_matches('"').to_owned())
}

/// The address in a calendar user's URI (RFC 6068): `mailto:` in any case, or the bare address as some send it.
fn mailbox(uri: &str) -> String {
    let uri = uri.trim();
    let is_mailto = uri.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let address = if is_mailto { uri.get(7..).unwrap_or_default() } else { uri };
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy();
    shown(&decoded, NAME)
}

/// A DATE-TIME value (RFC 5545 3.3.5): in UTC, or local in the zone that it names, which the file describes unless
/// everybody knows it. A time of no zone says no moment.
fn moment(file: &str, property: &Property<'_>) -> Option<Instant> {
    let text = property.val.as_str().trim();
    if let Some(utc) = text.strip_suffix('Z') {
        let wall = NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").ok()?;
        return Some(Instant::from(wall.and_utc()));
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()?;
    moment_in(file.as_bytes(), &parameter(property, "TZID")?, wall)
}

/// A TEXT value without its escapes (RFC 5545 3.3.11).
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, if c == '\\' { characters.next() } else { None }) {
            ('\\', Some('n' | 'N')) => plain.push('\n'),
            ('\\', Some(escaped)) => plain.push(escaped),
            (c, _) => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
