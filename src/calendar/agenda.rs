//! The interviews of one researcher as a calendar to subscribe to (RFC 5545, RFC 7986).
//!
//! Programs that subscribe take the file for the whole truth: what is called off is simply not in it any more, which
//! all of them understand, where some show a cancelled event as if it stood. The same interviews always give the same
//! bytes.

use ics::components::Component;

use super::content::{exact, text, uri, with, write};
use super::time_zone;
use crate::clock::Instant;

/// How often programs are asked to look again; those of Microsoft have a property of their own for it.
const AGAIN: &str = "PT15M";
/// The zone and year of a definition that stands for nothing: a calendar must hold something (RFC 5545 3.6).
const FILLER: (chrono_tz::Tz, i32) = (chrono_tz::Europe::Amsterdam, 2027);

/// One interview. It holds no personal data and no way into the meeting: a calendar program may sit anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaEntry {
    /// The name of the entry for life; another than that of the invitation, which the program may have too.
    pub uid: String,
    /// One more whenever it was moved.
    pub sequence: u32,
    /// When it last changed.
    pub changed_at: Instant,
    /// The first moment.
    pub starts_at: Instant,
    /// The first moment after it.
    pub ends_at: Instant,
    /// One line.
    pub summary: String,
    /// Where it is held, as far as that tells of nobody.
    pub place: Option<String>,
    /// The page of the interview, for whoever may sign in.
    pub page: String,
}

/// A calendar of that name with these entries.
#[must_use]
pub fn agenda(name: &str, entries: &[AgendaEntry]) -> String {
    let mut calendar = Component::new("VCALENDAR");
    for property in [
        exact("VERSION", "2.0"),
        exact("PRODID", "-//Veldwerk//Interviews//EN"),
        exact("CALSCALE", "GREGORIAN"),
        exact("METHOD", "PUBLISH"),
        text("NAME", name),
        text("X-WR-CALNAME", name),
        with(exact("REFRESH-INTERVAL", AGAIN), "VALUE", "DURATION"),
        exact("X-PUBLISHED-TTL", AGAIN),
    ] {
        calendar.add_property(property);
    }
    if entries.is_empty()
        && let Some(zone) = time_zone::definition(FILLER.0, FILLER.1)
    {
        calendar.add_component(zone);
    }
    for entry in entries {
        calendar.add_component(event(entry));
    }
    write(&calendar)
}

fn event(entry: &AgendaEntry) -> Component<'static> {
    let utc = |at: Instant| at.utc().format("%Y%m%dT%H%M%SZ").to_string();
    let mut event = Component::new("VEVENT");
    for property in [
        text("UID", &entry.uid),
        exact("DTSTAMP", utc(entry.changed_at)),
        exact("LAST-MODIFIED", utc(entry.changed_at)),
        exact("SEQUENCE", entry.sequence.to_string()),
        exact("DTSTART", utc(entry.starts_at)),
        exact("DTEND", utc(entry.ends_at)),
        text("SUMMARY", &entry.summary),
        uri("URL", &entry.page),
        exact("STATUS", "CONFIRMED"),
        exact("TRANSP", "OPAQUE"),
        exact("CLASS", "PRIVATE"),
    ] {
        event.add_property(property);
    }
    if let Some(place) = &entry.place {
        event.add_property(text("LOCATION", place));
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agenda_is_the_same_to_the_byte_and_its_texts_stay_in_their_lines() {
        let at = |text| Instant::parse(text).unwrap();
        let entry = AgendaEntry {
            uid: "agenda-1@veldwerk.example".to_owned(),
            sequence: 2,
            changed_at: at("2027-03-01T08:00:00Z"),
            starts_at: at("2027-03-03T09:00:00Z"),
            ends_at: at("2027-03-03T10:00:00Z"),
            summary: "R07 · Beleid, zorg\r\nEND:VEVENT".to_owned(),
            place: Some("Microsoft Teams".to_owned()),
            page: "https://veldwerk.example/interviews/1".to_owned(),
        };
        let written = agenda("Veldwerk", std::slice::from_ref(&entry));
        assert_eq!(written, agenda("Veldwerk", &[entry]));
        assert_eq!(written.matches("\r\nEND:VEVENT\r\n").count(), 1);
        assert!(written.contains("SUMMARY:R07 · Beleid\\, zorg\\nEND:VEVENT\r\n"), "{written}");
        assert!(written.contains("DTSTART:20270303T090000Z\r\nDTEND:20270303T100000Z\r\n"));
    }

    #[test]
    fn an_agenda_without_interviews_still_holds_something() {
        let written = agenda("Veldwerk", &[]);
        assert!(written.contains("BEGIN:VTIMEZONE"));
        assert!(!written.contains("VEVENT"));
    }
}
