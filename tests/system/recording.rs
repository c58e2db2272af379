//! What became of an interview (E10, E13).

use serde_json::json;

use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

fn taken(study: &Study<'_>) -> String {
    let sql = "SELECT CAST(taken AS TEXT) AS line FROM strata WHERE position = 0";
    study.house.lines(sql).concat()
}

#[test]
fn held_and_no_show_are_told_from_the_start_on() {
    let house = House::open();
    let study = house.bookable().open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    for verb in ["held", "no-show"] {
        assert_eq!(study.to_interview(&id, verb, &json!({})).expect(422).code(), "too_soon");
    }
    house.at(WEDNESDAY_TEN);
    assert_eq!(study.to_interview(&id, "held", &json!({})).expect(200).json()["status"], "held");
    assert_eq!(study.seen(study.first())["status"], "held");
    assert_eq!(study.to_interview(&id, "held", &json!({})).expect(200).json()["status"], "held");
    assert_eq!(study.to_interview(&id, "cancel", &json!({})).expect(409).code(), "wrong_state");
    assert_eq!(study.book(study.first(), "2027-03-10T09:00:00Z").expect(409).code(), "already_booked");
}

#[test]
fn a_correction_takes_or_frees_the_place() {
    let house = House::open();
    let study = house.bookable().respondents(2).cap(1).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    let id = study.booked(first, WEDNESDAY_TEN);
    assert_eq!(taken(&study), "1");
    house.at(WEDNESDAY_TEN);
    study.to_interview(&id, "held", &json!({})).expect(200);
    assert_eq!(taken(&study), "1");
    study.to_interview(&id, "no-show", &json!({})).expect(200);
    assert_eq!(taken(&study), "0");
    study.to_interview(&id, "no-show", &json!({})).expect(200);
    assert_eq!(taken(&study), "0");
    study.to_interview(&id, "held", &json!({})).expect(200);
    study.to_interview(&id, "no-show", &json!({})).expect(200);
    study.booked(second, "2027-03-10T09:00:00Z");
    assert_eq!(study.to_interview(&id, "held", &json!({})).expect(409).code(), "quota_full");
    assert_eq!(study.seen(first)["status"], "no_show");
}

#[test]
fn who_did_not_come_can_book_again_and_the_old_interview_stays_missed() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let id = study.booked(who, WEDNESDAY_TEN);
    house.at(WEDNESDAY_TEN);
    study.to_interview(&id, "no-show", &json!({})).expect(200);
    study.book(who, "2027-03-10T09:00:00Z").expect(201);
    assert_eq!(study.to_interview(&id, "held", &json!({})).expect(409).code(), "already_booked");
    assert_eq!(taken(&study), "1");
}

#[test]
fn a_cancelled_interview_was_not_held() {
    let house = House::open();
    let study = house.bookable().open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    study.to_interview(&id, "cancel", &json!({})).expect(200);
    house.at(WEDNESDAY_TEN);
    assert_eq!(study.to_interview(&id, "held", &json!({})).expect(409).code(), "wrong_state");
}
