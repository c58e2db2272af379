//! Messages that only a person can understand, and the program that a mail server pipes them into.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use veldwerk::settings::Database;
use veldwerk::worker::forget;

use crate::browser::Browser;
use crate::house::{House, SECRET};
use crate::incoming_mail::{Booked, filled};

#[test]
fn a_researcher_says_what_a_message_means_and_then_nothing_of_it_is_kept() {
    let booked = Booked::new();
    booked.comes("written", &[]);
    let waiting = booked.waiting();
    assert_eq!(waiting[0]["respondent"], booked.panel.people[0].as_str());
    assert_eq!(
        (&waiting[0]["text"], waiting[0]["subject"].as_str()),
        (&Value::Null, Some("Vraag over het gesprek in café De Brug"))
    );
    let path = format!("/api/v1/incoming-mail/{}", waiting[0]["id"].as_str().unwrap());
    let one = booked.house().get(&booked.panel.owner, &path).expect(200).json();
    assert!(one["text"].as_str().unwrap().contains("Mag mijn collega meekijken?"));
    let settle = |body: &Value| booked.house().post(&booked.panel.owner, &format!("{path}/settle"), body);
    assert_eq!(
        settle(&json!({ "means": "answer" })).expect(422).json()["errors"].as_array().unwrap().len(),
        2
    );
    let nobody = json!({ "means": "answer", "respondent": booked.panel.people[1], "attendance": "accepted" });
    assert_eq!(settle(&nobody).code(), "no_interview");
    let accepted =
        json!({ "means": "answer", "respondent": booked.panel.people[0], "attendance": "accepted" });
    settle(&accepted).expect(200);
    assert_eq!(booked.answers(), ["respondent accepted true"]);
    assert!(booked.waiting().is_empty());
    settle(&accepted).expect(404);
    let sealed = booked.house().lines("SELECT CAST(COUNT(sealed) AS TEXT) AS line FROM incoming_mail");
    assert_eq!(sealed, ["0"]);
}

#[test]
fn the_page_of_waiting_mail_shows_each_message_and_takes_the_answer() {
    let booked = Booked::new();
    booked.comes("written", &[]);
    let id = booked.waiting()[0]["id"].as_str().unwrap().to_owned();
    let browser = Browser::of(booked.house(), &booked.panel.owner);
    let base = booked.panel.study.replace("/api/v1", "");
    let list = browser.get(&format!("{base}/incoming-mail?lang=en")).expect(200).text;
    assert!(list.contains("Vraag over het gesprek in café De Brug") && list.contains("R0"), "{list}");
    let page = format!("/incoming-mail/{id}");
    assert!(browser.get(&page).expect(200).text.contains("Mag mijn collega meekijken?"));
    let wrong =
        browser.post(&format!("{page}/answer"), &[("code", "R99"), ("attendance", "accepted")]).expect(422);
    assert!(wrong.has_error_at("code") && wrong.text.contains("R99"), "{}", wrong.text);
    let code = booked.waiting()[0]["code"].as_str().unwrap().to_owned();
    browser.post(&format!("{page}/answer"), &[("code", &code), ("attendance", "tentative")]).expect(303);
    assert_eq!(booked.answers(), ["respondent tentative true"]);
    browser.get(&page).expect(404);
}

#[test]
fn waiting_mail_is_for_those_who_see_contact_data_and_each_look_is_logged() {
    let booked = Booked::new();
    booked.comes("written", &[]);
    let house = booked.house();
    let [lea, eva] = ["lea", "eva"].map(|name| house.researcher(name));
    house.join(&booked.panel.owner, &booked.panel.study, &lea, "reader");
    let list = booked.panel.path("incoming-mail");
    let one = format!("/api/v1/incoming-mail/{}", booked.waiting()[0]["id"].as_str().unwrap());
    let looks = || house.lines("SELECT action AS line FROM audit WHERE action = 'mail.viewed'").len();
    let before = looks();
    for path in [&list, &one] {
        house.get(&lea, path).expect(403);
        house.get(&eva, path).expect(404);
    }
    house.post(&lea, &format!("{one}/settle"), &json!({ "means": "nothing" })).expect(403);
    house.post(&eva, &format!("{one}/settle"), &json!({ "means": "nothing" })).expect(404);
    assert_eq!(looks(), before);
    house.get(&booked.panel.owner, &one).expect(200);
    assert_eq!(looks(), before + 1);
    // The counts and codes are no contact data, the comment beside an answer is.
    booked.comes("outlook_accepts", &[]);
    let answers = format!("/api/v1/interviews/{}/answers", booked.interview);
    assert_eq!(house.get(&lea, &answers).expect(200).json()[0]["comment"], Value::Null);
    let told = house.get(&booked.panel.owner, &answers).expect(200).json()[0]["comment"].clone();
    assert_eq!(told, "Graag tot maandag, ik heb me voorbereid.");
}

#[test]
fn mail_of_nobody_is_the_only_studys_and_of_two_the_operators() {
    let booked = Booked::new();
    booked.comes("written", &[("from", "vreemde@elders.example")]);
    assert_eq!(booked.waiting().len(), 1);
    booked.house().empty_study(&booked.panel.owner);
    booked.comes("written", &[("from", "andere@elders.example")]);
    assert_eq!(booked.waiting().len(), 1, "with two studies nobody can tell whose it is");
    let unplaced = booked.house().lines("SELECT kind AS line FROM incoming_mail WHERE study IS NULL");
    assert_eq!(unplaced, ["message"]);
}

#[test]
fn what_waits_is_sealed_and_is_forgotten_with_the_person_and_in_time() {
    let booked = Booked::new();
    booked.comes("written", &[]);
    booked.comes("outlook_accepts", &[]);
    booked.comes("written", &[("from", "vreemde@elders.example")]);
    let everything = booked.house().everything().join("\n");
    for clear in ["Brug", "gemeente.example", "meekijken", "voorbereid"] {
        assert!(!everything.contains(clear), "{clear}");
    }
    let person = format!("/api/v1/respondents/{}", booked.panel.people[0]);
    booked.house().delete(&booked.panel.owner, &person).expect(204);
    assert_eq!(booked.waiting().len(), 1, "the stranger's message is left");
    let comments = "SELECT CAST(COUNT(comment_sealed) AS TEXT) AS line FROM attendances";
    assert_eq!(booked.house().lines(comments), ["0"]);
    booked.house().at("2027-05-01T08:00:00Z");
    booked.house().wait(forget(&booked.house().clock, &booked.house().store)).unwrap();
    assert!(booked.waiting().is_empty());
    booked.house().at("2027-12-01T08:00:00Z");
    booked.house().wait(forget(&booked.house().clock, &booked.house().store)).unwrap();
    assert!(booked.house().lines("SELECT id AS line FROM incoming_mail").is_empty());
}

/// Pipes a message into the program, as a mail server does; answers its exit status.
fn piped(house: &House, raw: &[u8]) -> i32 {
    let database = match house.database() {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => url.expose().to_owned(),
    };
    piped_to(house, &database, raw)
}

fn piped_to(house: &House, database: &str, raw: &[u8]) -> i32 {
    let mut program = Command::new(env!("CARGO_BIN_EXE_veldwerk"))
        .args(["mail", "receive"])
        .current_dir(&house.settings.data_dir)
        .env("DATABASE_URL", database)
        .env("VELDWERK_DATA_DIR", &house.settings.data_dir)
        .env("VELDWERK_SECRET_KEY", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A program that ends before it read everything closes the pipe, which is its right.
    let _ = program.stdin.take().unwrap().write_all(raw);
    program.wait().unwrap().code().unwrap()
}

#[test]
fn a_mail_server_pipes_a_message_in_and_is_told_by_the_exit_status() {
    let booked = Booked::new();
    let objection = filled("unsubscribe", &[("token", &booked.panel.unsubscribe(1))]);
    assert_eq!(piped(booked.house(), &objection), 0);
    let person = format!("/api/v1/respondents/{}", booked.panel.people[1]);
    let status = booked.house().get(&booked.panel.owner, &person).expect(200).json()["status"].clone();
    assert_eq!(status, "opted_out");
    assert_eq!(piped(booked.house(), b"nonsense"), 0, "what waits for a person is taken too");
    assert_eq!(booked.doubts(), ["written"]);
    assert_eq!(piped_to(booked.house(), "postgres://nobody@127.0.0.1:1/none", &objection), 75);
    let elsewhere = tempfile::tempdir().unwrap();
    let new = format!("sqlite:{}", elsewhere.path().join("new.db").display());
    assert_eq!(piped_to(booked.house(), &new, &objection), 75, "nobody would ever read it there");
}

/// The same person is a respondent in another study of the owner, and one of somebody else.
fn known_elsewhere(booked: &Booked) -> [String; 2] {
    let house = booked.house();
    let eva = house.researcher("eva");
    [&booked.panel.owner, &eva].map(|owner| {
        let study = house.empty_study(owner);
        house.respondent(owner, &study, "S.deVries+0", "Enschede");
        study
    })
}

fn waiting_in(booked: &Booked, study: &str) -> Vec<Value> {
    let owner = &booked.panel.owner;
    let list = booked.house().get(owner, &format!("{study}/incoming-mail")).expect(200).json();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn mail_of_somebody_in_several_studies_waits_in_each_and_is_settled_for_the_one_that_is_chosen() {
    let booked = Booked::new();
    let [other, _] = known_elsewhere(&booked);
    let (house, owner) = (booked.house(), &booked.panel.owner);
    booked.comes("written", &[]);
    assert_eq!((booked.waiting().len(), waiting_in(&booked, &other).len()), (1, 1));
    booked.comes("written", &[]);
    assert_eq!(booked.waiting().len(), 1, "the same message once more changes nothing");
    let [here, there] = [booked.waiting(), waiting_in(&booked, &other)].map(|all| all[0].clone());
    assert_ne!(here["respondent"], there["respondent"]);
    let path = |message: &Value| format!("/api/v1/incoming-mail/{}", message["id"].as_str().unwrap());
    assert_eq!(house.get(owner, &path(&there)).expect(200).json()["waits_elsewhere"], true);
    let settle =
        |message: &Value, body: &Value| house.post(owner, &format!("{}/settle", path(message)), body);
    settle(&there, &json!({ "means": "nothing" })).expect(200);
    assert_eq!(
        (booked.waiting().len(), waiting_in(&booked, &other).len()),
        (1, 0),
        "it may mean something here"
    );
    let accepted = json!({ "means": "answer", "respondent": here["respondent"], "attendance": "accepted" });
    settle(&here, &accepted).expect(200);
    assert_eq!(booked.answers(), ["respondent accepted true"]);
    let left = "SELECT CAST(COUNT(sealed) AS TEXT) AS line FROM incoming_mail";
    assert_eq!(house.lines(left), ["0"], "it is known whose it is, so it waits nowhere");
}

#[test]
fn a_message_that_waits_in_an_archived_study_can_be_put_away_and_nothing_more() {
    let booked = Booked::new();
    booked.comes("written", &[]);
    let (house, owner) = (booked.house(), &booked.panel.owner);
    let browser = Browser::of(house, owner);
    let base = booked.panel.study.replace("/api/v1", "");
    browser.press(&format!("{base}/close"), "k", &[("interviews", "yes")]).expect(303);
    browser.press(&format!("{base}/archive"), "k", &[("exported", "true")]).expect(303);
    let message = booked.waiting()[0].clone();
    let id = message["id"].as_str().unwrap().to_owned();
    let page = browser.get(&format!("/incoming-mail/{id}")).expect(200).text;
    assert!(page.contains("/discard") && !page.contains("/answer"), "{page}");
    let settle = |body: &Value| house.post(owner, &format!("/api/v1/incoming-mail/{id}/settle"), body);
    let objection = json!({ "means": "objection", "respondent": message["respondent"] });
    assert_eq!(settle(&objection).expect(409).code(), "study_archived");
    settle(&json!({ "means": "nothing" })).expect(200);
    assert!(booked.waiting().is_empty());
}
