//! A respondent names a colleague in their own place: what comes of it, and who learns what.

use serde_json::{Value, json};
use veldwerk::mail::Opened;

use crate::house::{Answer, House};
use crate::study::{Respondent, Study};

fn refers(study: &Study<'_>, who: &Respondent, colleague: &Value) -> Answer {
    study.press(who, "referrals", colleague)
}

fn fatima() -> Value {
    json!({ "email": "fatima@gemeente.example.org", "name": "Fatima el Amrani", "role": "beleid Wmo" })
}

/// All respondents by their codes.
fn listed(study: &Study<'_>) -> Vec<Value> {
    let list = study.house.get(&study.owner, &study.path("respondents")).expect(200).json();
    let mut items = list["items"].as_array().unwrap().clone();
    items.sort_by_key(|item| item["code"].as_str().unwrap().to_owned());
    items
}

fn came_by(study: &Study<'_>, id: &Value) -> Value {
    let path = format!("/api/v1/respondents/{}/referrals", id.as_str().unwrap());
    study.house.get(&study.owner, &path).expect(200).json()
}

#[test]
fn a_colleague_comes_onto_the_list_like_anybody_and_is_not_written_to_yet() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    assert_eq!(refers(&study, who, &fatima()).expect(201).json(), json!({ "status": "referred" }));
    let all = listed(&study);
    assert_eq!((all[0]["status"].clone(), all[1]["status"].clone()), (json!("referred"), json!("listed")));
    assert_eq!(all[1]["name"], "Fatima el Amrani");
    assert_eq!((&all[1]["municipality"], &all[1]["stratum"]), (&all[0]["municipality"], &all[0]["stratum"]));
    let came = came_by(&study, &all[1]["id"]);
    assert_eq!((&came["referred_by"], &came["named"]), (&json!("R01"), &json!([])));
    let named = came_by(&study, &all[0]["id"])["named"].clone();
    assert_eq!((&named[0]["code"], &named[0]["known"]), (&json!("R02"), &json!(false)));
    assert!(!named.to_string().contains("Fatima"));
    assert!(house.letters().is_empty());
    let waiting = || {
        let overview = house.get(&study.owner, &study.path("overview")).expect(200).json();
        let items = overview["attention"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["kind"] == "named_colleagues").map(|item| item["count"].clone())
    };
    assert_eq!(waiting(), Some(json!(1)), "somebody has to decide");
    let seen = study.seen(who).to_string();
    assert!(!seen.contains("Fatima") && !seen.contains("fatima"), "{seen}");
    house.post(&study.owner, &study.path("invitations"), &json!({ "dry_run": false })).expect(200);
    assert_eq!(waiting(), None);
}

#[test]
fn the_first_letter_tells_that_a_colleague_gave_the_address_and_who_only_if_they_agreed() {
    for (named, says) in [(false, "een collega van u, die"), (true, "Persoon 0, die")] {
        let house = House::open();
        let study = house.bookable().open();
        let mut colleague = fatima();
        colleague["named"] = json!(named);
        refers(&study, study.first(), &colleague).expect(201);
        house.post(&study.owner, &study.path("invitations"), &json!({ "dry_run": false })).expect(200);
        let sent = house.deliver();
        assert_eq!(sent.len(), 1, "who stepped back gets no letter");
        let text = Opened::read(&sent[0].message).unwrap().text;
        assert!(text.contains(&format!("Uw naam en mailadres komen van: {says}")), "{text}");
        assert_eq!(text.contains("Persoon 0"), named, "{text}");
        let link = text.split("/p/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let page = house.get_openly(&format!("/p/{link}")).expect(200).text;
        assert_eq!(page.contains("Persoon 0"), named, "the page says the same");
    }
}

#[test]
fn an_address_that_is_known_or_must_not_be_written_to_is_answered_the_same_and_nothing_is_made() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let [who, known, objects] = [0, 1, 2].map(|number| &study.respondents[number]);
    study.press(objects, "opt-out", &json!({})).expect(200);
    house.delete(&study.owner, &format!("/api/v1/respondents/{}", objects.id)).expect(204);
    let before = listed(&study).len();
    let answers =
        ["PERSOON1@gemeente.example.org", "persoon2@gemeente.example.org", "new@gemeente.example.org"]
            .map(|email| refers(&study, who, &json!({ "email": email, "name": "X" })).expect(201));
    let told: Vec<(u16, String)> =
        answers.iter().map(|answer| (answer.status, answer.text.clone())).collect();
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    assert_eq!(listed(&study).len(), before + 1, "only the new one");
    assert_eq!(study.seen(known)["status"], "listed");
    let named = came_by(&study, &json!(who.id.to_string()))["named"].clone();
    let codes: Vec<Value> = (0..3).map(|number| named[number]["code"].clone()).collect();
    assert_eq!(codes[1], json!(null), "nothing is kept of who must not be written to");
    assert!(codes[0].is_string() && codes[2].is_string());
    assert_eq!(house.lines("SELECT respondent AS line FROM contacts").len(), before + 1);
    assert_eq!(refers(&study, who, &fatima()).expect(409).code(), "enough_colleagues");
}

#[test]
fn a_link_is_bounded_a_repeat_makes_nobody_and_what_is_wrong_is_named() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let wrong = json!({ "email": "no address", "name": "a\nb", "extra": 1 });
    let refused = refers(&study, who, &wrong).expect(422).json();
    let fields: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["email", "name", "extra"]);
    let own = json!({ "email": "PERSOON0@gemeente.example.org" });
    assert_eq!(refers(&study, who, &own).expect(422).json()["errors"][0]["field"], "email");
    assert_eq!(study.seen(who)["status"], "listed", "a refusal changes nothing");
    let hostile =
        json!({ "email": "x@gemeente.example.org", "name": "<script>alert(1)</script>{{ study.title }}" });
    refers(&study, who, &hostile).expect(201);
    let page = crate::browser::Browser::of(&house, &study.owner)
        .get(&format!("/respondents/{}", listed(&study)[1]["id"].as_str().unwrap()))
        .expect(200);
    assert!(page.text.contains("&lt;script&gt;") && !page.text.contains("<script>alert"));
    refers(&study, who, &json!({ "email": "y@gemeente.example.org" })).expect(201);
    assert_eq!(listed(&study)[2]["name"], "collega", "who has no name is addressed as a colleague");
}

#[test]
fn who_has_an_interview_has_left_or_comes_too_late_names_nobody_and_may_think_again() {
    let house = House::open();
    let study = house.bookable().respondents(4).open();
    let [booked, leaves, late, returns] = [0, 1, 2, 3].map(|number| &study.respondents[number]);
    study.booked(booked, crate::study::WEDNESDAY_TEN);
    assert_eq!(refers(&study, booked, &fatima()).expect(409).code(), "wrong_state");
    study.press(leaves, "withdraw", &json!({})).expect(200);
    assert_eq!(refers(&study, leaves, &fatima()).expect(410).code(), "withdrawn");
    refers(&study, returns, &fatima()).expect(201);
    study.booked(returns, "2027-03-03T12:00:00Z");
    assert_eq!(study.seen(returns)["status"], "booked");
    house.post(&study.owner, &study.path("close"), &json!({})).expect(200);
    assert_eq!(
        refers(&study, late, &json!({ "email": "z@gemeente.example.org" })).expect(409).code(),
        "study_closed"
    );
}

#[test]
fn erasing_either_side_keeps_the_other_sound_and_a_name_leaves_letters_that_wait() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let mut colleague = fatima();
    colleague["named"] = json!(true);
    refers(&study, study.first(), &colleague).expect(201);
    refers(&study, &study.respondents[1], &json!({ "email": "omer@gemeente.example.org" })).expect(201);
    let all = listed(&study);
    house.post(&study.owner, &study.path("invitations"), &json!({ "dry_run": false })).expect(200);
    house.delete(&study.owner, &format!("/api/v1/respondents/{}", study.first().id)).expect(204);
    let sent = house.deliver();
    let texts: Vec<String> = sent.iter().map(|letter| Opened::read(&letter.message).unwrap().text).collect();
    assert!(texts.iter().all(|text| !text.contains("Persoon 0")), "{texts:?}");
    assert!(texts.iter().all(|text| text.contains("een collega van u")), "{texts:?}");
    let fatima = all.iter().find(|item| item["name"] == "Fatima el Amrani").unwrap();
    let came = came_by(&study, &fatima["id"]);
    assert!(came["referred_by"].is_string(), "the code stays: {came}");

    let omer = all.iter().find(|item| item["name"] == "collega").unwrap();
    house.delete(&study.owner, &format!("/api/v1/respondents/{}", omer["id"].as_str().unwrap())).expect(204);
    assert_eq!(study.seen(&study.respondents[1])["status"], "referred");
    let named = came_by(&study, &json!(study.respondents[1].id.to_string()))["named"].clone();
    assert_eq!(named[0]["code"], omer["code"]);
}

#[test]
fn an_export_tells_by_whom_somebody_came_by_the_code_alone() {
    let house = House::open();
    let study = house.bookable().open();
    refers(&study, study.first(), &fatima()).expect(201);
    let table = house.get(&study.owner, &study.path("export?format=csv")).expect(200).text;
    let row = table.lines().find(|line| line.starts_with("R02,")).unwrap();
    assert!(row.contains(",R01,"), "{table}");
    assert!(!table.contains("Fatima") && !table.contains("Persoon"), "{table}");
}

#[test]
fn a_wave_leaves_out_who_stepped_back_and_says_why() {
    let house = House::open();
    let study = house.bookable().open();
    refers(&study, study.first(), &fatima()).expect(201);
    let wave = house.post(&study.owner, &study.path("invitations"), &json!({ "dry_run": true })).expect(200);
    let skipped = wave.json()["skipped"].clone();
    assert_eq!((skipped[0]["reason"].clone(), skipped.as_array().unwrap().len()), (json!("referred"), 1));
}

#[test]
fn strangers_learn_nothing_of_referrals_and_readers_no_more_than_codes() {
    let house = House::open();
    let study = house.bookable().open();
    refers(&study, study.first(), &fatima()).expect(201);
    let path = format!("/api/v1/respondents/{}/referrals", study.first().id);
    house.get(&house.researcher("carla"), &path).expect(404);
    let reader = study.member("rien", veldwerk::domain::access::Role::Reader);
    let seen = house.get(&reader, &path).expect(200).text;
    assert!(seen.contains("R02") && !seen.contains("Fatima"), "{seen}");
}
