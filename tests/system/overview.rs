//! How a study is doing, at a glance.

use serde_json::{Value, json};

use crate::fieldwork::{Fieldwork, execute, guide};
use crate::house::Researcher;

fn read(f: &Fieldwork, who: &Researcher) -> Value {
    f.house.get(who, &f.path("overview")).expect(200).json()
}

#[test]
fn an_empty_study_says_what_to_do_first() {
    let f = Fieldwork::begin();
    execute(&f.house, "UPDATE consent_forms SET version = NULL");
    let found = read(&f, &f.owner);
    assert_eq!(
        found["next_steps"],
        json!(["publish_consent_form", "set_availability", "add_respondents", "publish_guide"])
    );
    assert_eq!((&found["respondents"], &found["upcoming"]), (&json!(0), &json!([])));
    assert_eq!(found["statuses"]["no_show"], 0);
}

#[test]
fn the_steps_go_as_they_are_done() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let owner = f.owner_id();
    let listed = f.respondent("R01", "listed");
    execute(
        &f.house,
        &format!(
            "INSERT INTO availability_rules (id, study, interviewer, weekday, from_minute, until_minute) \
             VALUES ('a', '{}', '{owner}', 1, 540, 720)",
            f.study
        ),
    );
    assert_eq!(read(&f, &f.owner)["next_steps"], json!(["invite"]));
    execute(&f.house, &format!("UPDATE respondents SET status = 'invited' WHERE id = '{listed}'"));
    assert_eq!(read(&f, &f.owner)["next_steps"], json!([]));
}

#[test]
fn counts_are_told_by_status_and_by_stratum() {
    let f = Fieldwork::begin();
    for (code, status) in [("R01", "invited"), ("R02", "invited"), ("R03", "held"), ("R04", "declined")] {
        f.respondent(code, status);
    }
    execute(&f.house, "UPDATE respondents SET stratum = NULL WHERE code = 'R04'");
    execute(&f.house, "UPDATE strata SET taken = 1");
    let found = read(&f, &f.reader);
    assert_eq!((&found["respondents"], &found["without_stratum"]), (&json!(4), &json!(1)));
    assert_eq!((&found["statuses"]["invited"], &found["statuses"]["declined"]), (&json!(2), &json!(1)));
    let stratum = &found["strata"][0];
    assert_eq!(
        (&stratum["label"], &stratum["target"], &stratum["cap"]),
        (&json!("Groot"), &json!(11), &json!(12))
    );
    assert_eq!((&stratum["respondents"], &stratum["taken"]), (&json!(3), &json!(1)));
    assert_eq!((&stratum["statuses"]["held"], &stratum["statuses"]["declined"]), (&json!(1), &json!(0)));
}

#[test]
fn planned_interviews_come_soonest_first_and_those_that_are_over_ask_to_be_closed() {
    let f = Fieldwork::begin();
    for (code, starts_at, status) in [
        ("R01", "2027-03-03T09:00:00Z", "booked"),
        ("R02", "2027-03-01T07:30:00Z", "booked"),
        ("R03", "2027-03-01T06:00:00Z", "booked"),
        ("R04", "2027-03-02T09:00:00Z", "cancelled"),
    ] {
        let respondent = f.respondent(code, "booked");
        f.interview(respondent, starts_at, status);
    }
    let found = read(&f, &f.owner);
    let codes: Vec<_> = found["upcoming"].as_array().unwrap().iter().map(|i| i["code"].clone()).collect();
    assert_eq!(codes, [json!("R02"), json!("R01")]);
    assert_eq!(found["upcoming"][0]["interviewer_name"], "owner");
    assert_eq!(found["interviews_to_close"], 1);
    assert_eq!(found["next_steps"][0], "close_interviews");
}

#[test]
fn letters_are_counted_and_failed_ones_come_first() {
    let f = Fieldwork::begin();
    for (number, state) in ["queued", "queued", "failed", "sent"].into_iter().enumerate() {
        execute(
            &f.house,
            &format!(
                "INSERT INTO letters (id, study, recipient, kind, occasion, state, attempts, created_at, due_at, \
                 fence) VALUES ('l{number}', '{}', 'x', 'invitation', '{number}', '{state}', 0, 0, 0, 0)",
                f.study
            ),
        );
    }
    let found = read(&f, &f.owner);
    assert_eq!(found["letters"], json!({ "queued": 2, "sent": 1, "failed": 1, "cancelled": 0 }));
    assert_eq!(found["next_steps"][0], "look_at_failed_letters");
}

#[test]
fn every_member_sees_it_and_strangers_do_not() {
    let f = Fieldwork::begin();
    for who in [&f.owner, &f.interviewer, &f.reader] {
        read(&f, who);
    }
    f.house.get(&f.stranger, &f.path("overview")).expect(404);
    assert_eq!(f.house.get_openly(&f.path("overview")).status, 401);
}
