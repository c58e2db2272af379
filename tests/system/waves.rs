//! Inviting and reminding (E17).

use std::fmt::Write as _;

use rocket::http::Header;
use serde_json::{Value, json};

use crate::house::{House, bearer, json as with_json};
use crate::panel::{Panel, Read};

/// The reason for each person that was skipped, `queued` for the others, in the order of the list.
fn reasons(panel: &Panel, answer: &Value) -> Vec<String> {
    let skipped = answer["skipped"].as_array().unwrap();
    let reason = |person: &String| {
        let found = skipped.iter().find(|skip| skip["respondent"] == **person);
        found.map_or("queued".to_owned(), |skip| skip["reason"].as_str().unwrap().to_owned())
    };
    panel.people.iter().map(reason).collect()
}

#[test]
fn everybody_gets_an_invitation_or_a_reason_why_not() {
    let panel = Panel::without_form(House::open(), 4);
    let early = panel.invite(&json!({})).expect(200).json();
    assert_eq!(reasons(&panel, &early), ["no_consent_form"; 4]);
    let mut panel = panel;
    panel.publish_form();
    panel.house.post_openly(&format!("/u/{}", panel.unsubscribe(1)), &json!({})).expect(200);
    panel.press(2, "decline", &json!({})).expect(200);
    let invited = panel.invite(&json!({ "respondents": null })).expect(200).json();
    assert_eq!(reasons(&panel, &invited), ["queued", "opted_out", "declined", "queued"]);
    assert_eq!(invited["queued"], json!([panel.people[0], panel.people[3]]));
    let again = panel.invite(&json!({})).expect(200).json();
    assert_eq!(reasons(&panel, &again), ["already_invited", "opted_out", "declined", "already_invited"]);
    let status = panel.house.get(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0]));
    assert_eq!(status.expect(200).json()["status"], "invited");
    assert_eq!(panel.outbox(), ["invitation queued -"; 2]);
}

#[test]
fn an_id_that_the_caller_cannot_know_is_skipped_as_unknown() {
    // E29.
    let panel = Panel::of(2);
    let stranger = "01890000-0000-7000-8000-000000000000";
    let named = json!({ "respondents": [panel.people[1], stranger, "mallory", panel.people[1]] });
    let answer = panel.invite(&named).expect(200).json();
    assert_eq!(answer["queued"], json!([panel.people[1]]));
    assert_eq!(
        answer["skipped"],
        json!([
            { "respondent": stranger, "reason": "unknown" },
            { "respondent": "mallory", "reason": "unknown" },
        ])
    );
}

#[test]
fn a_dry_run_tells_the_same_and_changes_nothing() {
    let panel = Panel::of(3);
    let foreseen = panel.invite(&json!({ "dry_run": true })).expect(200).json();
    assert_eq!(foreseen["queued"], json!(panel.people));
    assert!(panel.outbox().is_empty());
    assert_eq!(panel.invite(&json!({})).expect(200).json(), foreseen);
}

#[test]
fn a_repeat_with_the_same_key_answers_the_same_and_invites_nobody_else() {
    let mut panel = Panel::of(2);
    let ask = |panel: &Panel| {
        let request = panel.house.client.post(panel.path("invitations"));
        let request = with_json(request, &json!({})).header(bearer(&panel.owner));
        panel.house.send(request.header(Header::new("Idempotency-Key", "wave-1"))).expect(200)
    };
    let first = ask(&panel);
    let late = json!({ "name": "Later", "email": "later@gemeente.example", "municipality": "Enschede" });
    let late = panel.house.post(&panel.owner, &panel.path("respondents"), &late).expect(201).json();
    let second = ask(&panel);
    assert_eq!(second.json(), first.json());
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(panel.outbox().len(), 2);
    panel.people.push(late["id"].as_str().unwrap().to_owned());
    let third = panel.invite(&json!({})).expect(200).json();
    assert_eq!(reasons(&panel, &third), ["already_invited", "already_invited", "queued"]);
}

#[test]
fn whoever_left_the_study_is_told_nothing_by_a_repeat() {
    let panel = Panel::of(1);
    let wim = panel.house.researcher("wim");
    panel.house.join(&panel.owner, &panel.study, &wim, "interviewer");
    let ask = || {
        let request =
            with_json(panel.house.client.post(panel.path("invitations")), &json!({})).header(bearer(&wim));
        panel.house.send(request.header(Header::new("Idempotency-Key", "wave-1")))
    };
    ask().expect(200);
    let members = panel.path(&format!("members/{}", panel.house.id_of(&wim)));
    panel.house.delete(&panel.owner, &members).expect(204);
    ask().expect(404);
}

#[test]
fn letters_are_signed_by_an_owner_and_not_by_whoever_was_there_first() {
    let panel = Panel::of(1);
    let [lea, carla] = ["lea", "carla"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &lea, "reader");
    panel.house.join(&panel.owner, &panel.study, &carla, "owner");
    let founder = panel.path(&format!("members/{}", panel.house.id_of(&panel.owner)));
    panel.house.delete(&carla, &founder).expect(204);
    panel.house.post(&carla, &panel.path("invitations"), &json!({})).expect(200);
    let sent = panel.house.deliver();
    let text = Read::of(&sent[0]).text;
    assert!(text.contains("carla") && !text.contains("lea"), "{text}");
}

#[test]
fn a_stratum_without_a_place_left_is_skipped_and_another_one_is_not_asked() {
    let panel = Panel::of(1);
    let strata = json!([
        { "key": "large", "label": "Groot", "min_inhabitants": 100_001, "max_inhabitants": null, "target": 1, "cap": 0 },
        { "key": "rest", "label": "Rest", "min_inhabitants": null, "max_inhabitants": 100_000, "target": 1, "cap": 1 },
    ]);
    panel.house.put(&panel.owner, &panel.path("strata"), &strata).expect(200);
    let full = panel.invite(&json!({ "stratum": "large" })).expect(200).json();
    assert_eq!(reasons(&panel, &full), ["stratum_full"]);
    let nobody = panel.invite(&json!({ "stratum": "rest" })).expect(200).json();
    assert_eq!(nobody, json!({ "queued": [], "skipped": [] }));
    let named = panel.invite(&json!({ "stratum": "rest", "respondents": panel.people })).expect(200).json();
    assert_eq!(reasons(&panel, &named), ["other_stratum"]);
    let unknown = panel.invite(&json!({ "stratum": "huge" })).expect(422).json();
    assert_eq!(unknown["errors"][0]["code"], "unknown_reference");
}

#[test]
fn a_wave_that_is_longer_than_one_transaction_reaches_everybody_once() {
    let panel = Panel::of(0);
    let mut list = "name,email,municipality\n".to_owned();
    for number in 0..610 {
        writeln!(list, "Persoon {number},p{number}@gemeente.example,Enschede").unwrap();
    }
    let import = panel.house.client.post(panel.path("respondents/import")).header(bearer(&panel.owner));
    let import = import.header(Header::new("Content-Type", "text/csv")).body(list);
    assert_eq!(panel.house.send(import).expect(200).json()["imported"], 610);
    let foreseen = panel.invite(&json!({ "dry_run": true })).expect(200).json();
    assert_eq!(foreseen["queued"].as_array().unwrap().len(), 610);
    let answer = panel.invite(&json!({})).expect(200).json();
    assert_eq!(answer, foreseen);
    let health = panel.house.get_openly("/health/ready").expect(200).json();
    assert_eq!(health["letters_waiting"], 610);
}

#[test]
fn those_who_did_not_answer_are_reminded_when_days_have_passed() {
    let panel = Panel::of(4);
    let remind = || reasons(&panel, &panel.remind(&json!({})).expect(200).json());
    panel.invite(&json!({ "respondents": panel.people[1..] })).expect(200);
    assert_eq!(remind(), ["not_invited", "too_soon", "too_soon", "too_soon"]);
    panel.house.deliver();
    panel.press(2, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    panel.press(3, "opt-out", &json!({})).expect(200);
    panel.house.at("2027-03-04T07:59:59Z");
    assert_eq!(remind(), ["not_invited", "too_soon", "answered", "opted_out"]);
    panel.house.at("2027-03-04T08:00:00Z");
    assert_eq!(remind(), ["not_invited", "queued", "answered", "opted_out"]);
    assert_eq!(remind(), ["not_invited", "too_soon", "answered", "opted_out"]);
    panel.house.deliver();
    assert_eq!(panel.outbox().last().unwrap(), "reminder sent -");
}

#[test]
fn only_members_who_write_letters_invite_and_only_while_the_study_is_open() {
    let panel = Panel::of(1);
    let reader = panel.house.researcher("bert");
    let stranger = panel.house.researcher("carla");
    let join = json!({ "email": reader.email, "role": "reader" });
    panel.house.post(&panel.owner, &panel.path("members"), &join).expect(201);
    for wave in ["invitations", "reminders"] {
        panel.house.post(&reader, &panel.path(wave), &json!({})).expect(403);
        panel.house.post(&stranger, &panel.path(wave), &json!({ "x": 1 })).expect(404);
        panel.house.post(&panel.owner, &panel.path(wave), &json!({ "respondents": "all" })).expect(422);
    }
    panel.house.get(&reader, &panel.path("letters")).expect(200);
    panel.house.get(&stranger, &panel.path("letters")).expect(404);
    panel.house.post(&panel.owner, &panel.path("close"), &json!({}));
    assert_eq!(panel.invite(&json!({})).expect(409).code(), "study_closed");
}

#[test]
fn nobody_is_reminded_more_often_than_the_study_allows() {
    let panel = Panel::of(1);
    let remind_on = |day: &str| {
        panel.house.at(&format!("2027-03-{day}T08:00:00Z"));
        let told = reasons(&panel, &panel.remind(&json!({})).expect(200).json());
        panel.house.deliver();
        told.concat()
    };
    panel.invite(&json!({})).expect(200);
    panel.house.deliver();
    assert_eq!(
        ["05", "10", "15", "20"].map(remind_on),
        ["queued", "queued", "enough_reminders", "enough_reminders"]
    );
    let study = panel.house.get(&panel.owner, &panel.study).expect(200).json();
    assert_eq!(study["max_reminders"], 2);
    panel.house.patch(&panel.owner, &panel.study, &json!({ "max_reminders": 3 })).expect(200);
    assert_eq!(["25", "30"].map(remind_on), ["queued", "enough_reminders"]);
    panel.house.patch(&panel.owner, &panel.study, &json!({ "max_reminders": 11 })).expect(422);
    panel.house.patch(&panel.owner, &panel.study, &json!({ "max_reminders": 0 })).expect(200);
    assert_eq!(remind_on("31"), "enough_reminders");
}

#[test]
fn as_many_days_lie_between_two_letters_as_the_study_says() {
    let panel = Panel::of(1);
    let remind_on = |day: &str| {
        panel.house.at(&format!("2027-03-{day}T08:00:00Z"));
        let told = reasons(&panel, &panel.remind(&json!({})).expect(200).json());
        panel.house.deliver();
        told.concat()
    };
    panel.house.patch(&panel.owner, &panel.study, &json!({ "min_reminder_days": 7 })).expect(200);
    panel.invite(&json!({})).expect(200);
    panel.house.deliver();
    assert_eq!(["07", "08", "14", "15"].map(remind_on), ["too_soon", "queued", "too_soon", "queued"]);
}
