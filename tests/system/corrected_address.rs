//! When a respondent's mail address is corrected, letters that wait follow to the new one, and the interview moves from
//! the calendar of the former address into that of the new one.

use serde_json::json;
use veldwerk::actions::receive_mail::Taken;
use veldwerk::mail::{Kept, Memory, Refusal, RefusalKind, Transport};

use crate::fieldwork::execute;
use crate::incoming_mail::Booked;
use crate::panel::{Panel, Read, refusal};

const FORMER: &str = "S.deVries+0@gemeente.example";
const NEW: &str = "sanne@nieuw.example";

fn correct(panel: &Panel) {
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.patch(&panel.owner, &person, &json!({ "email": NEW })).expect(200);
}

/// The mailbox of each letter to the respondent, and its calendar's method and sequence, in the order of leaving.
fn to_respondent(sent: &[Kept]) -> Vec<String> {
    let theirs = sent.iter().filter(|kept| [FORMER, NEW].contains(&kept.to.as_str()));
    let told = |kept: &Kept| {
        let read = Read::of(kept);
        let calendar = read.property("METHOD").zip(read.property("SEQUENCE"));
        let calendar =
            calendar.map_or_else(String::new, |(method, sequence)| format!(" {method} {sequence}"));
        format!("{}{calendar}", kept.to.as_str())
    };
    theirs.map(told).collect()
}

/// Booked, and the receipt of the consent out of the way.
fn booked() -> Panel {
    let panel = Panel::of(1);
    panel.book(0);
    execute(&panel.house, "DELETE FROM letters WHERE kind = 'consent_receipt'");
    panel
}

/// The mail server answers the first letter so, and takes the others.
fn first_is_answered(panel: &Panel, answer: Refusal) {
    let memory = Memory::default();
    memory.refuse_next(answer);
    panel.house.deliver_to(Transport::Memory(memory));
}

#[test]
fn an_invitation_that_the_server_deferred_goes_to_the_corrected_address_at_once() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    first_is_answered(&panel, refusal(RefusalKind::Passing, "451 greylisted"));
    correct(&panel);
    assert_eq!(to_respondent(&panel.house.deliver()), [NEW]);
    assert_eq!(panel.outbox(), ["invitation sent -"]);
}

#[test]
fn whoever_was_invited_gets_their_new_link_at_the_corrected_address() {
    let panel = Panel::of(3);
    panel.invite(&json!({ "respondents": [panel.people[0], panel.people[1]] })).expect(200);
    assert_eq!(to_respondent(&panel.house.deliver()), [FORMER]);
    correct(&panel);
    let sent = panel.house.deliver();
    assert_eq!(to_respondent(&sent), [NEW]);
    let keys = panel.house.settings.keys().unwrap();
    let token = keys.link_token(panel.people[0].parse().unwrap(), 2);
    assert!(Read::of(&sent[0]).text.contains(&format!("/p/{token}")));
    panel.house.get_openly(&format!("/api/v1/participations/{token}")).expect(200);
    // Who objects is not written to, and who was never invited has no link to be told.
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(1)), &json!({})).expect(200);
    for (person, address) in [(1, "een@nieuw.example"), (2, "twee@nieuw.example")] {
        let path = format!("/api/v1/respondents/{}", panel.people[person]);
        panel.house.patch(&panel.owner, &path, &json!({ "email": address })).expect(200);
    }
    assert!(panel.house.deliver().is_empty());
}

#[test]
fn a_corrected_address_that_belongs_to_somebody_who_objected_is_not_written_to() {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": [panel.people[0]] })).expect(200);
    panel.house.deliver();
    let other = format!("/api/v1/respondents/{}", panel.people[1]);
    panel.house.patch(&panel.owner, &other, &json!({ "email": NEW })).expect(200);
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(1)), &json!({})).expect(200);
    panel.house.delete(&panel.owner, &other).expect(204);
    correct(&panel);
    assert!(panel.house.deliver().is_empty());
}

#[test]
fn an_interview_leaves_the_calendar_of_the_former_address_and_comes_into_that_of_the_new_one() {
    let panel = booked();
    let before = panel.house.deliver();
    assert_eq!(to_respondent(&before), [format!("{FORMER} REQUEST 0")]);
    correct(&panel);
    let sent = panel.house.deliver();
    assert_eq!(to_respondent(&sent), [format!("{FORMER} CANCEL 1"), format!("{NEW} REQUEST 1")]);
    let (cancel, request) = (Read::of(&sent[0]), Read::of(&sent[1]));
    let uid = Read::of(&before[0]).property("UID").map(str::to_owned);
    assert_eq!(cancel.property("UID").map(str::to_owned), uid);
    assert_eq!(request.property("UID").map(str::to_owned), uid);
    assert!(cancel.property("ATTENDEE").unwrap().ends_with(FORMER), "{:?}", cancel.calendar);
    assert!(request.property("ATTENDEE").unwrap().ends_with(NEW), "{:?}", request.calendar);
    assert!(!cancel.text.contains("/p/"), "the personal link is not for a former address");
    assert!(!cancel.text.contains("Sanne") && request.text.contains("Sanne"));
    assert_eq!(cancel.header("In-Reply-To"), Read::of(&before[0]).header("Message-ID"));
    assert_eq!(request.header("In-Reply-To"), None, "this mailbox never had the first message");
}

#[test]
fn a_confirmation_that_bounced_goes_to_the_corrected_address_and_the_former_one_hears_nothing() {
    let panel = booked();
    first_is_answered(&panel, refusal(RefusalKind::Final, "550 5.1.1 no such user"));
    correct(&panel);
    assert_eq!(to_respondent(&panel.house.deliver()), [format!("{NEW} REQUEST 1")]);
    let letters = panel.letters();
    assert!(letters.iter().all(|letter| letter["retry_until"].is_null()), "{letters:?}");
}

#[test]
fn a_confirmation_that_waits_ends_and_one_that_may_have_arrived_is_taken_back() {
    let panel = booked();
    first_is_answered(&panel, refusal(RefusalKind::Passing, "451 later"));
    correct(&panel);
    panel.house.at("2027-03-01T12:00:00Z");
    assert_eq!(to_respondent(&panel.house.deliver()), [format!("{NEW} REQUEST 1")]);

    let panel = booked();
    first_is_answered(&panel, Refusal { in_doubt: true, ..refusal(RefusalKind::Away, "no answer") });
    correct(&panel);
    panel.house.at("2027-03-01T12:00:00Z");
    let mut sent = to_respondent(&panel.house.deliver());
    sent.sort();
    assert_eq!(sent, [format!("{FORMER} CANCEL 1"), format!("{NEW} REQUEST 1")]);
}

#[test]
fn a_cancellation_that_waits_still_goes_to_the_address_whose_calendar_holds_the_interview() {
    let panel = booked();
    panel.house.deliver();
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    correct(&panel);
    let sent = to_respondent(&panel.house.deliver());
    assert_eq!(sent, [format!("{FORMER} CANCEL 1"), NEW.to_owned()], "and the new link, to book anew");
}

#[test]
fn the_link_in_letters_at_the_former_address_ends_and_the_new_letter_carries_another() {
    let panel = booked();
    panel.house.deliver();
    panel.house.get_openly(&format!("/p/{}", panel.link(0))).expect(200);
    correct(&panel);
    panel.house.get_openly(&format!("/p/{}", panel.link(0))).expect(404);
    let sent = panel.house.deliver();
    let text = Read::of(&sent[1]).text;
    let token = text.split("/p/").nth(1).and_then(|rest| rest.get(..43)).unwrap();
    panel.house.get_openly(&format!("/p/{token}")).expect(200);
}

#[test]
fn erasing_after_a_correction_still_takes_the_interview_out_of_both_calendars() {
    let panel = booked();
    panel.house.deliver();
    correct(&panel);
    // The letter to the former address must wait; the new one is taken.
    first_is_answered(&panel, refusal(RefusalKind::Passing, "451 later"));
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.delete(&panel.owner, &person).expect(204);
    panel.house.at("2027-03-01T12:00:00Z");
    let mut sent = to_respondent(&panel.house.deliver());
    sent.sort();
    assert_eq!(sent, [format!("{FORMER} CANCEL 1"), format!("{NEW} CANCEL 2")]);
}

#[test]
fn the_same_address_written_otherwise_takes_nothing_out_of_a_calendar() {
    let panel = booked();
    panel.house.deliver();
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.patch(&panel.owner, &person, &json!({ "email": FORMER.to_lowercase() })).expect(200);
    panel.house.get_openly(&format!("/p/{}", panel.link(0))).expect(200);
    assert!(panel.house.deliver().is_empty());
}

#[test]
fn what_a_mail_server_says_of_a_person_is_sealed_and_told_to_those_who_see_contacts() {
    let panel = booked();
    first_is_answered(&panel, refusal(RefusalKind::Final, "550 5.1.1 Mailbox of Zwaantje disabled"));
    let clear = panel.house.lines("SELECT last_error AS line FROM letters WHERE last_error IS NOT NULL");
    assert_eq!(clear, ["550 5.1.1"]);
    assert!(panel.outbox()[0].ends_with("failed 550 5.1.1 Mailbox of Zwaantje disabled"));
    let reader = panel.house.researcher("lezer");
    panel.house.join(&panel.owner, &panel.study, &reader, "reader");
    let list = panel.house.get(&reader, &panel.path("letters")).expect(200).json();
    let said: Vec<_> = list["items"].as_array().unwrap().iter().map(|l| l["last_error"].clone()).collect();
    assert!(said.contains(&json!("550 5.1.1")), "{said:?}");
}

#[test]
fn what_was_answered_from_a_former_mailbox_does_not_stand_in_the_invite_to_the_new_one() {
    let booked = Booked::new();
    assert_eq!(booked.comes("outlook_accepts", &[("partstat", "DECLINED")]), Taken::Done);
    let person = format!("/api/v1/respondents/{}", booked.panel.people[0]);
    let new = json!({ "email": "sanne@nieuw.example" });
    booked.house().patch(&booked.panel.owner, &person, &new).expect(200);
    assert!(booked.answers().is_empty());
    let letters = booked.house().deliver();
    let request = letters.iter().find(|letter| letter.to.as_str() == "sanne@nieuw.example").map(Read::of);
    let request = request.expect("the invite moves along");
    assert!(
        request.property("ATTENDEE").unwrap().contains("PARTSTAT=NEEDS-ACTION"),
        "{:?}",
        request.calendar
    );
}
