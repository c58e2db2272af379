//! What goes wrong with Microsoft: each ends in a state that a researcher sees and can have tried again, and no
//! interview waits for it.

use serde_json::{Value, json};
use veldwerk::worker::Meetings;

use crate::fake_graph::Fault;
use crate::teams_tenant::{ANNA, Tenant};

#[test]
fn one_token_serves_until_minutes_before_its_end_and_a_refused_one_is_replaced_once() {
    let tenant = Tenant::of(1);
    tenant.settled();
    let turn = |to: &str| {
        tenant.panel.press(0, "interview/reschedule", &json!({ "starts_at": to })).expect(200);
        assert_eq!(tenant.ask(), 1);
        tenant.graph.asked()
    };
    tenant.panel.house.at("2027-03-01T08:54:58Z");
    assert_eq!(turn("2027-03-08T10:00:00Z"), ["PATCH meeting 200"]);
    tenant.panel.house.at("2027-03-01T08:55:00Z");
    assert_eq!(turn("2027-03-08T11:00:00Z"), ["POST token 200", "PATCH meeting 200"]);
    tenant.graph.revoke_tokens();
    assert_eq!(turn("2027-03-08T12:00:00Z"), ["PATCH meeting 401", "POST token 200", "PATCH meeting 200"]);
    tenant.graph.next(&[Fault::Status(401), Fault::Status(401)]);
    assert_eq!(turn("2027-03-08T13:00:00Z"), ["PATCH meeting 401", "POST token 200", "PATCH meeting 401"]);
}

#[test]
fn without_the_policy_it_fails_for_good_until_somebody_has_it_tried_again() {
    let tenant = Tenant::of(1);
    tenant.graph.forbid_all();
    let id = tenant.booked();
    assert_eq!(tenant.ask(), 1);
    assert_eq!(tenant.standing(&id), ["made failed policy_missing"]);
    assert_eq!(tenant.attention(), ["failed_meetings 1"]);
    assert_eq!(tenant.ask_at("2027-03-02T08:00:00Z"), 0, "it is not tried in vain");
    assert_eq!(tenant.interview(&id)["status"], "booked");
    tenant.graph.permit(ANNA);
    assert_eq!(
        (tenant.retry(&id), tenant.ask(), tenant.standing(&id)),
        (200, 1, vec!["made settled -".to_owned()])
    );
    assert_eq!((tenant.retry(&id), tenant.attention()), (409, vec![]));
}

#[test]
fn whoever_tells_another_object_id_has_their_failed_meetings_asked_for_again() {
    let tenant = Tenant::of(1);
    let anna = tenant.panel.house.id_of(&tenant.panel.owner).to_string();
    let path = tenant.panel.path(&format!("members/{anna}"));
    tenant.panel.house.patch(&tenant.panel.owner, &path, &json!({ "microsoft_id": null })).expect(200);
    let id = tenant.booked();
    assert_eq!((tenant.ask(), tenant.graph.asked()), (1, vec![]));
    assert_eq!(tenant.standing(&id), ["made failed no_object_id"]);
    tenant.tell_id(&anna, "99999999-aaaa-4444-8888-000000000009");
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["made failed user_unknown".to_owned()]));
    tenant.tell_id(&anna, ANNA);
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["made settled -".to_owned()]));
    let wrong = json!({ "microsoft_id": "anna@example.org" });
    let refused = tenant.panel.house.patch(&tenant.panel.owner, &path, &wrong).expect(422);
    assert_eq!(refused.json()["errors"][0]["field"], "microsoft_id");
}

#[test]
fn what_passes_is_tried_again_when_microsoft_says_and_otherwise_after_a_while() {
    for (fault, problem, not_before, by) in [
        (Fault::ComeBack(429, "600"), "throttled", "2027-03-01T08:09:59Z", "2027-03-01T08:10:00Z"),
        (
            Fault::ComeBack(503, "Mon, 01 Mar 2027 08:20:00 GMT"),
            "unavailable",
            "2027-03-01T08:19:59Z",
            "2027-03-01T08:20:00Z",
        ),
        (Fault::Status(429), "throttled", "2027-03-01T08:00:29Z", "2027-03-01T08:00:36Z"),
        (Fault::Status(504), "unavailable", "2027-03-01T08:00:29Z", "2027-03-01T08:00:36Z"),
        (Fault::Hang, "no_answer", "2027-03-01T08:00:29Z", "2027-03-01T08:00:36Z"),
    ] {
        let tenant = Tenant::of(1);
        let id = tenant.booked();
        tenant.graph.next(&[fault]);
        assert_eq!(
            (tenant.ask(), tenant.standing(&id)),
            (1, vec![format!("made waiting {problem}")]),
            "{fault:?}"
        );
        assert_eq!(tenant.attention(), ["waiting_meetings 1"]);
        assert_eq!((tenant.ask_at(not_before), tenant.ask_at(by)), (0, 1), "{fault:?}");
        assert_eq!(tenant.standing(&id), ["made settled -"], "{fault:?}");
    }
}

#[test]
fn what_an_answer_that_got_lost_has_made_is_found_again_and_not_made_twice() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    tenant.graph.next(&[Fault::Lost]);
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["made waiting no_answer".to_owned()]));
    tenant
        .panel
        .press(0, "interview/reschedule", &json!({ "starts_at": "2027-03-08T10:00:00Z" }))
        .expect(200);
    tenant.graph.asked();
    assert_eq!(tenant.ask(), 1);
    assert_eq!(tenant.graph.asked(), ["POST createOrGet 200", "PATCH meeting 200"]);
    let there = tenant.graph.meetings();
    assert_eq!((there.len(), there[0].starts_at.as_str()), (1, "2027-03-08T10:00:00Z"));
}

#[test]
fn a_meeting_whose_answer_got_lost_is_found_to_be_ended() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    tenant.graph.next(&[Fault::Lost]);
    tenant.ask();
    tenant.panel.press(0, "withdraw", &json!({})).expect(200);
    assert_eq!((tenant.ask(), tenant.graph.meetings()), (1, vec![]));
    assert_eq!(tenant.standing(&id), ["gone settled -"]);
}

#[test]
fn a_link_that_is_not_known_yet_is_asked_for_again() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    tenant.graph.next(&[Fault::NoLink]);
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["made waiting no_link".to_owned()]));
    assert_eq!(tenant.interview(&id)["join_link"], Value::Null);
    assert_eq!((tenant.ask_at("2027-03-01T08:01:00Z"), tenant.graph.made()), (1, 1));
    assert_eq!(tenant.standing(&id), ["made settled -"]);
}

#[test]
fn a_sign_in_that_is_refused_is_tried_for_half_a_day_and_then_fails() {
    let tenant = Tenant::of(1);
    let id = tenant.booked();
    tenant.graph.refuse_sign_in(Some(401));
    let mut tried = 0;
    for _ in 0..40 {
        tried += tenant.ask();
        if tenant.standing(&id) == ["made failed sign_in"] {
            break;
        }
        tenant.panel.house.at(&tenant.next_at(&id));
    }
    assert_eq!((tried, tenant.standing(&id)), (18, vec!["made failed sign_in".to_owned()]));
    tenant.graph.refuse_sign_in(None);
    assert_eq!(
        (tenant.retry(&id), tenant.ask(), tenant.standing(&id)),
        (200, 1, vec!["made settled -".to_owned()])
    );
}

#[test]
fn a_meeting_that_cannot_be_ended_is_shown_and_can_be_tried_again() {
    let tenant = Tenant::of(1);
    let id = tenant.settled();
    tenant.graph.forbid_all();
    tenant.panel.press(0, "interview/cancel", &json!({})).expect(200);
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["gone failed policy_missing".to_owned()]));
    assert_eq!(tenant.attention(), ["failed_meetings 1"]);
    tenant.graph.permit(ANNA);
    assert_eq!((tenant.retry(&id), tenant.ask(), tenant.graph.meetings()), (200, 1, vec![]));
}

#[test]
fn an_installation_without_access_says_so_and_books_all_the_same() {
    let mut tenant = Tenant::of(1);
    tenant.meetings = Meetings::of(&tenant.panel.house.settings);
    let id = tenant.booked();
    assert_eq!((tenant.ask(), tenant.standing(&id)), (1, vec!["made failed not_set_up".to_owned()]));
    assert_eq!(tenant.interview(&id)["status"], "booked");
    let figures = tenant.panel.house.get_openly("/metrics").expect(200).text;
    assert!(figures.contains("veldwerk_meetings_failed 1\n"), "{figures}");
}
