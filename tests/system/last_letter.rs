//! The one letter that may still wait for somebody who is erased: it takes the interview out of their calendar (E19).

use std::fs;

use serde_json::json;
use veldwerk::clock::Instant;
use veldwerk::domain::audit::Done;
use veldwerk::mail::{Folder, Memory, Opened, RefusalKind, Transport};
use veldwerk::settings::Database;
use veldwerk::store::letters;
use veldwerk::worker::sweep::Sweep;
use veldwerk::worker::{self, Post};

use crate::fieldwork::execute;
use crate::panel::{Panel, Read, refusal};

fn erase(panel: &Panel) {
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.delete(&panel.owner, &person).expect(204);
}

/// What is still sealed for somebody.
fn sealed(panel: &Panel) -> usize {
    panel.house.lines("SELECT id AS line FROM letters WHERE facts IS NOT NULL OR message IS NOT NULL").len()
}

/// Booked, and told of it.
fn booked() -> Panel {
    let panel = Panel::of(1);
    panel.book(0);
    panel.house.deliver();
    panel
}

#[test]
fn it_leads_to_no_page_that_is_gone_but_to_the_researcher_in_both_languages_and_forms() {
    for language in ["nl", "en"] {
        let panel = booked();
        let person = format!("/api/v1/respondents/{}", panel.people[0]);
        panel.house.patch(&panel.owner, &person, &json!({ "language": language })).expect(200);
        erase(&panel);
        let sent = panel.house.deliver();
        let html = Opened::read(&sent[0].message).unwrap().html.unwrap();
        let read = Read::of(&sent[0]);
        assert_eq!((read.property("METHOD"), read.property("SEQUENCE")), (Some("CANCEL"), Some("1")));
        for words in [&read.text, &html, read.calendar.as_ref().unwrap()] {
            assert!(!words.contains("/p/"), "{language}: {words}");
            assert!(words.contains("onderzoek@example.org"), "{language}: {words}");
        }
    }
}

#[test]
fn words_of_the_study_that_name_the_page_give_way_to_ours() {
    let panel = booked();
    let words = json!({ "subject": "Afgezegd", "body": "Dag {{name}}, boek opnieuw: {{link}}" });
    panel.house.put(&panel.owner, &panel.path("letter-texts/cancelled/nl"), &words).expect(200);
    erase(&panel);
    let text = Read::of(&panel.house.deliver()[0]).text;
    assert!(text.starts_with("Geachte") && !text.contains("boek opnieuw"), "{text}");
}

#[test]
fn one_that_waited_already_is_written_anew_without_the_page_the_reason_and_the_place() {
    let panel = booked();
    panel.press(0, "interview/cancel", &json!({ "reason": "Ik lig in het ziekenhuis" })).expect(200);
    let memory = Memory::default();
    memory.refuse_next(refusal(RefusalKind::Passing, "451 later"));
    memory.refuse_next(refusal(RefusalKind::Passing, "451 later"));
    panel.house.deliver_to(Transport::Memory(memory));
    erase(&panel);
    panel.house.at("2027-03-01T08:01:00Z");
    let sent = panel.house.deliver();
    assert_eq!(sent.len(), 2);
    for kept in &sent {
        let read = Read::of(kept);
        assert_eq!(read.property("METHOD"), Some("CANCEL"));
        assert!(!read.text.contains("/p/") && !read.text.contains("ziekenhuis"), "{}", read.text);
    }
}

#[test]
fn a_goodbye_that_takes_nothing_out_of_a_calendar_does_not_wait() {
    let panel = Panel::of(1);
    panel.press(0, "withdraw", &json!({})).expect(200);
    erase(&panel);
    assert_eq!(panel.outbox(), ["withdrawn cancelled erased"]);
    assert_eq!(sealed(&panel), 0);
}

#[test]
fn it_is_gone_before_a_day_has_passed_however_seldom_the_house_is_looked_after() {
    let panel = booked();
    erase(&panel);
    let memory = Memory::default();
    memory.refuse_next(refusal(RefusalKind::Passing, "452 mailbox full"));
    panel.house.deliver_to(Transport::Memory(memory));
    assert_eq!(sealed(&panel), 1);
    panel.house.at("2027-03-02T07:30:00Z");
    panel.house.wait(worker::forget(&panel.house.clock, &panel.house.store)).unwrap();
    assert_eq!(sealed(&panel), 0);
    assert_eq!(panel.outbox()[3], "cancelled cancelled erased");
}

#[test]
fn one_that_was_on_its_way_when_the_person_was_erased_and_is_refused_for_good_keeps_nothing() {
    let panel = booked();
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let (house, now) = (&panel.house, panel.house.clock.now());
    let claimed = house.store.write(move |tx| letters::claim(tx, now, 1).map(Done::housekeeping));
    let hold = house.wait(claimed).unwrap()[0].hold();
    erase(&panel);
    house
        .wait(house.store.write(move |tx| letters::fail(tx, hold, "550 no", false).map(Done::housekeeping)))
        .unwrap();
    assert_eq!(panel.outbox()[3], "cancelled failed 550 no");
    house.deliver();
    assert_eq!(sealed(&panel), 0);
}

#[test]
fn without_a_mail_server_it_is_never_written_and_says_why() {
    let panel = Panel::of(1);
    panel.book(0);
    let house = &panel.house;
    let post = Post::of(&house.settings).unwrap();
    let deliver = || house.wait(worker::deliver(&post, &house.clock, &house.store)).unwrap();
    deliver();
    let folder = Folder::new(house.settings.data_dir.join("mail"));
    let naming_them = || {
        let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| fs::read_to_string(file).unwrap().contains("gemeente.example")).count()
    };
    assert_eq!(naming_them(), 2, "the receipt and the confirmation");
    erase(&panel);
    let mut sweep = Sweep::default();
    let five_later = Instant::from_unix(house.clock.now().unix() + 5);
    house.wait(sweep.round(&house.store, Some(&folder), five_later)).unwrap();
    assert_eq!(naming_them(), 0);
    deliver();
    assert_eq!(naming_them(), 0);
    assert_eq!(panel.outbox()[3..], ["cancelled cancelled erased", "interviewer_cancelled sent -"]);
    assert_eq!(sealed(&panel), 0);
}

#[test]
fn it_does_not_overtake_an_invite_that_was_on_its_way_when_the_person_was_erased() {
    let panel = Panel::of(1);
    panel.book(0);
    let (house, now) = (&panel.house, panel.house.clock.now());
    let claimed = house.store.write(move |tx| letters::claim(tx, now, 8).map(Done::housekeeping));
    assert_eq!(house.wait(claimed).unwrap().len(), 3);
    erase(&panel);
    assert!(house.deliver().is_empty(), "the invite may be on its way");
    match house.database() {
        Database::Sqlite(_) => house.clock.set(now.plus_seconds(letters::LEASE_SECONDS)),
        // Its leases run by its own clock, which no test can move.
        Database::Postgres(_) => execute(house, "UPDATE letters SET claimed_until = 0"),
    }
    let sent: Vec<_> = house.deliver().iter().map(Read::of).collect();
    assert!(sent.iter().any(|read| read.header("To").unwrap().contains("gemeente.example")));
    assert!(
        sent.iter().all(|read| read.property("METHOD") != Some("REQUEST") || !read.text.contains("Vries"))
    );
}
