//! A researcher's interviews at a secret address, for their calendar program.

use rocket::http::Header;
use serde_json::json;

use crate::browser::Browser;
use crate::house::{Answer, House, Researcher};
use crate::readers::Python;
use crate::study::WEDNESDAY_TEN;

/// A new address of somebody, as a path.
fn share(house: &House, who: &Researcher) -> String {
    let made = house.post(who, "/api/v1/me/agenda-feed", &json!({})).expect(201).json();
    let url = made["url"].as_str().unwrap();
    assert!(url.starts_with("http://localhost:8000/feeds/") && url.strip_suffix(".ics").is_some(), "{url}");
    url.trim_start_matches("http://localhost:8000").to_owned()
}

fn ask(house: &House, path: &str, known: &str) -> Answer {
    let request = house.client.get(path.to_owned()).header(Header::new("If-None-Match", known.to_owned()));
    house.send(request)
}

#[test]
fn the_feed_shows_interviews_under_codes_and_nothing_of_anybody() {
    let house = House::open();
    let study = house.bookable().open();
    study.booked(study.first(), WEDNESDAY_TEN);
    let path = share(&house, &study.owner);
    let feed = house.get_openly(&path).expect(200);
    assert_eq!(feed.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert!(feed.header("cache-control").unwrap().starts_with("private"));
    assert!(feed.header("last-modified").unwrap().ends_with("GMT"));
    let code = house.lines("SELECT code AS line FROM respondents").concat();
    assert!(feed.text.contains(&format!("SUMMARY:{code} · ")), "{}", feed.text);
    assert!(feed.text.contains("DTSTART:20270303T090000Z\r\nDTEND:20270303T100000Z"), "{}", feed.text);
    let person = house.get(&study.owner, &study.path("respondents")).expect(200).json()["items"][0].clone();
    for secret in [&person["name"], &person["email"], &person["municipality"]["name"]] {
        assert!(!feed.text.contains(secret.as_str().unwrap()), "{secret}");
    }
    assert!(!feed.text.contains("teams.") && !feed.text.contains("ATTENDEE") && !feed.text.contains("/p/"));
    assert!(!house.everything().concat().contains(path.rsplit('/').next().unwrap().trim_end_matches(".ics")));
}

#[test]
fn what_did_not_change_is_answered_with_304_and_what_did_with_another_mark() {
    let house = House::open();
    let study = house.bookable().open();
    let interview = study.booked(study.first(), WEDNESDAY_TEN);
    let path = share(&house, &study.owner);
    let first = house.get_openly(&path).expect(200);
    let mark = first.header("etag").unwrap().to_owned();
    house.at("2027-03-01T09:00:00Z");
    let same = ask(&house, &path, &format!("\"x\", W/{mark}")).expect(304);
    assert_eq!((same.text.as_str(), same.header("etag")), ("", Some(mark.as_str())));
    let head = house.send(house.client.head(path.clone())).expect(200);
    assert_eq!((head.text.as_str(), head.header("etag")), ("", Some(mark.as_str())));
    let moved = json!({ "starts_at": "2027-03-03T12:00:00Z" });
    study.to_interview(&interview, "reschedule", &moved).expect(200);
    let after = ask(&house, &path, &mark).expect(200);
    assert!(after.text.contains("DTSTART:20270303T120000Z") && after.text.contains("SEQUENCE:1"));
    assert_ne!(after.header("etag"), Some(mark.as_str()));
    study.to_interview(&interview, "cancel", &json!({})).expect(200);
    let gone = ask(&house, &path, after.header("etag").unwrap()).expect(200);
    assert!(!gone.text.contains("VEVENT"), "what is called off is not in it any more: {}", gone.text);
}

#[test]
fn an_address_ends_when_it_is_renewed_or_revoked_and_a_wrong_one_is_unknown() {
    let house = House::open();
    let anna = house.researcher("anna");
    assert_eq!(house.get(&anna, "/api/v1/me/agenda-feed").expect(200).json()["since"], json!(null));
    house.delete(&anna, "/api/v1/me/agenda-feed").expect(404);
    let first = share(&house, &anna);
    house.get_openly(&first).expect(200);
    let second = share(&house, &anna);
    house.get_openly(&first).expect(404);
    house.get_openly(&second).expect(200);
    house.delete(&anna, "/api/v1/me/agenda-feed").expect(204);
    house.get_openly(&second).expect(404);
    let unknown = format!("/feeds/{}.ics", "a".repeat(43));
    for path in [unknown.as_str(), "/feeds/x.ics", "/feeds/", second.trim_end_matches(".ics")] {
        house.get_openly(path).expect(404);
    }
    let browser = Browser::of(&house, &anna);
    let page = browser.post("/account/calendars/feed", &[]).expect(200).text;
    let (_, rest) = page.split_once("/feeds/").unwrap();
    let path = format!("/feeds/{}", rest.split('<').next().unwrap());
    house.get_openly(&path).expect(200);
    assert!(!browser.get("/account/calendars").expect(200).text.contains("/feeds/"), "it is shown once");
    browser.post("/account/calendars/feed/end", &[]).expect(303);
    house.get_openly(&path).expect(404);
}

#[test]
fn a_feed_shows_only_what_its_owner_holds_and_one_that_asks_too_often_waits() {
    let house = House::open();
    let study = house.bookable().open();
    study.booked(study.first(), WEDNESDAY_TEN);
    let bob = study.member("bob", veldwerk::domain::access::Role::Interviewer);
    let path = share(&house, &bob);
    assert!(!house.get_openly(&path).expect(200).text.contains("VEVENT"));
    for _ in 0..59 {
        house.get_openly(&path).expect(200);
    }
    assert!(house.get_openly(&path).expect(429).header("retry-after").is_some());
    house.at("2027-03-01T08:01:00Z");
    house.get_openly(&path).expect(200);
}

#[test]
fn three_readers_find_in_the_feed_what_was_meant() {
    let house = House::open();
    let study = house.bookable().open();
    study.booked(study.first(), WEDNESDAY_TEN);
    let title = "Zorg, \"jeugd\"; a\\nb: ✓";
    house
        .patch(&study.owner, &format!("/api/v1/studies/{}", study.id), &json!({ "title": title }))
        .expect(200);
    let feed = house.get_openly(&share(&house, &study.owner)).expect(200).text;
    let code = house.lines("SELECT code AS line FROM respondents").concat();
    let id = house.lines("SELECT id AS line FROM interviews").concat();
    let meant = json!({
        "method": "PUBLISH",
        "uid": format!("agenda-{id}@veldwerk.example"),
        "sequence": 0,
        "starts_at": 1_804_064_400,
        "ends_at": 1_804_068_000,
        "status": "CONFIRMED",
        "summary": format!("{code} · {title}"),
        "location": "Microsoft Teams",
        "organizer": null,
        "attendee": null,
        "alarms": 0,
        "properties": ["CLASS", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "LOCATION", "SEQUENCE", "STATUS",
            "SUMMARY", "TRANSP", "UID", "URL"],
    });
    let Some(python) = Python::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let objects = json!([{ "name": "feed", "ics": feed, "meant": meant }]);
    std::fs::write(folder.path().join("objects.json"), objects.to_string()).unwrap();
    python.run("calendar_readers.py", folder.path(), &[""; 0]);
}
