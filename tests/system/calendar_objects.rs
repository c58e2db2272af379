//! Calendar objects with the worst that any field can hold, and of all times on the days when the clocks change, read
//! by three programs that are not ours: `tests/calendar_readers.py` (R8, R10).
//!
//! A [`Meeting`] is told everything directly here. What people type is refused at the door where it holds controls
//! (E30); what comes by another way must harm no calendar either.

use std::fs;

use chrono_tz::Tz;
use serde_json::{Value, json};
use veldwerk::calendar::{Meeting, Party, Place};
use veldwerk::clock::Instant;
use veldwerk::domain::text::{EmailAddress, is_deceptive};

use crate::readers::Python;

const QUARTER: i64 = 15 * 60;

/// The worst that a field can hold.
pub fn hostile_texts() -> Vec<String> {
    let controls: String = (0..0xA0_u8).map(char::from).filter(|c| c.is_control()).collect();
    let long: String = "Wilhelmina é😀;,:\\\"'^n\u{202E} ".chars().cycle().take(2_000).collect();
    [
        "x\r\nATTENDEE:mailto:evil@example.org\r\nEND:VEVENT\r\nBEGIN:VEVENT",
        "x\nMETHOD:PUBLISH\n\nBEGIN:VALARM\n",
        "x\rDTSTART:20270101T000000Z\r",
        "\u{202A}a\u{202B}b\u{202C}c\u{202D}d\u{202E}e\u{2066}f\u{2067}g\u{2068}h\u{2069}",
        "links\u{200E}rechts\u{200F}\u{61C} שלום עולם",
        "a\u{2028}b\u{2029}c\u{FEFF}d\u{85}e",
        "👩‍👩‍👧‍👦🇳🇱é Ünïcödé 𝔊𝔢𝔪𝔢𝔢𝔫𝔱𝔢",
        "a;b;;c,d,,e:f::g=h|",
        "a\\b\\\\c\\nd\\Ne\\;f\\,g\\",
        "\"a\" 'b' \";CN=\"c\":mailto:evil@example.org \"\"",
        "^n^'^^^\"^",
        "%0D%0AATTENDEE:mailto:evil@example.org =0D=0A =?utf-8?q?=0D=0A?=",
        "  voor en na  \t",
        "BEGIN:VCALENDAR",
        controls.as_str(),
        long.as_str(),
    ]
    .map(str::to_owned)
    .into()
}

/// The kinds of object that a meeting has.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Request,
    Cancel,
    DeclineCounter,
    Download,
    CancelledDownload,
}

impl Kind {
    const ALL: [Self; 5] =
        [Self::Request, Self::Cancel, Self::DeclineCounter, Self::Download, Self::CancelledDownload];

    /// Whether it shows the meeting as it is to be held.
    fn stands(self) -> bool {
        matches!(self, Self::Request | Self::Download)
    }

    fn of(self, meeting: &Meeting) -> String {
        match self {
            Self::Request => meeting.request(),
            Self::Cancel => meeting.cancel(),
            Self::DeclineCounter => meeting.decline_counter(),
            Self::Download => meeting.download(),
            Self::CancelledDownload => meeting.cancelled_download(),
        }
    }
}

/// An ordinary meeting in person.
pub fn meeting(starts_at: &str) -> Meeting {
    let starts_at = Instant::parse(starts_at).unwrap();
    let party = |name: &str, address: &str| Party {
        name: name.to_owned(),
        address: EmailAddress::parse(address).unwrap(),
    };
    Meeting {
        uid: format!("{}@veldwerk.example", starts_at.unix()),
        sequence: 2,
        stamp: Instant::parse("2027-02-01T08:00:00Z").unwrap(),
        starts_at,
        ends_at: starts_at.plus_minutes(60),
        zone: Tz::Europe__Amsterdam,
        summary: "Interview; over beleid, kort".to_owned(),
        description: "Een gesprek.\nTot dan!".to_owned(),
        place: Place::InPerson { address: Some("Stadhuis; Markt 1, Ede".to_owned()) },
        organizer: party("Onderzoek; \"Veld\", team", "onderzoek@veldwerk.example"),
        attendee: party("Vries; de, Sanne", "r+07@gemeente.example"),
        attendance: None,
        takes_counters: false,
        optional: false,
        alarm_minutes: Some(15),
    }
}

/// What a text is to be read as: its lines stay, what deceives is gone.
pub fn as_text(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|&c| matches!(c, '\n' | '\t') || !is_deceptive(c)).collect()
}

/// What the name of a party is to be read as: one line without any escape, or none where nothing is left.
fn as_name(name: &str) -> Option<String> {
    let plain = name.replace('"', "'").replace('^', "ˆ").replace('\\', "/");
    Some(plain.replace(is_deceptive, " ").trim().to_owned()).filter(|name| !name.is_empty())
}

/// What every reader is to find in an object.
fn meant(meeting: &Meeting, kind: Kind) -> Value {
    let method = match kind {
        Kind::Request => Some("REQUEST"),
        Kind::Cancel => Some("CANCEL"),
        Kind::DeclineCounter => Some("DECLINECOUNTER"),
        Kind::Download | Kind::CancelledDownload => None,
    };
    let location = match &meeting.place {
        Place::InPerson { address: Some(address) } if kind.stands() => Some(as_text(address)),
        _ => None,
    };
    let is_asked = matches!(kind, Kind::Request | Kind::Cancel | Kind::DeclineCounter);
    let status = match kind {
        Kind::Request | Kind::Download => Some("CONFIRMED"),
        Kind::Cancel | Kind::CancelledDownload => Some("CANCELLED"),
        Kind::DeclineCounter => None,
    };
    json!({
        "method": method,
        "uid": meeting.uid,
        "sequence": meeting.sequence,
        "stamp": meeting.stamp.unix(),
        "starts_at": meeting.starts_at.unix(),
        "ends_at": meeting.ends_at.unix(),
        "status": status,
        "summary": as_text(&meeting.summary),
        "description": (kind != Kind::DeclineCounter).then(|| as_text(&meeting.description)),
        "location": location,
        "organizer": meeting.organizer.address,
        "organizer_name": as_name(&meeting.organizer.name),
        "attendee": is_asked.then_some(&meeting.attendee.address),
        "attendee_name": as_name(&meeting.attendee.name).filter(|_| is_asked),
        "alarms": u8::from(kind.stands()),
        "properties": properties(kind, location.is_some()),
    })
}

/// The names of the properties that an event in person has, and no others.
fn properties(kind: Kind, has_place: bool) -> Vec<&'static str> {
    let mut names = vec!["DTEND", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "SUMMARY", "UID"];
    if kind != Kind::DeclineCounter {
        names.extend(["DESCRIPTION", "STATUS"]);
    }
    match kind {
        Kind::Request => names.extend(["ATTENDEE", "CLASS", "TRANSP", "X-MICROSOFT-DISALLOW-COUNTER"]),
        Kind::Cancel | Kind::DeclineCounter => names.push("ATTENDEE"),
        Kind::Download | Kind::CancelledDownload => names.extend(["CLASS", "TRANSP"]),
    }
    names.extend(has_place.then_some("LOCATION"));
    names.sort_unstable();
    names
}

/// Objects with what they mean, for the readers.
#[derive(Default)]
struct Objects(Vec<Value>);

impl Objects {
    fn add(&mut self, name: &str, meeting: &Meeting, kind: Kind) {
        let (ics, meant) = (kind.of(meeting), meant(meeting, kind));
        self.0.push(json!({ "name": format!("{name} {kind:?}"), "ics": ics, "meant": meant }));
    }

    #[track_caller]
    fn read(&self, more: &[&str]) {
        let Some(python) = Python::find() else { return };
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("objects.json"), serde_json::to_string(&self.0).unwrap()).unwrap();
        python.run("calendar_readers.py", folder.path(), more);
    }
}

#[test]
fn three_readers_find_what_was_meant_whatever_stands_in_a_field() {
    let mut objects = Objects::default();
    for (number, text) in hostile_texts().into_iter().enumerate() {
        let plain = || meeting("2027-03-01T09:00:00Z");
        let named = |party: Party| Party { name: text.clone(), ..party };
        let fields = [
            ("summary", Meeting { summary: text.clone(), ..plain() }),
            ("description", Meeting { description: text.clone(), ..plain() }),
            ("place", Meeting { place: Place::InPerson { address: Some(text.clone()) }, ..plain() }),
            ("organizer", Meeting { organizer: named(plain().organizer), ..plain() }),
            ("attendee", Meeting { attendee: named(plain().attendee), ..plain() }),
        ];
        for (field, meeting) in fields {
            for kind in Kind::ALL {
                objects.add(&format!("{field} {number}"), &meeting, kind);
            }
        }
    }
    objects.read(&[]);
}

#[test]
fn three_readers_find_nothing_smuggled_in_by_a_link() {
    let mut objects = Objects::default();
    for (number, text) in hostile_texts().into_iter().enumerate() {
        let place = Place::Teams { join_link: Some(format!("https://teams.example.org/l/{text}")) };
        let meeting = Meeting { place, ..meeting("2027-03-01T09:00:00Z") };
        let mut meant = meant(&meeting, Kind::Request);
        // How the link is spelled is for the readers to agree on.
        let told = meant.as_object_mut().unwrap();
        told.retain(|key, _| !matches!(key.as_str(), "description" | "location"));
        let mut names = properties(Kind::Request, true);
        names.extend(["CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"]);
        names.sort_unstable();
        meant["properties"] = json!(names);
        let name = format!("link {number}");
        objects.0.push(json!({ "name": name, "ics": meeting.request(), "meant": meant }));
    }
    objects.read(&[]);
}

#[test]
fn three_readers_find_every_quarter_of_an_hour_of_the_days_when_the_clocks_change() {
    let mut objects = Objects::default();
    // From midnight to midnight in Amsterdam: 23 hours, and 25.
    for (first, end) in
        [("2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"), ("2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z")]
    {
        let end = Instant::parse(end).unwrap();
        let mut starts_at = Instant::parse(first).unwrap();
        while starts_at < end {
            for kind in [Kind::Request, Kind::Cancel] {
                objects.add(&starts_at.to_string(), &meeting(&starts_at.to_string()), kind);
            }
            starts_at = starts_at.plus_seconds(QUARTER);
        }
    }
    assert_eq!(objects.0.len(), 2 * 4 * (23 + 25));
    objects.read(&[]);
}

#[test]
fn each_of_the_three_readers_notices_what_is_planted() {
    let mut objects = Objects::default();
    objects.add("summer", &meeting("2027-03-28T07:00:00Z"), Kind::Request);
    objects.add("winter", &meeting("2027-03-01T09:00:00Z"), Kind::Request);
    objects.add("twice", &meeting("2027-10-31T00:30:00Z"), Kind::Request);
    objects.read(&["--spoilt"]);
}
