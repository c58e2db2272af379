//! Several interviewers share a study: each start is held by one who is free, whoever has the fewest interviews that week
//! first, and who that is decides the transaction (R1).

use serde_json::json;
use veldwerk::domain::access::Role;
use veldwerk::id::UserId;

use crate::house::House;
use crate::races::{at_once, bookings, everybody_consents};
use crate::study::{Study, WEDNESDAY_TEN, office_hours};

/// A study whose owner and one more keep the same hours.
fn shared(house: &House, respondents: usize) -> (Study<'_>, UserId) {
    let study = house.bookable().respondents(respondents).open();
    let bert = study.member("bert", Role::Interviewer);
    house.put(&bert, &study.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    let id = house.id_of(&bert);
    (study, id)
}

fn holders(house: &House) -> Vec<String> {
    house.lines("SELECT interviewer AS line FROM interviews WHERE status = 'booked' ORDER BY interviewer")
}

#[test]
fn when_all_press_for_one_time_each_of_the_pool_gets_one_interview_and_nobody_two() {
    let house = House::open();
    let (study, bert) = shared(&house, 24);
    everybody_consents(&study);
    let answers = at_once(&house, bookings(&study, &[WEDNESDAY_TEN]));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "slot_taken"), "{}", answer.text);
    }
    let mut both = [study.owner_id.to_string(), bert.to_string()];
    both.sort_unstable();
    assert_eq!(holders(&house), both);
}

#[test]
fn who_has_the_fewest_interviews_that_week_holds_the_next_one() {
    let house = House::open();
    let (study, bert) = shared(&house, 4);
    let starts = [WEDNESDAY_TEN, "2027-03-04T09:00:00Z", "2027-03-05T09:00:00Z", "2027-03-05T13:00:00Z"];
    for (who, start) in study.respondents.iter().zip(starts) {
        study.booked(who, start);
    }
    let mut equally = [study.owner_id, study.owner_id, bert, bert].map(|who| who.to_string());
    equally.sort_unstable();
    assert_eq!(holders(&house), equally);
}

#[test]
fn the_page_shows_a_start_once_however_many_could_hold_it() {
    let house = House::open();
    let (study, _) = shared(&house, 1);
    study.consent(study.first());
    let page = house.get_openly(&format!("/p/{}/book?mode=teams", study.first().token)).expect(200).text;
    assert_eq!(page.matches(&format!("value=\"{WEDNESDAY_TEN}\"")).count(), 1);
}
