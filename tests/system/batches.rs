//! What is done to many respondents at once: looked at first, done to exactly those people, once (R1, R7, R9, R11).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use veldwerk::actions::confirm_batch::confirm_batch;
use veldwerk::actions::continue_batch::continue_batch;
use veldwerk::id::{BatchId, UserId};
use veldwerk::worker::{continue_batches, forget_drafts};

use crate::browser::Browser;
use crate::house::House;
use crate::pages_study::page_of;
use crate::panel::Panel;

/// Prepares something by the API; the batch.
#[track_caller]
fn prepared(panel: &Panel, body: &Value) -> Value {
    panel.house.post(&panel.owner, &panel.path("batches"), body).expect(201).json()
}

/// The path of a batch in the API.
fn path(batch: &Value) -> String {
    format!("/api/v1/batches/{}", batch["id"].as_str().unwrap())
}

/// Prepares and does something; the batch afterwards.
#[track_caller]
fn done(panel: &Panel, body: &Value) -> Value {
    let batch = prepared(panel, body);
    let count = json!({ "count": batch["waiting"] });
    let confirmed = panel.house.post(&panel.owner, &format!("{}/confirm", path(&batch)), &count).expect(200);
    let confirmed = confirmed.json();
    assert_eq!(confirmed["state"], "done", "{confirmed}");
    confirmed
}

fn status(panel: &Panel, person: usize) -> String {
    let path = format!("/api/v1/respondents/{}", panel.people[person]);
    panel.house.get(&panel.owner, &path).json()["status"].as_str().unwrap().to_owned()
}

/// How often the log tells of something.
fn told(house: &House, action: &str) -> usize {
    house.lines(&format!("SELECT action AS line FROM audit WHERE action = '{action}'")).len()
}

#[test]
fn those_who_asked_by_telephone_are_withdrawn_and_everybody_else_is_left_out_with_the_reason() {
    let panel = Panel::of(4);
    panel.invite(&json!({ "respondents": [panel.people[0], panel.people[1], panel.people[2]] })).expect(200);
    panel.book(0);
    panel.press(2, "withdraw", &json!({})).expect(200);
    let before = told(&panel.house, "respondent.withdrawn");
    let stranger = Panel::of(1).people[0].clone();
    let mut asked = panel.people.clone();
    asked.push(stranger);
    let batch = prepared(&panel, &json!({ "act": "withdraw", "respondents": asked }));
    assert_eq!((&batch["state"], &batch["waiting"]), (&json!("prepared"), &json!(2)), "{batch}");
    assert_eq!(batch["skipped"], json!({ "withdrawn": 1, "not_invited": 1, "unknown": 1 }));
    assert_eq!(status(&panel, 0), "booked", "nothing is done yet");

    let confirm = format!("{}/confirm", path(&batch));
    let wrong = panel.house.post(&panel.owner, &confirm, &json!({ "count": 3 })).expect(422);
    assert!(wrong.text.contains("\"count\""), "{}", wrong.text);
    let confirmed = panel.house.post(&panel.owner, &confirm, &json!({ "count": 2 })).expect(200).json();
    assert_eq!((&confirmed["state"], &confirmed["done"]), (&json!("done"), &json!(2)), "{confirmed}");
    assert_eq!(
        [0, 1, 2, 3].map(|person| status(&panel, person)),
        ["withdrawn", "withdrawn", "withdrawn", "listed"]
    );
    assert_eq!(told(&panel.house, "respondent.withdrawn"), before + 2, "each has an entry of their own");
    let log = "SELECT actor AS line FROM audit WHERE action = 'respondent.withdrawn' ORDER BY id DESC";
    assert!(panel.house.lines(log)[0].starts_with("user:"), "the log says who did it");
    let outbox = panel.outbox();
    assert_eq!(outbox.iter().filter(|letter| letter.starts_with("withdrawn")).count(), 3, "{outbox:?}");
}

#[test]
fn a_whole_filter_is_fixed_when_it_is_looked_at_and_whoever_changes_in_between_is_left_out() {
    let panel = Panel::of(5);
    panel.invite(&json!({ "respondents": null })).expect(200);
    panel.press(4, "decline", &json!({})).expect(200);
    let batch = prepared(&panel, &json!({ "act": "opt_out", "status": "invited" }));
    assert_eq!(batch["waiting"], 4, "{batch}");
    panel.press(0, "withdraw", &json!({})).expect(200);
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[1])).expect(204);
    panel.press(2, "decline", &json!({})).expect(200);
    let confirm = format!("{}/confirm", path(&batch));
    let batch = panel.house.post(&panel.owner, &confirm, &json!({ "count": 4 })).expect(200).json();
    assert_eq!((&batch["done"], &batch["skipped"]), (&json!(2), &json!({ "withdrawn": 1, "gone": 1 })));
    let people =
        panel.house.get(&panel.owner, &format!("{}/people?limit=200", path(&batch))).expect(200).json();
    let fates: BTreeMap<&str, &str> = people["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["respondent"].as_str().unwrap(), one["fate"].as_str().unwrap()))
        .collect();
    let fate = |person: usize| fates.get(panel.people[person].as_str()).copied();
    assert_eq!(
        [0, 1, 2, 3, 4].map(fate),
        [Some("withdrawn"), Some("gone"), Some("done"), Some("done"), None],
        "whoever fitted the filter then is meant, and nobody else"
    );
    let again = panel.house.post(&panel.owner, &confirm, &json!({ "count": 4 })).expect(200).json();
    assert_eq!(again["done"], 2, "a second press changes nothing");
    panel.house.delete(&panel.owner, &path(&batch)).expect(409);
}

#[test]
fn presses_at_the_same_moment_and_two_servers_do_it_to_everybody_once() {
    let panel = Panel::without_form(House::open(), 1);
    let rows: Vec<String> = (0..260).map(|n| format!("P{n},p{n}@example.org,Ede")).collect();
    let csv = format!("name,email,municipality\n{}", rows.join("\n"));
    panel.house.post_csv(&panel.owner, &panel.path("respondents/import"), &csv).expect(200);
    let batch = prepared(&panel, &json!({ "act": "renew_link" }));
    assert_eq!(batch["waiting"], 261);
    let id: BatchId = batch["id"].as_str().unwrap().parse().unwrap();
    let user: UserId =
        panel.house.get(&panel.owner, "/api/v1/me").json()["id"].as_str().unwrap().parse().unwrap();
    let (now, store) = (panel.house.clock.now(), panel.house.store.clone());
    let press = || async {
        store.write(move |tx| confirm_batch(tx, now, user, id, Some(261))).await.unwrap();
        while store.write(move |tx| continue_batch(tx, now, id)).await.unwrap() {}
    };
    panel.house.wait(async { tokio::join!(press(), press(), press(), press()) });
    let renewed = "SELECT COUNT(*) || '' AS line FROM respondents WHERE link_generation = 2";
    assert_eq!(panel.house.lines(renewed), ["261"]);
    assert_eq!(told(&panel.house, "link.renewed"), 261);
}

#[test]
fn erasing_many_is_gone_on_with_by_the_worker_and_its_page_tells_how_far_it_is() {
    let panel = Panel::of(30);
    let batch = prepared(&panel, &json!({ "act": "erase" }));
    let id: BatchId = batch["id"].as_str().unwrap().parse().unwrap();
    let user: UserId =
        panel.house.get(&panel.owner, "/api/v1/me").json()["id"].as_str().unwrap().parse().unwrap();
    // As if the machine had stopped after the first step.
    let (now, store) = (panel.house.clock.now(), panel.house.store.clone());
    panel.house.wait(store.write(move |tx| confirm_batch(tx, now, user, id, Some(30)))).unwrap();
    assert!(panel.house.wait(store.write(move |tx| continue_batch(tx, now, id))).unwrap());
    let browser = Browser::of(&panel.house, &panel.owner);
    let page = format!("{}/batches/{id}?lang=en", page_of(&panel.study));
    let running = browser.get(&page).expect(200).text;
    assert!(running.contains("Done for 25 of 30.") && running.contains("data-progress=\"/"), "{running}");
    while panel.house.wait(continue_batches(&panel.house.clock, &panel.house.store)).unwrap() {}
    let finished = browser.get(&page).expect(200).text;
    assert!(finished.contains("Done for 30 respondents") && finished.contains("R30"), "{finished}");
    assert!(!finished.contains("Sanne"), "nobody is named any more");
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM contacts"), ["0"]);
    assert_eq!(told(&panel.house, "respondent.erased"), 30);
    panel.house.at("2027-04-02T08:00:00Z");
    panel.house.wait(forget_drafts(&panel.house.clock, &panel.house.store)).unwrap();
    let left = "SELECT COUNT(*) || '' AS line FROM batches UNION ALL SELECT COUNT(*) || '' FROM batch_people";
    assert_eq!(panel.house.lines(left), ["0", "0"], "what became of whom is told for thirty days");
}

#[test]
fn a_new_link_goes_by_mail_to_those_who_know_of_the_study_and_the_old_one_ends() {
    let panel = Panel::of(4);
    panel.invite(&json!({ "respondents": [panel.people[0], panel.people[1], panel.people[2]] })).expect(200);
    panel.press(1, "opt-out", &json!({})).expect(200);
    panel.press(2, "decline", &json!({})).expect(200);
    let old = format!("/api/v1/participations/{}", panel.link(0));
    panel.house.get_openly(&old).expect(200);
    let batch = done(&panel, &json!({ "act": "send_link" }));
    assert_eq!(batch["done"], 1);
    assert_eq!(batch["skipped"], json!({ "opted_out": 1, "declined": 1, "not_invited": 1 }));
    panel.house.get_openly(&old).expect(404);
    let letters = panel.outbox();
    assert_eq!(
        letters.iter().filter(|letter| letter.starts_with("new_link queued")).count(),
        1,
        "{letters:?}"
    );
    panel.house.post(&panel.owner, &panel.path("close"), &json!({})).expect(200);
    let refused = panel.house.post(&panel.owner, &panel.path("batches"), &json!({ "act": "send_link" }));
    assert_eq!((refused.status, refused.code().as_str()), (409, "study_closed"));
}

#[test]
fn an_interviewer_is_chosen_for_many_and_taken_back_from_those_who_have_one() {
    let panel = Panel::of(3);
    let ben = panel.house.researcher("ben");
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    let id = panel.house.get(&ben, "/api/v1/me").json()["id"].clone();
    let two = json!({ "act": "choose_interviewer", "respondents": panel.people[..2], "interviewer": id });
    assert_eq!(done(&panel, &two)["done"], 2);
    let all = json!({ "act": "choose_interviewer", "interviewer": id });
    let batch = done(&panel, &all);
    assert_eq!((&batch["done"], &batch["skipped"]), (&json!(1), &json!({ "same_interviewer": 2 })));
    assert_eq!(done(&panel, &json!({ "act": "choose_interviewer" }))["done"], 3);
    let path = format!("/api/v1/respondents/{}", panel.people[0]);
    assert_eq!(panel.house.get(&panel.owner, &path).json()["interviewer"], Value::Null);
    let reader = panel.house.researcher("lea");
    panel.house.join(&panel.owner, &panel.study, &reader, "reader");
    let lea = panel.house.get(&reader, "/api/v1/me").json()["id"].clone();
    let wrong = json!({ "act": "choose_interviewer", "interviewer": lea });
    panel.house.post(&panel.owner, &panel.path("batches"), &wrong).expect(422);
}

#[test]
fn on_the_pages_what_is_final_is_done_only_after_the_number_was_typed() {
    let panel = Panel::of(3);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    let list = browser.get(&format!("{base}/respondents?lang=en")).expect(200).text;
    assert!(list.contains(&format!("formaction=\"{base}/batches\"")), "{list}");
    let chosen = [
        ("kind", "invitation"),
        ("act", "erase"),
        ("interviewer", ""),
        ("who", "ticked"),
        ("respondents", panel.people[0].as_str()),
        ("respondents", panel.people[2].as_str()),
        ("fit_status", ""),
    ];
    let page = browser.press(&format!("{base}/batches"), "k", &chosen).expect(303).leads_to().to_owned();
    let twice = browser.press(&format!("{base}/batches"), "k", &chosen).expect(303).leads_to().to_owned();
    assert_eq!(page, twice, "the same press prepares it once");
    let shown = browser.get(&format!("{page}?lang=en")).expect(200).text;
    assert!(shown.contains("What happens to 2 respondents") && shown.contains("cannot be undone"), "{shown}");
    assert!(shown.contains("Sanne de Vries 0") && !shown.contains("Sanne de Vries 1"));
    for typed in ["", "3", "two"] {
        let refused = browser.post(&format!("{page}/confirm"), &[("count", typed)]).expect(422);
        assert!(refused.has_error_at("count"), "{}", refused.text);
    }
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM contacts"), ["3"]);
    browser.post(&format!("{page}/confirm"), &[("count", "2")]).expect(303);
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM contacts"), ["1"]);

    let nobody = [("act", "withdraw"), ("who", "ticked")];
    let page = browser.post(&format!("{base}/batches"), &nobody).expect(303).leads_to().to_owned();
    assert!(browser.get(&format!("{page}?lang=en")).expect(200).text.contains("There is nobody"));
    let away = browser.post(&format!("{page}/drop"), &[]).expect(303).leads_to().to_owned();
    assert!(browser.get(&away).expect(200).text.contains("role=\"status\""));
    browser.get(&page).expect(404);
    browser.post(&format!("{base}/batches"), &[("act", "remove"), ("who", "fitting")]).expect(422);
}

#[test]
fn a_batch_needs_the_right_of_its_act_and_is_its_researchers_alone() {
    let panel = Panel::of(2);
    let [ben, lea, eve] = ["ben", "lea", "eve"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    panel.house.join(&panel.owner, &panel.study, &lea, "reader");
    for act in
        ["withdraw", "opt_out", "erase", "remove_contact", "renew_link", "send_link", "choose_interviewer"]
    {
        let body = json!({ "act": act });
        panel.house.post(&lea, &panel.path("batches"), &body).expect(403);
        panel.house.post(&eve, &panel.path("batches"), &body).expect(404);
        panel.house.post(&ben, &panel.path("batches"), &body).expect(201);
    }
    let batch = prepared(&panel, &json!({ "act": "erase" }));
    let page = format!("{}/batches/{}", page_of(&panel.study), batch["id"].as_str().unwrap());
    for who in [&ben, &lea, &eve] {
        let status = if who.email == lea.email { 403 } else { 404 };
        for below in ["", "/people"] {
            assert_eq!(panel.house.get(who, &format!("{}{below}", path(&batch))).status, status);
        }
        let confirm = format!("{}/confirm", path(&batch));
        assert_eq!(panel.house.post(who, &confirm, &json!({ "count": 2 })).status, status);
        assert_eq!(panel.house.delete(who, &path(&batch)).status, status);
        assert_eq!(Browser::of(&panel.house, who).get(&page).status, status);
    }
    panel.house.at("2027-03-03T08:00:00Z");
    panel.house.get(&panel.owner, &path(&batch)).expect(404);
}

#[test]
fn in_the_archive_people_can_be_erased_and_their_contact_data_removed_and_nothing_else() {
    let panel = Panel::of(2);
    panel.house.post(&panel.owner, &panel.path("close"), &json!({})).expect(200);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    browser.press(&format!("{base}/archive"), "k", &[("exported", "true")]).expect(303);
    let list = browser.get(&format!("{base}/respondents")).expect(200).text;
    assert!(
        list.contains("value=\"erase\"")
            && list.contains("value=\"remove_contact\"")
            && !list.contains("value=\"withdraw\""),
        "{list}"
    );
    assert!(!list.contains("name=\"kind\""));
    let refused = panel.house.post(&panel.owner, &panel.path("batches"), &json!({ "act": "opt_out" }));
    assert_eq!((refused.status, refused.code().as_str()), (409, "study_archived"));
    assert_eq!(done(&panel, &json!({ "act": "erase" }))["done"], 2);
}

#[test]
fn one_person_is_taken_out_from_their_own_page() {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": null })).expect(200);
    let browser = Browser::of(&panel.house, &panel.owner);
    let person = browser.get(&format!("/respondents/{}", panel.people[1])).expect(200).text;
    let base = page_of(&panel.study);
    assert!(person.contains(&format!("action=\"{base}/batches\"")), "{person}");
    let form = [("act", "withdraw"), ("who", "ticked"), ("respondents", panel.people[1].as_str())];
    let page = browser.post(&format!("{base}/batches"), &form).expect(303).leads_to().to_owned();
    browser.post(&format!("{page}/confirm"), &[("count", "1")]).expect(303);
    assert_eq!([0, 1].map(|person| status(&panel, person)), ["invited", "withdrawn"]);
}
