//! Time that an interviewer keeps free in all their studies.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::house::{House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN, office_hours};

fn block(house: &House, who: &Researcher, from: &str, until: &str) -> Value {
    house.post(who, "/api/v1/me/blocks", &json!({ "from": from, "until": until })).expect(201).json()
}

/// The starts on Wednesday 3 March that the first respondent is offered.
fn wednesday(study: &Study<'_>) -> Vec<String> {
    study.starts(study.first(), "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z")
}

#[test]
fn a_block_holds_in_every_study_and_what_was_booked_before_stays() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let other = house.bookable().open_for("bert");
    let shared = json!({ "email": study.owner.email, "role": "interviewer" });
    house.post(&other.owner, &other.path("members"), &shared).expect(201);
    house.put(&other.owner, &other.path("availability"), &json!({ "rules": [] })).expect(200);
    house.put(&study.owner, &other.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    let [first, second] = &study.respondents[..] else { panic!("two") };
    study.booked(first, WEDNESDAY_TEN);
    assert!(!wednesday(&study).is_empty() && !wednesday(&other).is_empty());
    let made = block(&house, &study.owner, "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z");
    assert!(wednesday(&study).is_empty() && wednesday(&other).is_empty());
    assert_eq!(study.seen(first)["interview"]["starts_at"], WEDNESDAY_TEN);
    study.consent(second);
    let refused = study.book(second, "2027-03-03T12:00:00Z").expect(409).json();
    assert_eq!(refused["code"], "slot_taken");
    assert!(refused["alternatives"][0]["starts_at"].as_str().unwrap() > "2027-03-04");
    // Also where the interview that stood there goes away.
    study.press(first, "interview/cancel", &json!({})).expect(200);
    assert_eq!(study.book(second, WEDNESDAY_TEN).expect(409).code(), "slot_taken");
    let why = house.get(&other.owner, &other.path("why-not?at=2027-03-03T12:00:00Z")).expect(200).json();
    let anna = why["interviewers"].as_array().unwrap().iter().find(|who| who["name"] == "anna").unwrap();
    assert_eq!(anna["reasons"], json!([{ "code": "taken", "by": "block" }]));

    let path = format!("/api/v1/me/blocks/{}", made["id"].as_str().unwrap());
    house.delete(&other.owner, &path).expect(404);
    house.delete(&study.owner, &path).expect(204);
    house.delete(&study.owner, &path).expect(404);
    study.book(second, WEDNESDAY_TEN).expect(201);
}

#[test]
fn an_interview_inside_a_block_changes_its_mode_only_where_no_more_of_the_block_is_taken() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let travel = study.path(&format!("members/{}/travel", study.owner_id));
    house.put(&study.owner, &travel, &json!({ "minutes": 60 })).expect(200);
    study.booked(who, WEDNESDAY_TEN);
    let after = block(&house, &study.owner, "2027-03-03T11:00:00Z", "2027-03-03T12:00:00Z");
    let in_person = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person" });
    let refused = study.press(who, "interview/reschedule", &in_person).expect(409);
    assert_eq!(refused.code(), "slot_taken", "the way back would reach into the block");
    house.delete(&study.owner, &format!("/api/v1/me/blocks/{}", after["id"].as_str().unwrap())).expect(204);
    block(&house, &study.owner, "2027-03-03T09:30:00Z", "2027-03-03T10:00:00Z");
    study.press(who, "interview/reschedule", &in_person).expect(200);
}

#[test]
fn only_what_is_ahead_is_listed_and_what_is_wrong_is_told() {
    let house = House::open();
    let anna = house.researcher("anna");
    block(&house, &anna, "2027-03-08T08:00:00Z", "2027-03-08T12:00:00Z");
    block(&house, &anna, "2027-03-01T07:00:00Z", "2027-03-01T09:00:00Z");
    let list = || house.get(&anna, "/api/v1/me/blocks").expect(200).json()["items"].clone();
    let froms: Vec<Value> = list().as_array().unwrap().iter().map(|b| b["from"].clone()).collect();
    assert_eq!(froms, ["2027-03-01T07:00:00Z", "2027-03-08T08:00:00Z"]);
    house.at("2027-03-01T09:00:00Z");
    assert_eq!(list().as_array().unwrap().len(), 1);
    let same = json!({ "from": "2027-03-09T08:00:00Z", "until": "2027-03-09T08:00:00Z" });
    let refused = house.post(&anna, "/api/v1/me/blocks", &same).expect(422).json();
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("until"), &json!("order"))
    );
    let wrong = house.post(&anna, "/api/v1/me/blocks", &json!({ "from": "x", "why": 1 })).expect(422).json();
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 3, "{wrong}");
}

#[test]
fn the_page_of_hours_keeps_whole_days_free_and_gives_them_back() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().open();
    let browser = Browser::of(&house, &study.owner);
    let page = format!("/studies/{}/availability", study.id);
    browser.get(&page).expect(200);
    let days = |from: &'static str, until: &'static str| [("from_date", from), ("until_date", until)];
    let refused = browser.post(&format!("{page}/blocks"), &days("2027-03-28", "2027-03-27")).expect(422);
    assert!(
        refused.has_error_at("until_date") && refused.text.contains("value=\"2027-03-28\""),
        "{}",
        refused.text
    );
    let at_night =
        [&days("2027-03-28", "2027-03-29")[..], &[("from_time", "02:30"), ("until_time", "x")]].concat();
    let refused = browser.post(&format!("{page}/blocks"), &at_night).expect(422);
    assert!(refused.has_error_at("from_time") && refused.has_error_at("until_time"), "{}", refused.text);
    // The 28th has 23 hours.
    let saved = browser.post(&format!("{page}/blocks"), &days("2027-03-27", "2027-03-28")).expect(303);
    let kept = house.get(&study.owner, "/api/v1/me/blocks").expect(200).json()["items"][0].clone();
    assert_eq!(
        (&kept["from"], &kept["until"]),
        (&json!("2027-03-26T23:00:00Z"), &json!("2027-03-28T22:00:00Z"))
    );
    let remove = format!("{page}/blocks/{}/remove", kept["id"].as_str().unwrap());
    let shown = browser.get(saved.leads_to()).expect(200).text;
    assert!(shown.contains(&format!("action=\"{remove}\"")), "{shown}");
    browser.post(&remove, &[]).expect(303);
    assert_eq!(house.get(&study.owner, "/api/v1/me/blocks").expect(200).json()["items"], json!([]));
}
