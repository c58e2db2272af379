//! A study's own words for its letters (R10, E30).

use rocket::http::Header;
use serde_json::{Value, json};

use crate::house::{bearer, json as with_json};
use crate::panel::{Panel, Read};

const INVITATION: &str = "letter-texts/invitation/nl";

fn own() -> Value {
    json!({ "subject": "Doet u mee aan {{study}}?", "body": "Dag {{ name }},\n\n<b>Komt u?</b> {{contact}}" })
}

#[test]
fn a_letter_has_our_words_until_the_study_gives_it_others() {
    let panel = Panel::of(1);
    let path = panel.path(INVITATION);
    let ours = panel.house.get(&panel.owner, &path).expect(200).json();
    assert_eq!(ours["own"], false);
    assert!(ours["body"].as_str().unwrap().contains("{{link}}"));
    assert!(ours["placeholders"]["body"].as_array().unwrap().contains(&json!("{{link}}")));
    let kept = panel.house.put(&panel.owner, &path, &own()).expect(200).json();
    assert_eq!((&kept["own"], &kept["body"]), (&json!(true), &own()["body"]));
    let list = panel.house.get(&panel.owner, &panel.path("letter-texts")).expect(200).json();
    let theirs = |item: &&Value| item["own"] == true;
    assert_eq!(list["items"].as_array().unwrap().iter().filter(theirs).count(), 1);
    panel.house.delete(&panel.owner, &path).expect(204);
    assert_eq!(panel.house.get(&panel.owner, &path).expect(200).json(), ours);
}

#[test]
fn the_words_of_a_study_reach_the_respondent_as_text_and_never_without_their_link() {
    let panel = Panel::of(1);
    panel.house.put(&panel.owner, &panel.path(INVITATION), &own()).expect(200);
    panel.invite(&json!({})).expect(200);
    let sent = panel.house.deliver();
    let read = Read::of(&sent[0]);
    assert_eq!(read.header("Subject"), Some("Doet u mee aan Beleid maken in het sociaal domein?"));
    assert!(read.text.contains("Dag Sanne de Vries 0,"));
    assert!(read.text.contains("<b>Komt u?</b> onderzoek@example.org"));
    assert!(read.text.contains(&format!("/p/{}", panel.link(0))), "{}", read.text);
}

#[test]
fn what_a_letter_cannot_say_is_refused_when_it_is_kept() {
    let panel = Panel::of(0);
    let path = panel.path(INVITATION);
    let wrong = json!({ "subject": "Voor {{name}}", "body": "Op {{date}} {{", "html": "x" });
    let refused = panel.house.put(&panel.owner, &path, &wrong).expect(422).json();
    let errors: Vec<_> = refused["errors"].as_array().unwrap().iter().collect();
    let found: Vec<_> =
        errors.iter().map(|e| (e["field"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
    let unknown = "unknown_placeholder";
    let unclosed = "unclosed_placeholder";
    assert_eq!(found, [("subject", unknown), ("body", unclosed), ("html", "unknown_field")]);
    for missing in ["letter-texts/interviewer_booked/nl", "letter-texts/invitation/fr", "letter-texts/x/nl"] {
        panel.house.put(&panel.owner, &panel.path(missing), &own()).expect(404);
    }
    let reader = panel.house.researcher("bert");
    let join = json!({ "email": reader.email, "role": "reader" });
    panel.house.post(&panel.owner, &panel.path("members"), &join).expect(201);
    panel.house.get(&reader, &path).expect(200);
    panel.house.put(&reader, &path, &own()).expect(403);
    panel.house.post(&reader, &format!("{path}/test"), &json!({})).expect(403);
}

#[test]
fn a_preview_shows_the_study_the_name_and_a_draft_but_nobodys_link() {
    let panel = Panel::of(1);
    let path = panel.path("letter-texts/invitation/nl/preview");
    let plain = panel.house.post(&panel.owner, &path, &json!({})).expect(200).json();
    assert!(plain["text"].as_str().unwrap().contains("Beleid maken in het sociaal domein"));
    let mut draft = own();
    draft["respondent"] = json!(panel.people[0]);
    let shown = panel.house.post(&panel.owner, &path, &draft).expect(200).json();
    assert_eq!(shown["subject"], "Doet u mee aan Beleid maken in het sociaal domein?");
    assert!(shown["html"].as_str().unwrap().contains("&lt;b&gt;Komt u?&lt;/b&gt;"));
    assert!(shown["text"].as_str().unwrap().contains("Sanne de Vries 0"));
    assert!(!shown.to_string().contains(&panel.link(0)));
    let foreign = json!({ "respondent": "01890000-0000-7000-8000-000000000000" });
    assert_eq!(
        panel.house.post(&panel.owner, &path, &foreign).expect(422).json()["errors"][0]["code"],
        "unknown_reference"
    );
    let half = panel.house.post(&panel.owner, &path, &json!({ "subject": "x" })).expect(422).json();
    assert_eq!(half["errors"][0]["field"], "body");
}

#[test]
fn a_test_letter_comes_to_the_researcher_marked_and_once_per_key() {
    let panel = Panel::of(1);
    for _ in 0..2 {
        let request = panel.house.client.post(panel.path("letter-texts/confirmation/en/test"));
        let request = with_json(request, &json!({})).header(bearer(&panel.owner));
        let made = panel.house.send(request.header(Header::new("Idempotency-Key", "k"))).expect(202).json();
        assert_eq!((&made["kind"], &made["to"]), (&json!("confirmation"), &json!("researcher")));
    }
    let sent = panel.house.deliver();
    assert_eq!((sent.len(), sent[0].to.as_str()), (1, "anna@example.org"));
    let read = Read::of(&sent[0]);
    assert!(read.header("Subject").unwrap().starts_with("[Test]"), "{:?}", read.headers);
    assert!(read.calendar.is_none() && read.header("List-Unsubscribe").is_none());
}
