//! What is written is read back by a parser that is not the writer.

use chrono_tz::Tz;
use icalendar::parser::{Component, Property, read_calendar, unfold};
use proptest::prelude::*;

use super::{Meeting, Party, Place};
use crate::clock::Instant;
use crate::domain::text::EmailAddress;

const LINK: &str =
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%7d";

fn at(moment: &str) -> Instant {
    Instant::parse(moment).unwrap()
}

fn party(name: &str, address: &str) -> Party {
    Party { name: name.to_owned(), address: EmailAddress::parse(address).unwrap() }
}

fn online() -> Meeting {
    Meeting {
        uid: "01890a5d-ac96-774b-bcce-b302099a8057@veldwerk.example.org".to_owned(),
        sequence: 0,
        stamp: at("2027-02-01T08:00:00Z"),
        starts_at: at("2027-03-01T09:00:00Z"),
        ends_at: at("2027-03-01T10:00:00Z"),
        zone: Tz::Europe__Amsterdam,
        summary: "Interview".to_owned(),
        description: "Een gesprek van een uur.".to_owned(),
        place: Place::Teams { join_link: Some(LINK.to_owned()) },
        organizer: party("Onderzoek", "onderzoek@veldwerk.example.org"),
        attendee: party("A. Jansen", "A.Jansen+post@Gemeente.example.org"),
        attendance: None,
        takes_counters: false,
        optional: false,
        alarm_minutes: Some(15),
    }
}

fn in_person() -> Meeting {
    let address = Some("Stadhuis, Coolsingel 40; Rotterdam\nKamer 3".to_owned());
    Meeting { place: Place::InPerson { address }, ..online() }
}

fn between(starts_at: &str, ends_at: &str) -> Meeting {
    Meeting { starts_at: at(starts_at), ends_at: at(ends_at), ..online() }
}

/// The snapshots show lines; the bytes between them are checked by [`well_formed`].
fn shown(ics: &str) -> String {
    ics.replace("\r\n", "\n")
}

fn well_formed(ics: &str) {
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.ends_with("END:VCALENDAR\r\n"), "{ics}");
    let lines: Vec<&str> = ics.split("\r\n").collect();
    let (end, lines) = lines.split_last().unwrap();
    assert_eq!(*end, "");
    for line in lines {
        // White space is what RFC 5545 3.1 calls so; a space that does not break is text.
        assert!(!line.trim_matches([' ', '\t']).is_empty() && line.len() <= 75, "{line:?}");
        assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{line:?}");
    }
}

/// Reads an object as a mail program would, and hands its one event to `look`.
fn read<T>(ics: &str, look: impl FnOnce(&Component<'_>) -> T) -> T {
    let unfolded = unfold(ics);
    let calendar = read_calendar(&unfolded).unwrap();
    let events: Vec<_> = calendar.components.iter().filter(|c| c.name == "VEVENT").collect();
    assert_eq!(events.len(), 1);
    look(events[0])
}

fn value(event: &Component<'_>, name: &str) -> Option<String> {
    let found: Vec<_> = event.properties.iter().filter(|p| p.name == name).collect();
    assert!(found.len() <= 1, "{name} occurs {} times", found.len());
    found.first().map(|p| p.val.as_str().to_owned())
}

fn unescaped(event: &Component<'_>, name: &str) -> Option<String> {
    event.find_prop(name).map(|p| p.val.as_str().to_owned())
}

fn parameter(property: &Property<'_>, name: &str) -> Option<String> {
    let found = property.params.iter().find(|p| p.key == name)?;
    found.val.as_ref().map(|v| v.as_str().trim_matches('"').to_owned())
}

fn names(component: &Component<'_>) -> Vec<String> {
    let mut names: Vec<String> = component.properties.iter().map(|p| p.name.as_str().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_online_invitation_has_all_that_calendars_demand() {
    insta::assert_snapshot!(shown(&online().request()));
    well_formed(&online().request());
}

#[test]
fn an_invitation_in_person_names_the_address_and_nothing_of_teams() {
    insta::assert_snapshot!(shown(&in_person().request()));
    let ics = in_person().request();
    well_formed(&ics);
    assert!(!ics.to_lowercase().contains("teams") && !ics.contains("CONFERENCE"));
}

#[test]
fn a_cancellation_has_the_time_and_the_attendee_but_no_alarm_and_no_link() {
    let meeting = Meeting { sequence: 3, description: "Het gesprek gaat niet door.".to_owned(), ..online() };
    insta::assert_snapshot!(shown(&meeting.cancel()));
    well_formed(&meeting.cancel());
}

#[test]
fn a_download_carries_no_method_and_asks_for_no_answer() {
    insta::assert_snapshot!(shown(&online().download()));
    let ics = online().download();
    well_formed(&ics);
    assert!(!ics.contains("METHOD") && !ics.contains("ATTENDEE") && !ics.contains("RSVP"));
}

#[test]
fn the_same_meeting_always_gives_the_same_bytes() {
    assert_eq!(online().request(), online().request());
}

#[test]
fn without_a_link_yet_the_place_says_teams_and_no_join_property_is_there() {
    let ics = Meeting { place: Place::Teams { join_link: None }, ..online() }.request();
    read(&ics, |event| {
        assert_eq!(value(event, "LOCATION").unwrap(), "Microsoft Teams");
        assert_eq!(value(event, "CONFERENCE"), None);
        assert_eq!(value(event, "X-MICROSOFT-SKYPETEAMSMEETINGURL"), None);
    });
}

#[test]
fn the_join_link_stands_once_in_the_description_even_if_the_text_forgot_it() {
    for description in [String::new(), "Tot dan.".to_owned(), format!("Klik op {LINK} om mee te doen.")] {
        let ics = Meeting { description, ..online() }.request();
        let told = read(&ics, |event| unescaped(event, "DESCRIPTION").unwrap());
        assert_eq!(told.matches(LINK).count(), 1, "{told}");
    }
}

#[test]
fn hostile_text_in_every_field_comes_back_as_text_and_adds_nothing() {
    let plain = read(&online().request(), names);
    for hostile in [
        "x\r\nATTENDEE:mailto:evil@example.org",
        "x\nEND:VEVENT\nBEGIN:VEVENT",
        "x\rMETHOD:PUBLISH",
        "a,b;c:d\\n\\,e \"f\" <b>g</b> 'h' ^n ^' %0D%0A",
        "😀 Ünïcödé \u{202E}omgekeerd\u{2066} \u{0}\u{7}\u{1B}[31m \u{85} \u{2028}",
        "\";CN=\"x\":mailto:evil@example.org",
    ] {
        let long = format!("{hostile}{}", "é".repeat(200));
        for text in [hostile, &long] {
            let meeting = Meeting {
                uid: format!("{text}@example.org"),
                summary: text.to_owned(),
                description: text.to_owned(),
                organizer: party(text, "onderzoek@example.org"),
                attendee: party(text, "r+07@example.org"),
                place: Place::Teams { join_link: Some(format!("https://example.org/{text}")) },
                ..online()
            };
            for ics in [meeting.request(), meeting.cancel(), meeting.download()] {
                well_formed(&ics);
            }
            let kept: String = text
                .replace("\r\n", "\n")
                .replace('\r', "\n")
                .chars()
                .filter(|&c| c == '\n' || !crate::domain::text::is_deceptive(c))
                .collect();
            read(&meeting.request(), |event| {
                assert_eq!(names(event), plain, "{text:?}");
                assert_eq!(unescaped(event, "SUMMARY").unwrap(), kept);
                assert_eq!(unescaped(event, "UID").unwrap(), format!("{kept}@example.org"));
                assert!(unescaped(event, "DESCRIPTION").unwrap().starts_with(&kept));
                let attendee = event.find_prop("ATTENDEE").unwrap();
                assert_eq!(attendee.val.as_str(), "mailto:r+07@example.org");
                assert_eq!(attendee.params.len(), 5);
                let name = parameter(attendee, "CN").unwrap();
                let on_one_line = text.replace('"', "'").replace('^', "ˆ").replace('\\', "/");
                let on_one_line = on_one_line.replace(crate::domain::text::is_deceptive, " ");
                assert_eq!(name, on_one_line.trim());
            });
        }
    }
}

#[test]
fn an_invitation_made_in_summer_for_winter_has_winter_time() {
    let ics = Meeting {
        stamp: at("2027-07-01T08:00:00Z"),
        ..between("2027-12-01T09:00:00Z", "2027-12-01T10:00:00Z")
    }
    .request();
    assert!(ics.contains("DTSTAMP:20270701T080000Z\r\n"));
    assert!(ics.contains("DTSTART;TZID=Europe/Amsterdam:20271201T100000\r\n"));
}

#[test]
fn on_the_day_that_the_clocks_go_forward_the_missing_hour_is_stepped_over() {
    let ics = between("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z").request();
    assert!(ics.contains("DTSTART;TZID=Europe/Amsterdam:20270328T013000\r\n"));
    assert!(ics.contains("DTEND;TZID=Europe/Amsterdam:20270328T033000\r\n"));
    let ics = between("2027-03-28T01:00:00Z", "2027-03-28T02:00:00Z").request();
    assert!(ics.contains("DTSTART;TZID=Europe/Amsterdam:20270328T030000\r\n"));
}

#[test]
fn in_the_hour_that_comes_twice_both_times_are_utc_without_a_zone() {
    for (starts_at, ends_at) in [
        ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"),
        ("2027-10-30T23:30:00Z", "2027-10-31T00:30:00Z"),
        ("2027-10-31T01:59:59Z", "2027-10-31T03:00:00Z"),
    ] {
        let meeting = between(starts_at, ends_at);
        for ics in [meeting.request(), meeting.cancel(), meeting.download()] {
            assert!(!ics.contains("TZID") && !ics.contains("VTIMEZONE"), "{ics}");
            read(&ics, |event| {
                assert_eq!(value(event, "DTSTART").unwrap(), starts_at.replace(['-', ':'], ""));
                assert_eq!(value(event, "DTEND").unwrap(), ends_at.replace(['-', ':'], ""));
            });
        }
    }
}

#[test]
fn around_the_hour_that_comes_twice_local_time_is_clear() {
    let ics = between("2027-10-31T08:00:00Z", "2027-10-31T09:00:00Z").request();
    assert!(ics.contains("DTSTART;TZID=Europe/Amsterdam:20271031T090000\r\n"));
    let ics = between("2027-10-30T22:00:00Z", "2027-10-30T23:00:00Z").request();
    assert!(ics.contains("DTEND;TZID=Europe/Amsterdam:20271031T010000\r\n"));
}

#[test]
fn a_zone_without_a_yearly_rule_is_told_in_utc() {
    let ics = Meeting { zone: Tz::Africa__Casablanca, ..online() }.request();
    assert!(ics.contains("DTSTART:20270301T090000Z\r\n") && !ics.contains("TZID"));
}

proptest! {
    #[test]
    fn any_text_anywhere_leaves_the_object_well_formed(text in any::<String>(), link in any::<String>()) {
        let meeting = Meeting {
            summary: text.clone(),
            description: text.clone(),
            organizer: party(&text, "onderzoek@example.org"),
            place: Place::Teams { join_link: Some(link) },
            ..online()
        };
        let ics = meeting.request();
        well_formed(&ics);
        read(&ics, |event| assert_eq!(value(event, "SEQUENCE").unwrap(), "0"));
    }
}
