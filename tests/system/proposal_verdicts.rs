//! What the moments of proposals come to: a page tells the same as one proposal by itself, and who is called free there
//! is not refused afterwards (R9).

use serde_json::{Value, json};
use veldwerk::domain::access::Role;
use veldwerk::id::ProposalId;
use veldwerk::queries::proposals;

use crate::browser::Browser;
use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

const EVENING: &str = "2027-03-03T19:00:00Z";
const LATER: &str = "2027-03-04T19:00:00Z";

fn proposes(study: &Study<'_>, number: usize, mode: &str, moments: &[&str]) -> String {
    let body = json!({ "mode": mode, "moments": moments });
    let answer = study.press(&study.respondents[number], "proposals", &body).expect(201).json();
    answer["id"].as_str().unwrap().to_owned()
}

fn detail(study: &Study<'_>, id: &str) -> Value {
    study.house.get(&study.owner, &format!("/api/v1/proposals/{id}")).expect(200).json()
}

/// Who is free at a moment of a proposal, and why others are not.
fn verdicts(detail: &Value, moment: usize) -> Vec<(bool, Vec<String>)> {
    let all = detail["verdicts"][moment]["interviewers"].as_array().unwrap().iter();
    all.map(|verdict| {
        let reasons = verdict["reasons"].as_array().unwrap().iter();
        let codes = reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect();
        (verdict["free"].as_bool().unwrap(), codes)
    })
    .collect()
}

#[test]
fn a_page_tells_of_every_proposal_what_it_tells_of_it_by_itself() {
    let house = House::open();
    let study = house.bookable().respondents(6).with("max_per_day", 2).open();
    let carl = study.member("carl", Role::Interviewer);
    let ways = json!({ "minutes": 30 });
    house.put(&study.owner, &study.path(&format!("members/{}/travel", study.owner_id)), &ways).expect(200);
    let free = json!({ "from": EVENING, "until": "2027-03-03T20:00:00Z" });
    house.post(&carl, "/api/v1/me/blocks", &free).expect(201);
    for who in &study.respondents {
        study.consent(who);
    }
    let booked = study.book(&study.respondents[0], WEDNESDAY_TEN).expect(201).json();
    let second = json!({ "second_interviewer": house.id_of(&carl) });
    let path = format!("/api/v1/interviews/{}/second-interviewer", booked["id"].as_str().unwrap());
    house.put(&study.owner, &path, &second).expect(200);
    study
        .press(
            &study.respondents[5],
            "hold",
            &json!({ "starts_at": "2027-03-04T09:00:00Z", "mode": "teams" }),
        )
        .expect(201);
    let far = "2027-03-29T19:00:00Z";
    let asked: [(usize, &str, &[&str]); 5] = [
        (0, "teams", &[EVENING, "2027-03-03T09:30:00Z", LATER]),
        (1, "in_person", &[WEDNESDAY_TEN, EVENING, "2027-03-03T10:30:00Z"]),
        (2, "teams", &["2027-03-04T09:00:00Z", far]),
        (4, "in_person", &[far]),
        (5, "teams", &["2027-03-04T09:00:00Z"]),
    ];
    for (number, mode, moments) in asked {
        proposes(&study, number, mode, moments);
    }
    let (user, id, now) = (study.owner_id, study.id.parse().unwrap(), house.clock.now());
    let page = house.store.read(move |tx| proposals::waiting(tx, user, id, None, 10, now));
    let page = house.wait(page).unwrap();
    assert_eq!(page.len(), 5);
    for shown in page {
        let one: ProposalId = shown.proposal.id;
        let alone = house.wait(house.store.read(move |tx| proposals::one(tx, user, one, now))).unwrap();
        assert_eq!(serde_json::to_value(shown).unwrap(), serde_json::to_value(alone).unwrap());
    }
}

#[test]
fn whoever_is_free_can_be_accepted_with_and_nobody_else_also_where_a_second_interviewer_comes_along() {
    for (from, until, code) in [
        (EVENING, "2027-03-03T20:00:00Z", "second_interviewer_away"),
        ("2027-03-03T20:00:00Z", "2027-03-03T20:10:00Z", "second_interviewer_away"),
    ] {
        let house = House::open();
        let study = house.bookable().respondents(1).open();
        let carl = study.member("carl", Role::Interviewer);
        let interview = study.booked(study.first(), WEDNESDAY_TEN);
        let path = format!("/api/v1/interviews/{interview}/second-interviewer");
        let carl_id = house.id_of(&carl);
        house.put(&study.owner, &path, &json!({ "second_interviewer": carl_id })).expect(200);
        house.post(&carl, "/api/v1/me/blocks", &json!({ "from": from, "until": until })).expect(201);
        let id = proposes(&study, 0, "teams", &[EVENING, LATER]);
        let detail = detail(&study, &id);
        let told = verdicts(&detail, 0);
        assert!(!told[0].0 && told[0].1.contains(&"second_interviewer".to_owned()), "{told:?}");
        assert!(verdicts(&detail, 1)[0].0, "{detail}");
        let accept = format!("/api/v1/proposals/{id}/accept");
        let refused = house.post(&study.owner, &accept, &json!({ "starts_at": EVENING })).expect(409);
        assert_eq!(refused.code(), code);
        let page = Browser::of(&house, &study.owner);
        let shown = page.post(&format!("/proposals/{id}/accept"), &[("starts_at", EVENING)]).expect(409).text;
        assert!(shown.contains("De tweede interviewer kan dan niet: geblokkeerde tijd."), "{shown}");
        house.post(&study.owner, &accept, &json!({ "starts_at": LATER })).expect(200);
    }
}

#[test]
fn why_not_looks_at_the_second_interviewer_of_the_interview_that_would_move() {
    let house = House::open();
    let study = house.bookable().respondents(1).open();
    let carl = study.member("carl", Role::Interviewer);
    let interview = study.booked(study.first(), WEDNESDAY_TEN);
    let path = format!("/api/v1/interviews/{interview}/second-interviewer");
    house.put(&study.owner, &path, &json!({ "second_interviewer": house.id_of(&carl) })).expect(200);
    let free = json!({ "from": "2027-03-04T09:30:00Z", "until": "2027-03-04T10:00:00Z" });
    house.post(&carl, "/api/v1/me/blocks", &free).expect(201);
    let offered = study.starts(study.first(), "2027-03-04T00:00:00Z", "2027-03-05T00:00:00Z");
    let mut seen = 0;
    for quarter in 0..32 {
        let at = veldwerk::clock::Instant::parse("2027-03-04T08:00:00Z").unwrap().plus_minutes(quarter * 15);
        let path = study.path(&format!("why-not?at={at}&respondent={}", study.first().id));
        let why = house.get(&study.owner, &path).expect(200).json();
        let is_offered = offered.contains(&at.to_string());
        assert_eq!(why["offered"], json!(is_offered), "{at}: {why}");
        seen += usize::from(is_offered);
    }
    assert!(seen > 5 && seen < 29, "{seen}");
}

#[test]
fn a_mode_that_the_study_dropped_is_told_with_the_proposal_and_refused_in_words() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    study.consent(study.first());
    let id = proposes(&study, 0, "in_person", &[EVENING]);
    assert!(verdicts(&detail(&study, &id), 0)[0].0);
    let only = json!({ "modes": ["teams"] });
    house.patch(&study.owner, &format!("/api/v1/studies/{}", study.id), &only).expect(200);
    let found = detail(&study, &id);
    assert_eq!(found["obstacles"], json!(["mode_not_offered"]));
    assert!(!verdicts(&found, 0)[0].0);
    let accept = format!("/api/v1/proposals/{id}/accept");
    let refused = house.post(&study.owner, &accept, &json!({ "starts_at": EVENING })).expect(422);
    assert_eq!(refused.code(), "mode_not_offered");
    let browser = Browser::of(&house, &study.owner);
    let list = browser.get(&format!("/studies/{}/proposals", study.id)).expect(200).text;
    assert!(
        list.contains("Zo worden in dit onderzoek geen interviews gehouden.") && !list.contains("/accept"),
        "{list}"
    );
    let shown = browser.post(&format!("/proposals/{id}/accept"), &[("starts_at", EVENING)]).expect(422).text;
    assert!(shown.contains("op deze manier geen interviews meer gehouden"), "{shown}");
}
