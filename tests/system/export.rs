//! Taking a study's data out: pseudonymous, formula-safe, within what was consented to (R6, R10).

use std::collections::BTreeMap;

use serde_json::json;
use veldwerk::domain::audit::Done;
use veldwerk::domain::language::Language;
use veldwerk::store::respondents::{self, NewRespondent};

use crate::fieldwork::{Fieldwork, execute, guide};
use crate::house::Researcher;

type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        header.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn export(f: &Fieldwork, who: &Researcher, query: &str) -> Vec<Row> {
    rows(&f.house.get(who, &f.path(&format!("export{query}"))).expect(200).text)
}

/// One respondent who was interviewed, one who withdrew after that, and one who was only invited.
fn under_way() -> Fieldwork {
    let f = Fieldwork::begin();
    f.publish(&guide());
    for (code, status) in [("R02", "held"), ("R03", "withdrawn")] {
        let respondent = f.respondent(code, "booked");
        f.consent(respondent, code == "R02");
        let interview = f.interview(respondent, "2027-02-10T23:30:00Z", "held");
        f.record(interview, "role", "asked", Some("=HYPERLINK(\"x\")\nnaam"));
        f.record(interview, "other", "skipped", None);
        execute(&f.house, &format!("UPDATE respondents SET status = '{status}' WHERE id = '{respondent}'"));
    }
    f.respondent("R01", "invited");
    f
}

#[test]
fn an_export_has_one_row_for_each_code_and_nothing_that_names_anybody() {
    let f = under_way();
    let answer = f.house.get(&f.reader, &f.path("export?format=csv")).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"sociaal-domein-2027-03-01.csv\"")
    );
    assert_eq!(
        answer.text,
        "code,status,stratum,population_on,language,invited_on,consented_on,consent_version,booked_on,held_on,\
         mode,minutes,guide_version,referred_by,consent_take_part,consent_recording,question_role,question_access,\
         question_other\r\n\
         R01,invited,'=large,2026-01-01,nl,2027-02-01,,,,,,,,,,,,,\r\n\
         R02,held,'=large,2026-01-01,nl,2027-02-01,2027-02-03,1,2027-02-04,2027-02-10,teams,60,1,,yes,yes,asked,,\
         skipped\r\n\
         R03,withdrawn,,,,,,,,,,,,,,,,,\r\n"
    );
}

#[test]
fn notes_leave_only_when_asked_for_and_only_under_consent() {
    let f = under_way();
    let plain = export(&f, &f.owner, "");
    assert!(plain.iter().all(|row| !row.contains_key("note_role")));
    let with_notes = export(&f, &f.interviewer, "?notes=true");
    assert_eq!(with_notes[1]["note_role"], "'=HYPERLINK(\"x\")\nnaam");
    assert_eq!(with_notes[2]["note_role"], "");
    f.house.get(&f.reader, &f.path("export?notes=true")).expect(403);
    execute(&f.house, "UPDATE consents SET withdrawn_at = 1");
    let without = export(&f, &f.owner, "?notes=true");
    assert_eq!((&*without[1]["note_role"], &*without[1]["question_role"]), ("", "asked"));
    assert_eq!(without[1]["consent_recording"], "");
}

#[test]
fn the_interview_that_counts_is_the_one_that_was_held() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let respondent = f.respondent("R01", "held");
    f.interview(respondent, "2027-02-05T09:00:00Z", "no_show");
    f.interview(respondent, "2027-02-07T09:00:00Z", "held");
    f.interview(respondent, "2027-02-09T09:00:00Z", "cancelled");
    let other = f.respondent("R02", "no_show");
    f.interview(other, "2027-02-05T09:00:00Z", "no_show");
    let rows = export(&f, &f.owner, "");
    assert_eq!(rows[0]["held_on"], "2027-02-07");
    assert_eq!((&*rows[1]["held_on"], &*rows[1]["mode"]), ("", "teams"));
}

#[test]
fn an_export_of_many_pages_has_everybody_once_and_nobody_who_was_erased() {
    let f = Fieldwork::begin();
    let (study, now) = (f.study, f.house.clock.now());
    let change = f.house.store.write(move |tx| {
        for number in 1..=1_201 {
            let new = NewRespondent {
                code: format!("R{number:04}"),
                municipality: "GM0363".parse().unwrap(),
                stratum: None,
                language: Language::En,
                import: None,
            };
            respondents::insert(tx, study, &new, now)?;
        }
        Ok(Done::housekeeping(()))
    });
    f.house.wait(change).unwrap();
    execute(&f.house, "UPDATE respondents SET erased_at = 1 WHERE code = 'R0700'");
    let codes: Vec<String> = export(&f, &f.owner, "").iter().map(|row| row["code"].clone()).collect();
    let wanted: Vec<String> = (1..=1_201).filter(|n| *n != 700).map(|n| format!("R{n:04}")).collect();
    assert_eq!(codes, wanted);
}

#[test]
fn for_a_dutch_excel_the_same_table_has_semicolons_behind_a_byte_order_mark() {
    let f = under_way();
    let plain = f.house.get(&f.owner, &f.path("export?format=csv&notes=true")).expect(200).text;
    let answer = f.house.get(&f.owner, &f.path("export?format=csv_excel&notes=true")).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"sociaal-domein-with-notes-excel-2027-03-01.csv\"")
    );
    let table = answer.text.strip_prefix('\u{FEFF}').expect("a byte order mark");
    assert!(table.starts_with("code;status;stratum;") && !plain.starts_with('\u{FEFF}'), "{table}");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let cells = |record: csv::StringRecord| -> Row {
        header.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    let table: Vec<Row> = reader.records().map(|record| cells(record.unwrap())).collect();
    assert_eq!(table, rows(&plain), "cell by cell, the ones that a spreadsheet would run among them");
    assert_eq!(table[1]["note_role"], "'=HYPERLINK(\"x\")\nnaam");
    let page = f.house.get(&f.owner, &format!("/studies/{}/exports", f.study)).expect(200).text;
    assert!(page.contains("export?format=csv\"") && page.contains("export?format=csv_excel\""), "{page}");
}

#[test]
fn another_format_is_refused() {
    let f = Fieldwork::begin();
    let refused = f.house.get(&f.owner, &f.path("export?format=xlsx&notes=maybe")).expect(422).json();
    let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, [json!("format"), json!("notes")]);
}

#[test]
fn every_export_is_in_the_log_and_strangers_find_no_study() {
    let f = Fieldwork::begin();
    export(&f, &f.reader, "");
    export(&f, &f.owner, "?notes=true");
    f.house.get(&f.stranger, &f.path("export")).expect(404);
    f.house.get(&f.stranger, &f.path("export?format=xlsx")).expect(404);
    assert_eq!(f.house.get_openly(&f.path("export")).status, 401);
    let log = f.house.get(&f.owner, &f.path("audit")).expect(200).json();
    let told: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!([item["action"], item["by"]["name"]]))
        .collect();
    assert_eq!(json!(told), json!([["study.exported_with_notes", "owner"], ["study.exported", "reader"]]));
}
