//! Booking: the refusals in their order (E11), caps (E13), places (E30) and what follows from a booking.

use serde_json::{Value, json};
use veldwerk::domain::access::Role;

use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

fn ask(study: &Study<'_>, body: &Value) -> (u16, String) {
    let answer = study.press(study.first(), "interview", body);
    (answer.status, answer.code())
}

#[test]
fn a_booking_gives_an_interview_and_tells_both_sides() {
    let house = House::open();
    let study = house.bookable().with("teams_link", "https://teams.example.org/l/meet").open();
    let who = study.first();
    study.consent(who);
    let booked = study.book(who, WEDNESDAY_TEN).expect(201).json();
    assert_eq!(booked["starts_at"], WEDNESDAY_TEN);
    assert_eq!(booked["ends_at"], "2027-03-03T10:00:00Z");
    assert_eq!(booked["mode"], "teams");
    assert_eq!(booked["place"], json!(null));
    assert_eq!(booked["sequence"], 0);
    assert_eq!(booked["status"], "booked");
    assert_eq!(booked["join_link"], "https://teams.example.org/l/meet");
    assert_eq!(booked["respondent"], json!(who.id));
    assert_eq!(booked["interviewer"], json!(study.owner_id));
    let seen = study.seen(who);
    assert_eq!((&seen["status"], &seen["interview"]), (&json!("booked"), &booked));
    assert_eq!(
        house.letters(),
        ["consent_receipt:queued:-", "confirmation:queued:0", "interviewer_booked:queued:0"]
    );
    let uid = house.lines("SELECT uid AS line FROM interviews");
    assert_eq!(uid, [format!("{}@veldwerk.example", booked["id"].as_str().unwrap())]);
}

#[test]
fn refusals_come_in_the_order_of_e11() {
    let house = House::open();
    let study = house.bookable().respondents(3).cap(1).with("window_until", "2027-03-31").open();
    let who = study.first();
    let body = |starts_at: &str| json!({ "starts_at": starts_at, "mode": "teams" });
    let code = |starts_at: &str| ask(&study, &body(starts_at));
    let off_the_grid = "2027-03-03T09:07:00Z";

    let nobody = format!("/api/v1/participations/{}/interview", "A".repeat(43));
    house.post_openly(&nobody, &json!({ "nonsense": true })).expect(404);
    house.post_openly("/api/v1/participations/short/interview", &json!({})).expect(404);
    assert_eq!(code(off_the_grid), (422, "consent_missing".into()));
    study.consent(who);
    assert_eq!(code(off_the_grid), (422, "outside_availability".into()));
    assert_eq!(code("2027-03-03T20:00:00Z"), (422, "outside_availability".into()));
    assert_eq!(code("2027-04-01T08:00:00Z"), (422, "outside_window".into()));
    assert_eq!(code("2027-03-02T07:45:00Z"), (422, "outside_availability".into()));
    assert_eq!(code("2027-03-01T10:00:00Z"), (422, "too_soon".into()));

    let other = &study.respondents[1];
    study.booked(other, WEDNESDAY_TEN);
    assert_eq!(code(off_the_grid), (422, "outside_availability".into()), "time comes before the quota");
    assert_eq!(code(WEDNESDAY_TEN), (409, "quota_full".into()), "the quota comes before the slot");
    study.press(other, "interview/cancel", &json!({})).expect(200);
    study.book(who, WEDNESDAY_TEN).expect(201);
    assert_eq!(code(off_the_grid), (409, "already_booked".into()), "an interview comes before the time");
    study.press(who, "withdraw", &json!({})).expect(200);
    assert_eq!(code(off_the_grid), (410, "withdrawn".into()));
    assert_eq!(ask(&study, &json!({ "nonsense": true })), (410, "withdrawn".into()));
}

#[test]
fn a_taken_slot_comes_with_the_nearest_free_starts() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    study.booked(&study.respondents[0], WEDNESDAY_TEN);
    let late = &study.respondents[1];
    study.consent(late);
    let refused = study.book(late, WEDNESDAY_TEN).expect(409).json();
    assert_eq!(refused["code"], "slot_taken");
    let alternatives: Vec<_> = refused["alternatives"].as_array().unwrap().iter().collect();
    assert_eq!(alternatives.len(), 5);
    // An hour and a quarter earlier the opening of the day comes first.
    assert_eq!(alternatives[0]["starts_at"], "2027-03-03T10:15:00Z");
    assert_eq!(alternatives[0]["interviewer"], json!(study.owner_id));
    study.book(late, alternatives[0]["starts_at"].as_str().unwrap()).expect(201);
}

#[test]
fn a_mode_or_a_place_that_does_not_fit_is_named() {
    let house = House::open();
    let study = house.bookable().with("modes", json!(["teams"])).open();
    study.consent(study.first());
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "Markt 1" });
    let refused = study.press(study.first(), "interview", &body).expect(422).json();
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("mode"), &json!("value"))
    );
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "place": "Markt 1" });
    let refused = study.press(study.first(), "interview", &body).expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "place");
    let stranger = house.id_of(&house.researcher("carla"));
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "interviewer": stranger });
    let refused = study.press(study.first(), "interview", &body).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "unknown_reference");
}

#[test]
fn a_place_is_sealed_and_hidden_from_readers() {
    let house = House::open();
    let study = house.bookable().open();
    let reader = study.member("rik", Role::Reader);
    study.consent(study.first());
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "Kromme Steeg 7" });
    let booked = study.press(study.first(), "interview", &body).expect(201).json();
    assert_eq!(booked["place"], "Kromme Steeg 7");
    assert!(house.everything().iter().all(|row| !row.contains("Kromme")), "the place stands in clear");
    let path = format!("/api/v1/interviews/{}", booked["id"].as_str().unwrap());
    assert_eq!(house.get(&study.owner, &path).expect(200).json()["place"], "Kromme Steeg 7");
    assert_eq!(house.get(&reader, &path).expect(200).json()["place"], json!(null));
    let listed = house.get(&reader, &study.path("interviews")).expect(200).json();
    assert_eq!(listed["items"][0]["place"], json!(null));
    let hostile = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "a\r\nb" });
    study.press(study.first(), "interview", &hostile).expect(422);
}

#[test]
fn a_cap_may_be_null_and_cancelling_frees_the_place() {
    let house = House::open();
    let study = house.bookable().respondents(2).cap(1).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    study.booked(first, WEDNESDAY_TEN);
    study.consent(second);
    assert_eq!(study.book(second, "2027-03-04T09:00:00Z").expect(409).code(), "quota_full");
    study.press(first, "interview/cancel", &json!({ "reason": "Ziek." })).expect(200);
    study.book(second, "2027-03-04T09:00:00Z").expect(201);
    assert_eq!(study.book(first, WEDNESDAY_TEN).expect(409).code(), "quota_full");
}

#[test]
fn of_several_interviewers_the_one_with_the_fewest_interviews_that_week_gets_it() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let bert = study.member("bert", Role::Interviewer);
    let hours = json!({ "rules": crate::study::office_hours() });
    house.put(&bert, &study.path("availability"), &hours).expect(200);
    let (anna, bert) = (json!(study.owner_id), json!(house.id_of(&bert)));
    let [first, second, third] = &study.respondents[..] else { panic!("three") };
    study.consent(first);
    study.consent(second);
    study.consent(third);
    let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "interviewer": anna });
    assert_eq!(study.press(first, "interview", &wish).expect(201).json()["interviewer"], anna);
    assert_eq!(study.press(second, "interview", &wish).expect(409).code(), "slot_taken");
    assert_eq!(study.book(second, "2027-03-04T09:00:00Z").expect(201).json()["interviewer"], bert);
    assert_eq!(study.book(third, WEDNESDAY_TEN).expect(201).json()["interviewer"], bert);
}

#[test]
fn no_more_interviews_than_allowed_on_one_day() {
    let house = House::open();
    let study = house.bookable().respondents(2).with("max_per_day", 1).open();
    study.booked(&study.respondents[0], WEDNESDAY_TEN);
    let second = &study.respondents[1];
    study.consent(second);
    let refused = study.book(second, "2027-03-03T13:00:00Z");
    assert_eq!(refused.code(), "day_full");
    study.book(second, "2027-03-04T13:00:00Z").expect(201);
}

#[test]
fn the_calendar_file_has_no_method_and_no_personal_link() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    house.get_openly(&who.path("interview.ics")).expect(404);
    study.consent(who);
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person" });
    study.press(who, "interview", &body).expect(201);
    let file = house.get_openly(&who.path("interview.ics")).expect(200);
    assert!(file.header("content-type").unwrap().starts_with("text/calendar"));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    assert!(file.text.starts_with("BEGIN:VCALENDAR\r\n"));
    assert!(file.text.contains("DTSTART;TZID=Europe/Amsterdam:20270303T100000"));
    assert!(file.text.contains("LOCATION:Gemeentehuis "));
    for never in ["METHOD", "ATTENDEE", who.token.as_str(), "Sociaal domein", "Persoon"] {
        assert!(!file.text.contains(never), "{never}");
    }
    study.press(who, "interview/cancel", &json!({})).expect(200);
    house.get_openly(&who.path("interview.ics")).expect(404);
}
