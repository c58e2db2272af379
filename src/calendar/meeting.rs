//! An interview as a meeting: invited (REQUEST), called off (CANCEL), or put into one's own calendar.
//!
//! A change is another REQUEST with the same UID and a higher SEQUENCE (RFC 5546 2.1.4); whoever queues the letter
//! decides both. The same meeting always gives the same bytes.

use chrono::{DateTime, Datelike, LocalResult, TimeZone};
use chrono_tz::Tz;
use ics::components::{Component, Property};

use super::content::{as_uri, exact, mailto, quoted, text, uri, with, write};
use super::time_zone;
use crate::clock::Instant;
use crate::domain::attendance::Attendance;
use crate::domain::text::EmailAddress;

const ONLINE: &str = "Microsoft Teams";

/// Someone who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What calendars show; may be empty.
    pub name: String,
    /// Where answers and messages go, spelled as the mail is addressed.
    pub address: EmailAddress,
}

/// Where the meeting is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Online, through Microsoft Teams; the link may still have to follow.
    Teams {
        /// The https link that opens the meeting.
        join_link: Option<String>,
    },
    /// At an address.
    InPerson {
        /// Street and town, or the name of a building.
        address: Option<String>,
    },
}

/// All that an invitation says to one recipient. Every recipient gets their own, with the same UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The name of the meeting for life, such as `<uuid>@<own domain>`; holds no personal data.
    pub uid: String,
    /// 0 at first; one more whenever time, place or status changes, a cancellation included.
    pub sequence: u32,
    /// When this message was made; rises from message to message.
    pub stamp: Instant,
    /// The first moment.
    pub starts_at: Instant,
    /// The first moment after it.
    pub ends_at: Instant,
    /// The zone in whose local time calendars are told the times.
    pub zone: Tz,
    /// One line that names neither study nor person (E22).
    pub summary: String,
    /// The text; a join link that it lacks is added on a line of its own.
    pub description: String,
    /// Where it is held.
    pub place: Place,
    /// The mailbox that the invitation comes from.
    pub organizer: Party,
    /// The one recipient.
    pub attendee: Party,
    /// What the recipient answered to the time that the meeting has; `None` asks for an answer.
    pub attendance: Option<Attendance>,
    /// Whether the recipient's calendar may propose another time.
    pub takes_counters: bool,
    /// Whether the meeting takes place without them as well, as for whoever made the appointment for another.
    pub optional: bool,
    /// How many minutes before the start a calendar reminds of it; `None` leaves that to the calendar.
    pub alarm_minutes: Option<u32>,
}

impl Meeting {
    /// The object that invites the attendee, or tells them of a change (RFC 5546 3.2.2).
    #[must_use]
    pub fn request(&self) -> String {
        self.object(Some("REQUEST"), |event| {
            self.describe(event);
            // An update that keeps the time keeps the answer, or every change of a link would ask anew.
            let standing = self.attendance.map_or("NEEDS-ACTION", Attendance::partstat);
            event.add_property(with(with(self.attendee(), "PARTSTAT", standing), "RSVP", "TRUE"));
            if !self.takes_counters {
                event.add_property(exact("X-MICROSOFT-DISALLOW-COUNTER", "TRUE"));
            }
            self.remind(event);
        })
    }

    /// The object that takes the meeting out of the attendee's calendar (RFC 5546 3.2.5).
    #[must_use]
    pub fn cancel(&self) -> String {
        self.object(Some("CANCEL"), |event| {
            event.add_property(text("DESCRIPTION", &self.description));
            event.add_property(exact("STATUS", "CANCELLED"));
            event.add_property(self.attendee());
        })
    }

    /// The object that says no to another time that the attendee's calendar proposed: the meeting stands as it is (RFC
    /// 5546 3.2.8).
    #[must_use]
    pub fn decline_counter(&self) -> String {
        self.object(Some("DECLINECOUNTER"), |event| event.add_property(self.attendee()))
    }

    /// The object to put into one's own calendar by hand: without METHOD (E24) and without an attendee, so that no
    /// calendar asks for an answer or sends one.
    #[must_use]
    pub fn download(&self) -> String {
        self.object(None, |event| {
            self.describe(event);
            self.remind(event);
        })
    }

    /// The object that takes the meeting out of one's own calendar, opened by hand, for somebody who had the
    /// [download](Self::download). Like that it has neither METHOD nor attendee: a CANCEL is what an organizer tells
    /// others, and no calendar offers to carry out one's own. It replaces what is stored under the UID by an event that
    /// is cancelled, takes no time, is nowhere and rings no more. Calendars then strike it out or drop it, and those
    /// that do neither at least show it as free; so the letter that brings it says what to do by hand.
    #[must_use]
    pub fn cancelled_download(&self) -> String {
        self.object(None, |event| {
            event.add_property(text("DESCRIPTION", &self.description));
            event.add_property(exact("STATUS", "CANCELLED"));
            event.add_property(exact("TRANSP", "TRANSPARENT"));
            event.add_property(exact("CLASS", "PRIVATE"));
        })
    }

    /// The whole object around an event, which says its name, its version, when and by whom, and then what `fill` adds.
    fn object(&self, method: Option<&'static str>, fill: impl FnOnce(&mut Component<'static>)) -> String {
        let mut calendar = Component::new("VCALENDAR");
        calendar.add_property(exact("VERSION", "2.0"));
        calendar.add_property(exact("PRODID", "-//Veldwerk//Interviews//EN"));
        calendar.add_property(exact("CALSCALE", "GREGORIAN"));
        if let Some(method) = method {
            calendar.add_property(exact("METHOD", method));
        }
        let zone = self.zone_definition();
        let local = zone.is_some();
        if let Some(zone) = zone {
            calendar.add_component(zone);
        }
        let mut event = Component::new("VEVENT");
        event.add_property(text("UID", &self.uid));
        event.add_property(exact("DTSTAMP", in_utc(self.stamp)));
        event.add_property(exact("SEQUENCE", self.sequence.to_string()));
        event.add_property(self.time("DTSTART", self.starts_at, local));
        event.add_property(self.time("DTEND", self.ends_at, local));
        event.add_property(text("SUMMARY", &self.summary));
        event.add_property(party("ORGANIZER", &self.organizer));
        fill(&mut event);
        calendar.add_component(event);
        write(&calendar)
    }

    fn describe(&self, event: &mut Component<'static>) {
        event.add_property(text("DESCRIPTION", &self.description_with_link()));
        event.add_property(exact("STATUS", "CONFIRMED"));
        event.add_property(exact("TRANSP", "OPAQUE"));
        event.add_property(exact("CLASS", "PRIVATE"));
        match &self.place {
            Place::Teams { join_link: Some(link) } => {
                event.add_property(text("LOCATION", &format!("{ONLINE}: {}", as_uri(link))));
                event.add_property(uri("X-MICROSOFT-SKYPETEAMSMEETINGURL", link));
                let conference = with(uri("CONFERENCE", link), "VALUE", "URI");
                let conference = with(conference, "FEATURE", "AUDIO,VIDEO");
                event.add_property(with(conference, "LABEL", quoted(ONLINE)));
            }
            Place::Teams { join_link: None } => event.add_property(text("LOCATION", ONLINE)),
            Place::InPerson { address: Some(address) } => event.add_property(text("LOCATION", address)),
            Place::InPerson { address: None } => {}
        }
    }

    fn description_with_link(&self) -> String {
        match &self.place {
            Place::Teams { join_link: Some(link) } if !self.description.contains(&as_uri(link)) => {
                format!("{}\n\n{}", self.description, as_uri(link)).trim_start().to_owned()
            }
            _ => self.description.clone(),
        }
    }

    fn attendee(&self) -> Property<'static> {
        let role = if self.optional { "OPT-PARTICIPANT" } else { "REQ-PARTICIPANT" };
        with(with(party("ATTENDEE", &self.attendee), "CUTYPE", "INDIVIDUAL"), "ROLE", role)
    }

    fn remind(&self, event: &mut Component<'static>) {
        let Some(minutes) = self.alarm_minutes else { return };
        let mut alarm = Component::new("VALARM");
        alarm.add_property(exact("ACTION", "DISPLAY"));
        alarm.add_property(text("DESCRIPTION", &self.summary));
        alarm.add_property(exact("TRIGGER", format!("-PT{minutes}M")));
        event.add_component(alarm);
    }

    fn time(&self, name: &'static str, at: Instant, local: bool) -> Property<'static> {
        if !local {
            return exact(name, in_utc(at));
        }
        let wall = self.local(at).format("%Y%m%dT%H%M%S").to_string();
        with(exact(name, wall), "TZID", self.zone.name())
    }

    /// The zone in which the times can be told; `None` means UTC. In the hour that comes twice calendars disagree
    /// which of the two a local time means.
    fn zone_definition(&self) -> Option<Component<'static>> {
        let comes_twice = |at| {
            let wall = self.local(at).naive_local();
            matches!(self.zone.from_local_datetime(&wall), LocalResult::Ambiguous(..))
        };
        if comes_twice(self.starts_at) || comes_twice(self.ends_at) {
            return None;
        }
        time_zone::definition(self.zone, self.local(self.starts_at).year())
    }

    fn local(&self, at: Instant) -> DateTime<Tz> {
        at.utc().with_timezone(&self.zone)
    }
}

fn party(name: &'static str, party: &Party) -> Property<'static> {
    let property = mailto(name, party.address.as_str());
    let name = quoted(&party.name);
    if name == "\"\"" { property } else { with(property, "CN", name) }
}

fn in_utc(at: Instant) -> String {
    at.utc().format("%Y%m%dT%H%M%SZ").to_string()
}
