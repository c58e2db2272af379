//! What can be mended after a list came in: an import is undone as long as nothing came of it, and somebody who is
//! erased leaves the lists that wait (R6, R9, E19).

use serde_json::{Value, json};
use veldwerk::actions::judge_import::judge_import;
use veldwerk::domain::contact_list::{Field, Layout};
use veldwerk::id::{ImportId, UserId};
use veldwerk::worker::{continue_judging, forget_drafts};

use crate::browser::Browser;
use crate::pages_study::page_of;
use crate::panel::Panel;

const COLUMNS: [(&str, &str); 4] =
    [("header", "1"), ("column.0", "name"), ("column.1", "email"), ("column.2", "municipality")];

fn list(names: std::ops::Range<usize>) -> Vec<u8> {
    let rows = names.map(|n| format!("P{n},p{n}@example.org,Ede\n"));
    ["name,email,municipality\n".to_owned()].into_iter().chain(rows).collect::<String>().into_bytes()
}

/// Brings a list in as far as its rows; its page.
#[track_caller]
fn judged(panel: &Panel, browser: &Browser<'_>, file: &[u8]) -> String {
    let entrance = format!("{}/import", page_of(&panel.study));
    browser.get(&entrance).expect(200);
    let page = browser.upload(&entrance, &[("csv", "")], file).expect(303).leads_to().to_owned();
    browser.get(&page).expect(200);
    browser.post(&format!("{page}/columns"), &COLUMNS).expect(303);
    page
}

/// Those who are on the list, by name.
fn people(panel: &Panel) -> Vec<Value> {
    let listed = panel.house.get(&panel.owner, &panel.path("respondents?limit=200")).expect(200).json();
    let mut people = listed["items"].as_array().unwrap().clone();
    people.sort_by_key(|one| one["name"].as_str().unwrap_or_default().to_owned());
    people
}

fn names(panel: &Panel) -> Vec<String> {
    people(panel).iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_import_is_undone_for_those_of_whom_nothing_came_and_for_nobody_else() {
    let panel = Panel::of(1);
    let browser = Browser::of(&panel.house, &panel.owner);
    let file = [&list(0..4)[..], b"Bekend,S.deVries+0@gemeente.example,Enschede\n"].concat();
    let page = judged(&panel, &browser, &file);
    browser.post(&format!("{page}/undo"), &[]).expect(409);
    browser.post(&format!("{page}/confirm"), &[]).expect(303);
    let added = people(&panel);
    assert_eq!(added.len(), 5);
    // One gets a letter, one is booked by nobody but withdrawn from mail, one is erased.
    let [written, silent, erased] = [0, 1, 2].map(|n| added[n]["id"].as_str().unwrap().to_owned());
    panel.invite(&json!({ "respondents": [written] })).expect(200);
    let silence = json!({ "act": "opt_out", "respondents": [silent] });
    let batch = panel.house.post(&panel.owner, &panel.path("batches"), &silence).expect(201).json();
    let confirm = format!("/api/v1/batches/{}/confirm", batch["id"].as_str().unwrap());
    panel.house.post(&panel.owner, &confirm, &json!({ "count": 1 })).expect(200);
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{erased}")).expect(204);

    assert!(browser.get(&page).expect(200).text.contains(&format!("action=\"{page}/undo\"")));
    let undo = browser.post(&format!("{page}/undo"), &[]).expect(303).leads_to().to_owned();
    let preview = browser.get(&format!("{undo}?lang=en")).expect(200).text;
    assert!(preview.contains("What happens to 2 respondents"), "{preview}");
    assert!(preview.contains("has had a letter or done something already") && preview.contains("P0"));
    assert!(
        preview.contains("was not changed by it"),
        "it says what becomes of those who were listed before"
    );
    assert_eq!(names(&panel).len(), 4, "nothing is done yet");
    // Somebody does something after it was looked at.
    let late = added[3]["id"].as_str().unwrap();
    panel.invite(&json!({ "respondents": [late] })).expect(200);
    browser.post(&format!("{undo}/confirm"), &[("count", "2")]).expect(303);
    assert_eq!(names(&panel), ["P0", "P3", "Sanne de Vries 0"]);
    let left = "SELECT COUNT(*) || '' AS line FROM respondents WHERE erased_at IS NULL";
    assert_eq!(panel.house.lines(left), ["3"]);
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM contacts"), ["3"]);
    let told = "SELECT subject AS line FROM audit WHERE action = 'respondent.removed'";
    assert_eq!(panel.house.lines(told).len(), 1);
}

#[test]
fn whoever_was_removed_can_be_imported_again_and_counts_nowhere() {
    let panel = Panel::of(0);
    let browser = Browser::of(&panel.house, &panel.owner);
    let page = judged(&panel, &browser, &list(0..120));
    browser.post(&format!("{page}/confirm"), &[]).expect(303);
    let entrance = browser.get(&format!("{}/import", page_of(&panel.study))).expect(200).text;
    assert!(entrance.contains(&format!("href=\"{page}\"")), "it can be found again: {entrance}");
    let undo = browser.post(&format!("{page}/undo"), &[]).expect(303).leads_to().to_owned();
    browser.post(&format!("{undo}/confirm"), &[("count", "120")]).expect(303);
    while panel
        .house
        .wait(veldwerk::worker::continue_batches(&panel.house.clock, &panel.house.store))
        .unwrap()
    {}
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM respondents"), ["0"]);
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM respondent_history"), ["0"]);
    let again = judged(&panel, &browser, &list(0..120));
    let page = browser.get(&again).expect(200).text;
    assert!(page.contains("<dd>120</dd>"), "{page}");
    browser.get(&undo).expect(200);
    panel.house.at("2027-04-15T08:00:00Z");
    panel.house.wait(forget_drafts(&panel.house.clock, &panel.house.store)).unwrap();
    let left =
        "SELECT COUNT(*) || '' AS line FROM import_drafts UNION ALL SELECT COUNT(*) || '' FROM batches";
    assert_eq!(panel.house.lines(left), ["0", "0"]);
}

#[test]
fn an_import_is_undone_by_whoever_made_it_and_by_nobody_else() {
    let panel = Panel::of(0);
    let [ben, lea, eve] = ["ben", "lea", "eve"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    panel.house.join(&panel.owner, &panel.study, &lea, "reader");
    let browser = Browser::of(&panel.house, &panel.owner);
    let page = judged(&panel, &browser, &list(0..2));
    browser.post(&format!("{page}/confirm"), &[]).expect(303);
    for (who, status) in [(&ben, 404), (&lea, 403), (&eve, 404)] {
        assert_eq!(Browser::of(&panel.house, who).post(&format!("{page}/undo"), &[]).status, status);
    }
    assert_eq!(names(&panel), ["P0", "P1"]);
}

#[test]
fn somebody_who_is_erased_leaves_the_lists_that_wait_and_the_others_stay_in_them() {
    let panel = Panel::of(2);
    let browser = Browser::of(&panel.house, &panel.owner);
    let file = [&list(0..2)[..], b"Sanne,s.devries+0@GEMEENTE.example,Enschede\n"].concat();
    let page = judged(&panel, &browser, &file);
    assert!(browser.get(&page).expect(200).text.contains("s.devries+0@GEMEENTE.example"));
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[1])).expect(204);
    assert!(browser.get(&page).expect(200).text.contains("/columns\""), "another one is no reason");
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0])).expect(204);
    let shown = browser.get(&format!("{page}?lang=en")).expect(200).text;
    assert!(shown.contains("was erased in the meantime") && !shown.contains("GEMEENTE"), "{shown}");
    assert!(!shown.contains("/columns\""), "the text in which the person stands is gone");
    browser.get(&format!("{page}/columns")).expect(303);
    browser.post(&format!("{page}/columns"), &COLUMNS).expect(404);
    let texts =
        panel.house.lines("SELECT COUNT(*) || '' AS line FROM import_drafts WHERE sealed IS NOT NULL");
    assert_eq!(texts, ["0"]);
    browser.post(&format!("{page}/confirm"), &[]).expect(303);
    assert_eq!(names(&panel), ["P0", "P1"]);
}

#[test]
fn a_list_that_nobody_looked_at_yet_ends_with_an_erasure_and_says_why() {
    let panel = Panel::of(1);
    let browser = Browser::of(&panel.house, &panel.owner);
    let entrance = format!("{}/import", page_of(&panel.study));
    browser.get(&entrance).expect(200);
    let page = browser.upload(&entrance, &[("csv", "")], &list(0..2)).expect(303).leads_to().to_owned();
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0])).expect(204);
    for path in [&page, &entrance] {
        let shown = browser.get(&format!("{path}?lang=en")).expect(200).text;
        assert!(shown.contains("Somebody was erased who may stand in this list"), "{shown}");
    }
    browser.post(&format!("{page}/confirm"), &[]).expect(409);
    let texts =
        panel.house.lines("SELECT COUNT(*) || '' AS line FROM import_drafts WHERE sealed IS NOT NULL");
    assert_eq!(texts, ["0"]);
}

#[test]
fn a_long_list_is_looked_at_in_steps_that_request_and_worker_share() {
    let panel = Panel::of(0);
    let browser = Browser::of(&panel.house, &panel.owner);
    let entrance = format!("{}/import", page_of(&panel.study));
    browser.get(&entrance).expect(200);
    let page = browser.upload(&entrance, &[("csv", "")], &list(0..700)).expect(303).leads_to().to_owned();
    let id: ImportId = page.rsplit_once('/').unwrap().1.parse().unwrap();
    let user: UserId =
        panel.house.get(&panel.owner, "/api/v1/me").json()["id"].as_str().unwrap().parse().unwrap();
    let fields = vec![Some(Field::Name), Some(Field::Email), Some(Field::Municipality)];
    let layout = Layout { delimiter: b',', has_header: true, fields };
    // As if the machine had stopped as soon as the columns were chosen.
    let (now, store) = (panel.house.clock.now(), panel.house.store.clone());
    let chosen = layout.clone();
    panel.house.wait(store.write(move |tx| judge_import(tx, now, user, id, &chosen))).unwrap();
    let once = || veldwerk::actions::judge_import::go_on_judging(&store, id, || false);
    assert!(panel.house.wait(once()).unwrap());
    let shown = browser.get(&format!("{page}?lang=en")).expect(200).text;
    assert!(shown.contains("250 of 700 rows checked.") && shown.contains("data-progress=\"/"), "{shown}");
    browser.post(&format!("{page}/confirm"), &[]).expect(409);
    let (first, second, third) = panel.house.wait(async { tokio::join!(once(), once(), once()) });
    assert!([first, second, third].into_iter().all(|went| went.is_ok()), "they share the work");
    while panel.house.wait(continue_judging(&panel.house.store)).unwrap() {}
    let shown = browser.get(&page).expect(200).text;
    assert!(shown.contains("<dd>700</dd>"), "{shown}");
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM import_rows"), ["700"]);
}
