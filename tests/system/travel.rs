//! The way to an interview in person and back, which is reserved with it (R1).

use serde_json::{Value, json};
use veldwerk::domain::access::Role;

use crate::browser::Browser;
use crate::house::House;
use crate::study::{Respondent, Study, WEDNESDAY_TEN};

/// Sets the owner's ways; the respondents of these studies work in Enschede.
fn travels(study: &Study<'_>, minutes: i64, to_enschede: Option<i64>) {
    let single: Vec<Value> = to_enschede
        .into_iter()
        .map(|minutes| json!({ "municipality": "Enschede", "minutes": minutes }))
        .collect();
    let body = json!({ "minutes": minutes, "municipalities": single });
    study.house.put(&study.owner, &own(study), &body).expect(200);
}

fn own(study: &Study<'_>) -> String {
    study.path(&format!("members/{}/travel", study.owner_id))
}

fn in_person(start: &str) -> Value {
    json!({ "starts_at": start, "mode": "in_person" })
}

/// The starts on Wednesday 3 March that a respondent is offered in a mode, from the first to the last of each run.
fn wednesday(study: &Study<'_>, who: &Respondent, mode: &str) -> Vec<String> {
    let range = "from=2027-03-03T00:00:00Z&until=2027-03-04T00:00:00Z";
    let found = study.house.get_openly(&who.path(&format!("slots?{range}&mode={mode}"))).expect(200).json();
    let starts = found["items"].as_array().unwrap().iter();
    starts.map(|slot| slot["starts_at"].as_str().unwrap().get(11..16).unwrap().to_owned()).collect()
}

#[test]
fn an_interview_in_person_keeps_the_way_there_and_back_free() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    travels(&study, 240, Some(30));
    study.consent(first);
    study.consent(second);
    study.press(first, "interview", &in_person("2027-03-03T11:00:00Z")).expect(201);
    // Taken from 10:30 to 12:45 in UTC: an hour, a quarter of rest, and half an hour there and back.
    let online = wednesday(&study, second, "teams");
    assert_eq!(online.iter().take_while(|start| start.as_str() < "11").last().unwrap(), "09:15");
    assert_eq!(online.iter().find(|start| start.as_str() > "09:15").unwrap(), "12:45");
    let away = wednesday(&study, second, "in_person");
    assert_eq!(away.iter().take_while(|start| start.as_str() < "11").last().unwrap(), "08:45");
    assert_eq!(away.iter().find(|start| start.as_str() > "08:45").unwrap(), "13:15");

    let refused = study.press(second, "interview", &in_person("2027-03-03T13:00:00Z")).expect(409).json();
    assert_eq!(refused["code"], "slot_taken");
    let near: Vec<_> = refused["alternatives"].as_array().unwrap().iter().map(|a| &a["starts_at"]).collect();
    assert_eq!(near[0], "2027-03-03T13:15:00Z", "what is named can be booked");
    study.book(second, "2027-03-03T12:45:00Z").expect(201);
}

#[test]
fn an_interview_does_not_stand_in_its_own_way_with_its_travel_either() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    travels(&study, 120, None);
    study.consent(who);
    study.press(who, "interview", &in_person(WEDNESDAY_TEN)).expect(201);
    assert!(
        study.starts(who, "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z").contains(&WEDNESDAY_TEN.into())
    );
    study.press(who, "interview/reschedule", &in_person("2027-03-03T10:15:00Z")).expect(200);
    let guard = "SELECT CAST(guard_until - guard_from AS TEXT) AS line FROM reservations WHERE active";
    assert_eq!(house.lines(guard), [(315 * 60).to_string()]);
}

#[test]
fn another_mode_at_the_same_time_takes_the_way_or_gives_it_back() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    travels(&study, 45, None);
    let id = study.booked(first, WEDNESDAY_TEN);
    study.booked(second, "2027-03-03T10:15:00Z");
    let refused = study.press(first, "interview/reschedule", &in_person(WEDNESDAY_TEN)).expect(409);
    assert_eq!(refused.code(), "slot_taken");
    assert_eq!(study.to_interview(&id, "reschedule", &in_person(WEDNESDAY_TEN)).code(), "slot_taken");
    let later = json!({ "starts_at": "2027-03-03T11:00:00Z" });
    study.press(second, "interview/reschedule", &later).expect(200);
    let moved = study.press(first, "interview/reschedule", &in_person(WEDNESDAY_TEN)).expect(200).json();
    assert_eq!((&moved["mode"], &moved["sequence"]), (&json!("in_person"), &json!(1)));
    let earlier = json!({ "starts_at": "2027-03-03T10:15:00Z" });
    assert_eq!(study.press(second, "interview/reschedule", &earlier).expect(409).code(), "slot_taken");
    let online = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" });
    study.press(first, "interview/reschedule", &online).expect(200);
    study.press(second, "interview/reschedule", &earlier).expect(200);
}

#[test]
fn other_ways_and_another_rest_bind_new_bookings_only() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    travels(&study, 30, None);
    study.consent(first);
    study.press(first, "interview", &in_person(WEDNESDAY_TEN)).expect(201);
    travels(&study, 60, None);
    house
        .patch(&study.owner, study.path("").trim_end_matches('/'), &json!({ "buffer_minutes": 120 }))
        .expect(200);
    study.consent(second);
    study.book(second, "2027-03-03T10:45:00Z").expect(201);
    // Online at the same time, the first one keeps the rest that it was booked with.
    let online = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" });
    study.press(first, "interview/reschedule", &online).expect(200);
    let guard = "SELECT CAST(guard_until - guard_from AS TEXT) AS line FROM reservations
                 WHERE active ORDER BY guard_from";
    assert_eq!(house.lines(guard), [(75 * 60).to_string(), (180 * 60).to_string()]);
}

#[test]
fn in_the_night_in_which_the_clock_goes_forward_the_way_counts_in_real_minutes() {
    let house = House::open_at("2027-03-20T08:00:00Z");
    let night = json!([{ "weekday": "sun", "from": "00:00", "until": "06:00" }]);
    let study = house.bookable().respondents(2).hours(night).with("slot_step_minutes", 30).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    travels(&study, 60, None);
    study.consent(first);
    // 03:30 in summer time; 01:30 in winter time is an hour before it.
    study.press(first, "interview", &in_person("2027-03-28T01:30:00Z")).expect(201);
    let free = study.starts(second, "2027-03-27T23:00:00Z", "2027-03-28T04:00:00Z");
    assert_eq!(free, ["2027-03-27T23:00:00Z"], "until 01:15 with its rest; 00:30 would reach into the way");
    study.consent(second);
    assert_eq!(study.book(second, "2027-03-27T23:30:00Z").expect(409).code(), "slot_taken");
    study.book(second, "2027-03-27T23:00:00Z").expect(201);
}

#[test]
fn ways_are_read_whole_and_everything_wrong_with_them_is_told() {
    let house = House::open();
    let study = house.bookable().open();
    let empty = house.get(&study.owner, &own(&study)).expect(200).json();
    assert_eq!(empty, json!({ "minutes": 0, "municipalities": [] }));
    let body = json!({
        "minutes": 45,
        "municipalities": [
            { "municipality": "GM0363", "minutes": 120 },
            { "municipality": "enschede", "minutes": 0 },
        ],
    });
    let kept = house.put(&study.owner, &own(&study), &body).expect(200).json();
    assert_eq!(kept["municipalities"][1]["municipality"], json!({ "code": "GM0153", "name": "Enschede" }));
    assert_eq!((&kept["minutes"], &kept["municipalities"][0]["minutes"]), (&json!(45), &json!(120)));
    let wrong = json!({
        "minutes": 481,
        "municipalities": [
            { "municipality": "Ede", "minutes": 10 },
            { "municipality": "Ede", "minutes": -1 },
            { "municipality": "Nergenshuizen" },
        ],
    });
    let refused = house.put(&study.owner, &own(&study), &wrong).expect(422).json();
    let errors = refused["errors"].as_array().unwrap().iter();
    let mut errors: Vec<String> =
        errors.map(|e| format!("{} {}", e["field"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
    errors.sort();
    assert_eq!(
        errors,
        [
            "minutes value",
            "municipalities.1.minutes value",
            "municipalities.1.municipality duplicate",
            "municipalities.2.minutes required",
            "municipalities.2.municipality municipality_unknown",
        ]
    );
    assert_eq!(house.get(&study.owner, &own(&study)).expect(200).json(), kept);
}

#[test]
fn somebody_elses_ways_are_an_owners_to_see_and_to_set() {
    let house = House::open();
    let study = house.bookable().open();
    let bert = study.member("bert", Role::Interviewer);
    let rik = study.member("rik", Role::Reader);
    let path = |who| study.path(&format!("members/{}/travel", house.id_of(who)));
    let body = json!({ "minutes": 10 });
    house.put(&bert, &path(&bert), &body).expect(200);
    house.put(&bert, &own(&study), &body).expect(403);
    house.get(&bert, &own(&study)).expect(403);
    house.get(&rik, &path(&rik)).expect(403);
    house.put(&study.owner, &path(&bert), &json!({ "minutes": 20 })).expect(200);
    assert_eq!(house.get(&bert, &path(&bert)).expect(200).json()["minutes"], 20);
    house.put(&study.owner, &path(&rik), &body).expect(404);
    house.get(&house.researcher("carla"), &path(&bert)).expect(404);
}

#[test]
fn the_page_of_hours_sets_the_ways_with_errors_beside_the_fields() {
    let house = House::open();
    let study = house.bookable().open();
    let browser = Browser::of(&house, &study.owner);
    let page = format!("/studies/{}/availability", study.id);
    let owner = study.owner_id.to_string();
    browser.get(&page).expect(200);
    let rows = |place: &'static str, minutes: &'static str| {
        vec![
            ("minutes", "30"),
            ("municipalities.0.municipality", place),
            ("municipalities.0.minutes", minutes),
            ("municipalities.1.municipality", ""),
            ("municipalities.1.minutes", ""),
        ]
    };
    let post = |rows: &[(&str, &str)]| {
        browser.post(&format!("{page}/travel"), &[&[("interviewer", owner.as_str())], rows].concat())
    };
    let refused = post(&rows("Nergenshuizen", "x")).expect(422);
    for field in ["municipality", "minutes"] {
        assert!(refused.has_error_at(&format!("municipalities.0.{field}")), "{field}: {}", refused.text);
    }
    assert!(refused.text.contains("value=\"Nergenshuizen\"") && refused.text.contains("value=\"x\""));
    assert!(refused.text.contains("value=\"09:00\""), "the hours stand there as they are kept");
    let more = post(&[rows("Ede", "60"), vec![("act", "more")]].concat()).expect(200);
    assert!(more.text.contains("name=\"municipalities.3.minutes\"") && more.text.contains("value=\"Ede\""));
    let saved = post(&rows("Ede", "60")).expect(303);
    assert!(browser.get(saved.leads_to()).expect(200).text.contains("value=\"Ede\""));
    let kept = house.get(&study.owner, &own(&study)).expect(200).json();
    assert_eq!((&kept["minutes"], &kept["municipalities"][0]["minutes"]), (&json!(30), &json!(60)));
    house
        .patch(&study.owner, &format!("/api/v1/studies/{}", study.id), &json!({ "modes": ["teams"] }))
        .expect(200);
    assert!(!browser.get(&page).expect(200).text.contains("availability/travel"), "nobody travels online");
}
