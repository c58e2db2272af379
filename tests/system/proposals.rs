//! Moments that a respondent proposes where none that is offered fits, and what a researcher makes of them.

use serde_json::{Value, json};
use veldwerk::actions::propose::propose;
use veldwerk::domain::access::Role;
use veldwerk::domain::interview::Mode;
use veldwerk::domain::proposal::{ProposalOrigin, Proposing};
use veldwerk::id::InterviewId;
use veldwerk::mail::Opened;
use veldwerk::store::respondents;

use crate::house::{Answer, House, Researcher};
use crate::study::{Respondent, Study, WEDNESDAY_TEN};

/// A Wednesday evening, outside all hours.
const EVENING: &str = "2027-03-03T19:00:00Z";
/// The evening after that.
const NEXT_EVENING: &str = "2027-03-04T19:00:00Z";

fn proposes(study: &Study<'_>, who: &Respondent, moments: &[&str]) -> Answer {
    study.press(who, "proposals", &json!({ "mode": "teams", "moments": moments }))
}

/// The id of what somebody, who has agreed, proposes.
fn proposed(study: &Study<'_>, who: &Respondent, moments: &[&str]) -> String {
    proposes(study, who, moments).expect(201).json()["id"].as_str().unwrap().to_owned()
}

fn accepts(study: &Study<'_>, user: &Researcher, id: &str, starts_at: &str) -> Answer {
    study.house.post(user, &format!("/api/v1/proposals/{id}/accept"), &json!({ "starts_at": starts_at }))
}

fn declines(study: &Study<'_>, id: &str) -> Answer {
    study.house.post(&study.owner, &format!("/api/v1/proposals/{id}/decline"), &json!({}))
}

fn state(study: &Study<'_>, id: &str) -> String {
    let found = study.house.get(&study.owner, &format!("/api/v1/proposals/{id}")).expect(200).json();
    found["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_moment_outside_the_hours_is_proposed_and_accepted_and_both_sides_are_told() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let made = proposes(&study, who, &[EVENING, NEXT_EVENING]).expect(201).json();
    assert_eq!(made["moments"], json!([EVENING, NEXT_EVENING]));
    assert_eq!(study.seen(who)["proposal"], made);
    let id = made["id"].as_str().unwrap();

    let found = house.get(&study.owner, &format!("/api/v1/proposals/{id}")).expect(200).json();
    assert_eq!((&found["state"], &found["code"]), (&json!("open"), &json!("R01")));
    let verdict = &found["verdicts"][0]["interviewers"][0];
    assert_eq!(
        (&verdict["free"], &verdict["reasons"]),
        (&json!(true), &json!([{ "code": "outside_hours" }]))
    );

    let interview = accepts(&study, &study.owner, id, NEXT_EVENING).expect(201).json();
    assert_eq!((&interview["starts_at"], &interview["status"]), (&json!(NEXT_EVENING), &json!("booked")));
    assert_eq!(interview["interviewer"], json!(study.owner_id));
    let seen = study.seen(who);
    assert_eq!((&seen["status"], &seen["proposal"]), (&json!("booked"), &json!(null)));
    assert_eq!(state(&study, id), "accepted");
    assert_eq!(
        house.letters(),
        [
            "consent_receipt:queued:-",
            "interviewer_proposal:queued:-",
            "confirmation:queued:0",
            "interviewer_booked:queued:0"
        ]
    );
    assert_eq!(house.lines("SELECT kind AS line FROM reservations WHERE active"), ["interview"]);
    assert_eq!(house.lines("SELECT CAST(taken AS TEXT) AS line FROM strata WHERE position = 0"), ["1"]);
}

#[test]
fn what_can_not_be_proposed_is_named_and_refusals_come_in_the_order_of_booking() {
    let house = House::open();
    let study = house.bookable().respondents(2).cap(1).with("window_until", "2027-03-31").open();
    let who = study.first();
    let nobody = format!("/api/v1/participations/{}/proposals", "A".repeat(43));
    house.post_openly(&nobody, &json!({ "nonsense": true })).expect(404);
    assert_eq!(proposes(&study, who, &[EVENING]).expect(422).code(), "consent_missing");
    study.consent(who);

    let wrong = ["2027-03-01T07:00:00Z", "2027-04-01T08:00:00Z", EVENING, EVENING];
    let refused = proposes(&study, who, &wrong).expect(422).json();
    let found: Vec<String> = refused["errors"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        found,
        ["moments:value", "moments.0:past", "moments.1:outside_fieldwork", "moments.3:duplicate"]
    );
    let refused = proposes(&study, who, &[]).expect(422).json();
    assert_eq!(told(&refused["errors"][0]), "moments:required");
    let hostile =
        json!({ "mode": "teams", "moments": [EVENING], "remark": "a\u{202E}b", "place": "Markt 1" });
    let refused = study.press(who, "proposals", &hostile).expect(422).json();
    assert_eq!(told(&refused["errors"][0]), "remark:control_character");
    let odd = json!({ "mode": "boat", "moments": "soon" });
    assert_eq!(study.press(who, "proposals", &odd).expect(422).json()["errors"].as_array().unwrap().len(), 2);

    study.booked(&study.respondents[1], WEDNESDAY_TEN);
    assert_eq!(proposes(&study, who, &[EVENING]).expect(409).code(), "quota_full");
    study.press(who, "withdraw", &json!({})).expect(200);
    assert_eq!(proposes(&study, who, &[EVENING]).expect(410).code(), "withdrawn");
}

fn told(error: &Value) -> String {
    format!("{}:{}", error["field"].as_str().unwrap(), error["code"].as_str().unwrap())
}

#[test]
fn a_new_proposal_takes_the_place_of_the_one_before_and_a_repeat_makes_none() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let first = proposed(&study, who, &[EVENING]);
    let second = proposed(&study, who, &[NEXT_EVENING]);
    assert_eq!((state(&study, &first), state(&study, &second)), ("replaced".into(), "open".into()));
    assert_eq!(accepts(&study, &study.owner, &first, EVENING).expect(409).code(), "proposal_over");
    let listed = house.get(&study.owner, &study.path("proposals?state=open")).expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], second.as_str());
    let page = house.get(&study.owner, &study.path("proposals?limit=1")).expect(200).json();
    let rest = study.path(&format!("proposals?limit=1&cursor={}", page["next"].as_str().unwrap()));
    let rest = house.get(&study.owner, &rest).expect(200).json();
    assert_eq!((&page["items"][0]["id"], &rest["items"][0]["id"]), (&json!(first), &json!(second)));
    assert_eq!(rest["next"], json!(null));
    assert_eq!(accepts(&study, &study.owner, &second, EVENING).expect(422).code(), "invalid");
}

#[test]
fn booking_withdrawing_erasing_and_closing_end_a_proposal() {
    let house = House::open();
    let study = house.bookable().respondents(5).open();
    for who in &study.respondents {
        study.consent(who);
    }
    let ids: Vec<String> = study.respondents.iter().map(|who| proposed(&study, who, &[EVENING])).collect();
    let [books, withdraws, is_erased, declined, waits] = [0, 1, 2, 3, 4].map(|n| &study.respondents[n]);
    study.book(books, WEDNESDAY_TEN).expect(201);
    study.press(withdraws, "withdraw", &json!({})).expect(200);
    study.press(declined, "decline", &json!({})).expect(200);
    house.delete(&study.owner, &format!("/api/v1/respondents/{}", is_erased.id)).expect(204);
    assert!(study.seen(waits)["proposal"].is_object());
    house.post(&study.owner, &study.path("close"), &json!({})).expect(200);
    for id in &ids {
        assert_eq!(state(&study, id), "ended");
        let refused = accepts(&study, &study.owner, id, EVENING);
        assert!(matches!(refused.code().as_str(), "proposal_over" | "not_found"), "{}", refused.text);
    }
    assert_eq!(proposes(&study, waits, &[EVENING]).expect(409).code(), "study_closed");
}

#[test]
fn what_came_with_a_proposal_is_sealed_hidden_from_readers_and_gone_with_it() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let secret = json!({
        "mode": "in_person", "moments": [EVENING], "place": "Achterstraat 7", "remark": "<b>Bel</b> mijn zus",
    });
    let made = study.press(who, "proposals", &secret).expect(201).json();
    let path = format!("/api/v1/proposals/{}", made["id"].as_str().unwrap());
    let found = house.get(&study.owner, &path).expect(200).json();
    assert_eq!((&found["place"], &found["remark"]), (&secret["place"], &secret["remark"]));
    let reader = house.get(&study.member("rien", Role::Reader), &path).expect(200).json();
    assert_eq!((&reader["place"], &reader["remark"]), (&json!(null), &json!(null)));
    assert!(house.lines("SELECT id AS line FROM proposals WHERE sealed IS NULL").is_empty());

    let interview = accepts(&study, &study.owner, made["id"].as_str().unwrap(), EVENING).expect(201).json();
    assert_eq!((&interview["mode"], &interview["place"]), (&json!("in_person"), &secret["place"]));
    assert!(house.lines("SELECT id AS line FROM proposals WHERE sealed IS NOT NULL").is_empty());
    assert_eq!(house.get(&study.owner, &path).expect(200).json()["remark"], json!(null));
}

#[test]
fn what_is_planned_the_caps_and_the_clock_bind_whoever_accepts() {
    let house = House::open();
    let study = house.bookable().respondents(3).with("max_per_day", 1).open();
    let [first, second, third] = [0, 1, 2].map(|number| &study.respondents[number]);
    study.booked(first, WEDNESDAY_TEN);
    study.consent(second);
    let same_day = proposed(&study, second, &[EVENING, "2027-03-03T09:30:00Z", NEXT_EVENING]);
    assert_eq!(accepts(&study, &study.owner, &same_day, EVENING).expect(409).code(), "day_full");
    let refused = accepts(&study, &study.owner, &same_day, "2027-03-03T09:30:00Z").expect(409).json();
    assert_eq!(refused["code"], "slot_taken");
    assert!(refused["alternatives"].is_array(), "what is free near it is told");
    let found = house.get(&study.owner, &format!("/api/v1/proposals/{same_day}")).expect(200).json();
    let free: Vec<bool> = (0..3)
        .map(|number| found["verdicts"][number]["interviewers"][0]["free"].as_bool().unwrap())
        .collect();
    assert_eq!(free, [false, false, true], "what is shown is what accepting comes to");

    study.consent(third);
    let late = proposed(&study, third, &["2027-03-02T19:00:00Z"]);
    house.at("2027-03-02T19:00:00Z");
    assert_eq!(accepts(&study, &study.owner, &late, "2027-03-02T19:00:00Z").expect(422).code(), "too_soon");
    assert_eq!(state(&study, &late), "open", "a refusal changes nothing");
}

#[test]
fn own_hours_bind_nobody_who_accepts_but_those_of_others_bind_all_but_an_owner() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let bram = study.member("bram", Role::Interviewer);
    let id = proposed(&study, who, &[EVENING]);
    let for_the_owner = json!({ "starts_at": EVENING, "interviewer": study.owner_id });
    let path = format!("/api/v1/proposals/{id}/accept");
    assert_eq!(house.post(&bram, &path, &for_the_owner).expect(422).code(), "outside_availability");
    let carla = house.researcher("carla");
    let for_a_stranger = json!({ "starts_at": EVENING, "interviewer": house.id_of(&carla) });
    assert_eq!(house.post(&bram, &path, &for_a_stranger).expect(422).code(), "unknown_reference");
    house.post(&carla, &path, &for_the_owner).expect(404);
    house.get(&carla, &format!("/api/v1/proposals/{id}")).expect(404);
    house.get(&carla, &study.path("proposals")).expect(404);
    house.post(&study.member("rien", Role::Reader), &path, &for_the_owner).expect(403);
    let taken = house.post(&bram, &path, &json!({ "starts_at": EVENING })).expect(201).json();
    assert_eq!(taken["interviewer"], json!(house.id_of(&bram)), "bram has no hours at all");
}

#[test]
fn declining_asks_the_respondent_to_choose_another_time_and_twice_is_the_same_as_once() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let id = proposed(&study, who, &[EVENING, NEXT_EVENING]);
    assert_eq!(declines(&study, &id).expect(200).json()["state"], "declined");
    declines(&study, &id).expect(200);
    let sent = house.deliver();
    let texts: Vec<String> = sent.iter().map(|letter| Opened::read(&letter.message).unwrap().text).collect();
    let letter = texts.iter().find(|text| text.contains("U stelde voor:")).unwrap();
    assert!(letter.contains("- woensdag 3 maart 2027") && letter.contains("- donderdag 4 maart"), "{letter}");
    assert!(letter.contains(&format!("/p/{}", who.token)), "{letter}");
    assert_eq!(house.lines("SELECT id AS line FROM letters WHERE kind = 'proposal_declined'").len(), 1);
    let told = texts.iter().filter(|text| text.contains("R01 stelt zelf momenten voor")).count();
    assert_eq!(told, 1, "the owner heard of it");
    study.book(who, WEDNESDAY_TEN).expect(201);
}

#[test]
fn a_calendars_answer_moves_the_interview_that_stands_and_an_outdated_one_changes_nothing() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let who = study.first();
    let id = study.booked(who, WEDNESDAY_TEN);
    let by_mail = |about: &str| {
        let (now, respondent) = (house.clock.now(), who.id);
        let about: InterviewId = about.parse().unwrap();
        let moments = vec![veldwerk::clock::Instant::parse(EVENING).unwrap()];
        let proposing = Proposing { mode: Mode::Teams, place: None, moments, remark: None };
        house.wait(house.store.write(move |tx| {
            let respondent = respondents::lock(tx, respondent)?;
            let origin = ProposalOrigin::Calendar { interview: about, asked_at: now, delegate: None };
            propose(tx, now, &respondent, origin, &proposing)
        }))
    };
    let other = study.booked(&study.respondents[1], "2027-03-03T12:00:00Z");
    assert_eq!(by_mail(&other).unwrap_err().code(), "no_interview");
    let proposal = by_mail(&id).unwrap().resource.to_string();
    let moved = accepts(&study, &study.owner, &proposal, EVENING).expect(200).json();
    assert_eq!((&moved["id"], &moved["starts_at"]), (&json!(id), &json!(EVENING)));
    assert_eq!(moved["sequence"], 1);
    assert_eq!(state(&study, &proposal), "accepted");

    let again = by_mail(&id).unwrap().resource.to_string();
    study.press(who, "interview/cancel", &json!({})).expect(200);
    assert_eq!(state(&study, &again), "ended");
    assert_eq!(by_mail(&id).unwrap_err().code(), "no_interview");
}

#[test]
fn nobody_sends_researchers_more_than_ten_proposals_a_day() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    for minute in 0..10 {
        proposes(&study, study.first(), &[&format!("2027-03-03T19:{minute:02}:00Z")]).expect(201);
    }
    let refused = proposes(&study, study.first(), &[EVENING]).expect(429);
    assert!(refused.header("Retry-After").is_some());
    house.at("2027-03-02T08:00:01Z");
    proposes(&study, study.first(), &[EVENING]).expect(201);
}

#[test]
fn the_overview_says_that_proposals_wait() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let id = proposed(&study, study.first(), &[EVENING]);
    let waits = || {
        let board = house.get(&study.owner, &study.path("overview")).expect(200).json();
        let items = board["attention"].as_array().unwrap().clone();
        items
            .iter()
            .filter(|item| item["kind"] == "waiting_proposals")
            .map(|item| item["count"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(waits(), [json!(1)]);
    declines(&study, &id).expect(200);
    assert_eq!(waits(), Vec::<Value>::new());
}
