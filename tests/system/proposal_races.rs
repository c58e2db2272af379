//! Races about what respondents propose: the database decides (R1).

use serde_json::json;

use crate::house::House;
use crate::races::{Press, at_once, everybody_consents};
use crate::study::{Study, WEDNESDAY_TEN};

const EVENING: &str = "2027-03-03T19:00:00Z";

fn proposed(study: &Study<'_>, number: usize, moment: &str) -> String {
    let body = json!({ "mode": "teams", "moments": [moment] });
    let made = study.press(&study.respondents[number], "proposals", &body).expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

fn accept(study: &Study<'_>, id: &str, moment: &str) -> Press {
    Press::by(&study.owner, format!("/api/v1/proposals/{id}/accept"), json!({ "starts_at": moment }))
}

fn interviews(house: &House) -> usize {
    house.lines("SELECT id AS line FROM interviews WHERE status = 'booked'").len()
}

#[test]
fn of_two_who_accept_the_same_proposal_at_once_one_does() {
    let house = House::open();
    let study = house.bookable().open();
    everybody_consents(&study);
    let id = proposed(&study, 0, EVENING);
    let answers = at_once(&house, (0..6).map(|_| accept(&study, &id, EVENING)).collect());
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "proposal_over"), "{}", answer.text);
    }
    assert_eq!(interviews(&house), 1);
    assert_eq!(house.lines("SELECT state AS line FROM proposals"), ["accepted"]);
}

#[test]
fn of_proposals_of_the_same_moment_that_are_accepted_at_once_one_is() {
    let house = House::open();
    let study = house.bookable().respondents(6).open();
    everybody_consents(&study);
    let presses = (0..6).map(|number| accept(&study, &proposed(&study, number, EVENING), EVENING));
    let presses: Vec<Press> = presses.collect();
    let answers = at_once(&house, presses);
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "slot_taken"), "{}", answer.text);
    }
    assert_eq!(interviews(&house), 1);
    assert_eq!(house.lines("SELECT id AS line FROM proposals WHERE state = 'open'").len(), 5);
}

#[test]
fn of_an_acceptance_and_somebody_elses_booking_of_that_moment_one_wins() {
    for _ in 0..4 {
        let house = House::open();
        let study = house.bookable().respondents(2).open();
        everybody_consents(&study);
        let id = proposed(&study, 0, WEDNESDAY_TEN);
        let booking = Press::openly(
            study.respondents[1].path("interview"),
            json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" }),
        );
        let answers = at_once(&house, vec![accept(&study, &id, WEDNESDAY_TEN), booking]);
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(interviews(&house), 1);
        assert_eq!(house.lines("SELECT id AS line FROM reservations WHERE active").len(), 1);
    }
}

#[test]
fn who_books_while_their_proposal_is_accepted_has_one_interview() {
    for _ in 0..4 {
        let house = House::open();
        let study = house.bookable().open();
        everybody_consents(&study);
        let id = proposed(&study, 0, EVENING);
        let booking = Press::openly(
            study.first().path("interview"),
            json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" }),
        );
        let answers = at_once(&house, vec![accept(&study, &id, EVENING), booking]);
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
        assert_eq!(interviews(&house), 1);
        assert_eq!(house.lines("SELECT CAST(taken AS TEXT) AS line FROM strata WHERE position = 0"), ["1"]);
    }
}
