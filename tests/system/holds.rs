//! The time that a respondent chose is kept for ten minutes while they fill in the form: for whom, how long, what ends
//! it, and what it keeps others from (R1, R4, E11).

use serde_json::{Value, json};
use veldwerk::domain::access::Role;
use veldwerk::worker;

use crate::house::{Answer, House};
use crate::races::{Press, at_once, everybody_consents};
use crate::study::{Respondent, Study, WEDNESDAY_TEN};

/// Seconds before and after the ten minutes are over for what was kept when the house opened.
const STILL: &str = "2027-03-01T08:09:59Z";
const OVER: &str = "2027-03-01T08:10:00Z";

fn choice(starts_at: &str) -> Value {
    json!({ "starts_at": starts_at, "mode": "teams" })
}

fn hold(study: &Study<'_>, who: &Respondent, starts_at: &str) -> Answer {
    study.press(who, "hold", &choice(starts_at))
}

fn give_back(study: &Study<'_>, who: &Respondent) -> Answer {
    study.house.send(study.house.client.delete(who.path("hold")))
}

fn is_offered(study: &Study<'_>, who: &Respondent, start: &str) -> bool {
    study.starts(who, "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z").iter().any(|found| found == start)
}

/// The reservations of a house by their kind.
fn kinds(house: &House) -> Vec<String> {
    house.lines("SELECT kind AS line FROM reservations WHERE active ORDER BY kind")
}

fn two(house: &House) -> Study<'_> {
    let study = house.bookable().respondents(2).open();
    everybody_consents(&study);
    study
}

#[test]
fn a_chosen_time_is_kept_for_ten_minutes_and_offered_to_nobody_else() {
    let house = House::open();
    let study = two(&house);
    let [first, second] = &study.respondents[..] else { panic!("two") };
    let kept = hold(&study, first, WEDNESDAY_TEN).expect(201).json();
    assert_eq!(
        (&kept["starts_at"], &kept["ends_at"]),
        (&json!(WEDNESDAY_TEN), &json!("2027-03-03T10:00:00Z"))
    );
    assert_eq!((&kept["mode"], &kept["kept_until"]), (&json!("teams"), &json!(OVER)));
    assert_eq!(study.seen(first)["hold"], kept);
    assert_eq!(study.seen(second)["hold"], Value::Null);
    for at in ["2027-03-01T08:00:00Z", STILL] {
        house.at(at);
        assert!(is_offered(&study, first, WEDNESDAY_TEN), "it does not stand in its holder's own way");
        for taken in [WEDNESDAY_TEN, "2027-03-03T08:00:00Z", "2027-03-03T10:00:00Z"] {
            assert!(!is_offered(&study, second, taken), "{taken} is kept, or too near");
        }
        let refused = study.book(second, WEDNESDAY_TEN).expect(409);
        assert_eq!(refused.code(), "slot_taken");
        assert!(!refused.text.contains("R01") && refused.json()["alternatives"].is_array());
        assert_eq!(hold(&study, second, WEDNESDAY_TEN).expect(409).code(), "slot_taken");
    }
    house.at(OVER);
    assert!(is_offered(&study, second, WEDNESDAY_TEN));
    assert_eq!(study.seen(first)["hold"], Value::Null);
    study.book(second, WEDNESDAY_TEN).expect(201);
    assert_eq!(kinds(&house), ["interview"], "what had expired was put away");
    assert_eq!(study.book(first, WEDNESDAY_TEN).expect(409).code(), "slot_taken");
}

#[test]
fn a_booking_turns_the_kept_time_into_the_interview_with_whoever_kept_it() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let bert = study.member("bert", Role::Interviewer);
    let hours = json!({ "rules": crate::study::office_hours() });
    house.put(&bert, &study.path("availability"), &hours).expect(200);
    everybody_consents(&study);
    let [first, second, third] = &study.respondents[..] else { panic!("three") };
    // Anna has an interview that week, so that Bert would get the next; then he gets one as well.
    let anna = json!({ "starts_at": "2027-03-04T09:00:00Z", "mode": "teams", "interviewer": study.owner_id });
    study.press(second, "interview", &anna).expect(201);
    let kept = hold(&study, first, WEDNESDAY_TEN).expect(201).json();
    assert_eq!(kept["interviewer"], json!(house.id_of(&bert)));
    let bert =
        json!({ "starts_at": "2027-03-05T09:00:00Z", "mode": "teams", "interviewer": kept["interviewer"] });
    study.press(third, "interview", &bert).expect(201);
    let row = house.lines("SELECT id AS line FROM reservations WHERE kind = 'hold'");
    house.at("2027-03-01T08:05:00Z");
    let booked = study.book(first, WEDNESDAY_TEN).expect(201).json();
    assert_eq!(booked["interviewer"], kept["interviewer"]);
    let turned = "SELECT id AS line FROM reservations WHERE kind = 'interview' AND active AND expires_at IS NULL \
                  AND respondent IS NULL ORDER BY guard_from LIMIT 1";
    assert_eq!(house.lines(turned), row, "the very same reservation");
    assert_eq!(kinds(&house).len(), 3);
    assert_eq!(study.seen(first)["hold"], Value::Null);
}

#[test]
fn a_new_choice_takes_the_place_of_the_old_one_and_either_can_be_given_back() {
    let house = House::open();
    let study = two(&house);
    let [first, second] = &study.respondents[..] else { panic!("two") };
    hold(&study, first, WEDNESDAY_TEN).expect(201);
    house.at("2027-03-01T08:08:00Z");
    // It overlaps with what it takes the place of.
    let later = hold(&study, first, "2027-03-03T09:30:00Z").expect(201).json();
    assert_eq!(later["kept_until"], "2027-03-01T08:18:00Z");
    assert_eq!(kinds(&house), ["hold"]);
    assert!(is_offered(&study, second, "2027-03-03T08:15:00Z") && !is_offered(&study, second, WEDNESDAY_TEN));
    let kept = hold(&study, first, "2027-03-03T09:30:00Z").expect(201).json();
    assert_eq!(kept["starts_at"], later["starts_at"], "the same choice once more");
    give_back(&study, first).expect(204);
    give_back(&study, first).expect(204);
    assert!(kinds(&house).is_empty() && is_offered(&study, second, WEDNESDAY_TEN));
    let audit = "SELECT action AS line FROM audit WHERE action LIKE 'hold.%' ORDER BY id";
    assert_eq!(house.lines(audit), ["hold.made", "hold.made", "hold.made", "hold.ended"]);
}

#[test]
fn only_what_could_be_booked_now_is_kept_and_refusals_come_in_the_order_of_e11() {
    let house = House::open();
    let study = house.bookable().respondents(2).cap(1).with("window_until", "2027-03-31").open();
    let [who, other] = &study.respondents[..] else { panic!("two") };
    let code = |starts_at: &str| {
        let answer = hold(&study, who, starts_at);
        (answer.status, answer.code())
    };
    let nobody = format!("/api/v1/participations/{}/hold", "A".repeat(43));
    house.post_openly(&nobody, &json!({ "nonsense": true })).expect(404);
    house.send(house.client.delete(nobody)).expect(404);
    assert_eq!(code("2027-03-03T09:07:00Z"), (422, "consent_missing".into()));
    study.consent(who);
    assert_eq!(code("2027-03-03T09:07:00Z"), (422, "outside_availability".into()));
    assert_eq!(code("2027-04-01T08:00:00Z"), (422, "outside_window".into()));
    assert_eq!(code("2027-03-01T10:00:00Z"), (422, "too_soon".into()));
    study.booked(other, "2027-03-04T09:00:00Z");
    assert_eq!(code(WEDNESDAY_TEN), (409, "quota_full".into()));
    study.press(other, "interview/cancel", &json!({})).expect(200);
    assert!(kinds(&house).is_empty(), "nothing was kept by a refusal");
    study.book(who, WEDNESDAY_TEN).expect(201);
    assert_eq!(code("2027-03-03T09:07:00Z"), (409, "already_booked".into()));
    study.press(who, "withdraw", &json!({})).expect(200);
    assert_eq!(code(WEDNESDAY_TEN), (410, "withdrawn".into()));
}

#[test]
fn leaving_in_any_way_a_new_link_and_the_closing_of_the_study_give_the_time_back() {
    type Way = fn(&Study<'_>, &Respondent);
    let ways: [(&str, Way); 8] = [
        ("withdraw", |study, who| drop(study.press(who, "withdraw", &json!({})).expect(200))),
        ("decline", |study, who| drop(study.press(who, "decline", &json!({})).expect(200))),
        ("opt out", |study, who| drop(study.press(who, "opt-out", &json!({})).expect(200))),
        ("a colleague", |study, who| {
            let colleague = json!({ "email": "omer@gemeente.example.org" });
            study.press(who, "referrals", &colleague).expect(201);
        }),
        ("a new link", |study, who| {
            study
                .house
                .post(&study.owner, &format!("/api/v1/respondents/{}/link", who.id), &json!({}))
                .expect(201);
        }),
        ("a new address", |study, who| {
            let body = json!({ "email": "elders@gemeente.example.org" });
            study.house.patch(&study.owner, &format!("/api/v1/respondents/{}", who.id), &body).expect(200);
        }),
        ("erasure", |study, who| {
            study.house.delete(&study.owner, &format!("/api/v1/respondents/{}", who.id)).expect(204);
        }),
        ("closing", |study, _| {
            drop(study.house.post(&study.owner, &study.path("close"), &json!({})).expect(200));
        }),
    ];
    for (name, leave) in ways {
        let house = House::open();
        let study = two(&house);
        hold(&study, study.first(), WEDNESDAY_TEN).expect(201);
        assert_eq!(kinds(&house), ["hold"]);
        leave(&study, study.first());
        assert!(kinds(&house).is_empty(), "after {name}");
    }
}

#[test]
fn an_interviewer_who_leaves_takes_along_what_was_kept_with_them() {
    let house = House::open();
    let study = two(&house);
    let bert = study.member("bert", Role::Interviewer);
    let hours = json!({ "rules": crate::study::office_hours() });
    house.put(&bert, &study.path("availability"), &hours).expect(200);
    let bert = house.id_of(&bert);
    let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "interviewer": bert });
    study.press(study.first(), "hold", &wish).expect(201);
    house.delete(&study.owner, &study.path(&format!("members/{bert}"))).expect(204);
    assert!(kinds(&house).is_empty());
}

#[test]
fn a_kept_time_counts_for_the_day_but_not_for_its_holder_and_only_while_it_is_kept() {
    let house = House::open();
    let study = house.bookable().respondents(2).with("max_per_day", 1).open();
    everybody_consents(&study);
    let [first, second] = &study.respondents[..] else { panic!("two") };
    hold(&study, first, WEDNESDAY_TEN).expect(201);
    let afternoon = "2027-03-03T13:00:00Z";
    assert_eq!(study.book(second, afternoon).expect(409).code(), "day_full");
    hold(&study, first, afternoon).expect(201);
    house.at("2027-03-01T08:20:00Z");
    study.book(second, WEDNESDAY_TEN).expect(201);
    assert_eq!(study.book(first, afternoon).expect(409).code(), "day_full");
}

#[test]
fn in_person_the_way_there_and_back_is_kept_too() {
    let house = House::open();
    let study = two(&house);
    let path = study.path(&format!("members/{}/travel", study.owner_id));
    house.put(&study.owner, &path, &json!({ "minutes": 60 })).expect(200);
    let [first, second] = &study.respondents[..] else { panic!("two") };
    study
        .press(first, "hold", &json!({ "starts_at": "2027-03-03T11:00:00Z", "mode": "in_person" }))
        .expect(201);
    assert!(!is_offered(&study, second, WEDNESDAY_TEN), "nobody can be on the way and in an interview");
    assert!(is_offered(&study, second, "2027-03-03T08:45:00Z"));
    // Online after all: the way is free again with the booking.
    study.book(first, "2027-03-03T11:00:00Z").expect(201);
    assert!(is_offered(&study, second, WEDNESDAY_TEN));
}

#[test]
fn a_researcher_sees_it_in_the_agenda_and_books_for_its_holder_but_for_nobody_else() {
    let house = House::open();
    let study = two(&house);
    let [first, second] = &study.respondents[..] else { panic!("two") };
    hold(&study, first, WEDNESDAY_TEN).expect(201);
    let entries = || {
        let agenda = house.get(&study.owner, &study.path("agenda?date=2027-03-03")).expect(200).json();
        agenda["interviewers"][0]["entries"].clone()
    };
    let entry = entries()[0].clone();
    assert_eq!(entry["what"], json!({ "kind": "hold", "mode": "teams", "kept_until": OVER }));
    assert_eq!(
        (&entry["from"], &entry["taken_until"]),
        (&json!(WEDNESDAY_TEN), &json!("2027-03-03T10:15:00Z"))
    );
    let page = crate::browser::Browser::of(&house, &study.owner)
        .get(&format!("/studies/{}/agenda?date=2027-03-03", study.id))
        .expect(200)
        .text;
    assert!(page.contains("agenda-hold") && page.contains("Vastgehouden tot 09.10 uur"), "{page}");
    let for_respondent = |who: &Respondent| {
        let body = json!({ "respondent": who.id, "starts_at": WEDNESDAY_TEN, "mode": "teams" });
        house.post(&study.owner, &study.path("interviews"), &body)
    };
    let why = |who: &Respondent| {
        let path = study.path(&format!("why-not?at={WEDNESDAY_TEN}&respondent={}", who.id));
        house.get(&study.owner, &path).expect(200).json()
    };
    assert_eq!(why(second)["interviewers"][0]["reasons"], json!([{ "code": "taken", "by": "hold" }]));
    assert_eq!(why(first)["offered"], true);
    assert_eq!(for_respondent(second).expect(409).code(), "slot_taken");
    for_respondent(first).expect(201);
    assert_eq!(kinds(&house), ["interview"]);
    assert_eq!(entries()[0]["what"]["kind"], "interview");
}

#[test]
fn elsewhere_it_is_only_told_to_be_taken_and_no_longer_than_it_is() {
    let house = House::open();
    let study = two(&house);
    hold(&study, study.first(), WEDNESDAY_TEN).expect(201);
    let other = house.empty_study(&study.owner);
    let seen = || {
        let agenda = house.get(&study.owner, &format!("{other}/agenda?date=2027-03-03")).expect(200).json();
        agenda["interviewers"][0]["entries"].clone()
    };
    assert_eq!(seen()[0]["what"], json!({ "kind": "busy" }));
    house.at(OVER);
    assert_eq!(seen(), json!([]));
}

#[test]
fn nobody_keeps_an_agenda_shut_by_choosing_again_and_again() {
    let house = House::open();
    let study = two(&house);
    let start = veldwerk::clock::Instant::parse("2027-03-01T08:00:00Z").unwrap();
    for number in 0..30 {
        house.clock.set(start.plus_minutes(number * 12));
        hold(&study, study.first(), "2027-03-05T09:00:00Z").expect(201);
    }
    house.clock.set(start.plus_minutes(30 * 12));
    let refused = hold(&study, study.first(), "2027-03-05T09:00:00Z").expect(429);
    assert!(refused.header("retry-after").is_some());
    study.book(study.first(), "2027-03-05T09:00:00Z").expect(201);
}

#[test]
fn a_get_keeps_nothing_and_the_worker_sweeps_what_has_expired() {
    let house = House::open();
    let study = two(&house);
    let page = format!("/p/{}", study.first().token);
    house.get_openly(&format!("{page}/details?mode=teams&starts_at={WEDNESDAY_TEN}")).expect(200);
    house.get_openly(&format!("{page}/hold")).expect(404);
    assert!(kinds(&house).is_empty());
    hold(&study, study.first(), WEDNESDAY_TEN).expect(201);
    house.at("2027-03-01T08:12:00Z");
    house.wait(worker::round(&house.clock, &house.store)).unwrap();
    assert!(kinds(&house).is_empty());
}

#[test]
fn of_fifty_at_once_on_a_time_that_is_no_longer_kept_one_wins() {
    let house = House::open();
    let study = house.bookable().respondents(51).open();
    everybody_consents(&study);
    hold(&study, study.first(), WEDNESDAY_TEN).expect(201);
    house.at(OVER);
    let others = study.respondents[1..].iter().enumerate();
    // Half of them book, half of them have it kept.
    let presses = others.map(|(number, who)| {
        let button = if number % 2 == 0 { "interview" } else { "hold" };
        Press::openly(who.path(button), choice(WEDNESDAY_TEN))
    });
    let answers = at_once(&house, presses.collect());
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "slot_taken"), "{}", answer.text);
    }
    assert_eq!(kinds(&house).len(), 1);
}

#[test]
fn who_holds_a_time_wins_from_fifty_who_want_it_and_presses_twice_for_one_interview() {
    let house = House::open();
    let study = house.bookable().respondents(51).open();
    everybody_consents(&study);
    hold(&study, study.first(), WEDNESDAY_TEN).expect(201);
    let mut presses: Vec<Press> = study.respondents[1..]
        .iter()
        .map(|who| Press::openly(who.path("interview"), choice(WEDNESDAY_TEN)))
        .collect();
    for place in [20, 30] {
        presses.insert(place, Press::openly(study.first().path("interview"), choice(WEDNESDAY_TEN)));
    }
    let answers = at_once(&house, presses);
    let won: Vec<usize> = (0..answers.len()).filter(|at| answers[*at].status == 201).collect();
    assert!(won == [20] || won == [30], "{won:?}");
    assert_eq!(kinds(&house), ["interview"]);
}

#[test]
fn of_fifty_who_choose_at_once_each_of_two_hours_goes_to_one_and_a_change_of_mind_leaves_one() {
    let house = House::open();
    let study = house.bookable().respondents(25).open();
    everybody_consents(&study);
    let presses = study.respondents.iter().flat_map(|who| {
        [WEDNESDAY_TEN, "2027-03-03T11:00:00Z"].map(|start| Press::openly(who.path("hold"), choice(start)))
    });
    let answers = at_once(&house, presses.collect());
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)));
    let kept = house.lines("SELECT respondent AS line FROM reservations WHERE kind = 'hold' AND active");
    assert!((1..=2).contains(&kept.len()), "{kept:?}");
    let mut holders = kept.clone();
    holders.dedup();
    assert_eq!(holders.len(), kept.len(), "one for each");
}
