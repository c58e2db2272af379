//! Contact lists as files (E16).

use std::fmt::Write as _;

use rocket::http::Header;
use serde_json::{Value, json};
use veldwerk::actions::import_respondents::{Import, import_respondents};
use veldwerk::domain::contact_list::ContactList;
use veldwerk::store::idempotency::Once;

use crate::fieldwork::execute;
use crate::house::{Answer, House, Researcher, bearer};

fn import(house: &House, who: &Researcher, path: &str, file: impl AsRef<[u8]>) -> Answer {
    let request = house.client.post(path.to_owned()).header(bearer(who));
    house.send(request.header(Header::new("Content-Type", "text/csv; charset=utf-8")).body(file.as_ref()))
}

/// Everybody on the list of a study.
fn everybody(house: &House, who: &Researcher, study: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = house.get(who, &format!("{study}/respondents?limit=200&cursor={cursor}")).json();
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return all,
        }
    }
}

fn rejected(report: &Value) -> Vec<(u64, &str, &str)> {
    let text = |row: &'_ Value, name: &str| row[name].as_str().unwrap().to_owned().leak() as &str;
    let rows = report["rejected"].as_array().unwrap().iter();
    rows.map(|row| (row["row"].as_u64().unwrap(), text(row, "field"), text(row, "code"))).collect()
}

const LIST: &str = "Email;name;Municipality;phone\r\n\
    a@ede.example;A;Ede;+31 6 12\r\n\
    A@EDE.example;A again;Ede;\r\n\
    ;B;Ede;\r\n\
    c@x.example;C;Bergen;\r\n\
    d@x.example;D;Hoofddorp;\r\n\
    nobody;;Atlantis;\r\n\
    e@x.example;\"E\nF\";'s-Gravenhage;\r\n";

#[test]
fn good_rows_are_imported_and_every_bad_one_is_told_with_its_reason() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    let report = import(&house, &anna, &path, LIST).expect(200).json();
    assert_eq!(report["imported"], 2);
    assert_eq!(
        rejected(&report),
        [
            (3, "email", "email_duplicate"),
            (4, "email", "required"),
            (5, "municipality", "municipality_ambiguous"),
            (6, "municipality", "municipality_unknown"),
            (7, "name", "required"),
            (7, "email", "email_invalid"),
            (7, "municipality", "municipality_unknown"),
        ]
    );
    let ambiguous = report["rejected"][2]["message"].as_str().unwrap();
    assert!(ambiguous.contains("Bergen (L.)") && ambiguous.contains("Bergen (NH.)"), "{ambiguous}");
    let listed = house.get(&anna, &format!("{study}/respondents")).json();
    let mut names: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["A", "E F"]);
    let english = house
        .client
        .post(format!("{path}?dry_run=true"))
        .header(bearer(&anna))
        .header(Header::new("Content-Type", "text/csv"))
        .header(Header::new("Accept-Language", "en"))
        .body(LIST);
    let english = house.send(english).expect(200).json();
    assert!(english.to_string().contains("This email address occurs already"), "{english}");
}

#[test]
fn a_dry_run_tells_the_same_and_changes_nothing() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    let dry = import(&house, &anna, &format!("{path}?dry_run=true"), LIST).expect(200).json();
    assert_eq!(house.get(&anna, &format!("{study}/respondents")).json()["items"], json!([]));
    assert_eq!(import(&house, &anna, &path, LIST).expect(200).json(), dry);
    let again = import(&house, &anna, &format!("{path}?dry_run=yes"), LIST).expect(200).json();
    assert_eq!(again["imported"], 0);
    assert_eq!(rejected(&again)[0], (2, "email", "email_duplicate"));
    for wrong in ["dry_run", "dry_run=", "dry_run=perhaps"] {
        import(&house, &anna, &format!("{path}?{wrong}"), LIST).expect(422);
    }
}

#[test]
fn codes_are_unique_of_one_length_and_say_nothing_of_the_place_in_the_file() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let mut file = "name,email,municipality\n".to_owned();
    for i in 0..1_200 {
        file += "P";
        file += &i.to_string();
        file += ",p";
        file += &i.to_string();
        file += "@x.example,Ede\n";
    }
    let path = format!("{study}/respondents/import");
    assert_eq!(import(&house, &anna, &path, &file).expect(200).json()["imported"], 1_200);
    let all = everybody(&house, &anna, &study);
    let mut by_place: Vec<(u32, &str)> = all
        .iter()
        .map(|r| {
            (
                r["name"].as_str().unwrap().trim_start_matches('P').parse().unwrap(),
                r["code"].as_str().unwrap(),
            )
        })
        .collect();
    by_place.sort_unstable();
    let codes: Vec<&str> = by_place.iter().map(|(_, code)| *code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_ne!(codes, sorted);
    sorted.dedup();
    assert_eq!(sorted.len(), 1_200);
    assert!(codes.iter().all(|code| code.len() == 5));
    assert_eq!((sorted[0], sorted[1_199]), ("R0001", "R1200"));
    let after = house.respondent(&anna, &study, "later", "Ede");
    assert_eq!(house.get(&anna, &after).json()["code"], "R1201");
}

#[test]
fn a_repeat_by_its_key_tells_what_the_first_one_imported() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    let keyed = |file: &'static str| {
        let request = house.client.post(path.clone()).header(bearer(&anna)).body(file);
        let request = request.header(Header::new("Content-Type", "text/csv"));
        house.send(request.header(Header::new("Idempotency-Key", "list-1")))
    };
    let (first, second) = (keyed(LIST).expect(200), keyed(LIST).expect(200));
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(keyed("name,email,municipality\n").expect(422).code(), "idempotency_mismatch");
    // Without the key the same file is somebody else's: everybody is there already.
    assert_eq!(import(&house, &anna, &path, LIST).expect(200).json()["imported"], 0);
}

#[test]
fn a_quotation_mark_that_nobody_closed_costs_nobody_their_place() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    let mut file = "name;email;municipality\n".to_owned();
    for i in 0..20 {
        let stray = if i == 4 || i == 8 { "\"" } else { "" };
        let _ = writeln!(file, "{stray}P{i};p{i}@x.example;Ede");
    }
    let told = import(&house, &anna, &path, &file).expect(200).json();
    assert_eq!((&told["imported"], &told["rejected"]), (&json!(20), &json!([])));
    let names: Vec<String> =
        everybody(&house, &anna, &study).iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.contains(&"P4".to_owned()) && names.contains(&"P8".to_owned()), "{names:?}");
}

#[test]
fn an_import_that_broke_off_and_one_that_still_runs_are_taken_up_by_sending_the_file_again() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let mut file = "name,email,municipality\n".to_owned();
    for i in 0..900 {
        let _ = writeln!(file, "P{i},p{i}@x.example,Ede");
    }
    let codes = || -> Vec<(String, String)> {
        let all = everybody(&house, &anna, &study);
        let of = |r: &Value, name: &str| r[name].as_str().unwrap().to_owned();
        let mut all: Vec<_> = all.iter().map(|r| (of(r, "email"), of(r, "code"))).collect();
        all.sort_unstable();
        all
    };
    // Two at once, as when whoever sent it lost patience.
    let (user, now) = (house.id_of(&anna), house.clock.now());
    let of = Import { now, user, study: study.rsplit('/').next().unwrap().parse().unwrap() };
    let once = || {
        let (caller, route, key) = (user.to_string(), "import".to_owned(), "list-1".to_owned());
        Some(Once { caller, route, key, body: file.clone().into_bytes(), now })
    };
    let send = || {
        let list = ContactList::open(file.clone().into_bytes()).unwrap();
        import_respondents(&house.store, of, list, once(), false)
    };
    let (first, second) = house.wait(async { tokio::join!(send(), send()) });
    for told in [first.unwrap(), second.unwrap()] {
        assert_eq!((told.imported, told.rejected.len()), (900, 0));
    }
    let before = codes();
    assert_eq!(before.len(), 900);
    // As if the machine had stopped before the last of them.
    let those = "(SELECT id FROM respondents WHERE code > 'R600')";
    execute(&house, &format!("DELETE FROM contacts WHERE respondent IN {those}"));
    execute(&house, &format!("DELETE FROM respondents WHERE id IN {those}"));
    assert_eq!(codes().len(), 600);
    for _ in 0..2 {
        let told = house.wait(send()).unwrap();
        assert_eq!((told.imported, told.rejected.len()), (900, 0));
        assert_eq!(codes(), before);
    }
}

#[test]
fn a_repeat_brings_nobody_back_who_was_erased_since() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    let keyed = || {
        let request = house.client.post(path.clone()).header(bearer(&anna));
        let request = request.header(Header::new("Content-Type", "text/csv"));
        let request = request.body("name,email,municipality\nA,a@x.example,Ede\nB,b@x.example,Ede\n");
        house.send(request.header(Header::new("Idempotency-Key", "list-1"))).expect(200).json()
    };
    let first = keyed();
    assert_eq!(first["imported"], 2);
    let person = everybody(&house, &anna, &study)[0]["id"].as_str().unwrap().to_owned();
    house.delete(&anna, &format!("/api/v1/respondents/{person}")).expect(204);
    assert_eq!(keyed(), first);
    assert_eq!(everybody(&house, &anna, &study).len(), 1);
}

#[test]
fn only_text_csv_that_is_a_list_is_taken_and_only_from_those_who_may() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    house.post(&anna, &path, &json!({ "name": "x" })).expect(415);
    let refused = import(&house, &anna, &path, "naam,email\n").expect(422).json();
    assert!(refused["errors"].as_array().unwrap().len() >= 2);
    let (lea, wim) = (house.researcher("lea"), house.researcher("wim"));
    house.join(&anna, &study, &lea, "reader");
    for (who, status) in [(&lea, 403), (&wim, 404)] {
        import(&house, who, &path, LIST).expect(status);
        import(&house, who, &path, "nonsense").expect(status);
        import(&house, who, &format!("{path}?dry_run=true"), LIST).expect(status);
    }
    assert_eq!(house.get(&anna, &format!("{study}/respondents")).json()["items"], json!([]));
}

#[test]
fn a_file_of_old_spreadsheets_keeps_its_accents() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let path = format!("{study}/respondents/import");
    let file = b"name;email;municipality\r\nRen\xE9e;r@x.example;S\xFAdwest-Frysl\xE2n\r\n";
    assert_eq!(import(&house, &anna, &path, file).expect(200).json()["imported"], 1);
    let listed = house.get(&anna, &format!("{study}/respondents")).json();
    assert_eq!(listed["items"][0]["name"], "Renée");
    assert_eq!(listed["items"][0]["municipality"]["code"], "GM1900");
}
