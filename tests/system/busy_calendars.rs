//! Interviewers are not planned for when their own calendars say that they are busy.

use serde_json::{Value, json};
use veldwerk::worker::Calendars;

use crate::browser::Browser;
use crate::calendar_host::{CalendarHost, Reply};
use crate::house::{House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN};

/// A calendar with entries, each told by its lines with spaces between them.
fn calendar(entries: &[&str]) -> String {
    let entry = |lines: &&str| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", lines.replace(' ', "\r\n"));
    let entries: String = entries.iter().map(entry).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n")
}

const WEDNESDAY: &str = "UID:1 SUMMARY:dentist DTSTART:20270303T080000Z DTEND:20270303T160000Z";

fn subscribe(house: &House, who: &Researcher, url: &str) -> String {
    let body = json!({ "url": url, "name": "Werk" });
    let made = house.post(who, "/api/v1/me/calendars", &body).expect(201).json();
    assert_eq!((&made["state"], &made["host"]), (&json!("waiting"), &json!("localhost")));
    made["id"].as_str().unwrap().to_owned()
}

/// Looks at the calendars that are due; answers at how many.
fn look(house: &House, host: &CalendarHost) -> usize {
    let calendars = Calendars::with(host.trusted_as("localhost"), &house.settings);
    house.wait(calendars.round(&house.clock, &house.store)).unwrap()
}

fn first(house: &House, who: &Researcher) -> Value {
    house.get(who, "/api/v1/me/calendars").expect(200).json()["items"][0].clone()
}

fn wednesday(study: &Study<'_>) -> usize {
    study.starts(study.first(), "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z").len()
}

#[test]
fn busy_times_are_refused_in_every_study_and_named_until_the_calendar_frees_them() {
    let house = House::open();
    let study = house.bookable().open();
    let host = CalendarHost::open(&calendar(&[WEDNESDAY]));
    assert!(wednesday(&study) > 0);
    study.consent(study.first());
    subscribe(&house, &study.owner, &host.url("/private/secret.ics"));
    assert_eq!(look(&house, &host), 1);
    let seen = first(&house, &study.owner);
    assert_eq!((&seen["state"], &seen["busy"], &seen["skipped"]), (&json!("read"), &json!(1), &json!(0)));
    assert_eq!(wednesday(&study), 0);
    assert_eq!(study.book(study.first(), WEDNESDAY_TEN).expect(409).code(), "slot_taken");
    let why = study.path(&format!("why-not?at={WEDNESDAY_TEN}"));
    let why = house.get(&study.owner, &why).expect(200).json();
    assert_eq!(why["interviewers"][0]["reasons"], json!([{ "code": "taken", "by": "busy" }]));
    let page = Browser::of(&house, &study.owner)
        .get(&format!("/studies/{}/why-not?date=2027-03-03&time=10:00&lang=en", study.id));
    assert!(page.expect(200).text.contains("an entry in their own calendar"));

    // It says so until it was read again, which the server alone may hasten.
    host.publish(&calendar(&["UID:1 DTSTART:20270304T080000Z DTEND:20270304T160000Z"]));
    assert_eq!(look(&house, &host), 0, "not yet");
    house.at("2027-03-01T08:30:00Z");
    assert_eq!(look(&house, &host), 1);
    study.book(study.first(), WEDNESDAY_TEN).expect(201);
}

#[test]
fn only_when_somebody_is_busy_is_kept_and_the_address_never_shown() {
    let house = House::open();
    let study = house.bookable().open();
    let host = CalendarHost::open(&calendar(&[WEDNESDAY]));
    let id = subscribe(&house, &study.owner, &host.url("/private/s3cret-address.ics"));
    look(&house, &host);
    let kept = house.everything().join("\n");
    assert!(kept.contains("localhost") && !kept.contains("dentist") && !kept.contains("s3cret-address"));
    let browser = Browser::of(&house, &study.owner);
    let shown = [
        house.get(&study.owner, "/api/v1/me/calendars").text,
        browser.get("/account/calendars").expect(200).text,
        browser.get(&format!("/account/calendars/{id}/forget")).expect(200).text,
    ];
    assert!(shown.iter().all(|text| text.contains("localhost") && !text.contains("s3cret")), "{shown:?}");
}

#[test]
fn a_calendar_that_fails_is_told_and_what_it_said_stays_in_force() {
    let house = House::open();
    let study = house.bookable().open();
    let host = CalendarHost::open(&calendar(&[WEDNESDAY]));
    let id = subscribe(&house, &study.owner, &host.url("/a"));
    look(&house, &host);
    let attention = || {
        let overview = house.get(&study.owner, &study.path("overview")).expect(200).json();
        let items = overview["attention"].as_array().unwrap().clone();
        items.iter().any(|item| item["kind"] == "failing_calendars")
    };
    assert!(!attention());
    let whole = calendar(&[WEDNESDAY]);
    let failures = [
        (Reply::Status(404, "X", "x".to_owned()), "not_found"),
        (Reply::File("<html>".to_owned()), "not_a_calendar"),
        (Reply::File(whole.replace("END:VCALENDAR", "")), "cut_off"),
        (Reply::Octets(6 * 1024 * 1024), "too_large"),
    ];
    for (reply, fault) in failures {
        host.say(reply);
        house.post(&study.owner, &format!("/api/v1/me/calendars/{id}/refresh"), &json!({})).expect(202);
        assert_eq!(look(&house, &host), 1);
        let seen = first(&house, &study.owner);
        assert_eq!((&seen["state"], &seen["fault"]), (&json!("failing"), &json!(fault)));
        assert_eq!(seen["busy"], 1);
    }
    assert_eq!(wednesday(&study), 0, "its last good state holds");
    assert!(attention());
    let browser = Browser::of(&house, &study.owner);
    let page = browser.get("/account/calendars?lang=en").expect(200).text;
    assert!(page.contains("too large to read") && page.contains("stays in force"), "{page}");
    assert_eq!(look(&house, &host), 0, "it is left alone for a while");
    host.publish(&whole);
    house.at("2027-03-01T20:00:00Z");
    assert_eq!(look(&house, &host), 1);
    assert_eq!(first(&house, &study.owner)["fault"], Value::Null);
    assert!(!attention());
}

#[test]
fn a_calendar_that_did_not_change_is_asked_for_by_its_mark_and_as_a_whole_once_a_day() {
    let house = House::open();
    let study = house.bookable().open();
    let weekly = "UID:1 DTSTART:20270303T080000Z DURATION:PT1H RRULE:FREQ=WEEKLY";
    let host = CalendarHost::open(&calendar(&[weekly]));
    subscribe(&house, &study.owner, &host.url("/a"));
    let mut conditional = Vec::new();
    for moment in ["2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "2027-03-03T09:00:00Z"] {
        house.at(moment);
        assert_eq!(look(&house, &host), 1);
        conditional.push(host.asked().concat().to_lowercase().contains("if-none-match"));
    }
    assert_eq!(conditional, [false, true, false]);
    assert_eq!(first(&house, &study.owner)["state"], "read");
}

#[test]
fn an_invitation_of_ours_in_the_calendar_does_not_keep_its_interview_from_being_moved() {
    let house = House::open();
    let study = house.bookable().open();
    let interview = study.booked(study.first(), WEDNESDAY_TEN);
    let uid = house.lines("SELECT uid AS line FROM interviews").concat();
    let copy = format!("UID:{uid} DTSTART:20270303T090000Z DTEND:20270303T100000Z");
    let host = CalendarHost::open(&calendar(&[&copy]));
    subscribe(&house, &study.owner, &host.url("/a"));
    look(&house, &host);
    assert_eq!(first(&house, &study.owner)["busy"], 0);
    let later = json!({ "starts_at": "2027-03-03T09:15:00Z" });
    study.to_interview(&interview, "reschedule", &later).expect(200);
}

#[test]
fn two_servers_do_not_look_at_the_same_calendar_and_one_that_lost_its_turn_writes_nothing() {
    use veldwerk::actions::take_busy_times::{Sight, take_busy_times};
    use veldwerk::domain::audit::Done;
    use veldwerk::domain::calendar_feed::FeedFault;
    use veldwerk::store::calendar_looks;
    let house = House::open();
    let study = house.bookable().open();
    let host = CalendarHost::open(&calendar(&[WEDNESDAY]));
    subscribe(&house, &study.owner, &host.url("/a"));
    let now = house.clock.now();
    let claim = || {
        let claimed = house.store.write(move |tx| calendar_looks::claim(tx, now).map(Done::housekeeping));
        house.wait(claimed).unwrap()
    };
    let look = claim().unwrap();
    assert!(claim().is_none(), "somebody looks already");
    let mut late = look.clone();
    late.fence -= 1;
    let sight = Sight::Fault(FeedFault::TooSlow);
    house.wait(house.store.write(move |tx| take_busy_times(tx, now, &late, &sight, 0))).unwrap();
    assert_eq!(first(&house, &study.owner)["fault"], Value::Null);
    let sight = Sight::Fault(FeedFault::TooSlow);
    house.wait(house.store.write(move |tx| take_busy_times(tx, now, &look, &sight, 0))).unwrap();
    assert_eq!(first(&house, &study.owner)["fault"], "too_slow");
}

#[test]
fn a_calendar_is_added_and_forgotten_on_the_page_and_what_is_wrong_is_told_beside_the_field() {
    let house = House::open();
    let study = house.bookable().open();
    let host = CalendarHost::open(&calendar(&[WEDNESDAY]));
    let browser = Browser::of(&house, &study.owner);
    let page = "/account/calendars";
    browser.get(page).expect(200);
    let refused = browser.post(page, &[("url", "http://x.example/"), ("name", "Werk"), ("time_zone", "x")]);
    let refused = refused.expect(422);
    assert!(refused.has_error_at("url") && refused.has_error_at("time_zone"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Werk\"") && !refused.text.contains("x.example"));
    let fields =
        [("url", host.url("/a")), ("name", String::new()), ("time_zone", "Europe/Brussels".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(page, &fields).expect(303);
    look(&house, &host);
    assert_eq!(wednesday(&study), 0);
    let id = first(&house, &study.owner)["id"].as_str().unwrap().to_owned();
    browser.post(&format!("{page}/{id}/refresh"), &[]).expect(303);
    assert_eq!(look(&house, &host), 1);
    let asked = browser.get(&format!("{page}/{id}/forget?lang=en")).expect(200).text;
    assert!(asked.contains("One time at which you are busy will be forgotten"), "{asked}");
    assert_eq!(wednesday(&study), 0, "looking changes nothing");
    browser.post(&format!("{page}/{id}/forget"), &[]).expect(303);
    assert!(wednesday(&study) > 0);
    assert_eq!(house.lines("SELECT calendar AS line FROM busy_times"), Vec::<String>::new());
}

#[test]
fn nobody_sees_or_touches_the_calendars_of_somebody_else() {
    let house = House::open();
    let study = house.bookable().open();
    let host = CalendarHost::open(&calendar(&[]));
    let id = subscribe(&house, &study.owner, &host.url("/a"));
    let eva = house.researcher("eva");
    assert_eq!(house.get(&eva, "/api/v1/me/calendars").expect(200).json()["items"], json!([]));
    let path = format!("/api/v1/me/calendars/{id}");
    house.delete(&eva, &path).expect(404);
    house.post(&eva, &format!("{path}/refresh"), &json!({})).expect(404);
    let browser = Browser::of(&house, &eva);
    browser.get(&format!("/account/calendars/{id}/forget")).expect(404);
    browser.post(&format!("/account/calendars/{id}/forget"), &[]).expect(404);
    house.delete(&study.owner, &path).expect(204);
    for _ in 0..10 {
        subscribe(&house, &study.owner, &host.url("/a"));
    }
    let one_more = json!({ "url": host.url("/a") });
    house.post(&study.owner, "/api/v1/me/calendars", &one_more).expect(422);
}
