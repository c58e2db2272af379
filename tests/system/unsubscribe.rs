//! The link in a letter that ends all letters and can do nothing else (RFC 8058, E24, R4, R5).

use rocket::http::ContentType;
use serde_json::json;

use crate::panel::Panel;

#[test]
fn looking_changes_nothing_and_the_button_ends_the_letters() {
    let panel = Panel::of(1);
    let path = format!("/u/{}", panel.unsubscribe(0));
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    let status = || panel.house.get(&panel.owner, &person).expect(200).json()["status"].clone();
    let page = panel.house.get_openly(&path).expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let text = page.text;
    assert!(text.contains(&format!("action=\"{path}\"")) && text.contains("sociaal domein"));
    assert_eq!(status(), "listed");
    let button = panel.house.client.post(path.clone()).header(ContentType::Form).body("");
    let done = panel.house.send(button).expect(200);
    assert!(done.text.contains("role=\"status\""));
    assert_eq!(status(), "opted_out");
}

#[test]
fn a_mail_program_ends_the_letters_with_one_click_however_often() {
    let panel = Panel::of(1);
    let path = format!("/u/{}", panel.unsubscribe(0));
    for _ in 0..2 {
        let click = panel.house.client.post(path.clone()).header(ContentType::Form);
        panel.house.send(click.body("List-Unsubscribe=One-Click")).expect(200);
    }
    let form = ContentType::new("multipart", "form-data").with_params(("boundary", "x"));
    panel.house.send(panel.house.client.post(path).header(form).body("--x--")).expect(200);
    assert_eq!(panel.invite(&json!({})).expect(200).json()["skipped"][0]["reason"], "opted_out");
}

#[test]
fn an_objection_holds_for_the_address_when_the_person_is_listed_anew() {
    let panel = Panel::of(1);
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(0)), &json!({})).expect(200);
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0])).expect(204);
    let again = json!({ "name": "S", "email": "s.devries+0@GEMEENTE.example", "municipality": "Enschede" });
    panel.house.post(&panel.owner, &panel.path("respondents"), &again).expect(201);
    assert_eq!(panel.invite(&json!({})).expect(200).json()["skipped"][0]["reason"], "opted_out");
}

#[test]
fn a_planned_interview_stands_and_the_person_is_still_told_about_it() {
    let panel = Panel::of(1);
    panel.book(0);
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(0)), &json!({})).expect(200);
    assert_eq!(panel.house.deliver().len(), 3);
}

#[test]
fn a_link_that_is_unknown_of_another_kind_or_of_somebody_erased_gets_the_one_friendly_page() {
    let panel = Panel::of(2);
    let erased = format!("/u/{}", panel.unsubscribe(1));
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[1])).expect(204);
    let pages: Vec<String> = [format!("/u/{}", panel.link(0)), format!("/u/{}", "x".repeat(43)), erased]
        .iter()
        .map(|path| {
            panel.house.post_openly(path, &json!({})).expect(404);
            let page = panel.house.get_openly(path).expect(404);
            page.text.replace(path, "")
        })
        .collect();
    assert!(pages.iter().all(|page| *page == pages[0]));
}
