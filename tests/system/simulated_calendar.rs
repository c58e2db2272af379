//! A calendar as RFC 5546 demands it: it applies invites by UID, SEQUENCE and DTSTAMP, whatever order they arrive in
//! and however often.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use icalendar::parser::{Component, Property, read_calendar, unfold};
use veldwerk::clock::Instant;
use veldwerk::mail::Opened;

const ONLINE: &str = "Microsoft Teams";

/// An interview as a calendar shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub uid: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// An address, `Microsoft Teams`, or nothing.
    pub place: Option<String>,
    /// The link to join online.
    pub link: Option<String>,
}

/// The calendar part of a mail.
#[derive(Debug, Clone)]
pub struct Message {
    /// `REQUEST`, `CANCEL`, or nothing.
    pub method: Option<String>,
    pub sequence: i64,
    pub stamp: Instant,
    pub organizer: String,
    pub attendees: Vec<String>,
    pub event: Event,
}

impl Message {
    /// The calendar part of a mail, if it has one.
    pub fn in_mail(mail: &[u8]) -> Option<Self> {
        Opened::read(mail).unwrap().calendar.map(|ics| Self::read(&ics))
    }

    /// Reads an object with one event.
    pub fn read(ics: &str) -> Self {
        let unfolded = unfold(ics);
        let calendar = read_calendar(&unfolded).unwrap();
        let events: Vec<_> = calendar.components.iter().filter(|part| part.name == "VEVENT").collect();
        assert_eq!(events.len(), 1, "{ics}");
        let event = events[0];
        let method = calendar.properties.iter().find(|property| property.name == "METHOD");
        let address = |property: &Property<'_>| property.val.as_str().replacen("mailto:", "", 1);
        let people = |name: &str| -> Vec<String> {
            event.properties.iter().filter(|property| property.name == name).map(address).collect()
        };
        Self {
            method: method.map(|method| method.val.as_str().to_owned()),
            sequence: text(event, "SEQUENCE").unwrap().parse().unwrap(),
            stamp: moment(event, "DTSTAMP"),
            organizer: people("ORGANIZER").concat(),
            attendees: people("ATTENDEE"),
            event: Event {
                uid: text(event, "UID").unwrap(),
                starts_at: moment(event, "DTSTART"),
                ends_at: moment(event, "DTEND"),
                place: place(event),
                link: link(event),
            },
        }
    }
}

fn text(event: &Component<'_>, name: &str) -> Option<String> {
    event.find_prop(name).map(|property| property.val.as_str().to_owned())
}

fn moment(event: &Component<'_>, name: &str) -> Instant {
    let property = event.find_prop(name).unwrap();
    let told = property.val.as_str();
    let wall = NaiveDateTime::parse_from_str(told.trim_end_matches('Z'), "%Y%m%dT%H%M%S").unwrap();
    let zone = property.params.iter().find(|parameter| parameter.key == "TZID");
    let zone: Tz = match zone.and_then(|zone| zone.val.as_ref()) {
        Some(name) => name.as_str().parse().unwrap(),
        None => Tz::UTC,
    };
    assert!(zone != Tz::UTC || told.ends_with('Z'), "{name} floats: {told}");
    Instant::from_unix(zone.from_local_datetime(&wall).single().unwrap().timestamp())
}

fn place(event: &Component<'_>) -> Option<String> {
    let told = text(event, "LOCATION")?;
    Some(if told.starts_with(ONLINE) { ONLINE.to_owned() } else { told })
}

/// The link to join, which stands alike wherever some calendar looks for it, or nowhere.
fn link(event: &Component<'_>) -> Option<String> {
    let at_place = text(event, "LOCATION").and_then(|told| told.strip_prefix(ONLINE).map(str::to_owned));
    let at_place = at_place.filter(|rest| !rest.is_empty()).map(|rest| rest.replacen(": ", "", 1));
    let join = text(event, "X-MICROSOFT-SKYPETEAMSMEETINGURL");
    let in_text = |link: &str| text(event, "DESCRIPTION").is_some_and(|told| told.lines().any(|l| l == link));
    let told = [at_place, text(event, "CONFERENCE"), join.clone()];
    let alike = told.iter().all(|one| *one == join) && join.as_deref().is_none_or(in_text);
    assert!(alike, "not the same link everywhere: {told:?} and {:?}", text(event, "DESCRIPTION"));
    join
}

/// The calendar of one mailbox.
#[derive(Debug, Default)]
pub struct Calendar {
    mailbox: String,
    /// The last that counted of each UID. What was called off is remembered too, so that an older invite that arrives
    /// late does not bring it back.
    known: BTreeMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    version: (i64, Instant),
    organizer: String,
    event: Option<Event>,
}

impl Calendar {
    pub fn of(mailbox: &str) -> Self {
        Self { mailbox: mailbox.to_owned(), known: BTreeMap::new() }
    }

    /// Takes in a message as RFC 5546 demands: the higher SEQUENCE counts, of the same the later DTSTAMP (2.1.5); it
    /// must be for this mailbox, and come from whoever invited.
    pub fn take(&mut self, message: &Message) {
        let version = (message.sequence, message.stamp);
        let is_ours = message.attendees.contains(&self.mailbox);
        let counts = self
            .known
            .get(&message.event.uid)
            .is_none_or(|known| version > known.version && known.organizer == message.organizer);
        let event = match message.method.as_deref() {
            Some("REQUEST") => Some(message.event.clone()),
            Some("CANCEL") => None,
            _ => return,
        };
        if is_ours && counts {
            let known = Known { version, organizer: message.organizer.clone(), event };
            self.known.insert(message.event.uid.clone(), known);
        }
    }

    /// What stands in it.
    pub fn events(&self) -> BTreeSet<Event> {
        self.known.values().filter_map(|known| known.event.clone()).collect()
    }
}

/// Every order of some things.
pub fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..things.len() {
        let mut rest = things.to_vec();
        let first = rest.remove(first);
        all.extend(orders(&rest).into_iter().map(|order| [vec![first.clone()], order].concat()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(method: &str, sequence: i64, stamp: i64, hour: i64) -> Message {
        let starts_at = Instant::from_unix(hour * 3_600);
        Message {
            method: Some(method.to_owned()),
            sequence,
            stamp: Instant::from_unix(stamp),
            organizer: "team@veldwerk.example".to_owned(),
            attendees: vec!["sanne@gemeente.example".to_owned()],
            event: Event {
                uid: "a@veldwerk.example".to_owned(),
                starts_at,
                ends_at: starts_at.plus_minutes(60),
                place: None,
                link: None,
            },
        }
    }

    fn after(messages: &[Message]) -> Vec<i64> {
        let mut calendar = Calendar::of("sanne@gemeente.example");
        for message in messages {
            calendar.take(message);
        }
        calendar.events().iter().map(|event| event.starts_at.unix() / 3_600).collect()
    }

    #[test]
    fn the_higher_sequence_counts_and_of_the_same_the_later_moment() {
        let (first, moved) = (message("REQUEST", 0, 10, 1), message("REQUEST", 1, 5, 2));
        assert_eq!(after(&[first.clone(), moved.clone()]), [2]);
        assert_eq!(after(&[moved, first.clone()]), [2]);
        assert_eq!(after(&[first.clone(), message("REQUEST", 0, 11, 3)]), [3]);
        assert_eq!(after(&[first, message("REQUEST", 0, 9, 3)]), [1]);
    }

    #[test]
    fn what_was_called_off_does_not_come_back_by_an_older_invite_but_by_a_newer_one() {
        let (first, off) = (message("REQUEST", 0, 1, 1), message("CANCEL", 1, 2, 1));
        assert_eq!(after(&[off.clone(), first.clone()]), [] as [i64; 0]);
        assert_eq!(after(&[first.clone(), off.clone(), first]), [] as [i64; 0]);
        assert_eq!(after(&[off, message("REQUEST", 2, 3, 4)]), [4]);
    }

    #[test]
    fn a_message_for_somebody_else_or_from_somebody_else_changes_nothing() {
        let first = message("REQUEST", 0, 1, 1);
        let elsewhere =
            Message { attendees: vec!["x@gemeente.example".to_owned()], ..message("CANCEL", 1, 2, 1) };
        let forged = Message { organizer: "x@elsewhere.example".to_owned(), ..message("CANCEL", 1, 2, 1) };
        assert_eq!(after(&[first, elsewhere, forged]), [1]);
    }
}
