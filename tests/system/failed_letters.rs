//! What is kept of a letter that failed: what it tells, as long as a person is offered to send it again (R2).

use serde_json::{Value, json};
use veldwerk::mail::{Memory, RefusalKind, Transport};

use crate::panel::{Panel, refusal};

/// How many letters of the outbox keep a column.
fn left(panel: &Panel, column: &str) -> usize {
    panel.house.lines(&format!("SELECT id AS line FROM letters WHERE {column} IS NOT NULL")).len()
}

/// Sends what is due; the first letter is refused for good.
fn first_is_refused(panel: &Panel) {
    let memory = Memory::default();
    memory.refuse_next(refusal(RefusalKind::Final, "550 no such user"));
    panel.house.deliver_to(Transport::Memory(memory));
}

fn retry(panel: &Panel) -> String {
    format!("/api/v1/letters/{}/retry", panel.letters()[0]["id"].as_str().unwrap())
}

#[test]
fn nothing_that_a_letter_told_stays_when_it_has_left_and_a_failed_one_can_be_sent_again_for_a_month() {
    let panel = Panel::of(2);
    panel.invite(&json!({})).expect(200);
    first_is_refused(&panel);
    assert_eq!((left(&panel, "message"), left(&panel, "facts")), (0, 1));
    let offered =
        |panel: &Panel| panel.letters().iter().map(|l| l["retry_until"].clone()).collect::<Vec<_>>();
    assert_eq!(offered(&panel), [json!("2027-03-31T08:00:00Z"), Value::Null]);

    panel.house.at("2027-03-31T08:00:00Z");
    panel.house.post(&panel.owner, &retry(&panel), &json!({})).expect(409);
    panel.house.wait(veldwerk::worker::forget(&panel.house.clock, &panel.house.store)).unwrap();
    assert_eq!((left(&panel, "facts"), offered(&panel)), (0, vec![Value::Null; 2]));
}

#[test]
fn a_failed_letter_that_a_later_one_replaces_keeps_nothing() {
    let panel = Panel::of(1);
    panel.book(0);
    crate::fieldwork::execute(&panel.house, "DELETE FROM letters WHERE kind = 'consent_receipt'");
    first_is_refused(&panel);
    assert_eq!(left(&panel, "facts"), 1);
    panel.press(0, "interview/reschedule", &json!({ "starts_at": "2027-03-08T10:00:00Z" })).expect(200);
    panel.house.deliver();
    assert_eq!(left(&panel, "facts"), 0);
    assert_eq!(panel.letters()[0]["retry_until"], Value::Null);
    panel.house.post(&panel.owner, &retry(&panel), &json!({})).expect(409);
}

#[test]
fn a_failed_invitation_is_not_offered_again_to_somebody_who_objected() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    first_is_refused(&panel);
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(0)), &json!({})).expect(200);
    assert_eq!(left(&panel, "facts"), 0);
    assert_eq!(panel.outbox(), ["invitation failed 550 no such user"]);
    panel.house.post(&panel.owner, &retry(&panel), &json!({})).expect(409);
}

#[test]
fn the_page_of_a_failed_letter_says_until_when_it_can_be_sent_again() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    first_is_refused(&panel);
    let browser = crate::browser::Browser::of(&panel.house, &panel.owner);
    let page = format!("/letters/{}", panel.letters()[0]["id"].as_str().unwrap());
    let offered = browser.get(&page).expect(200).text;
    assert!(offered.contains("/retry\"") && offered.contains("31 mrt 2027, 10.00"), "{offered}");
    panel.house.at("2027-03-31T08:00:00Z");
    let browser = crate::browser::Browser::of(&panel.house, &panel.owner);
    let gone = browser.get(&page).expect(200).text;
    assert!(!gone.contains("/retry\""), "{gone}");
}

#[test]
fn the_page_of_a_dropped_letter_says_why_in_words() {
    let panel = Panel::of(1);
    panel.book(0);
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let browser = crate::browser::Browser::of(&panel.house, &panel.owner);
    let page = format!("/letters/{}", panel.letters()[1]["id"].as_str().unwrap());
    let shown = browser.get(&page).expect(200).text;
    assert!(shown.contains("Het interview was al afgezegd voordat de uitnodiging weg kon."), "{shown}");
}
