//! Until when respondents change their interview themselves, and whom they ask after that (E9).

use serde_json::json;

use crate::browser::Browser;
use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

const THURSDAY_TEN: &str = "2027-03-04T09:00:00Z";
const THURSDAY_ELEVEN: &str = "2027-03-04T10:00:00Z";

/// What a box for the holidays sends that is not ticked, and one that is.
const UNTICKED: &[(&str, &str)] = &[("public_holidays", "false")];
const TICKED: &[(&str, &str)] = &[("public_holidays", "false"), ("public_holidays", "true")];

/// A study in which one cancels a day ahead and moves two hours ahead, with an interview on Wednesday at ten.
fn standing(house: &House) -> (Study<'_>, String) {
    let draft = house.bookable().respondents(2).with("min_notice_minutes", 0);
    let study = draft.with("cancel_notice_minutes", 1_440).with("move_notice_minutes", 120).open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    (study, id)
}

#[test]
fn a_respondent_cancels_until_the_notice_and_is_told_whom_to_ask_after_it() {
    let house = House::open();
    let (study, id) = standing(&house);
    let who = study.first();
    house.at("2027-03-02T09:00:01Z");
    let refused = study.press(who, "interview/cancel", &json!({})).expect(422);
    assert_eq!(refused.code(), "too_late_to_cancel");
    let told = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(told.contains("anna") && told.contains("onderzoek@example.org"), "{told}");
    assert_eq!(study.seen(who)["interview"]["status"], "booked");
    // The researcher may always.
    assert_eq!(study.to_interview(&id, "cancel", &json!({})).expect(200).json()["status"], "cancelled");
    // What is cancelled stays so, whenever it is pressed again (E14).
    study.press(who, "interview/cancel", &json!({})).expect(200);
}

#[test]
fn at_the_very_minute_of_the_notice_a_respondent_may_still_cancel() {
    let house = House::open();
    let (study, _) = standing(&house);
    house.at("2027-03-02T09:00:00Z");
    study.press(study.first(), "interview/cancel", &json!({})).expect(200);
}

#[test]
fn moving_has_a_notice_of_its_own_which_counts_to_the_start_as_it_stands() {
    let house = House::open();
    let (study, id) = standing(&house);
    let who = study.first();
    let to = |start: &str| json!({ "starts_at": start });
    house.at("2027-03-03T07:00:00Z");
    study.press(who, "interview/reschedule", &to(THURSDAY_TEN)).expect(200);
    house.at("2027-03-04T07:00:01Z");
    let refused = study.press(who, "interview/reschedule", &to(THURSDAY_ELEVEN)).expect(422);
    assert_eq!(refused.code(), "too_late_to_move");
    assert!(refused.json()["detail"].as_str().unwrap().contains("onderzoek@example.org"));
    let in_person = json!({ "starts_at": THURSDAY_TEN, "mode": "in_person" });
    let refused = study.press(who, "interview/reschedule", &in_person).expect(422);
    assert_eq!(refused.code(), "too_late_to_move");
    let same = study.press(who, "interview/reschedule", &to(THURSDAY_TEN)).expect(200).json();
    assert_eq!(same["sequence"], 1, "what changes nothing is no move");
    let moved = study.to_interview(&id, "reschedule", &to(THURSDAY_ELEVEN)).expect(200).json();
    assert_eq!(moved["starts_at"], THURSDAY_ELEVEN);
}

#[test]
fn no_notice_keeps_anybody_from_withdrawing_or_declining() {
    for way in ["withdraw", "decline"] {
        let house = House::open();
        let (study, id) = standing(&house);
        house.at("2027-03-03T08:59:00Z");
        study.press(study.first(), way, &json!({})).expect(200);
        let path = format!("/api/v1/interviews/{id}");
        assert_eq!(house.get(&study.owner, &path).expect(200).json()["status"], "cancelled", "{way}");
    }
}

#[test]
fn without_a_notice_an_interview_can_be_changed_until_it_is_over_and_then_by_the_researcher_alone() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    let missed = study.booked(first, WEDNESDAY_TEN);
    study.booked(second, THURSDAY_TEN);
    let monday = json!({ "starts_at": "2027-03-08T09:00:00Z" });
    house.at("2027-03-04T09:59:59Z");
    study.press(second, "interview/reschedule", &monday).expect(200);
    study.press(second, "interview/cancel", &json!({})).expect(200);

    let refused = study.press(first, "interview/reschedule", &monday).expect(422);
    assert_eq!(refused.code(), "too_late_to_move");
    assert_eq!(study.press(first, "interview/cancel", &json!({})).expect(422).code(), "too_late_to_cancel");
    let page = Browser::fresh(&house).get(&format!("/p/{}", first.token)).expect(200).text;
    assert!(page.contains("Verzetten of afzeggen kunt u niet meer zelf"), "{page}");
    // The place is still taken, so whoever missed it asks for another time.
    let moved = study.to_interview(&missed, "reschedule", &monday).expect(200).json();
    assert_eq!(moved["starts_at"], "2027-03-08T09:00:00Z");
}

#[test]
fn the_page_offers_what_may_be_done_and_names_the_researcher_for_the_rest() {
    let house = House::open();
    let (study, _) = standing(&house);
    let (own, browser) = (format!("/p/{}", study.first().token), Browser::fresh(&house));
    let (to_move, to_cancel) = (format!("href=\"{own}/move\""), format!("href=\"{own}/cancel\""));
    let page = browser.get(&own).expect(200).text;
    assert!(page.contains(&to_move) && page.contains(&to_cancel));
    assert!(!page.contains("niet meer zelf"));

    house.at("2027-03-02T10:00:00Z");
    let page = browser.get(&own).expect(200).text;
    assert!(page.contains(&to_move) && !page.contains(&to_cancel));
    assert!(page.contains("Afzeggen kunt u niet meer zelf"), "{page}");
    for answer in [browser.get(&format!("{own}/cancel")), browser.post(&format!("{own}/cancel"), &[])] {
        let page = answer.expect(422).text;
        assert!(page.contains("anna: onderzoek@example.org"), "{page}");
        assert!(page.contains(&format!("href=\"{own}\"")), "a way back");
    }

    house.at("2027-03-03T08:00:00Z");
    let page = browser.get(&own).expect(200).text;
    assert!(!page.contains(&to_move) && page.contains("Verzetten of afzeggen kunt u niet meer zelf"));
    browser.get(&format!("{own}/move")).expect(422);
    let wish = [("mode", "teams"), ("starts_at", THURSDAY_TEN)];
    let refused = browser.post(&format!("{own}/move"), &wish).expect(422).text;
    assert!(refused.contains("anna: onderzoek@example.org"), "{refused}");
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], WEDNESDAY_TEN);
}

#[test]
fn the_notices_are_settings_with_errors_beside_their_fields() {
    let house = House::open();
    let study = house.bookable().open();
    let browser = Browser::of(&house, &study.owner);
    let settings = format!("/studies/{}/settings", study.id);
    browser.get(&settings).expect(200);
    let notices =
        |cancel: &str| browser.post(&format!("{settings}/notices"), &[("cancel_notice_minutes", cancel)]);
    let times = |week: &'static str, holidays: &'static [(&str, &str)]| {
        browser.post(&format!("{settings}/times"), &[&[("max_per_week", week)], holidays].concat())
    };
    let refused = notices("43201").expect(422);
    assert!(refused.has_error_at("cancel_notice_minutes"), "{}", refused.text);
    assert!(refused.text.contains("value=\"43201\""));
    assert!(times("0", UNTICKED).expect(422).has_error_at("max_per_week"));
    let path = format!("/api/v1/studies/{}", study.id);
    let now = || house.get(&study.owner, &path).expect(200).json();
    notices("90").expect(303);
    times("3", UNTICKED).expect(303);
    let kept = now();
    assert_eq!((&kept["cancel_notice_minutes"], &kept["max_per_week"]), (&json!(90), &json!(3)));
    assert_eq!(kept["public_holidays"], json!(false));
    times("", TICKED).expect(303);
    assert_eq!((&now()["public_holidays"], &now()["max_per_week"]), (&json!(true), &json!(null)));
    let wrong = json!({ "move_notice_minutes": -1, "cancel_notice_minutes": null, "public_holidays": "yes" });
    let refused = house.patch(&study.owner, &path, &wrong).expect(422).json();
    assert_eq!(refused["errors"].as_array().unwrap().len(), 3, "{refused}");
}
