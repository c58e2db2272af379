//! Meetings where more than one thing happens at once: an interview changes while Microsoft is asked, two servers ask,
//! a server dies half way.

use std::thread;

use rocket::futures::future::join_all;
use serde_json::json;
use veldwerk::domain::audit::Done;
use veldwerk::store::{Migrate, Store, meetings};

use crate::fieldwork::execute;
use crate::panel::Read;
use crate::teams_tenant::Tenant;

/// Asks for a meeting, and does something after Microsoft has carried it out and before it answers.
fn meanwhile(tenant: &Tenant, something: impl FnOnce()) {
    let gate = tenant.graph.hold_next();
    let (meetings, clock) = (tenant.meetings.clone(), tenant.panel.house.clock.clone());
    let store = tenant.panel.house.store.clone();
    let asking = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(meetings.round(&clock, &store)).unwrap()
    });
    gate.wait();
    something();
    gate.open();
    asking.join().unwrap();
}

#[test]
fn an_interview_that_moves_while_its_meeting_is_made_ends_with_one_meeting_at_the_new_time() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    let to = json!({ "starts_at": "2027-03-08T10:00:00Z" });
    meanwhile(&tenant, || drop(tenant.panel.press(0, "interview/reschedule", &to).expect(200)));
    assert_eq!(tenant.graph.asked(), ["POST token 200", "POST createOrGet 201", "PATCH meeting 200"]);
    let there = tenant.graph.meetings();
    assert_eq!((there.len(), there[0].starts_at.as_str()), (1, "2027-03-08T10:00:00Z"));
    assert_eq!((tenant.ask(), tenant.standing(&id)), (0, vec!["made settled -".to_owned()]));
    // What each side read last is the new time with the link.
    let mails = tenant.panel.house.deliver();
    for to in ["S.deVries+0@gemeente.example", "anna@example.org"] {
        let last = mails.iter().rev().find(|kept| kept.to.as_str() == to).map(Read::of).unwrap();
        assert!(last.text.contains("/l/meetup-join/1"), "{}", last.text);
        assert_eq!(last.property("SEQUENCE"), Some("2"));
        assert!(last.property("DTSTART").unwrap().ends_with("T110000"), "{:?}", last.property("DTSTART"));
    }
}

#[test]
fn an_interview_that_is_called_off_while_its_meeting_is_made_leaves_none_and_tells_no_link() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    meanwhile(&tenant, || drop(tenant.panel.press(0, "interview/cancel", &json!({})).expect(200)));
    assert_eq!(tenant.graph.asked(), ["POST token 200", "POST createOrGet 201", "DELETE meeting 204"]);
    assert_eq!((tenant.graph.meetings(), tenant.standing(&id)), (vec![], vec!["gone settled -".to_owned()]));
    assert!(tenant.panel.outbox().iter().all(|letter| !letter.starts_with("link_update")));
}

#[test]
fn an_interview_whose_person_is_erased_while_its_meeting_is_made_leaves_none() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    let person = format!("/api/v1/respondents/{}", tenant.panel.people[0]);
    meanwhile(&tenant, || drop(tenant.panel.house.delete(&tenant.panel.owner, &person).expect(204)));
    assert_eq!((tenant.graph.meetings(), tenant.standing(&id)), (vec![], vec!["gone settled -".to_owned()]));
}

#[test]
fn a_link_that_is_pasted_while_a_meeting_is_made_stays() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    let pasted = json!({ "join_link": "https://teams.example.org/l/pasted" });
    let path = format!("/api/v1/interviews/{id}/join-link");
    meanwhile(&tenant, || drop(tenant.panel.house.put(&tenant.panel.owner, &path, &pasted).expect(200)));
    assert_eq!(tenant.interview(&id)["join_link"], pasted["join_link"]);
    assert_eq!((tenant.graph.meetings(), tenant.standing(&id)), (vec![], vec!["gone settled -".to_owned()]));
}

#[test]
fn an_online_interview_that_turns_back_while_its_meeting_is_ended_gets_another() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    let turn = |mode: &str| {
        let to = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": mode });
        tenant.panel.press(0, "interview/reschedule", &to).expect(200);
    };
    turn("in_person");
    meanwhile(&tenant, || turn("teams"));
    assert_eq!(tenant.graph.asked(), ["DELETE meeting 204", "POST createOrGet 201"]);
    assert_eq!((tenant.graph.meetings().len(), tenant.standing(&id)), (1, vec!["made settled -".to_owned()]));
    assert!(tenant.interview(&id)["join_link"].as_str().unwrap().ends_with("/2"));
}

#[test]
fn two_servers_that_ask_at_once_make_one_meeting_for_each_interview_and_tell_it_once() {
    let tenant = Tenant::of(6);
    let house = &tenant.panel.house;
    tenant.panel.book(0);
    let yes = json!({ "version": 1, "items": { "take_part": true } });
    for person in 1..6 {
        tenant.panel.press(person, "consent", &yes).expect(200);
        let (day, hour) = (8 + 7 * (person / 3), [8, 10, 12][person % 3]);
        let starts_at = format!("2027-03-{day:02}T{hour:02}:00:00Z");
        tenant
            .panel
            .press(person, "interview", &json!({ "starts_at": starts_at, "mode": "teams" }))
            .expect(201);
    }
    let keys = house.settings.keys().unwrap();
    let other = house.wait(Store::open(house.settings.database.clone(), keys, Migrate::No)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let asked: usize = runtime.block_on(async {
        let ask = |store: &Store| {
            let (meetings, clock, store) = (tenant.meetings.clone(), house.clock.clone(), store.clone());
            tokio::spawn(async move { meetings.round(&clock, &store).await.unwrap().asked })
        };
        let servers: Vec<_> = [&house.store, &other, &house.store, &other].map(ask).into();
        join_all(servers).await.into_iter().map(Result::unwrap).sum()
    });
    assert_eq!((asked, tenant.graph.made(), tenant.graph.meetings().len()), (6, 6, 6));
    let updates = tenant.panel.outbox().iter().filter(|letter| letter.starts_with("link_update")).count();
    assert_eq!(updates, 6);
}

#[test]
fn what_a_server_held_that_died_is_asked_for_by_the_next_and_a_late_answer_changes_nothing() {
    let tenant = Tenant::of(1);
    let (house, id) = (&tenant.panel.house, tenant.booked());
    let now = house.clock.now();
    let claim = move |tx: &mut veldwerk::store::Tx<'_>| meetings::claim(tx, now).map(Done::housekeeping);
    let dead = house.wait(house.store.write(claim)).unwrap().unwrap();
    assert_eq!(tenant.ask(), 0, "its lease holds");
    execute(house, "UPDATE meetings SET claimed_until = 0");
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["made settled -".to_owned()]));
    let late = meetings::Facts::default();
    let note = move |tx: &mut veldwerk::store::Tx<'_>| {
        meetings::note(tx, dead.hold, &late, meetings::Standing::Settled).map(Done::housekeeping)
    };
    assert!(!house.wait(house.store.write(note)).unwrap());
    assert!(tenant.interview(&id)["join_link"].is_string());
}
