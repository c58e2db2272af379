//! Erasing a person (R6, E19).

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use veldwerk::clock::Instant;
use veldwerk::domain::audit::Done;
use veldwerk::domain::letter::LetterKind;
use veldwerk::domain::letter_facts::{About, LetterFacts};
use veldwerk::domain::respondent::RespondentStatus;
use veldwerk::id::{LetterId, RespondentId};
use veldwerk::mail::Folder;
use veldwerk::settings::Database;
use veldwerk::store::letters::{self, NewLetter, Recipient};
use veldwerk::store::respondents::{self, Moment};
use veldwerk::worker::sweep::Sweep;

use crate::browser::Browser;
use crate::fieldwork::execute;
use crate::house::House;
use crate::pages_study::page_of;
use crate::panel::{Panel, Read};

fn id(path: &str) -> RespondentId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Every file under a directory that holds a text, in any case.
fn holding(directory: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else {
            let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
            let text = text.to_lowercase();
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn an_erased_person_is_gone_for_everybody_while_the_counts_stay() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Ede");
    house.respondent(&anna, &study, "piet", "Ede");
    house.delete(&anna, &jan).expect(204);
    house.get(&anna, &jan).expect(404);
    house.get(&anna, &format!("{jan}/history")).expect(404);
    house.patch(&anna, &jan, &json!({ "name": "x" })).expect(404);
    house.post(&anna, &format!("{jan}/link"), &json!({})).expect(404);
    house.delete(&anna, &jan).expect(404);
    let listed = house.get(&anna, &format!("{study}/respondents")).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let strata = house.get(&anna, &format!("{study}/strata")).json();
    assert_eq!(strata["items"][0]["recruited"], 2);
    // The address is free again, under another code.
    let again = house.respondent(&anna, &study, "jan", "Ede");
    assert_eq!(house.get(&anna, &again).json()["code"], "R03");
}

#[test]
fn whoever_objected_stays_unwritten_to_when_somebody_lists_them_again() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Ede");
    let (person, now) = (id(&jan), house.clock.now());
    house
        .wait(
            house.store.write(move |tx| {
                respondents::note(tx, person, Moment::OptedOut, now).map(Done::housekeeping)
            }),
        )
        .unwrap();
    house.delete(&anna, &jan).expect(204);
    let again = house.respondent(&anna, &study, "jan", "Ede");
    assert_eq!(house.get(&anna, &again).json()["status"], "opted_out");
    let other = house.empty_study(&anna);
    let elsewhere = house.respondent(&anna, &other, "jan", "Ede");
    assert_eq!(house.get(&anna, &elsewhere).json()["status"], "listed");
}

#[test]
fn whoever_lists_somebody_again_that_objected_or_withdrew_is_told_so_by_hand_and_from_a_list() {
    let panel = Panel::of(3);
    panel.invite(&json!({ "respondents": null })).expect(200);
    panel.press(0, "opt-out", &json!({})).expect(200);
    panel.press(1, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    panel.press(1, "withdraw", &json!({})).expect(200);
    for person in &panel.people {
        panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{person}")).expect(204);
    }
    let rows: Vec<String> = (0..3).map(|n| format!("Sanne,s.devries+{n}@gemeente.example,Ede")).collect();
    let csv = format!("name,email,municipality\n{}", rows.join("\n"));
    let import = |query: &str| {
        let path = panel.path(&format!("respondents/import{query}"));
        panel.house.post_csv(&panel.owner, &path, &csv).expect(200).json()
    };
    let warned = |report: &serde_json::Value| {
        let told = report["warnings"].as_array().unwrap().iter();
        told.map(|row| (row["row"].clone(), row["code"].clone())).collect::<Vec<_>>()
    };
    let both = [(json!(2), json!("do_not_contact")), (json!(3), json!("do_not_contact"))];
    assert_eq!(warned(&import("?dry_run=true")), both, "the first person objected, the second withdrew");

    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    let came = browser.upload(&format!("{base}/import"), &[("csv", "")], csv.as_bytes()).expect(303);
    let list = came.leads_to().to_owned();
    let columns =
        [("header", "1"), ("column.0", "name"), ("column.1", "email"), ("column.2", "municipality")];
    browser.post(&format!("{list}/columns"), &columns).expect(303);
    let shown = browser.get(&format!("{list}?lang=en")).expect(200).text;
    assert_eq!(shown.matches("listed as somebody who wants no mail").count(), 2, "{shown}");

    let person = [("name", "Sanne"), ("email", "s.devries+0@gemeente.example"), ("municipality", "Ede")];
    let fields = [&person[..], &[("role", ""), ("language", "nl")]].concat();
    let added = browser.post(&format!("{base}/respondents"), &fields).expect(303).leads_to().to_owned();
    assert!(added.ends_with("?done=added_objecting"), "{added}");
    assert!(
        browser.get(&format!("{added}&lang=en")).expect(200).text.contains("wanted no more mail or withdrew")
    );

    let report = import("");
    assert_eq!((&report["imported"], warned(&report)), (&json!(2), both[1..].to_vec()));
    let listed = panel.house.get(&panel.owner, &panel.path("respondents?status=opted_out")).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(
        import("").get("warnings").is_none(),
        "there is nothing to be told of who is on the list already"
    );
}

#[test]
fn a_withdrawal_before_the_interview_frees_its_place_and_one_after_it_does_not() {
    let panel = Panel::of(2);
    let counts = || {
        let strata = panel.house.get(&panel.owner, &panel.path("strata")).json();
        (
            strata["items"][0]["booked"].clone(),
            strata["items"][0]["held"].clone(),
            strata["items"][0]["taken"].clone(),
        )
    };
    panel.book(0);
    assert_eq!(counts(), (json!(1), json!(0), json!(1)));
    panel.press(0, "withdraw", &json!({})).expect(200);
    assert_eq!(counts(), (json!(0), json!(0), json!(0)));
    let interview = panel.book(1);
    panel.house.at("2027-03-08T09:00:00Z");
    let held = format!("/api/v1/interviews/{}/held", interview["id"].as_str().unwrap());
    panel.house.post(&panel.owner, &held, &json!({})).expect(200);
    panel.press(1, "withdraw", &json!({})).expect(200);
    assert_eq!(counts(), (json!(0), json!(1), json!(1)), "E13 counts what was held");
}

#[test]
fn no_byte_of_an_erased_person_is_left_in_the_data_directory() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "kanariepiet", "Ede");
    let (person, now) = (id(&jan), house.clock.now());
    let study_id = study.rsplit('/').next().unwrap().parse().unwrap();
    let letter = NewLetter {
        study: study_id,
        recipient: Recipient::Respondent(person),
        respondent: Some(person),
        kind: LetterKind::Invitation,
        occasion: "first".to_owned(),
        interview: None,
        facts: LetterFacts::about(About::Study),
        due_at: now,
    };
    let letter: LetterId = house
        .wait(house.store.write(move |tx| letters::put(tx, &letter, now).map(Done::housekeeping)))
        .unwrap()
        .unwrap();
    // Two controls: what stands in clear in a column, and a copy in the mail folder, must be found before.
    let spoilt = format!("UPDATE letters SET last_error = 'no kanariepiet here' WHERE id = '{letter}'");
    execute(&house, &spoilt);
    let folder = Folder::new(house.settings.data_dir.join("mail"));
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.path().join(format!("{letter}.eml")), "To: KanariePiet@gemeente.example").unwrap();
    let directory = house.settings.data_dir.clone();
    let in_files = matches!(house.database(), Database::Sqlite(_));
    assert!(holding(&directory, "kanariepiet").len() > usize::from(in_files));

    house.delete(&anna, &jan).expect(204);
    let mut sweep = Sweep::default();
    house.wait(sweep.round(&house.store, Some(&folder), Instant::from_unix(now.unix() + 5))).unwrap();
    assert_eq!(holding(&directory, "kanariepiet"), Vec::<PathBuf>::new());
    // A worker that was writing the letter while the person was erased is swept up after as well.
    fs::write(folder.path().join(format!("{letter}.eml")), "To: kanariepiet@gemeente.example").unwrap();
    house.wait(sweep.round(&house.store, Some(&folder), Instant::from_unix(now.unix() + 10))).unwrap();
    assert_eq!(holding(&directory, "kanariepiet"), Vec::<PathBuf>::new());
}

#[test]
fn letters_that_wait_are_not_sent_to_an_erased_person() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Ede");
    let person = id(&jan);
    let now = house.clock.now();
    house
        .wait(house.store.write(move |tx| {
            let row = respondents::get(tx, person)?;
            respondents::set_status(
                tx,
                &row,
                RespondentStatus::Invited,
                veldwerk::domain::audit::Actor::System,
                now,
            )
            .map(Done::housekeeping)
        }))
        .unwrap();
    house.post(&anna, &format!("{study}/close"), &json!({ "letters": true })).expect(200);
    let waiting = || house.wait(house.store.read(move |tx| letters::state(tx, now))).unwrap().waiting;
    assert_eq!(waiting(), 1, "the letter about the closing");
    house.post(&anna, &format!("{study}/close"), &json!({ "letters": true })).expect(200);
    assert_eq!(waiting(), 1, "once");
    house.delete(&anna, &jan).expect(204);
    assert_eq!(waiting(), 0);
}

#[test]
fn an_interview_that_is_planned_is_called_off_on_both_sides_before_the_person_is_gone() {
    let panel = Panel::of(1);
    let interview = panel.book(0);
    assert_eq!(panel.house.deliver().len(), 3, "receipt, confirmation, notice");
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.delete(&panel.owner, &person).expect(204);
    let path = format!("/api/v1/interviews/{}", interview["id"].as_str().unwrap());
    assert_eq!(panel.house.get(&panel.owner, &path).expect(200).json()["status"], "cancelled");
    let strata = panel.house.get(&panel.owner, &panel.path("strata")).json();
    assert_eq!((&strata["items"][0]["booked"], &strata["items"][0]["taken"]), (&json!(0), &json!(0)));
    panel.house.get_openly(&format!("/api/v1/participations/{}", panel.link(0))).expect(404);

    let sent = panel.house.deliver();
    let to: Vec<&str> = sent.iter().map(|kept| kept.to.as_str()).collect();
    assert_eq!(to, ["S.deVries+0@gemeente.example", "anna@example.org"]);
    for kept in &sent {
        assert_eq!(Read::of(kept).property("METHOD"), Some("CANCEL"));
    }
    assert!(!String::from_utf8_lossy(&sent[1].message).contains("Vries"), "the interviewer reads a code");
    assert!(panel.outbox().iter().all(|letter| letter.ends_with(" sent -")), "{:?}", panel.outbox());
}

#[test]
fn the_place_of_a_held_interview_stays_taken() {
    let panel = Panel::of(1);
    let interview = panel.book(0);
    panel.house.at("2027-03-08T09:00:00Z");
    let held = format!("/api/v1/interviews/{}/held", interview["id"].as_str().unwrap());
    panel.house.post(&panel.owner, &held, &json!({})).expect(200);
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.delete(&panel.owner, &person).expect(204);
    let strata = panel.house.get(&panel.owner, &panel.path("strata")).json();
    assert_eq!((&strata["items"][0]["held"], &strata["items"][0]["taken"]), (&json!(1), &json!(1)));
}
