//! Hours, and the slots that follow from them (E6 to E9).

use serde_json::{Value, json};
use veldwerk::clock::Instant;
use veldwerk::domain::access::Role;
use veldwerk::store::reservations::{self, Look};

use crate::house::House;
use crate::panel::Read;
use crate::study::WEDNESDAY_TEN;

fn rule(interviewer: Option<&str>, day: &str, from: &str, until: &str) -> Value {
    let mut rule = json!({ "weekday": day, "from": from, "until": until });
    if let Some(interviewer) = interviewer {
        rule["interviewer"] = json!(interviewer);
    }
    rule
}

#[test]
fn a_put_replaces_only_the_hours_of_the_interviewers_that_it_names() {
    let house = House::open();
    let study = house.bookable().hours(json!([rule(None, "mon", "09:00", "12:00")])).open();
    let bert = study.member("bert", Role::Interviewer);
    let berts_id = house.id_of(&bert).to_string();
    let put = |who, rules: Value| house.put(who, &study.path("availability"), &json!({ "rules": rules }));
    put(&bert, json!([rule(None, "tue", "09:00", "12:00")])).expect(200);
    let now = put(&study.owner, json!([rule(Some(&berts_id), "fri", "13:00", "24:00")])).expect(200).json();
    let mut days: Vec<_> =
        now["rules"].as_array().unwrap().iter().map(|r| r["weekday"].as_str().unwrap().to_owned()).collect();
    days.sort();
    assert_eq!(days, ["fri", "mon"]);
    // Naming nobody empties one's own.
    let left = put(&bert, json!([])).expect(200).json();
    assert_eq!(left["rules"].as_array().unwrap().len(), 1);
    assert_eq!(left["rules"][0]["weekday"], "mon");
}

#[test]
fn somebody_elses_hours_are_set_by_an_owner_and_only_for_those_who_interview_in_the_study() {
    let house = House::open();
    let study = house.bookable().open();
    let bert = study.member("bert", Role::Interviewer);
    let reader = study.member("rik", Role::Reader);
    let (owner, readers_id) = (study.owner_id.to_string(), house.id_of(&reader).to_string());
    let put = |who, rules: Value| house.put(who, &study.path("availability"), &json!({ "rules": rules }));
    put(&bert, json!([rule(Some(&owner), "mon", "09:00", "12:00")])).expect(403);
    put(&reader, json!([])).expect(403);
    let mixed =
        json!([rule(None, "mon", "09:00", "12:00"), rule(Some(&readers_id), "mon", "09:00", "12:00")]);
    let refused = put(&study.owner, mixed).expect(422).json();
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1);
    assert_eq!(refused["errors"][0]["field"], "rules.1.interviewer");
    assert_eq!(refused["errors"][0]["code"], "unknown_reference");
    let stranger = house.researcher("carla");
    house.get(&stranger, &study.path("availability")).expect(404);
    put(&stranger, json!("no list")).expect(404);
}

#[test]
fn slots_lie_on_the_grid_inside_a_rule_and_span_31_days_at_most() {
    let house = House::open();
    let study = house.bookable().hours(json!([rule(None, "wed", "09:10", "11:00")])).open();
    let who = study.first();
    assert_eq!(
        study.starts(who, "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z"),
        ["2027-03-03T08:10:00Z", "2027-03-03T08:25:00Z", "2027-03-03T08:40:00Z", "2027-03-03T08:55:00Z"]
    );
    let path = study.path("slots");
    let slots = house.get(&study.owner, &path).expect(200).json();
    assert_eq!(slots["items"].as_array().unwrap().len(), 8, "two Wednesdays in the next 14 days");
    assert_eq!(slots["items"][0]["ends_at"], "2027-03-03T09:10:00Z");
    assert_eq!(slots["items"][0]["interviewer"], json!(study.owner_id));
    let wide = format!("{path}?from=2027-03-01T00:00:00Z&until=2027-04-01T00:00:01Z");
    assert_eq!(house.get(&study.owner, &wide).expect(422).code(), "range_too_wide");
    assert_eq!(
        house.get(&study.owner, &format!("{path}?from=soon")).expect(422).json()["errors"][0]["field"],
        "from"
    );
    house.get(&house.researcher("carla"), &format!("{path}?from=soon")).expect(404);
    let other = who.path("slots?mode=phone");
    assert_eq!(house.get_openly(&other).expect(422).json()["errors"][0]["field"], "mode");
}

#[test]
fn exceptions_close_and_open_single_dates() {
    let house = House::open();
    let study = house.bookable().open();
    let body = json!({
        "rules": [rule(None, "wed", "09:00", "10:00")],
        "exceptions": [
            { "date": "2027-03-10", "open": false },
            { "date": "2027-03-13", "open": true, "from": "20:00", "until": "21:00" },
        ],
    });
    house.put(&study.owner, &study.path("availability"), &body).expect(200);
    assert_eq!(
        study.starts(study.first(), "2027-03-02T00:00:00Z", "2027-03-20T00:00:00Z"),
        ["2027-03-03T08:00:00Z", "2027-03-13T19:00:00Z", "2027-03-17T08:00:00Z"]
    );
}

#[test]
fn on_the_day_the_clock_goes_forward_the_missing_hour_is_not_offered_and_not_booked() {
    let house = House::open_at("2027-03-20T08:00:00Z");
    let night = json!([rule(None, "sun", "00:30", "04:30")]);
    let study = house.bookable().hours(night).with("slot_step_minutes", 30).open();
    let who = study.first();
    study.consent(who);
    assert_eq!(
        study.starts(who, "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"),
        [
            "2027-03-27T23:30:00Z",
            "2027-03-28T00:00:00Z",
            "2027-03-28T00:30:00Z",
            "2027-03-28T01:00:00Z",
            "2027-03-28T01:30:00Z"
        ]
    );
    // 03:00 in summer time follows 01:59 in winter time.
    let booked = study.book(who, "2027-03-28T01:00:00Z").expect(201).json();
    assert_eq!(booked["ends_at"], "2027-03-28T02:00:00Z");
}

#[test]
fn on_the_day_the_clock_goes_back_both_passes_of_the_repeated_hour_are_offered_and_booked() {
    let house = House::open_at("2027-10-20T08:00:00Z");
    let night = json!([rule(None, "sun", "01:30", "04:00")]);
    let draft = house.bookable().hours(night).respondents(2).with("slot_step_minutes", 30);
    let study = draft.with("buffer_minutes", 0).with("teams_link", "https://teams.example.org/l/1").open();
    let [first, second] = &study.respondents[..] else { panic!("two") };
    let offered = || study.starts(second, "2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z");
    study.consent(first);
    study.consent(second);
    assert_eq!(
        offered(),
        [
            "2027-10-30T23:30:00Z",
            "2027-10-31T00:00:00Z",
            "2027-10-31T00:30:00Z",
            "2027-10-31T01:00:00Z",
            "2027-10-31T01:30:00Z",
            "2027-10-31T02:00:00Z"
        ]
    );
    let page = house.get_openly(&format!("/p/{}/book?mode=teams&from=2027-10-31&lang=nl", second.token));
    let page = page.expect(200).text;
    assert!(page.contains("02.30 (UTC+2)") && page.contains("02.30 (UTC+1)"), "{page}");
    assert!(page.contains("01.30") && !page.contains("01.30 (UTC"), "{page}");

    study.book(first, "2027-10-31T00:30:00Z").expect(201);
    assert_eq!(offered(), ["2027-10-30T23:30:00Z", "2027-10-31T01:30:00Z", "2027-10-31T02:00:00Z"]);
    let booked = study.book(second, "2027-10-31T01:30:00Z").expect(201).json();
    assert_eq!(booked["ends_at"], "2027-10-31T02:30:00Z");
    // A clock alone can't tell the two apart, so their invites stand in UTC.
    let mut starts: Vec<String> = house
        .deliver()
        .iter()
        .filter_map(|kept| Read::of(kept).property("DTSTART").map(str::to_owned))
        .collect();
    starts.dedup();
    starts.sort_unstable();
    starts.dedup();
    assert_eq!(starts, ["20271031T003000Z", "20271031T013000Z"]);
}

#[test]
fn the_buffer_keeps_the_next_start_away_and_changing_it_binds_new_bookings_only() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let [first, second, _] = &study.respondents[..] else { panic!("three") };
    study.booked(first, WEDNESDAY_TEN);
    study.consent(second);
    assert_eq!(study.book(second, "2027-03-03T10:00:00Z").expect(409).code(), "slot_taken");
    study.book(second, "2027-03-03T10:15:00Z").expect(201);
}

#[test]
fn a_former_interviewers_hours_are_not_offered() {
    let house = House::open();
    let study = house.bookable().hours(json!([])).open();
    let bert = study.member("bert", Role::Interviewer);
    let hours = json!({ "rules": [rule(None, "wed", "09:00", "10:00")] });
    house.put(&bert, &study.path("availability"), &hours).expect(200);
    let offered = || study.starts(study.first(), "2027-03-02T00:00:00Z", "2027-03-08T00:00:00Z").len();
    assert_eq!(offered(), 1);
    let (now, owner, id) = (house.clock.now(), study.owner_id, study.id.parse().unwrap());
    let gone = house.id_of(&bert);
    let removed = house
        .store
        .write(move |tx| veldwerk::actions::remove_member::remove_member(tx, now, owner, id, gone, None));
    house.wait(removed).unwrap();
    assert_eq!(offered(), 0);
}

#[test]
fn what_is_taken_is_all_that_reaches_into_a_stretch_of_time_and_nothing_beside_it() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    study.booked(&study.respondents[0], WEDNESDAY_TEN);
    study.booked(&study.respondents[1], "2027-03-03T11:00:00Z");
    let owner = house.id_of(&study.owner);
    let taken = |from: &str, until: &str| {
        let (from, until) = (Instant::parse(from).unwrap(), Instant::parse(until).unwrap());
        let found = house.store.read(move |tx| reservations::taken(tx, owner, (from, until), Look::at(from)));
        house.wait(found).unwrap().len()
    };
    assert_eq!(taken("2027-03-03T09:30:00Z", "2027-03-03T10:00:00Z"), 1, "it began before");
    assert_eq!(taken("2027-03-03T10:14:59Z", "2027-03-03T11:00:00Z"), 1, "its rest reaches into it");
    assert_eq!(taken("2027-03-03T10:15:00Z", "2027-03-03T11:00:00Z"), 0, "between the two");
    assert_eq!(taken("2027-03-03T09:00:00Z", "2027-03-03T11:00:01Z"), 2);
    assert_eq!(taken("2027-03-03T07:00:00Z", "2027-03-03T09:00:00Z"), 0, "before both");
}
