//! The calendar objects of mails and downloads on a CalDAV server, where calendar programs put them: stored, moved,
//! cancelled.

use std::collections::BTreeSet;

use icalendar::parser::{read_calendar, unfold};
use serde_json::json;
use veldwerk::calendar::Meeting;
use veldwerk::clock::Instant;
use veldwerk::mail::{Kept, Opened};

use crate::caldav::{Calendar, Only, Reply, as_stored};
use crate::calendar_objects::{hostile_texts, meeting};
use crate::house::House;
use crate::panel::Panel;
use crate::simulated_calendar::Message;

const HOSTILE: &str = "Sanne \"de, Vries\"; mailto:x@y \\n <b>{{ link }} 😀";

/// Every property of the event of an object, with its parameters and its value, in no order.
fn told(ics: &str) -> BTreeSet<String> {
    let unfolded = unfold(ics);
    let calendar = read_calendar(&unfolded).unwrap();
    let events: Vec<_> = calendar.components.iter().filter(|part| part.name == "VEVENT").collect();
    assert_eq!(events.len(), 1, "{ics}");
    let tell = |property: &icalendar::parser::Property<'_>| {
        let value = |v: &icalendar::parser::ParseString<'_>| v.as_str().trim_matches('"').to_owned();
        let mut parameters: Vec<_> =
            property.params.iter().map(|p| format!("{}={:?}", p.key, p.val.as_ref().map(value))).collect();
        parameters.sort();
        format!("{} {parameters:?} {:?}", property.name, property.val.as_str())
    };
    events[0].properties.iter().map(tell).collect()
}

/// Puts an object, and demands that what stands there then says all that it did.
#[track_caller]
fn kept(calendar: &Calendar, name: &str, ics: &str, only: Only<'_>) -> Reply {
    let put = calendar.put(name, ics, only);
    assert!([201, 204].contains(&put.status), "{put:?}");
    let stored = calendar.get(name);
    assert_eq!(stored.status, 200);
    assert_eq!(told(&stored.body), told(ics));
    stored
}

fn hour_of(start: &str) -> (Instant, Instant) {
    let start = Instant::parse(start).unwrap();
    (start, start.plus_minutes(60))
}

/// The calendar part of the one mail among these to an address.
fn to(mails: &[Kept], address: &str) -> (Message, String) {
    let theirs: Vec<_> = mails.iter().filter(|kept| kept.to.as_str() == address).collect();
    assert_eq!(theirs.len(), 1, "one mail to {address}");
    let ics = Opened::read(&theirs[0].message).unwrap().calendar.unwrap();
    (Message::read(&ics), ics)
}

/// Somebody with a hostile name whose consent is out of the way, and hours on Mondays.
fn stage(house: House) -> Panel {
    let panel = Panel::in_house(house, 1);
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.patch(&panel.owner, &person, &json!({ "name": HOSTILE })).expect(200);
    let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" }] });
    panel.house.put(&panel.owner, &panel.path("availability"), &hours).expect(200);
    panel.press(0, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    panel.house.deliver();
    panel
}

#[test]
fn an_interview_is_stored_moved_and_cancelled_as_the_mails_say() {
    let Some(_) = Calendar::open() else { return };
    for address in ["S.deVries+0@gemeente.example", "anna@example.org"] {
        let Some(calendar) = Calendar::open() else { return };
        let panel = stage(House::open());
        let wish = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": "in_person", "place": HOSTILE });
        panel.press(0, "interview", &wish).expect(201);
        let sent = panel.house.deliver();
        let (invite, ics) = to(&sent, address);
        assert_eq!(invite.method.as_deref(), Some("REQUEST"));
        // What calendar programs name an object by.
        let name = invite.event.uid.replace('@', "-");
        let stored = kept(&calendar, &name, &as_stored(&ics), Only::New);
        assert_eq!(calendar.put(&name, &as_stored(&ics), Only::New).status, 412, "it is there already");
        let (nine, ten) = hour_of("2027-03-08T08:00:00Z");
        let (before, after) = (nine.plus_minutes(-60), ten.plus_minutes(60));
        assert_eq!(calendar.between(nine, ten), [name.as_str()]);
        assert!(calendar.between(before, nine).is_empty() && calendar.between(ten, after).is_empty());

        // Across the change of the clocks, and online.
        let move_to = json!({ "starts_at": "2027-04-05T08:00:00Z", "mode": "teams" });
        panel.press(0, "interview/reschedule", &move_to).expect(200);
        let sent = panel.house.deliver();
        let (moved, ics) = to(&sent, address);
        assert_eq!(moved.event.uid, invite.event.uid);
        let stored = kept(&calendar, &name, &as_stored(&ics), Only::Over(&stored.etag.unwrap()));
        assert_eq!(Message::read(&stored.body).event.link, moved.event.link);
        assert!(calendar.between(nine, ten).is_empty());
        let (ten_in_summer, eleven) = hour_of("2027-04-05T08:00:00Z");
        assert_eq!(calendar.between(ten_in_summer, eleven), [name.as_str()]);

        panel.press(0, "interview/cancel", &json!({ "reason": HOSTILE })).expect(200);
        let sent = panel.house.deliver();
        let (off, ics) = to(&sent, address);
        assert_eq!((off.method.as_deref(), &off.event.uid), (Some("CANCEL"), &invite.event.uid));
        let struck = kept(&calendar, &name, &as_stored(&ics), Only::Over(&stored.etag.unwrap()));
        assert!(struck.body.contains("STATUS:CANCELLED"), "{}", struck.body);
        assert_eq!(calendar.delete(&name, &struck.etag.unwrap()).status, 200);
        assert_eq!(calendar.get(&name).status, 404);
        assert!(calendar.between(ten_in_summer, eleven).is_empty());
    }
}

#[test]
fn the_files_that_are_opened_by_hand_are_stored_as_they_are_and_replace_each_other() {
    let Some(calendar) = Calendar::open() else { return };
    let mut house = House::open();
    house.settings.mail_from = "Anna <anna@example.org>".to_owned();
    let panel = stage(house);
    let wish = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": "teams" });
    panel.press(0, "interview", &wish).expect(201);
    let (booked, ics) = to(&panel.house.deliver(), "anna@example.org");
    assert_eq!(booked.method, None);
    let stored = kept(&calendar, "theirs", &ics, Only::New);
    let download = format!("/api/v1/participations/{}/interview.ics", panel.link(0));
    let other = Calendar::open().unwrap();
    kept(&other, "own", &panel.house.get_openly(&download).expect(200).text, Only::New);

    panel.press(0, "interview/reschedule", &json!({ "starts_at": "2027-04-05T08:00:00Z" })).expect(200);
    let (_, ics) = to(&panel.house.deliver(), "anna@example.org");
    let stored = kept(&calendar, "theirs", &ics, Only::Over(&stored.etag.unwrap()));
    let (from, until) = hour_of("2027-04-05T08:00:00Z");
    assert_eq!(calendar.between(from, until), ["theirs"]);

    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let (_, ics) = to(&panel.house.deliver(), "anna@example.org");
    let struck = kept(&calendar, "theirs", &ics, Only::Over(&stored.etag.unwrap())).body;
    assert!(struck.contains("STATUS:CANCELLED") && struck.contains("TRANSP:TRANSPARENT"), "{struck}");
    assert!(!struck.contains("VALARM") && !struck.contains("LOCATION"), "{struck}");
}

#[test]
fn on_the_days_when_the_clocks_change_the_server_finds_each_hour_where_it_is() {
    let Some(calendar) = Calendar::open() else { return };
    // From midnight to midnight in Amsterdam: 23 hours, and 25.
    let days = [("2027-03-27T23:00:00Z", 23), ("2027-10-30T22:00:00Z", 25)];
    let starts = days.map(|(first, hours)| {
        let first = Instant::parse(first).unwrap();
        (0..hours).map(move |hour| first.plus_minutes(60 * hour))
    });
    let starts: Vec<Instant> = starts.into_iter().flatten().collect();
    for start in &starts {
        let put = calendar.put(&start.unix().to_string(), &as_stored(&hourly(*start).request()), Only::New);
        assert_eq!(put.status, 201, "{put:?}");
    }
    for start in &starts {
        let inside = (start.plus_seconds(1), start.plus_minutes(59));
        assert_eq!(calendar.between(inside.0, inside.1), [start.unix().to_string()], "{start}");
    }
}

fn hourly(start: Instant) -> Meeting {
    meeting(&start.to_string())
}

#[test]
fn a_server_keeps_whatever_stands_in_a_field() {
    let Some(calendar) = Calendar::open() else { return };
    for (number, text) in hostile_texts().into_iter().enumerate() {
        let mut meeting = meeting("2027-03-01T09:00:00Z");
        meeting.uid = format!("{number}@veldwerk.example");
        meeting.summary.clone_from(&text);
        meeting.description.clone_from(&text);
        meeting.organizer.name.clone_from(&text);
        meeting.attendee.name = text;
        kept(&calendar, &number.to_string(), &as_stored(&meeting.request()), Only::New);
        kept(
            &calendar,
            &format!("by-hand-{number}"),
            &meeting.download().replace("UID:", "UID:x"),
            Only::New,
        );
    }
}
