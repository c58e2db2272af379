//! Moving and cancelling, by either side, and the link to join (E9, E14).

use rocket::http::Header;
use serde_json::{Value, json};
use veldwerk::actions::announce_link::announce_link;
use veldwerk::domain::access::Role;

use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

const THURSDAY_TEN: &str = "2027-03-04T09:00:00Z";

fn to(starts_at: &str) -> Value {
    json!({ "starts_at": starts_at })
}

#[test]
fn a_move_keeps_the_id_raises_the_sequence_and_tells_both_sides() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let id = study.booked(who, WEDNESDAY_TEN);
    let moved = study.press(who, "interview/reschedule", &to(THURSDAY_TEN)).expect(200).json();
    assert_eq!((&moved["id"], &moved["sequence"]), (&json!(id), &json!(1)));
    assert_eq!(moved["starts_at"], THURSDAY_TEN);
    assert_eq!(moved["mode"], "teams");
    assert_eq!(house.letters()[3..], ["moved:queued:1", "interviewer_moved:queued:1"]);
    // What nothing changes about is no move.
    let again = study.press(who, "interview/reschedule", &to(THURSDAY_TEN)).expect(200).json();
    assert_eq!(again["sequence"], 1);
    assert_eq!(house.letters().len(), 5);
}

#[test]
fn an_interview_does_not_stand_in_its_own_way_and_leaves_its_old_time_free() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    study.booked(first, WEDNESDAY_TEN);
    let half_an_hour_later = "2027-03-03T09:30:00Z";
    let offered = study.starts(first, "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z");
    assert!(offered.contains(&half_an_hour_later.to_owned()));
    study.press(first, "interview/reschedule", &to(half_an_hour_later)).expect(200);
    study.press(first, "interview/reschedule", &to(THURSDAY_TEN)).expect(200);
    study.booked(second, WEDNESDAY_TEN);
    let refused = study.press(first, "interview/reschedule", &to(WEDNESDAY_TEN)).expect(409).json();
    assert_eq!(refused["code"], "slot_taken");
    assert_eq!(refused["alternatives"].as_array().unwrap().len(), 5);
    assert_eq!(study.seen(first)["interview"]["starts_at"], THURSDAY_TEN, "the old appointment stands");
}

#[test]
fn mode_and_place_stay_unless_they_are_given() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "Markt 1" });
    study.press(who, "interview", &body).expect(201);
    let change = |body: Value| study.press(who, "interview/reschedule", &body).expect(200).json();
    assert_eq!(change(to(THURSDAY_TEN))["place"], "Markt 1");
    assert_eq!(change(json!({ "starts_at": THURSDAY_TEN, "place": null }))["place"], json!(null));
    change(json!({ "starts_at": THURSDAY_TEN, "place": "Markt 2" }));
    let online = change(json!({ "starts_at": THURSDAY_TEN, "mode": "teams" }));
    assert_eq!((&online["mode"], &online["place"]), (&json!("teams"), &json!(null)));
    assert_eq!(online["sequence"], 4);
}

#[test]
fn notice_binds_a_respondents_move_but_no_cancel_and_no_researcher() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let id = study.booked(who, WEDNESDAY_TEN);
    house.at("2027-03-02T12:00:00Z");
    let soon = "2027-03-03T11:00:00Z";
    assert_eq!(study.press(who, "interview/reschedule", &to(soon)).expect(422).code(), "too_soon");
    assert_eq!(study.to_interview(&id, "reschedule", &to(soon)).expect(200).json()["sequence"], 1);
    let off = study.to_interview(&id, "reschedule", &to("2027-03-03T21:00:00Z")).expect(422);
    assert_eq!(off.code(), "outside_availability");
    study.press(who, "interview/cancel", &json!({})).expect(200);
}

#[test]
fn cancelling_twice_answers_the_same_and_booking_again_is_a_new_interview() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    assert_eq!(study.press(who, "interview/cancel", &json!({})).expect(409).code(), "no_interview");
    let id = study.booked(who, WEDNESDAY_TEN);
    house.letters_left();
    let once = study.press(who, "interview/cancel", &json!({ "reason": "Ziek." })).expect(200);
    let twice = study.press(who, "interview/cancel", &json!({})).expect(200);
    assert_eq!(once.text, twice.text);
    assert_eq!((&once.json()["status"], &once.json()["sequence"]), (&json!("cancelled"), &json!(1)));
    assert_eq!(house.letters()[3..], ["cancelled:queued:1", "interviewer_cancelled:queued:1"]);
    let seen = study.seen(who);
    assert_eq!((&seen["status"], &seen["interview"]), (&json!("consented"), &json!(null)));
    assert_eq!(
        study.press(who, "interview/reschedule", &to(THURSDAY_TEN)).expect(409).code(),
        "no_interview"
    );
    let again = study.book(who, WEDNESDAY_TEN).expect(201).json();
    assert_ne!(again["id"], json!(id));
    assert_eq!(again["sequence"], 0);
    let all = house.get(&study.owner, &study.path("interviews")).expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "the cancelled one is listed");
    let booked = house.get(&study.owner, &study.path("interviews?status=booked")).expect(200).json();
    assert_eq!(booked["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_researcher_cancels_too_and_twice_is_the_same() {
    let house = House::open();
    let study = house.bookable().open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    let once = study.to_interview(&id, "cancel", &json!({ "reason": "Storing." })).expect(200);
    assert_eq!(once.text, study.to_interview(&id, "cancel", &json!({})).expect(200).text);
    assert_eq!(once.json()["status"], "cancelled");
    assert_eq!(study.to_interview(&id, "reschedule", &to(THURSDAY_TEN)).expect(409).code(), "wrong_state");
    assert!(house.everything().iter().all(|row| !row.contains("Storing")), "the reason stands in clear");
}

#[test]
fn a_researchers_request_that_comes_again_is_answered_as_before() {
    let house = House::open();
    let study = house.bookable().open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    let ask = |body: &Value| {
        let request = house.client.post(format!("/api/v1/interviews/{id}/reschedule"));
        let request = crate::house::json(request, body).header(crate::house::bearer(&study.owner));
        house.send(request.header(Header::new("Idempotency-Key", "k")))
    };
    let first = ask(&to(THURSDAY_TEN)).expect(200);
    let again = ask(&to(THURSDAY_TEN)).expect(200);
    assert_eq!(
        (first.header("idempotent-replayed"), again.header("idempotent-replayed")),
        (None, Some("true"))
    );
    assert_eq!(first.text, again.text);
    assert_eq!(ask(&to(WEDNESDAY_TEN)).expect(422).code(), "idempotency_mismatch");
}

#[test]
fn interviews_are_listed_by_their_starts_page_by_page() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    for (who, start) in study.respondents.iter().zip([THURSDAY_TEN, WEDNESDAY_TEN, "2027-03-05T09:00:00Z"]) {
        study.booked(who, start);
    }
    let page =
        |query: &str| house.get(&study.owner, &study.path(&format!("interviews{query}"))).expect(200).json();
    let first = page("?limit=2");
    let starts = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|i| i["starts_at"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(starts(&first), [WEDNESDAY_TEN, THURSDAY_TEN]);
    let rest = page(&format!("?limit=2&cursor={}", first["next"].as_str().unwrap()));
    assert_eq!(starts(&rest), ["2027-03-05T09:00:00Z"]);
    assert_eq!(rest["next"], json!(null));
    assert_eq!(starts(&page(&format!("?from={THURSDAY_TEN}"))).len(), 2);
    let wrong =
        house.get(&study.owner, &study.path("interviews?limit=201&cursor=x&status=y")).expect(422).json();
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 3);
}

fn announce(study: &Study<'_>) -> usize {
    let (now, id) = (study.house.clock.now(), study.id.parse().unwrap());
    study.house.wait(study.house.store.write(move |tx| announce_link(tx, now, id, None))).unwrap()
}

#[test]
fn a_link_that_becomes_known_is_told_once_and_only_for_what_is_still_ahead_online() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let [online, in_person, over] = &study.respondents[..] else { panic!("three") };
    study.booked(online, THURSDAY_TEN);
    study.consent(in_person);
    let body = json!({ "starts_at": "2027-03-05T09:00:00Z", "mode": "in_person" });
    study.press(in_person, "interview", &body).expect(201);
    study.booked(over, "2027-03-02T09:00:00Z");
    house.at("2027-03-03T08:00:00Z");
    assert_eq!(announce(&study), 0, "nothing is known yet");
    let (id, owner) = (study.id.parse().unwrap(), study.owner_id);
    let link = Some("https://teams.example.org/l/anna");
    let set = house.store.write(move |tx| {
        veldwerk::store::members::set_teams_link(tx, id, owner, link)
            .map(veldwerk::domain::audit::Done::housekeeping)
    });
    house.wait(set).unwrap();
    let before = house.letters().len();
    assert_eq!(announce(&study), 1);
    assert_eq!(announce(&study), 0);
    assert_eq!(house.letters()[before..], ["link_update:queued:1", "interviewer_moved:queued:1"]);
    assert_eq!(study.seen(online)["interview"]["join_link"], "https://teams.example.org/l/anna");
}

#[test]
fn another_studys_interview_does_not_exist_for_a_stranger() {
    let house = House::open();
    let study = house.bookable().open();
    let other = house.bookable().open_for("carla");
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    let reader = study.member("rik", Role::Reader);
    house.get(&other.owner, &format!("/api/v1/interviews/{id}")).expect(404);
    house.get(&other.owner, &study.path("interviews")).expect(404);
    for verb in ["reschedule", "cancel", "held", "no-show"] {
        for body in [json!({}), json!({ "nonsense": 1 }), to(THURSDAY_TEN)] {
            house.post(&other.owner, &format!("/api/v1/interviews/{id}/{verb}"), &body).expect(404);
        }
    }
    house.post(&reader, &format!("/api/v1/interviews/{id}/cancel"), &json!({})).expect(403);
    house.get(&study.owner, "/api/v1/interviews/no-id").expect(404);
}
