//! The log of changes: who reads it, and whether tampering shows (R7).

use std::process::Command;

use serde_json::json;
use veldwerk::mail::{Memory, Opened, Refusal, RefusalKind, Transport};
use veldwerk::queries::audit_trail::{self, Verdict};
use veldwerk::settings::Database;
use veldwerk::store::audit;
use veldwerk::worker::{DailyHead, Post};

use crate::browser::Browser;
use crate::fieldwork::{Fieldwork, execute, guide};
use crate::house::{House, Researcher, SECRET};

fn seal(house: &House) {
    house.wait(async { while house.store.write(audit::seal).await.unwrap() {} });
}

fn verify(house: &House, noted: Option<(i64, String)>) -> Verdict {
    house.wait(house.store.read(move |tx| audit_trail::verify(tx, noted.as_ref()))).unwrap()
}

/// A house whose log has six sealed rows: three researchers with a token each.
fn sealed() -> House {
    let house = House::open();
    for name in ["anna", "bram", "chris"] {
        house.researcher(name);
    }
    seal(&house);
    assert_eq!(verify(&house, None).sealed, 6);
    house
}

fn head(verdict: &Verdict) -> (i64, String) {
    (verdict.sealed, verdict.head.clone())
}

#[test]
fn a_log_that_nobody_touched_is_whole_and_grows() {
    let house = sealed();
    let first = verify(&house, None);
    assert_eq!((first.sealed, first.unsealed, first.broken), (6, 0, None));
    house.researcher("dirk");
    assert_eq!(verify(&house, None).unsealed, 2);
    seal(&house);
    let later = verify(&house, Some(head(&first)));
    assert_eq!((later.sealed, later.unsealed, later.broken, later.known_head), (8, 0, None, Some(true)));
}

#[test]
fn an_edited_row_shows_whatever_was_edited() {
    for edit in [
        "at = at + 1",
        "actor = 'system'",
        "action = 'user.removed'",
        "subject = NULL",
        "study = 'x'",
        "result = 'refused'",
        "fields = '{}x'",
        "hash = ''",
    ] {
        let house = sealed();
        execute(&house, &format!("UPDATE audit SET {edit} WHERE position = 4"));
        assert_eq!(verify(&house, None).broken, Some((4, "changed")), "{edit}");
    }
}

#[test]
fn a_removed_row_shows_and_so_does_one_that_was_put_outside_the_chain() {
    for removal in [
        "DELETE FROM audit WHERE position = 3",
        "UPDATE audit SET position = NULL, hash = NULL WHERE position = 3",
        "UPDATE audit SET position = -3 WHERE position = 3",
    ] {
        let house = sealed();
        execute(&house, removal);
        assert_eq!(verify(&house, None).broken, Some((3, "missing")), "{removal}");
    }
}

#[test]
fn rows_that_changed_places_show() {
    let house = sealed();
    execute(
        &house,
        "UPDATE audit SET position = 99 WHERE position = 2;
         UPDATE audit SET position = 2 WHERE position = 5;
         UPDATE audit SET position = 5 WHERE position = 99;",
    );
    assert_eq!(verify(&house, None).broken, Some((2, "changed")));
}

#[test]
fn a_cut_tail_shows_against_a_head_that_was_noted_even_after_new_rows_took_its_place() {
    let house = sealed();
    let noted = Some(head(&verify(&house, None)));
    execute(&house, "DELETE FROM audit WHERE position > 4");
    let cut = verify(&house, noted.clone());
    assert_eq!((cut.sealed, cut.broken, cut.known_head), (4, None, Some(false)));
    house.researcher("dirk");
    seal(&house);
    let regrown = verify(&house, noted);
    assert_eq!((regrown.sealed, regrown.broken, regrown.known_head), (6, None, Some(false)));
}

#[test]
fn sealing_at_once_from_many_places_leaves_no_gap() {
    let house = House::open();
    let store = &house.store;
    for round in 0..4 {
        house.researcher(&format!("r{round}"));
        // Two that seal the same rows may get in each other's way; one of them seals them.
        let _ = house.wait(async {
            tokio::join!(store.write(audit::seal), store.write(audit::seal), store.write(audit::seal))
        });
    }
    seal(&house);
    let verdict = verify(&house, None);
    assert_eq!((verdict.sealed, verdict.unsealed, verdict.broken), (8, 0, None));
}

/// `veldwerk verify audit` on the database of a house.
fn command(house: &House, arguments: &[&str]) -> (bool, String) {
    let url = match house.database() {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => url.expose().to_owned(),
    };
    let output = Command::new(env!("CARGO_BIN_EXE_veldwerk"))
        .args(["verify", "audit"])
        .args(arguments)
        .env("DATABASE_URL", url)
        .env("VELDWERK_DATA_DIR", &house.settings.data_dir)
        .env("VELDWERK_SECRET_KEY", SECRET)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_command_says_what_it_found_and_fails_on_a_break_or_an_unknown_head() {
    let house = sealed();
    let (position, hash) = head(&verify(&house, None));
    let noted = format!("{position}:{hash}");
    let whole = format!("sealed: 6\nhead: {noted}\nunsealed: 0\nfirst break: none\n");
    assert_eq!(command(&house, &[]), (true, whole.clone()));
    assert_eq!(command(&house, &["--head", &noted]), (true, format!("{whole}noted head: found\n")));
    let other = format!("7:{hash}");
    assert_eq!(command(&house, &["--head", &other]), (false, format!("{whole}noted head: not found\n")));
    assert!(!command(&house, &["--head", "7"]).0);
    execute(&house, "UPDATE audit SET result = 'x' WHERE position = 1");
    let (fine, said) = command(&house, &[]);
    assert!(!fine && said.ends_with("first break: 1 (changed)\n"), "{said}");
}

#[test]
fn owners_read_the_log_of_their_study_and_nobody_else_does() {
    let f = Fieldwork::begin();
    let id = f.publish(&guide());
    let read = |who: &Researcher, query: &str| f.house.get(who, &f.path(&format!("audit{query}")));
    let first = read(&f.owner, "?limit=1").expect(200).json();
    let item = &first["items"][0];
    assert_eq!((&item["action"], &item["subject"]), (&json!("guide.published"), &json!(id)));
    assert_eq!((&item["by"]["kind"], &item["by"]["name"]), (&json!("user"), &json!("owner")));
    assert_eq!((&item["fields"], &item["result"]), (&json!(["version"]), &json!("done")));
    let next = format!("?cursor={}", first["next"].as_str().unwrap());
    let rest = read(&f.owner, &next).expect(200).json();
    assert_eq!((&rest["items"][0]["action"], &rest["next"]), (&json!("guide.drafted"), &json!(null)));
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(read(&f.interviewer, "").status, 403);
    assert_eq!(read(&f.reader, "").status, 403);
    assert_eq!(read(&f.stranger, "").status, 404);
    assert_eq!(f.house.get_openly(&f.path("audit")).status, 401);
}

#[test]
fn whoever_looks_at_personal_data_stands_in_the_log_and_whoever_sees_codes_alone_does_not() {
    let f = Fieldwork::begin();
    let study = format!("/api/v1/studies/{}", f.study);
    let person = f.house.respondent(&f.owner, &study, "sanne", "Enschede");
    let code = f.house.get(&f.owner, &person).expect(200).json()["code"].clone();
    let desk = Browser::of(&f.house, &f.interviewer);
    for who in [&f.reader, &f.interviewer] {
        f.house.get(who, &person).expect(200);
        f.house.get(who, &f.path("respondents")).expect(200);
    }
    desk.get(person.trim_start_matches("/api/v1")).expect(200);
    f.house.get(&f.stranger, &person).expect(404);
    f.house.get(&f.interviewer, &f.path("guides")).expect(200);
    let log = f.house.get(&f.owner, &f.path("audit")).expect(200).json();
    let seen = |name: &str| {
        let items = log["items"].as_array().unwrap().iter().filter(|item| item["by"]["name"] == *name);
        let viewed = items.filter(|item| item["action"].as_str().unwrap().ends_with(".viewed"));
        viewed.map(|item| (item["action"].clone(), item["subject"].clone())).collect::<Vec<_>>()
    };
    let one = (json!("respondent.viewed"), code.clone());
    let list = (json!("respondents.viewed"), json!(f.study));
    assert_eq!(seen("interviewer"), [one.clone(), list, one], "newest first (R4)");
    assert_eq!(seen("reader"), []);
    assert_eq!(seen("stranger"), []);
}

#[test]
fn the_head_is_mailed_to_the_operator_once_a_day_and_tried_again_while_the_server_is_away() {
    let mut house = sealed();
    house.settings.operator_email = Some("beheer@example.org".to_owned());
    let memory = Memory::default();
    let post = Post::through(Transport::Memory(memory.clone()), &house.settings).unwrap();
    // A fresh start of the program each time: what was told is remembered in the database.
    let tell = || house.wait(DailyHead::default().tell(house.clock.now(), &house.store, &post));
    memory.refuse_next(Refusal { kind: RefusalKind::Away, said: "later".to_owned(), in_doubt: false });
    assert!(tell().is_err());
    tell().unwrap();
    tell().unwrap();
    let sent = memory.letters();
    assert_eq!(sent.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["beheer@example.org"]);
    let head = verify(&house, None);
    let said = Opened::read(&sent[0].message).unwrap().text;
    assert!(said.contains(&format!("verify audit --head {}:{}", head.sealed, head.head)), "R7: {said}");
    house.at("2027-03-02T08:00:00Z");
    tell().unwrap();
    assert_eq!(memory.letters().len(), 2);
}
