//! Meetings that Microsoft makes: the interview is booked at once, its letters say that the link follows, and it does.

use serde_json::json;

use crate::panel::Read;
use crate::teams_tenant::Tenant;

const LINK: &str = "https://teams.microsoft.example/l/meetup-join/1";

#[test]
fn an_interview_is_booked_at_once_and_its_link_follows_under_the_same_uid() {
    let tenant = Tenant::of(1);
    let id = tenant.panel.book(0)["id"].as_str().unwrap().to_owned();
    let first: Vec<Read> = tenant.panel.house.deliver().iter().map(Read::of).collect();
    let booked = first.iter().find(|read| read.property("UID").is_some()).unwrap();
    assert!(booked.text.contains("link") && !booked.text.contains("https://teams"), "{}", booked.text);
    assert_eq!((tenant.standing(&id), tenant.graph.asked()), (vec!["made waiting -".to_owned()], vec![]));
    assert_eq!(tenant.attention(), ["waiting_meetings 1"]);

    assert_eq!(tenant.ask(), 1);
    assert_eq!(tenant.graph.asked(), ["POST token 200", "POST createOrGet 201"]);
    let made = tenant.graph.meetings().remove(0);
    assert_eq!((made.external_id.as_str(), made.subject.as_str()), (id.as_str(), "Interview"));
    let times = (made.starts_at.as_str(), made.ends_at.as_str());
    assert_eq!(times, ("2027-03-08T08:00:00Z", "2027-03-08T09:00:00Z"));
    let updates: Vec<Read> = tenant.panel.house.deliver().iter().map(Read::of).collect();
    assert_eq!(updates.len(), 2);
    for update in &updates {
        assert!(update.text.contains(LINK), "{}", update.text);
        assert_eq!(update.property("UID"), booked.property("UID"));
        assert_eq!((update.property("METHOD"), update.property("SEQUENCE")), (Some("REQUEST"), Some("1")));
    }
    assert_eq!(tenant.standing(&id), ["made settled -"]);
    assert_eq!((tenant.interview(&id)["join_link"].as_str(), tenant.attention()), (Some(LINK), vec![]));
    assert_eq!((tenant.ask(), tenant.panel.house.deliver().len()), (0, 0), "once is enough");
}

#[test]
fn an_interview_that_moves_keeps_its_link_and_its_meeting_moves_with_it() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    tenant
        .panel
        .press(0, "interview/reschedule", &json!({ "starts_at": "2027-03-08T10:00:00Z" }))
        .expect(200);
    let moved = tenant.panel.house.deliver();
    assert!(moved.iter().all(|kept| Read::of(kept).text.contains(LINK)));
    assert_eq!((tenant.ask(), tenant.graph.asked()), (1, vec!["PATCH meeting 200".to_owned()]));
    assert_eq!(tenant.graph.meetings()[0].starts_at, "2027-03-08T10:00:00Z");
    assert_eq!((tenant.standing(&id), tenant.graph.made()), (vec!["made settled -".to_owned()], 1));
    assert!(tenant.panel.house.deliver().is_empty(), "nothing new to tell");
}

#[test]
fn whatever_calls_an_interview_off_ends_its_meeting() {
    for button in ["interview/cancel", "decline", "withdraw", "erase"] {
        let tenant = Tenant::of(1);
        let id = tenant.settled();
        if button == "erase" {
            let person = format!("/api/v1/respondents/{}", tenant.panel.people[0]);
            tenant.panel.house.delete(&tenant.panel.owner, &person).expect(204);
        } else {
            tenant.panel.press(0, button, &json!({})).expect(200);
        }
        assert_eq!(
            (tenant.ask(), tenant.graph.asked()),
            (1, vec!["DELETE meeting 204".to_owned()]),
            "{button}"
        );
        assert_eq!(
            (tenant.standing(&id), tenant.graph.meetings()),
            (vec!["gone settled -".to_owned()], vec![])
        );
        let rest = "SELECT COALESCE(graph_id, '') || COALESCE(join_link, '') || COALESCE(organizer, '') AS line FROM meetings";
        assert_eq!(tenant.panel.house.lines(rest), [""], "{button}");
    }
}

#[test]
fn a_meeting_that_is_gone_already_is_as_good_as_ended_and_one_that_is_still_wanted_is_made_anew() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    tenant.graph.end_all();
    tenant
        .panel
        .press(0, "interview/reschedule", &json!({ "starts_at": "2027-03-08T10:00:00Z" }))
        .expect(200);
    assert_eq!(tenant.ask(), 1);
    assert_eq!(tenant.graph.asked(), ["PATCH meeting 404", "POST createOrGet 201"]);
    assert_eq!(tenant.interview(&id)["join_link"], LINK.replace("/1", "/2"));
    tenant.graph.end_all();
    tenant.panel.press(0, "interview/cancel", &json!({})).expect(200);
    assert_eq!((tenant.ask(), tenant.graph.asked()), (1, vec!["DELETE meeting 404".to_owned()]));
    assert_eq!(tenant.standing(&id), ["gone settled -"]);
}

#[test]
fn a_meeting_that_nobody_asked_for_yet_is_never_asked_for_once_the_interview_is_off() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    tenant.panel.press(0, "interview/cancel", &json!({})).expect(200);
    assert_eq!((tenant.standing(&id), tenant.ask()), (vec!["gone settled -".to_owned()], 0));
    assert!(tenant.graph.asked().is_empty());
}

#[test]
fn a_meeting_with_somebody_who_is_erased_ends_also_long_after_it_took_place() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    tenant.panel.house.at("2027-03-08T09:00:00Z");
    tenant
        .panel
        .house
        .post(&tenant.panel.owner, &format!("/api/v1/interviews/{id}/held"), &json!({}))
        .expect(200);
    assert_eq!(tenant.ask(), 0);
    let person = format!("/api/v1/respondents/{}", tenant.panel.people[0]);
    tenant.panel.house.delete(&tenant.panel.owner, &person).expect(204);
    assert_eq!((tenant.ask(), tenant.graph.meetings().len()), (1, 0));
}
