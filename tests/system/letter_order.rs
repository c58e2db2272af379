//! Letters about one interview to one recipient leave in order, and nobody is told that an interview is off of which
//! no invite can have reached them (R2).

use serde_json::json;
use veldwerk::clock::Instant;
use veldwerk::domain::audit::Done;
use veldwerk::mail::{Kept, Memory, Refusal, RefusalKind, Transport};
use veldwerk::settings::Database;
use veldwerk::store::letters::{self, Claimed};

use crate::fieldwork::execute;
use crate::panel::{Panel, Read, refusal};

/// The methods and sequences of the calendar parts to the respondent, in the order in which they left.
fn to_respondent(sent: &[Kept]) -> Vec<String> {
    let theirs = sent.iter().filter(|kept| kept.to.as_str().ends_with("@gemeente.example")).map(Read::of);
    theirs
        .filter_map(|read| Some(format!("{} {}", read.property("METHOD")?, read.property("SEQUENCE")?)))
        .collect()
}

/// Booked; the server says something to the confirmation.
fn booked_but_answered(kind: RefusalKind, said: &str) -> Panel {
    let panel = Panel::of(1);
    panel.book(0);
    execute(&panel.house, "DELETE FROM letters WHERE kind = 'consent_receipt'");
    let memory = Memory::default();
    memory.refuse_next(refusal(kind, said));
    panel.house.deliver_to(Transport::Memory(memory));
    panel
}

/// What became of the letters to the respondent.
fn outbox(panel: &Panel) -> Vec<String> {
    panel.outbox().into_iter().filter(|letter| !letter.starts_with("interviewer_")).collect()
}

/// Claims what is due, as a postman does before he leaves.
fn claim(panel: &Panel, at: Instant) -> Vec<Claimed> {
    let claimed = panel.house.store.write(move |tx| letters::claim(tx, at, 8).map(Done::housekeeping));
    panel.house.wait(claimed).unwrap()
}

fn a_move(panel: &Panel) {
    panel.press(0, "interview/reschedule", &json!({ "starts_at": "2027-03-08T10:00:00Z" })).expect(200);
}

#[test]
fn a_confirmation_that_must_wait_is_not_overtaken_by_the_letter_about_the_move() {
    let panel = booked_but_answered(RefusalKind::Passing, "451 later");
    a_move(&panel);
    assert_eq!(to_respondent(&panel.house.deliver()), Vec::<String>::new());
    panel.house.at("2027-03-01T08:01:00Z");
    assert_eq!(to_respondent(&panel.house.deliver()), ["REQUEST 0", "REQUEST 1"]);
}

#[test]
fn an_invite_that_the_server_never_took_and_its_cancellation_both_stay_with_a_reason() {
    let panel = booked_but_answered(RefusalKind::Passing, "451 later");
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let never = ["confirmation cancelled never_invited", "cancelled cancelled never_invited"];
    assert_eq!(outbox(&panel), never);
    panel.house.at("2027-03-01T12:00:00Z");
    assert_eq!(to_respondent(&panel.house.deliver()), Vec::<String>::new());
    let kept = "SELECT id AS line FROM letters WHERE facts IS NOT NULL OR message IS NOT NULL";
    assert_eq!(panel.house.lines(kept), Vec::<String>::new());
}

#[test]
fn an_invite_that_was_moved_before_the_server_took_it_is_not_sent_to_be_called_off() {
    let panel = booked_but_answered(RefusalKind::Passing, "451 later");
    a_move(&panel);
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    panel.house.at("2027-03-01T12:00:00Z");
    assert_eq!(to_respondent(&panel.house.deliver()), Vec::<String>::new());
    assert!(outbox(&panel).iter().all(|letter| letter.ends_with(" cancelled never_invited")));
}

#[test]
fn an_invite_that_was_refused_for_good_leaves_nothing_to_call_off() {
    let panel = booked_but_answered(RefusalKind::Final, "550 no such user");
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let told = ["confirmation failed 550 no such user", "cancelled cancelled never_invited"];
    assert_eq!(outbox(&panel), told);
    let retry = format!("/api/v1/letters/{}/retry", panel.letters()[0]["id"].as_str().unwrap());
    panel.house.post(&panel.owner, &retry, &json!({})).expect(409);
}

#[test]
fn whoever_withdraws_before_an_invite_was_taken_gets_the_last_letter_without_a_calendar() {
    let panel = booked_but_answered(RefusalKind::Passing, "451 later");
    panel.press(0, "withdraw", &json!({})).expect(200);
    panel.house.at("2027-03-01T12:00:00Z");
    assert_eq!(to_respondent(&panel.house.deliver()), Vec::<String>::new());
    assert_eq!(outbox(&panel), ["confirmation cancelled never_invited", "withdrawn sent -"]);
}

#[test]
fn an_invite_whose_postman_died_may_have_arrived_and_is_called_off_after_it_has_left_again() {
    let panel = Panel::of(1);
    panel.book(0);
    assert_eq!(claim(&panel, panel.house.clock.now()).len(), 3);
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    assert!(panel.house.deliver().is_empty(), "nothing overtakes what may be on its way");
    match panel.house.database() {
        Database::Sqlite(_) => panel.house.at("2027-03-01T08:00:30Z"),
        // Its leases run by its own clock, which no test can move.
        Database::Postgres(_) => execute(&panel.house, "UPDATE letters SET claimed_until = 0"),
    }
    assert_eq!(to_respondent(&panel.house.deliver()), ["REQUEST 0", "CANCEL 1"]);
}

#[test]
fn an_invite_that_was_on_its_way_when_it_was_called_off_and_is_turned_down_stays_too() {
    let panel = Panel::of(1);
    panel.book(0);
    let now = panel.house.clock.now();
    let held: Vec<_> = claim(&panel, now).iter().map(Claimed::hold).collect();
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    for hold in held {
        let due = now.plus_seconds(30);
        let turned_down = panel
            .house
            .store
            .write(move |tx| letters::later(tx, hold, due, "451 later", false).map(Done::housekeeping));
        panel.house.wait(turned_down).unwrap();
    }
    panel.house.at("2027-03-01T08:01:00Z");
    let sent = panel.house.deliver();
    assert_eq!((sent.len(), to_respondent(&sent)), (1, vec![]), "the receipt of the consent");
    assert!(panel.outbox()[1..].iter().all(|letter| letter.ends_with(" cancelled never_invited")));
}

#[test]
fn an_invite_whose_last_byte_was_handed_over_without_an_answer_may_have_arrived() {
    let panel = Panel::of(1);
    panel.book(0);
    execute(&panel.house, "DELETE FROM letters WHERE kind = 'consent_receipt'");
    let memory = Memory::default();
    memory.refuse_next(Refusal { in_doubt: true, ..refusal(RefusalKind::Away, "no answer") });
    panel.house.deliver_to(Transport::Memory(memory));
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    panel.house.at("2027-03-01T08:01:00Z");
    assert_eq!(to_respondent(&panel.house.deliver()), ["REQUEST 0", "CANCEL 1"]);
}
