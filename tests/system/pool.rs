//! Several interviewers share a study: each start is held by one who is free, whoever has the fewest interviews that
//! week first, and who that is decides the transaction (R1).

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

#[test]
fn a_respondent_for_whom_somebody_is_chosen_is_offered_their_times_alone() {
    let house = House::open();
    let (study, bert) = shared(&house, 2);
    let (who, other) = (&study.respondents[0], &study.respondents[1]);
    let path = format!("/api/v1/respondents/{}/interviewer", who.id);
    let chosen = house.put(&study.owner, &path, &json!({ "interviewer": bert })).expect(200).json();
    assert_eq!(chosen["interviewer"], json!(bert));
    study.booked(other, WEDNESDAY_TEN);
    let second = house.lines("SELECT interviewer AS line FROM interviews");
    study.consent(who);
    let range = "from=2027-03-03T00:00:00Z&until=2027-03-04T00:00:00Z";
    let offered = house.get_openly(&who.path(&format!("slots?{range}"))).expect(200).json();
    let offered = offered["items"].as_array().unwrap();
    assert!(!offered.is_empty() && offered.iter().all(|slot| slot["interviewer"] == json!(bert)));
    let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" });
    let answer = study.press(who, "interview", &wish);
    if second == [bert.to_string()] {
        assert_eq!(answer.code(), "slot_taken");
        let near = answer.json()["alternatives"].as_array().unwrap().clone();
        assert!(!near.is_empty() && near.iter().all(|slot| slot["interviewer"] == json!(bert)));
    } else {
        assert_eq!(answer.expect(201).json()["interviewer"], json!(bert));
    }
    let anna = json!({ "starts_at": "2027-03-04T09:00:00Z", "mode": "teams", "interviewer": study.owner_id });
    study.press(who, "interview/cancel", &json!({}));
    let refused = study.press(who, "interview", &anna).expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "interviewer");
}

#[test]
fn the_respondents_of_somebody_who_leaves_go_to_their_successor() {
    let house = House::open();
    let (study, bert) = shared(&house, 1);
    let path = format!("/api/v1/respondents/{}", study.first().id);
    house.put(&study.owner, &format!("{path}/interviewer"), &json!({ "interviewer": bert })).expect(200);
    let nobody = json!({ "interviewer": UserId::new() });
    assert_eq!(
        house.put(&study.owner, &format!("{path}/interviewer"), &nobody).expect(422).json()["errors"][0]["code"],
        "unknown_reference"
    );
    house.delete(&study.owner, &study.path(&format!("members/{bert}"))).expect(204);
    assert!(house.get(&study.owner, &path).expect(200).json()["interviewer"].is_null());
}
