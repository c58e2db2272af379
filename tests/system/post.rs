//! Letters on their way: what they hold, in which order they leave, and what becomes of them (R2, E19–E24).

use serde_json::json;
use veldwerk::clock::Instant;
use veldwerk::domain::audit::Done;
use veldwerk::mail::{Memory, RefusalKind, Transport};
use veldwerk::settings::Database;
use veldwerk::store::letters;

use crate::fieldwork::execute;
use crate::house::House;
use crate::panel::{Panel, Read, refusal};

/// A message without what differs from run to run.
fn calm(panel: &Panel, message: &[u8], names: &[(&str, &str)]) -> String {
    let read = Read::message(message);
    let mut text = format!("{}\n\n{}", read.headers.join("\n"), read.text.replace('\r', ""));
    if let Some(calendar) = read.calendar {
        text.push('\n');
        text.push_str(&calendar.replace('\r', ""));
    }
    text = text.replace(&panel.link(0), "<link>").replace(&panel.unsubscribe(0), "<unsubscribe>");
    for (name, stands_for) in names {
        text = text.replace(name, stands_for);
    }
    while let Some((before, after)) = text.split_once("=_") {
        text = format!("{before}<boundary>{}", after.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    text
}

#[test]
fn an_invitation_says_who_writes_where_the_address_is_from_and_how_to_end_it() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let sent = panel.house.deliver();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to.as_str(), "S.deVries+0@gemeente.example");
    insta::assert_snapshot!(calm(&panel, &sent[0].message, &[(sent[0].letter.as_str(), "<letter>")]));
    // E24: one click only where the page can be reached by https.
    let read = Read::of(&sent[0]);
    assert!(read.header("List-Unsubscribe").is_some() && read.header("List-Unsubscribe-Post").is_none());
    assert_eq!(panel.outbox(), ["invitation sent -"]);
    assert!(panel.letters()[0]["sent_at"].is_string());
}

#[test]
fn with_https_a_mail_program_may_end_the_letters_by_itself() {
    let mut house = House::open();
    house.settings.base_url = "https://veldwerk.example".to_owned();
    let panel = Panel::in_house(house, 1);
    panel.invite(&json!({})).expect(200);
    let read = Read::of(&panel.house.deliver()[0]);
    let link = format!("<https://veldwerk.example/u/{}>", panel.unsubscribe(0));
    assert_eq!(read.header("List-Unsubscribe"), Some(link.as_str()));
    assert_eq!(read.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
}

#[test]
fn a_booking_is_confirmed_to_both_with_one_uid_and_called_off_with_a_higher_sequence() {
    let panel = Panel::of(1);
    let interview = panel.book(0);
    let id = interview["id"].as_str().unwrap();
    let first = panel.house.deliver();
    let to: Vec<&str> = first.iter().map(|kept| kept.to.as_str()).collect();
    let respondent = "S.deVries+0@gemeente.example";
    assert_eq!(to, [respondent, respondent, "anna@example.org"], "receipt, confirmation, notice");
    let names = [(first[1].letter.as_str(), "<letter>"), (id, "<interview>")];
    insta::assert_snapshot!(calm(&panel, &first[1].message, &names));
    let (confirmed, told) = (Read::of(&first[1]), Read::of(&first[2]));
    assert_eq!(confirmed.header("List-Unsubscribe"), None);
    assert_eq!(told.property("UID"), confirmed.property("UID"));
    assert!(!confirmed.calendar.as_deref().unwrap().contains("anna@example.org"), "E21");
    assert!(!confirmed.calendar.as_deref().unwrap().contains(&panel.link(0)), "R5");

    panel.press(0, "interview/cancel", &json!({ "reason": "Raadsvergadering" })).expect(200);
    let second = panel.house.deliver();
    let cancelled = Read::of(&second[0]);
    assert_eq!(cancelled.property("METHOD"), Some("CANCEL"));
    assert_eq!(cancelled.property("UID"), confirmed.property("UID"));
    assert_eq!((confirmed.property("SEQUENCE"), cancelled.property("SEQUENCE")), (Some("0"), Some("1")));
    assert!(cancelled.property("DTSTAMP") > confirmed.property("DTSTAMP"));
    assert_eq!(cancelled.header("In-Reply-To"), confirmed.header("Message-ID"));
    assert_ne!(cancelled.header("Message-ID"), confirmed.header("Message-ID"));
    assert!(Read::of(&second[1]).text.contains("Raadsvergadering"));
}

#[test]
fn an_interview_called_off_before_its_invite_left_is_never_spoken_of() {
    let panel = Panel::of(1);
    panel.book(0);
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let sent = panel.house.deliver();
    assert_eq!(sent.len(), 1, "the receipt of the consent");
    assert_eq!(
        panel.outbox(),
        [
            "consent_receipt sent -",
            "confirmation cancelled never_invited",
            "interviewer_booked cancelled never_invited",
            "cancelled cancelled never_invited",
            "interviewer_cancelled cancelled never_invited",
        ]
    );
}

#[test]
fn whoever_withdraws_at_once_gets_the_last_letter_without_a_calendar() {
    let panel = Panel::of(1);
    panel.book(0);
    panel.press(0, "withdraw", &json!({})).expect(200);
    let sent = panel.house.deliver();
    let last = Read::of(sent.last().unwrap());
    assert_eq!((sent.len(), last.calendar), (2, None));
    assert_eq!(panel.outbox()[3], "withdrawn sent -");
}

#[test]
fn an_interviewer_whose_mailbox_is_the_organizer_gets_the_interview_as_a_file() {
    let mut house = House::open();
    house.settings.mail_from = "Anna <ANNA@example.org>".to_owned();
    let panel = Panel::in_house(house, 1);
    panel.book(0);
    let sent = panel.house.deliver();
    let (confirmed, told) = (Read::of(&sent[1]), Read::of(&sent[2]));
    assert!(confirmed.property("ORGANIZER").unwrap().ends_with("mailto:ANNA@example.org"));
    assert_eq!((told.property("METHOD"), told.property("ATTENDEE")), (None, None));
    assert_eq!(told.property("UID"), confirmed.property("UID"));

    panel.press(0, "interview/reschedule", &json!({ "starts_at": "2027-03-08T10:00:00Z" })).expect(200);
    let moved = Read::of(&panel.house.deliver()[1]);
    assert_eq!((moved.property("METHOD"), moved.property("SEQUENCE")), (None, Some("1")));

    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let off = Read::of(&panel.house.deliver()[1]);
    assert_eq!((off.property("METHOD"), off.property("STATUS")), (None, Some("CANCELLED")));
    assert_eq!((off.property("UID"), off.property("SEQUENCE")), (confirmed.property("UID"), Some("2")));
    assert_eq!((off.property("TRIGGER"), off.property("LOCATION")), (None, None));
    assert!(off.text.contains("Open de bijlage"), "{}", off.text);
}

#[test]
fn a_letter_that_must_wait_is_tried_again_with_growing_patience_and_given_up_after_days() {
    // E23.
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let refuse = || {
        let memory = Memory::default();
        memory.refuse_next(refusal(RefusalKind::Passing, "452 mailbox full"));
        panel.house.deliver_to(Transport::Memory(memory.clone()))
    };
    assert_eq!(refuse(), 1);
    assert_eq!(panel.outbox(), ["invitation queued 452 mailbox full"]);
    panel.house.at("2027-03-01T08:00:29Z");
    assert_eq!(refuse(), 0);
    panel.house.at("2027-03-01T08:00:36Z");
    assert_eq!(refuse(), 1);
    panel.house.at("2027-03-04T07:59:00Z");
    assert_eq!(refuse(), 1);
    assert_eq!(panel.letters()[0]["state"], "queued");
    panel.house.at("2027-03-04T08:30:00Z");
    assert_eq!(refuse(), 1);
    assert_eq!(panel.outbox(), ["invitation failed 452 mailbox full"]);
    assert_eq!(panel.letters()[0]["attempts"], 4);
}

#[test]
fn a_letter_refused_for_good_shows_what_the_server_said_and_can_be_sent_again() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let memory = Memory::default();
    memory.refuse_next(refusal(RefusalKind::Final, "550 5.1.1 <***> User unknown"));
    panel.house.deliver_to(Transport::Memory(memory));
    assert_eq!(panel.outbox(), ["invitation failed 550 5.1.1 <***> User unknown"]);
    let letter = format!("/api/v1/letters/{}", panel.letters()[0]["id"].as_str().unwrap());
    assert_eq!(panel.remind(&json!({})).expect(200).json()["skipped"][0]["reason"], "letter_failed");

    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.patch(&panel.owner, &person, &json!({ "email": "sanne@gemeente.example" })).expect(200);
    let retry = format!("{letter}/retry");
    let again = panel.house.post(&panel.owner, &retry, &json!({})).expect(200).json();
    assert_eq!((&again["state"], &again["last_error"]), (&json!("queued"), &json!(null)));
    panel.house.post(&panel.owner, &retry, &json!({})).expect(409);
    let sent = panel.house.deliver();
    assert_eq!(sent[0].to.as_str(), "sanne@gemeente.example");
    assert_eq!(panel.house.get(&panel.owner, &letter).expect(200).json()["state"], "sent");
    let stranger = panel.house.researcher("carla");
    panel.house.get(&stranger, &letter).expect(404);
    panel.house.post(&stranger, &retry, &json!({})).expect(404);
}

#[test]
fn a_mail_server_that_is_away_lets_the_other_letters_wait_untried_and_turns_health_red_in_time() {
    // E23.
    let panel = Panel::of(3);
    panel.invite(&json!({})).expect(200);
    let memory = Memory::default();
    for _ in 0..3 {
        memory.refuse_next(refusal(RefusalKind::Away, "the mail server can't be reached"));
    }
    panel.house.deliver_to(Transport::Memory(memory));
    panel.house.at("2027-03-01T08:14:59Z");
    panel.house.get_openly("/health/ready").expect(200);
    panel.house.at("2027-03-01T08:15:00Z");
    assert_eq!(panel.house.get_openly("/health/ready").expect(503).json()["status"], "mail_failing");
    assert_eq!(panel.house.deliver().len(), 3);
    panel.house.get_openly("/health/ready").expect(200);
}

#[test]
fn a_letter_that_is_refused_alone_does_not_turn_health_red() {
    let panel = Panel::of(2);
    panel.invite(&json!({})).expect(200);
    let memory = Memory::default();
    memory.refuse_next(refusal(RefusalKind::Passing, "452 mailbox full"));
    memory.refuse_next(refusal(RefusalKind::Final, "550 no such user"));
    panel.house.deliver_to(Transport::Memory(memory));
    panel.house.at("2027-03-01T12:00:00Z");
    let health = panel.house.get_openly("/health/ready").expect(200).json();
    assert_eq!(health["letters_waiting"], 1);
    assert!(health["oldest_due_seconds"].as_i64().unwrap() > 14_000);
}

#[test]
fn an_objection_keeps_back_what_has_not_left_and_no_other_letter() {
    let panel = Panel::of(2);
    panel.invite(&json!({})).expect(200);
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(0)), &json!({})).expect(200);
    panel.press(1, "decline", &json!({})).expect(200);
    assert_eq!(panel.outbox(), ["invitation cancelled opted_out", "invitation cancelled declined"]);
    assert!(panel.house.deliver().is_empty());
}

#[test]
fn two_postmen_never_bring_the_same_letter() {
    let panel = Panel::of(30);
    panel.invite(&json!({})).expect(200);
    let memory = Memory::default();
    let post =
        veldwerk::worker::Post::through(Transport::Memory(memory.clone()), &panel.house.settings).unwrap();
    let (clock, store) = (panel.house.clock.clone(), panel.house.store.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let tried: usize = runtime.block_on(async {
        let walks: Vec<_> = (0..4)
            .map(|_| {
                let (post, clock, store) = (post.clone(), clock.clone(), store.clone());
                tokio::spawn(async move { veldwerk::worker::deliver(&post, &clock, &store).await.unwrap() })
            })
            .collect();
        let mut sum = 0;
        for walk in walks {
            sum += walk.await.unwrap();
        }
        sum
    });
    let mut letters: Vec<_> = memory.letters().into_iter().map(|kept| kept.letter).collect();
    letters.sort_unstable();
    letters.dedup();
    assert_eq!((tried, memory.letters().len(), letters.len()), (30, 30, 30));
}

#[test]
fn a_letter_of_a_postman_who_died_is_brought_by_another_when_the_lease_ends() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let (house, now) = (&panel.house, panel.house.clock.now());
    let claim = |at: Instant| {
        let claimed = house.store.write(move |tx| letters::claim(tx, at, 5).map(Done::housekeeping));
        house.wait(claimed).unwrap()
    };
    let dead = claim(now);
    assert_eq!(dead.len(), 1);
    assert!(claim(now).is_empty() && house.deliver().is_empty(), "the lease holds");
    match house.database() {
        Database::Sqlite(_) => house.clock.set(now.plus_seconds(letters::LEASE_SECONDS)),
        // Its leases run by its own clock, which no test can move.
        Database::Postgres(_) => execute(house, "UPDATE letters SET claimed_until = 0"),
    }
    assert_eq!(house.deliver().len(), 1);
    let hold = dead[0].hold();
    let stale =
        house.store.write(move |tx| letters::fail(tx, hold, "too late", false).map(Done::housekeeping));
    house.wait(stale).unwrap();
    assert_eq!(panel.outbox(), ["invitation sent -"], "the dead postman's word counts no more");
}

#[test]
fn no_lease_of_an_earlier_run_outlives_the_start_on_sqlite() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let (house, now) = (&panel.house, panel.house.clock.now());
    let claimed = house.store.write(move |tx| letters::claim(tx, now, 5).map(Done::housekeeping));
    assert_eq!(house.wait(claimed).unwrap().len(), 1);
    house.wait(house.store.write(|tx| letters::end_leases(tx).map(Done::housekeeping))).unwrap();
    let left = usize::from(matches!(house.database(), Database::Sqlite(_)));
    assert_eq!(house.deliver().len(), left);
}
