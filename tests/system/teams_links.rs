//! Where links come from: fixed, pasted, or made by Microsoft; and what becomes of those that were told.

use serde_json::{Value, json};

use crate::panel::Panel;
use crate::teams_tenant::{ANNA, BOB, Tenant};

const MADE: &str = "https://teams.microsoft.example/l/meetup-join/1";
const PASTED: &str = "https://teams.example.org/l/pasted";

fn paste(tenant: &Tenant, id: &str, link: Option<&str>) {
    let path = format!("/api/v1/interviews/{id}/join-link");
    tenant.panel.house.put(&tenant.panel.owner, &path, &json!({ "join_link": link })).expect(200);
}

#[test]
fn a_link_that_somebody_pastes_takes_the_place_of_the_meeting_until_it_is_taken_away() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    paste(&tenant, &id, Some(PASTED));
    assert_eq!((tenant.ask(), tenant.graph.meetings()), (1, vec![]));
    assert_eq!(tenant.interview(&id)["join_link"], PASTED);
    paste(&tenant, &id, None);
    assert_eq!(tenant.interview(&id)["join_link"], Value::Null, "it follows");
    assert_eq!((tenant.ask(), tenant.graph.meetings().len()), (1, 1));
    assert_eq!(tenant.interview(&id)["join_link"], MADE.replace("/1", "/2"));
}

#[test]
fn an_interview_that_turns_in_person_has_no_meeting_and_gets_another_when_it_turns_back() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    let turn = |mode: &str| {
        let to = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": mode });
        tenant.panel.press(0, "interview/reschedule", &to).expect(200);
    };
    turn("in_person");
    turn("teams");
    assert_eq!(tenant.interview(&id)["join_link"], Value::Null, "it may be gone by now");
    assert_eq!((tenant.ask(), tenant.graph.made()), (1, 1), "it was still there");
    assert_eq!(tenant.interview(&id)["join_link"], MADE);
    turn("in_person");
    assert_eq!((tenant.ask(), tenant.graph.meetings()), (1, vec![]));
    turn("teams");
    assert_eq!((tenant.ask(), tenant.graph.made()), (1, 2));
}

#[test]
fn whoever_takes_an_interview_over_gets_a_meeting_of_their_own_and_the_former_one_ends() {
    let tenant = Tenant::of(1);
    let (house, owner) = (&tenant.panel.house, &tenant.panel.owner);
    let bob = house.researcher("bob");
    let member = house.join(owner, &tenant.panel.study, &bob, "owner");
    tenant.tell_id(member["user"].as_str().unwrap(), BOB);
    tenant.graph.employ(BOB);
    tenant.graph.permit(BOB);
    let id = tenant.settled();
    let (anna, to) = (house.id_of(owner), member["user"].as_str().unwrap());
    house.delete(owner, &tenant.panel.path(&format!("members/{anna}?successor={to}"))).expect(204);
    assert_eq!(house.get(&bob, &format!("/api/v1/interviews/{id}")).json()["join_link"], Value::Null);
    assert_eq!(tenant.graph.meetings()[0].organizer, ANNA);
    assert_eq!(tenant.ask(), 2);
    let there = tenant.graph.meetings();
    assert_eq!((there.len(), there[0].organizer.as_str()), (1, BOB));
    let told = house.get(&bob, &format!("/api/v1/interviews/{id}")).json();
    assert_eq!(told["join_link"], MADE.replace("/1", "/2"));
}

#[test]
fn a_study_that_turns_to_microsoft_keeps_the_link_that_was_told_until_there_is_another() {
    let tenant = Tenant::of(1);
    let fixed = "https://teams.example.org/l/fixed";
    tenant.change(&json!({ "teams_link": fixed, "teams_link_source": "fixed" }));
    let id = tenant.booked();
    tenant.change(&json!({ "teams_link_source": "graph" }));
    assert_eq!(tenant.interview(&id)["join_link"], fixed);
    assert!(tenant.panel.house.deliver().is_empty(), "nobody is told that a link is gone");
    assert_eq!((tenant.ask(), tenant.panel.house.deliver().len()), (1, 2));
    assert_eq!(tenant.interview(&id)["join_link"], MADE);
    tenant.change(&json!({ "teams_link_source": "fixed" }));
    assert_eq!(
        (tenant.ask(), tenant.panel.house.deliver().len()),
        (0, 0),
        "and a meeting that was told serves on"
    );
    assert_eq!(tenant.interview(&id)["join_link"], MADE);
}

#[test]
fn a_study_that_turns_away_before_its_meeting_is_made_asks_for_none() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    tenant.change(&json!({ "teams_link_source": "pasted" }));
    assert_eq!((tenant.ask(), tenant.graph.asked()), (0, vec![]));
    assert_eq!(tenant.attention(), ["missing_links 1"]);
    paste(&tenant, &id, Some(PASTED));
    assert_eq!((tenant.interview(&id)["join_link"].as_str(), tenant.attention()), (Some(PASTED), vec![]));
}

#[test]
fn where_links_are_pasted_a_fixed_link_is_not_told() {
    let panel = Panel::of(1);
    let study = panel.house.get(&panel.owner, &panel.study).expect(200).json();
    assert_eq!(study["teams_link_source"], "fixed", "the default");
    panel.house.patch(&panel.owner, &panel.study, &json!({ "teams_link_source": "pasted" })).expect(200);
    assert_eq!(panel.book(0)["join_link"], Value::Null);
    let wrong =
        panel.house.patch(&panel.owner, &panel.study, &json!({ "teams_link_source": "zoom" })).expect(422);
    assert_eq!(wrong.json()["errors"][0]["field"], "teams_link_source");
}
