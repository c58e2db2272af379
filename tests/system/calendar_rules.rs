//! Public holidays and the greatest number of interviews in a week.

use serde_json::json;

use crate::browser::Browser;
use crate::house::House;
use crate::study::{WEDNESDAY_TEN, office_hours};

const GOOD_FRIDAY_TEN: &str = "2027-03-26T09:00:00Z";

#[test]
fn a_holiday_is_closed_unless_hours_were_opened_for_it() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().with("public_holidays", true).open();
    let who = study.first();
    study.consent(who);
    // Good Friday the 26th, and Easter Monday the 29th.
    let starts = || study.starts(who, "2027-03-26T00:00:00Z", "2027-03-30T00:00:00Z");
    assert!(starts().is_empty());
    assert_eq!(study.book(who, GOOD_FRIDAY_TEN).expect(422).code(), "outside_availability");
    let body = json!({
        "rules": office_hours(),
        "exceptions": [{ "date": "2027-03-29", "open": true, "from": "13:00", "until": "14:00" }],
    });
    house.put(&study.owner, &study.path("availability"), &body).expect(200);
    assert_eq!(starts(), ["2027-03-29T11:00:00Z"]);
    study.book(who, "2027-03-29T11:00:00Z").expect(201);
}

#[test]
fn a_study_that_keeps_no_holidays_offers_them_as_any_other_day() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().with("public_holidays", false).open();
    let who = study.first();
    study.consent(who);
    assert!(!study.starts(who, "2027-03-29T00:00:00Z", "2027-03-30T00:00:00Z").is_empty());
    study.book(who, GOOD_FRIDAY_TEN).expect(201);
}

#[test]
fn a_researcher_does_not_move_an_interview_to_a_holiday_either_but_what_stands_there_stays() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().with("public_holidays", false).open();
    let id = study.booked(study.first(), GOOD_FRIDAY_TEN);
    let path = format!("/api/v1/studies/{}", study.id);
    house.patch(&study.owner, &path, &json!({ "public_holidays": true })).expect(200);
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], GOOD_FRIDAY_TEN);
    let monday = json!({ "starts_at": "2027-03-29T08:00:00Z" });
    assert_eq!(study.to_interview(&id, "reschedule", &monday).expect(422).code(), "outside_availability");
}

#[test]
fn the_page_of_hours_shows_the_holidays_ahead_and_whether_they_are_kept() {
    let house = House::open();
    let study = house.bookable().with("public_holidays", true).open();
    let browser = Browser::of(&house, &study.owner);
    let page = format!("/studies/{}/availability", study.id);
    let shown = browser.get(&page).expect(200).text;
    for day in ["vrijdag 26 maart 2027: Goede Vrijdag", "dinsdag 27 april 2027: Koningsdag", "Nieuwjaarsdag"]
    {
        assert!(shown.contains(day), "{day}: {shown}");
    }
    let path = format!("/api/v1/studies/{}", study.id);
    house.patch(&study.owner, &path, &json!({ "public_holidays": false })).expect(200);
    assert!(!browser.get(&page).expect(200).text.contains("Goede Vrijdag"));
}

#[test]
fn no_more_interviews_than_allowed_from_one_monday_to_the_next() {
    let house = House::open();
    let study = house.bookable().respondents(3).with("max_per_week", 1).open();
    let [first, second, third] = &study.respondents[..] else { panic!("three") };
    let id = study.booked(first, WEDNESDAY_TEN);
    study.consent(second);
    assert_eq!(study.book(second, "2027-03-05T09:00:00Z").expect(409).code(), "week_full");
    let week = study.starts(second, "2027-03-01T00:00:00Z", "2027-03-08T00:00:00Z");
    assert!(week.is_empty(), "{week:?}");
    assert!(!study.starts(first, "2027-03-04T00:00:00Z", "2027-03-05T00:00:00Z").is_empty(), "their own");
    let friday = json!({ "starts_at": "2027-03-05T09:00:00Z" });
    study.press(first, "interview/reschedule", &friday).expect(200);
    study.book(second, "2027-03-08T09:00:00Z").expect(201);
    study.consent(third);
    let next_week = json!({ "starts_at": "2027-03-09T09:00:00Z" });
    assert_eq!(study.to_interview(&id, "reschedule", &next_week).expect(409).code(), "week_full");
    study.book(third, "2027-03-15T09:00:00Z").expect(201);
}

#[test]
fn the_last_place_of_a_week_goes_to_one_of_those_who_press_at_once() {
    let house = House::open();
    let study = house.bookable().respondents(12).with("max_per_week", 1).open();
    crate::races::everybody_consents(&study);
    let starts = ["2027-03-03T08:00:00Z", "2027-03-04T09:00:00Z", "2027-03-05T10:00:00Z"];
    let answers = crate::races::at_once(&house, crate::races::bookings(&study, &starts));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert!(matches!(answer.code().as_str(), "week_full" | "slot_taken"), "{}", answer.text);
    }
}
