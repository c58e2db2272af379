//! The archive: a study in it is read and taken out, and nothing in it is changed but by those it is about.

use serde_json::json;

use crate::browser::Browser;
use crate::house::House;
use crate::pages_of_fieldwork::leads_to;
use crate::panel::Panel;

fn page_of(path: &str) -> &str {
    path.strip_prefix("/api/v1").unwrap()
}

/// A study with two people, closed and archived.
fn archived(panel: &Panel) -> Browser<'_> {
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    leads_to(&browser.press(&format!("{base}/close"), "k", &[]));
    leads_to(&browser.press(&format!("{base}/archive"), "k", &[("exported", "true")]));
    browser
}

#[test]
fn a_study_goes_into_the_archive_only_when_it_is_closed_and_what_is_needed_was_taken_out() {
    let panel = Panel::of(1);
    panel.invite(&json!({ "respondents": null, "dry_run": false })).expect(200);
    panel.book(0);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    let path = format!("{base}/archive");
    assert!(browser.get(&format!("{path}?lang=en")).expect(200).text.contains("Close the study first"));
    assert_eq!(browser.press(&path, "k", &[("exported", "true")]).status, 409, "it is open");
    leads_to(&browser.press(&format!("{base}/close"), "k", &[]));
    assert!(
        browser.get(&format!("{path}?lang=en")).expect(200).text.contains("1 interview is still planned")
    );
    assert_eq!(browser.press(&path, "l", &[("exported", "true")]).status, 409, "an interview is ahead");
    leads_to(&browser.press(&format!("{base}/close"), "m", &[("interviews", "yes")]));
    let unsure = browser.press(&path, "n", &[]).expect(422);
    assert!(unsure.has_error_at("exported"));
    leads_to(&browser.press(&path, "o", &[("exported", "true")]));
    assert!(panel.house.get(&panel.owner, &panel.study).json()["archived_at"].is_string());
}

#[test]
fn an_archived_study_is_read_and_taken_out_but_not_changed() {
    let panel = Panel::of(2);
    let browser = archived(&panel);
    let base = page_of(&panel.study);
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    for (method, path, body) in [
        ("patch", panel.study.clone(), json!({ "title": "Anders" })),
        ("post", panel.path("reopen"), json!({})),
        ("post", panel.path("invitations"), json!({ "respondents": null, "dry_run": false })),
        ("post", panel.path("guides"), crate::fieldwork::guide()),
        ("patch", person.clone(), json!({ "phone": "0612345678" })),
        ("put", panel.path("letter-texts/invitation/nl"), json!({ "subject": "x", "body": "x {{link}}" })),
        ("put", panel.path("availability"), json!({ "rules": [] })),
    ] {
        let house = &panel.house;
        let answer = match method {
            "patch" => house.patch(&panel.owner, &path, &body),
            "put" => house.put(&panel.owner, &path, &body),
            _ => house.post(&panel.owner, &path, &body),
        };
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (409, "study_archived"),
            "{path}: {}",
            answer.text
        );
    }
    for below in
        ["", "/respondents", "/letters", "/consent-forms", "/guides", "/exports", "/settings", "/archive"]
    {
        let page = browser.get(&format!("{base}{below}?lang=en")).expect(200);
        assert!(page.text.contains("in the archive since"), "{below}");
    }
    browser.get(&format!("/respondents/{}", panel.people[0])).expect(200);
    panel.house.get(&panel.owner, &panel.path("export?format=csv")).expect(200);
    assert!(!browser.get("/").expect(200).text.contains(&format!("href=\"{base}\"")), "out of the list");
    assert!(browser.get("/?archived=true").expect(200).text.contains(&format!("href=\"{base}\"")));
    leads_to(&browser.press(&format!("{base}/unarchive"), "u", &[]));
    assert!(browser.get("/").expect(200).text.contains(&format!("href=\"{base}\"")));
    panel.house.patch(&panel.owner, &panel.study, &json!({ "title": "Anders" })).expect(200);
}

#[test]
fn whom_an_archived_study_is_about_keeps_their_rights() {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": null, "dry_run": false })).expect(200);
    panel.press(0, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    archived(&panel);
    panel.press(0, "withdraw", &json!({})).expect(200);
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[1])).expect(204);
}

#[test]
fn only_an_owner_archives_and_for_a_stranger_there_is_nothing() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let base = page_of(&study).to_owned();
    for (name, role, status) in [("ina", "interviewer", 403), ("lea", "reader", 403), ("wim", "", 404)] {
        let who = house.researcher(name);
        if !role.is_empty() {
            house.join(&anna, &study, &who, role);
        }
        let browser = Browser::of(&house, &who);
        assert_eq!(browser.get(&format!("{base}/archive")).status, status);
        for act in ["archive", "unarchive"] {
            assert_eq!(browser.press(&format!("{base}/{act}"), "k", &[("exported", "true")]).status, status);
        }
    }
}
