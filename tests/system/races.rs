//! Races, run at once against the real router: the database decides (R1).

use std::collections::BTreeSet;

use rocket::futures::future::join_all;
use rocket::http::{ContentType, Header};
use rocket::local::asynchronous::Client;
use serde_json::{Value, json};
use veldwerk::web;

use crate::house::{Answer, House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN};

/// One request of many: the address, the body and a key.
pub struct Press {
    path: String,
    body: Value,
    key: Option<&'static str>,
    token: Option<String>,
}

impl Press {
    /// By whoever holds the link in the address.
    pub fn openly(path: String, body: Value) -> Self {
        Self { path, body, key: None, token: None }
    }

    /// By a researcher.
    pub fn by(who: &Researcher, path: String, body: Value) -> Self {
        Self { token: Some(who.token.clone()), ..Self::openly(path, body) }
    }
}

/// Sends all at once; answers in the same order.
pub fn at_once(house: &House, presses: Vec<Press>) -> Vec<Answer> {
    let rocket = web::build(house.settings.clone(), house.clock.clone(), house.store.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = Client::untracked(rocket).await.unwrap();
        let sent = presses.into_iter().map(|press| {
            let mut request = client.post(press.path).header(ContentType::JSON).body(press.body.to_string());
            if let Some(key) = press.key {
                request = request.header(Header::new("Idempotency-Key", key));
            }
            if let Some(token) = press.token {
                request = request.header(Header::new("Authorization", format!("Bearer {token}")));
            }
            async {
                let answer = request.dispatch().await;
                let status = answer.status().code;
                let headers =
                    answer.headers().iter().map(|h| (h.name.to_string(), h.value.to_string())).collect();
                Answer { status, headers, text: answer.into_string().await.unwrap_or_default() }
            }
        });
        join_all(sent).await
    })
}

pub fn bookings(study: &Study<'_>, starts: &[&str]) -> Vec<Press> {
    let starts = starts.iter().cycle();
    let everybody = study.respondents.iter().zip(starts);
    everybody
        .map(|(who, start)| Press {
            path: who.path("interview"),
            body: json!({ "starts_at": start, "mode": "teams" }),
            key: None,
            token: None,
        })
        .collect()
}

pub fn everybody_consents(study: &Study<'_>) {
    let agree = study.respondents.iter().map(|who| Press {
        path: who.path("consent"),
        body: crate::study::agreed(),
        key: None,
        token: None,
    });
    assert!(at_once(study.house, agree.collect()).iter().all(|answer| answer.status == 200));
}

fn count(house: &House, table: &str, condition: &str) -> usize {
    house.lines(&format!("SELECT id AS line FROM {table} WHERE {condition}")).len()
}

#[test]
fn two_hundred_at_once_on_ten_slots_give_ten_interviews_and_no_fault() {
    let house = House::open();
    let hours = json!([{ "weekday": "wed", "from": "08:00", "until": "20:15" }]);
    let study = house.bookable().respondents(200).hours(hours).open();
    everybody_consents(&study);
    let starts: Vec<String> = study
        .starts(study.first(), "2027-03-03T00:00:00Z", "2027-03-04T00:00:00Z")
        .into_iter()
        .step_by(5)
        .collect();
    let starts: Vec<&str> = starts.iter().map(String::as_str).take(10).collect();
    assert_eq!(starts.len(), 10, "an interview and its buffer take five quarters");
    let answers = at_once(&house, bookings(&study, &starts));
    let booked: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(booked.len(), 10);
    let taken: BTreeSet<_> = booked.iter().map(|b| b.json()["starts_at"].to_string()).collect();
    assert_eq!(taken.len(), 10);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "slot_taken"), "{}", answer.text);
        assert!(answer.json()["alternatives"].is_array());
    }
    assert_eq!(count(&house, "interviews", "status = 'booked'"), 10);
    assert_eq!(count(&house, "reservations", "active"), 10);
    assert_eq!(count(&house, "letters", "kind = 'confirmation'"), 10);
    assert_eq!(house.lines("SELECT CAST(taken AS TEXT) AS line FROM strata WHERE position = 0"), ["10"]);
}

#[test]
fn of_overlapping_starts_no_two_are_both_booked() {
    let house = House::open();
    let study = house.bookable().respondents(40).open();
    everybody_consents(&study);
    let starts =
        ["2027-03-03T09:00:00Z", "2027-03-03T09:15:00Z", "2027-03-03T09:30:00Z", "2027-03-03T10:00:00Z"];
    let answers = at_once(&house, bookings(&study, &starts));
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
}

/// The owner travels so many minutes to any interview in person.
fn travels(study: &Study<'_>, minutes: i64) {
    let path = study.path(&format!("members/{}/travel", study.owner_id));
    study.house.put(&study.owner, &path, &json!({ "minutes": minutes })).expect(200);
}

#[test]
fn of_interviews_in_person_whose_ways_overlap_one_is_booked() {
    let house = House::open();
    let study = house.bookable().respondents(24).open();
    travels(&study, 60);
    everybody_consents(&study);
    // Two hours and a half apart: the interviews are far from each other, the ways are not.
    let mut presses = bookings(&study, &["2027-03-03T09:00:00Z", "2027-03-03T11:30:00Z"]);
    for press in &mut presses {
        press.body["mode"] = json!("in_person");
    }
    let answers = at_once(&house, presses);
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "slot_taken"), "{}", answer.text);
    }
    assert_eq!(count(&house, "reservations", "active"), 1);
}

#[test]
fn who_meets_in_person_after_all_and_who_books_next_to_it_do_not_both_get_the_time() {
    for _ in 0..4 {
        let house = House::open();
        let study = house.bookable().respondents(2).open();
        travels(&study, 60);
        everybody_consents(&study);
        let [first, second] = &study.respondents[..] else { panic!("two") };
        study.book(first, WEDNESDAY_TEN).expect(201);
        let press = |path: String, starts_at: &str, mode: &str| Press {
            path,
            body: json!({ "starts_at": starts_at, "mode": mode }),
            key: None,
            token: None,
        };
        let presses = vec![
            press(first.path("interview/reschedule"), WEDNESDAY_TEN, "in_person"),
            press(second.path("interview"), "2027-03-03T10:15:00Z", "teams"),
        ];
        let mut statuses: Vec<u16> = at_once(&house, presses).iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert!(statuses == [200, 409] || statuses == [201, 409], "{statuses:?}");
    }
}

#[test]
fn the_last_place_of_a_stratum_goes_to_one() {
    let house = House::open();
    let study = house.bookable().respondents(20).cap(1).open();
    everybody_consents(&study);
    let starts =
        ["2027-03-03T08:00:00Z", "2027-03-04T09:00:00Z", "2027-03-05T10:00:00Z", "2027-03-08T11:00:00Z"];
    let answers = at_once(&house, bookings(&study, &starts));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status, answer.code().as_str()), (409, "quota_full"));
    }
}

#[test]
fn a_hundred_posts_with_one_key_make_one_booking() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let press = || Press {
        path: study.first().path("interview"),
        body: json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" }),
        key: Some("one and the same"),
        token: None,
    };
    let answers = at_once(&house, (0..100).map(|_| press()).collect());
    assert!(
        answers.iter().all(|answer| answer.status == 201),
        "{:?}",
        answers.iter().map(|a| a.status).collect::<Vec<_>>()
    );
    let ids: BTreeSet<_> = answers.iter().map(|answer| answer.json()["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    let fresh = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count();
    assert_eq!(fresh, 1);
    assert_eq!(count(&house, "interviews", "status = 'booked'"), 1);
    let mut other = press();
    other.body["mode"] = json!("in_person");
    assert_eq!(at_once(&house, vec![other])[0].code(), "idempotency_mismatch");
}

#[test]
fn who_presses_twice_at_once_books_once() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let starts = ["2027-03-03T09:00:00Z", "2027-03-04T09:00:00Z"].iter().cycle();
    let presses = starts.take(10).map(|start| Press {
        path: study.first().path("interview"),
        body: json!({ "starts_at": start, "mode": "teams" }),
        key: None,
        token: None,
    });
    let answers = at_once(&house, presses.collect());
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().filter(|a| a.status != 201).all(|answer| answer.code() == "already_booked"));
}

#[test]
fn nobody_who_withdraws_at_the_same_moment_keeps_an_interview() {
    let house = House::open();
    let study = house.bookable().respondents(20).open();
    everybody_consents(&study);
    let starts =
        ["2027-03-03T08:00:00Z", "2027-03-04T08:00:00Z", "2027-03-05T08:00:00Z", "2027-03-08T08:00:00Z"];
    let mut presses = Vec::new();
    for booking in bookings(&study, &starts) {
        let leave = booking.path.replace("/interview", "/withdraw");
        presses.push(booking);
        presses.push(Press { path: leave, body: json!({}), key: None, token: None });
    }
    let answers = at_once(&house, presses);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201 | 409 | 410)));
    assert_eq!(count(&house, "interviews", "status = 'booked'"), 0);
    assert_eq!(count(&house, "reservations", "active"), 0);
    assert_eq!(house.lines("SELECT CAST(taken AS TEXT) AS line FROM strata WHERE position = 0"), ["0"]);
}

#[test]
fn who_objects_to_letters_while_they_book_keeps_an_interview_that_can_be_cancelled_and_erased() {
    let house = House::open();
    let study = house.bookable().respondents(12).open();
    everybody_consents(&study);
    let keys = house.settings.keys().unwrap();
    let days = (3..=5).flat_map(|day| [8, 10, 12, 14].map(|hour| format!("2027-03-0{day}T{hour:02}:00:00Z")));
    let days: Vec<String> = days.collect();
    let starts: Vec<&str> = days.iter().map(String::as_str).collect();
    let mut presses = Vec::new();
    for (booking, who) in bookings(&study, &starts).into_iter().zip(&study.respondents) {
        presses.push(booking);
        presses.push(Press::openly(format!("/u/{}", keys.unsubscribe_token(who.id)), json!({})));
    }
    let answers = at_once(&house, presses);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201)), "{answers:?}");
    assert_eq!(count(&house, "interviews", "status = 'booked'"), 12);
    assert_eq!(count(&house, "respondents", "status = 'booked' AND opted_out_at IS NOT NULL"), 12);
    for who in &study.respondents {
        house.delete(&study.owner, &format!("/api/v1/respondents/{}", who.id)).expect(204);
    }
}

#[test]
fn of_two_new_links_at_once_the_later_one_alone_opens() {
    let house = House::open();
    let study = house.bookable().respondents(8).open();
    let link = |who: &crate::study::Respondent| format!("/api/v1/respondents/{}/link", who.id);
    let twice = |who| [0, 1].map(|_| Press::by(&study.owner, link(who), json!({})));
    let answers = at_once(&house, study.respondents.iter().flat_map(twice).collect());
    let opens = |answer: &Answer| {
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        house.get_openly(&format!("/api/v1/participations/{token}")).status == 200
    };
    for pair in answers.chunks(2) {
        assert_ne!(pair[0].json()["token"], pair[1].json()["token"]);
        assert_eq!(pair.iter().filter(|answer| opens(answer)).count(), 1);
    }
}
