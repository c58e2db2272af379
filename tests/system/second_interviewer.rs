//! Somebody who holds an interview together with its interviewer: their time is reserved too (R1), they are told, and
//! they read and write what belongs to it.

use rocket::futures::future::join_all;
use serde_json::{Value, json};
use veldwerk::actions::second_interviewer::set_second_interviewer;
use veldwerk::domain::access::Role;
use veldwerk::id::UserId;

use crate::browser::{Browser, field};
use crate::house::{Answer, House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN, office_hours};

const ELEVEN_FIFTEEN: &str = "2027-03-03T10:15:00Z";
const NOON: &str = "2027-03-03T11:00:00Z";

/// A study with a member who keeps no hours, and the interview of its first respondent.
fn planned(house: &House, respondents: usize) -> (Study<'_>, Researcher, UserId, String) {
    let study = house.bookable().respondents(respondents).open();
    let carl = study.member("carl", Role::Interviewer);
    let carl_id = house.id_of(&carl);
    let interview = study.booked(study.first(), WEDNESDAY_TEN);
    (study, carl, carl_id, interview)
}

fn seat(study: &Study<'_>, interview: &str, who: &Value) -> Answer {
    let path = format!("/api/v1/interviews/{interview}/second-interviewer");
    study.house.put(&study.owner, &path, &json!({ "second_interviewer": who }))
}

/// The minutes after Wednesday midnight in UTC that the active reservations of somebody take, in their order.
fn taken(house: &House, who: UserId) -> Vec<String> {
    let midnight = veldwerk::clock::Instant::parse("2027-03-03T00:00:00Z").unwrap().unix();
    let part = |edge: &str| format!("CAST(({edge} - {midnight}) / 60 AS TEXT)");
    house.lines(&format!(
        "SELECT {} || '-' || {} AS line FROM reservations WHERE active AND interviewer = '{who}' ORDER BY guard_from",
        part("guard_from"),
        part("guard_until"),
    ))
}

fn keeps_free(house: &House, who: &Researcher, from: &str, until: &str) {
    house.post(who, "/api/v1/me/blocks", &json!({ "from": from, "until": until })).expect(201);
}

fn travels(study: &Study<'_>, who: UserId, minutes: i64) {
    let path = study.path(&format!("members/{who}/travel"));
    study.house.put(&study.owner, &path, &json!({ "minutes": minutes })).expect(200);
}

#[test]
fn the_time_of_a_second_interviewer_is_reserved_until_they_do_not_come_any_more() {
    let house = House::open();
    let (study, _, carl, interview) = planned(&house, 1);
    let seen = seat(&study, &interview, &json!(carl)).expect(200).json();
    assert_eq!((&seen["second_interviewer"], &seen["sequence"]), (&json!(carl), &json!(1)));
    assert_eq!(taken(&house, carl), ["540-615"]);
    let again = seat(&study, &interview, &json!(carl)).expect(200).json();
    assert_eq!(again["sequence"], 1, "nothing changed, so nobody is told");
    assert_eq!(seat(&study, &interview, &Value::Null).expect(200).json()["second_interviewer"], Value::Null);
    assert_eq!(taken(&house, carl), Vec::<String>::new());
    seat(&study, &interview, &json!(carl)).expect(200);
    study.press(study.first(), "interview/cancel", &json!({})).expect(200);
    assert_eq!(taken(&house, carl), Vec::<String>::new());
    let noted = "SELECT action AS line FROM audit WHERE action = 'interview.second_set'";
    assert_eq!(house.lines(noted).len(), 3);
}

#[test]
fn somebody_with_another_interview_or_time_kept_free_cannot_come_and_the_rule_is_named() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 2);
    keeps_free(&house, &carl, "2027-03-03T10:00:00Z", "2027-03-03T12:00:00Z");
    let refused = seat(&study, &interview, &json!(carl_id)).expect(409);
    assert_eq!(refused.code(), "second_interviewer_away", "the buffer meets it");
    let other = house.bookable().open_for("bert");
    let theirs = other.member("dora", Role::Interviewer);
    let dora = house.id_of(&theirs);
    house.join(&study.owner, &format!("/api/v1/studies/{}", study.id), &theirs, "interviewer");
    let elsewhere = other.booked(other.first(), WEDNESDAY_TEN);
    seat(&other, &elsewhere, &json!(dora)).expect(200);
    let refused = seat(&study, &interview, &json!(dora)).expect(409);
    assert_eq!(refused.code(), "second_interviewer_taken");
    assert!(refused.json()["detail"].as_str().unwrap().contains("ander interview"), "{}", refused.text);
    assert_eq!(taken(&house, dora).len(), 1);
}

#[test]
fn whoever_is_second_interviewer_is_not_booked_for_another_interview_then() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 2);
    seat(&study, &interview, &json!(carl_id)).expect(200);
    house.put(&carl, &study.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    let next = &study.respondents[1];
    study.consent(next);
    assert_eq!(study.book(next, "2027-03-03T09:30:00Z").expect(409).code(), "slot_taken");
    study.book(next, ELEVEN_FIFTEEN).expect(201);
}

#[test]
fn only_a_member_who_plans_interviews_and_does_not_hold_this_one_can_be_second() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 1);
    let reader = study.member("rita", Role::Reader);
    let stranger = house.researcher("eva");
    for nobody in [study.owner_id, house.id_of(&reader), house.id_of(&stranger), UserId::new()] {
        let refused = seat(&study, &interview, &json!(nobody)).expect(422).json();
        assert_eq!(refused["errors"][0]["code"], "unknown_reference");
    }
    let path = format!("/api/v1/interviews/{interview}/second-interviewer");
    let body = json!({ "second_interviewer": carl_id });
    house.put(&reader, &path, &body).expect(403);
    house.put(&stranger, &path, &body).expect(404);
    house.put(&carl, &path, &body).expect(200);
    house.at("2027-03-03T10:00:00Z");
    assert_eq!(seat(&study, &interview, &Value::Null).expect(409).code(), "wrong_state");
}

#[test]
fn a_second_interviewer_moves_along_and_times_at_which_they_are_not_free_are_not_offered() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 1);
    seat(&study, &interview, &json!(carl_id)).expect(200);
    keeps_free(&house, &carl, "2027-03-03T12:00:00Z", "2027-03-03T14:00:00Z");
    let who = study.first();
    let offered = study.starts(who, "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z");
    let met =
        |start: &&String| start.as_str() > "2027-03-03T10:45:00Z" && start.as_str() < "2027-03-03T14:00:00Z";
    assert_eq!(offered.iter().find(met), None, "an hour and a quarter from eleven on meets it");
    let to = json!({ "starts_at": NOON });
    let refused = study.press(who, "interview/reschedule", &to).expect(409).json();
    assert_eq!(refused["code"], "slot_taken");
    assert!(
        refused["alternatives"]
            .as_array()
            .unwrap()
            .iter()
            .all(|near| offered.contains(&near["starts_at"].as_str().unwrap().to_owned()))
    );
    assert_eq!(
        study.to_interview(&interview, "reschedule", &to).expect(409).code(),
        "second_interviewer_away"
    );
    assert_eq!(taken(&house, carl_id), ["540-615"], "nothing moved");
    study.press(who, "interview/reschedule", &json!({ "starts_at": ELEVEN_FIFTEEN })).expect(200);
    assert_eq!(
        (taken(&house, carl_id), taken(&house, study.owner_id)),
        (vec!["615-690".into()], vec!["615-690".into()])
    );
}

#[test]
fn the_way_of_a_second_interviewer_is_reserved_with_an_interview_in_person() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 1);
    travels(&study, carl_id, 30);
    seat(&study, &interview, &json!(carl_id)).expect(200);
    let there = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person" });
    study.to_interview(&interview, "reschedule", &there).expect(200);
    assert_eq!(
        (taken(&house, carl_id), taken(&house, study.owner_id)),
        (vec!["510-645".into()], vec!["540-615".into()])
    );
    let online = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" });
    study.to_interview(&interview, "reschedule", &online).expect(200);
    assert_eq!(taken(&house, carl_id), ["540-615"]);
    keeps_free(&house, &carl, "2027-03-03T08:30:00Z", "2027-03-03T08:45:00Z");
    let refused = study.to_interview(&interview, "reschedule", &there).expect(409);
    assert_eq!(refused.code(), "second_interviewer_away");
    seat(&study, &interview, &Value::Null).expect(200);
    study.to_interview(&interview, "reschedule", &there).expect(200);
    assert_eq!(seat(&study, &interview, &json!(carl_id)).expect(409).code(), "second_interviewer_away");
}

#[test]
fn of_two_interviews_at_the_same_time_one_gets_the_second_interviewer() {
    let house = House::open();
    let (study, _, carl, first) = planned(&house, 1);
    let other = house.bookable().open_for("bert");
    house.join(
        &other.owner,
        &format!("/api/v1/studies/{}", other.id),
        &Researcher { email: "carl@example.org".into(), token: String::new() },
        "interviewer",
    );
    let second = other.booked(other.first(), "2027-03-03T09:30:00Z");
    let (now, users) = (house.clock.now(), [study.owner_id, other.owner_id]);
    let wishes = [first, second].into_iter().zip(users).map(|(id, user)| {
        let id = id.parse().unwrap();
        house.store.write(move |tx| set_second_interviewer(tx, now, user, id, Some(carl)))
    });
    let outcomes = house.wait(join_all(wishes));
    let refusals: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(refusals[0].code(), "second_interviewer_taken");
    assert_eq!(taken(&house, carl).len(), 1);
}

#[test]
fn a_second_interviewer_who_takes_the_interview_over_is_second_no_more() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 1);
    house.put(&carl, &study.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    seat(&study, &interview, &json!(carl_id)).expect(200);
    let later = json!({ "starts_at": NOON });
    let moved = study.to_interview(&interview, "reschedule", &later).expect(200).json();
    assert_eq!(moved["interviewer"], json!(study.owner_id), "nobody asked for Carl");
    let to_carl = json!({ "starts_at": NOON, "interviewer": carl_id });
    let moved = study.to_interview(&interview, "reschedule", &to_carl).expect(200).json();
    assert_eq!((&moved["interviewer"], &moved["second_interviewer"]), (&json!(carl_id), &Value::Null));
    assert_eq!((taken(&house, carl_id), taken(&house, study.owner_id)), (vec!["660-735".into()], Vec::new()));
}

#[test]
fn a_leaving_interviewer_is_followed_by_the_second_and_a_leaving_second_by_nobody() {
    let house = House::open();
    let (study, _, carl_id, interview) = planned(&house, 1);
    let dora = study.member("dora", Role::Owner);
    let dora_id = house.id_of(&dora);
    seat(&study, &interview, &json!(carl_id)).expect(200);
    let leave = format!("{}?successor={carl_id}", study.path(&format!("members/{}", study.owner_id)));
    house.delete(&dora, &leave).expect(204);
    let seen = house.get(&dora, &format!("/api/v1/interviews/{interview}")).expect(200).json();
    assert_eq!((&seen["interviewer"], &seen["second_interviewer"]), (&json!(carl_id), &Value::Null));
    let path = format!("/api/v1/interviews/{interview}/second-interviewer");
    house.put(&dora, &path, &json!({ "second_interviewer": dora_id })).expect(200);
    let eva = study.house.researcher("eva");
    house.join(&dora, &format!("/api/v1/studies/{}", study.id), &eva, "owner");
    house.delete(&eva, &study.path(&format!("members/{dora_id}"))).expect(204);
    let seen = house.get(&eva, &format!("/api/v1/interviews/{interview}")).expect(200).json();
    assert_eq!((&seen["interviewer"], &seen["second_interviewer"]), (&json!(carl_id), &Value::Null));
    assert_eq!((taken(&house, carl_id).len(), taken(&house, dora_id).len()), (1, 0));
}

#[test]
fn both_are_reminded_of_the_interview() {
    let house = House::open();
    let (study, _, carl, interview) = planned(&house, 1);
    seat(&study, &interview, &json!(carl)).expect(200);
    house.deliver();
    house.at("2027-03-02T10:00:00Z");
    house.wait(veldwerk::worker::remind_due(&house.clock, &house.store)).unwrap();
    let kinds =
        "SELECT recipient AS line FROM letters WHERE kind = 'interviewer_reminder' ORDER BY recipient";
    let mut both = [format!("user:{carl}"), format!("user:{}", study.owner_id)];
    both.sort_unstable();
    assert_eq!(house.lines(kinds), both);
}

#[test]
fn the_page_of_an_interview_gives_it_a_second_interviewer_or_says_why_not() {
    let house = House::open();
    let (study, carl, carl_id, interview) = planned(&house, 1);
    let browser = Browser::of(&house, &study.owner);
    let page = format!("/interviews/{interview}");
    let shown = browser.get(&page).expect(200).text;
    assert!(shown.contains(&format!("<option value=\"{carl_id}\">carl</option>")), "{shown}");
    assert!(!shown.contains(&format!("<option value=\"{}\"", study.owner_id)));
    let key = field(&shown, "key").unwrap();
    let path = format!("{page}/second-interviewer");
    keeps_free(&house, &carl, WEDNESDAY_TEN, NOON);
    let wish = [("second_interviewer", carl_id.to_string())];
    let wish: Vec<(&str, &str)> = wish.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = browser.press(&path, &key, &wish).expect(409);
    assert!(refused.has_error_at("second_interviewer") && refused.text.contains("houdt deze tijd vrij"));
    assert!(
        refused.text.contains(&format!("<option value=\"{carl_id}\" selected>")),
        "what was chosen stays"
    );
    house.lines("DELETE FROM blocks RETURNING id AS line");
    let key = field(&browser.get(&page).expect(200).text, "key").unwrap();
    assert!(browser.press(&path, &key, &wish).expect(303).leads_to().ends_with("?done=second_set"));
    assert!(browser.get(&page).expect(200).text.contains("tweede interviewer: carl"));
}
