//! Withdrawing, declining and objecting (E14), and what reading a page never does (R4, E25).

use serde_json::json;

use crate::house::House;
use crate::study::{WEDNESDAY_TEN, agreed};

#[test]
fn withdrawing_ends_consent_calls_off_and_shows_nothing_but_the_status() {
    let house = House::open();
    let study = house.bookable().respondents(2).cap(1).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    study.booked(first, WEDNESDAY_TEN);
    house.letters_left();
    let once = study.press(first, "withdraw", &json!({})).expect(200);
    assert_eq!(once.json(), json!({ "status": "withdrawn" }));
    assert_eq!(study.press(first, "withdraw", &json!({})).expect(200).text, once.text);
    assert_eq!(study.seen(first), json!({ "status": "withdrawn" }));
    assert_eq!(house.letters()[3..], ["withdrawn:queued:1", "interviewer_cancelled:queued:1"]);
    for (button, body) in [
        ("consent", agreed()),
        ("interview", json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" })),
        ("interview/reschedule", json!({ "starts_at": WEDNESDAY_TEN })),
        ("interview/cancel", json!({})),
        ("decline", json!({})),
        ("opt-out", json!({})),
    ] {
        assert_eq!(study.press(first, button, &body).expect(410).code(), "withdrawn", "{button}");
    }
    for page in ["slots", "interview.ics"] {
        house.get_openly(&first.path(page)).expect(410);
    }
    let held = house.lines("SELECT respondent AS line FROM consents WHERE withdrawn_at IS NULL");
    assert!(held.is_empty());
    assert_eq!(house.lines("SELECT study AS line FROM do_not_contact").len(), 1);
    study.booked(second, WEDNESDAY_TEN);
}

#[test]
fn without_an_interview_the_goodbye_stands_alone() {
    let house = House::open();
    let study = house.bookable().open();
    study.press(study.first(), "withdraw", &json!({})).expect(200);
    assert_eq!(house.letters(), ["withdrawn:queued:-"]);
}

#[test]
fn who_declines_or_objects_may_think_again() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    study.booked(first, WEDNESDAY_TEN);
    assert_eq!(study.press(first, "decline", &json!({})).expect(200).json()["status"], "declined");
    assert_eq!(study.press(first, "decline", &json!({})).expect(200).json()["status"], "declined");
    assert_eq!(study.seen(first)["interview"], json!(null));
    study.consent(first);
    assert_eq!(study.seen(first)["status"], "consented");

    assert_eq!(study.press(second, "opt-out", &json!({})).expect(200).json()["status"], "opted_out");
    study.booked(second, WEDNESDAY_TEN);
    let stays = study.press(second, "opt-out", &json!({})).expect(200).json();
    assert_eq!(stays["status"], "booked", "an objection does not call off an interview");
}

#[test]
fn a_scanner_that_opens_every_address_changes_nothing() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.booked(who, WEDNESDAY_TEN);
    let before = house.everything();
    assert!(before.len() > 20);
    for rest in [
        "",
        "slots",
        "slots?mode=teams",
        "interview.ics",
        "interview",
        "interview/reschedule",
        "interview/cancel",
        "consent",
        "withdraw",
        "decline",
        "opt-out",
    ] {
        let read = house.get_openly(&who.path(rest)).status;
        assert!(matches!(read, 200 | 405), "{rest}: {read}");
        house.send(house.client.head(who.path(rest)));
    }
    assert_eq!(house.everything(), before);
}

#[test]
fn opened_means_that_a_button_was_pressed() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let opened =
        || house.lines("SELECT CAST(opened_at AS TEXT) AS line FROM respondents WHERE opened_at IS NOT NULL");
    study.seen(who);
    assert!(opened().is_empty());
    study.consent(who);
    assert_eq!(opened().len(), 1);
}

#[test]
fn writes_are_limited_per_link_whether_refused_or_not_and_reading_never_is() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    for _ in 0..30 {
        study.press(first, "consent", &json!({ "version": 7, "items": {} })).expect(409);
        study.consent(first);
    }
    let refused = study.press(first, "consent", &agreed()).expect(429);
    assert_eq!(refused.header("retry-after"), Some("600"));
    study.seen(first);
    study.consent(second);
    house.at("2027-03-01T08:10:00Z");
    study.consent(first);
}
