//! Who belongs to a study, and as what (E31).

use std::str::FromStr;

use serde_json::json;
use veldwerk::actions::remove_member::remove_member;
use veldwerk::id::UserId;

use crate::house::House;

/// The id at the end of a path.
fn last<T: FromStr>(path: &str) -> T {
    path.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap()
}

#[test]
fn somebody_with_an_account_becomes_a_member_and_leaves_again() {
    let house = House::open();
    let (anna, bert) = (house.researcher("anna"), house.researcher("bert"));
    let study = house.empty_study(&anna);
    house.get(&bert, &study).expect(404);
    let member = house.post(
        &anna,
        &format!("{study}/members"),
        &json!({ "email": "BERT@example.org", "role": "reader" }),
    );
    let member = member.expect(201).json();
    assert_eq!((&member["role"], &member["name"]), (&json!("reader"), &json!("bert")));
    assert_eq!(house.get(&bert, &study).expect(200).json()["role"], "reader");
    let path = format!("{study}/members/{}", member["user"].as_str().unwrap());
    house.delete(&anna, &path).expect(204);
    house.get(&bert, &study).expect(404);
    house.delete(&anna, &path).expect(404);
}

#[test]
fn a_stranger_without_an_account_is_an_unknown_reference_and_a_member_is_added_once() {
    let house = House::open();
    let (anna, bert) = (house.researcher("anna"), house.researcher("bert"));
    let study = house.empty_study(&anna);
    let members = format!("{study}/members");
    let unknown = house.post(&anna, &members, &json!({ "email": "nobody@example.org", "role": "reader" }));
    let unknown = unknown.expect(422).json();
    assert_eq!(unknown["errors"][0]["field"], "email");
    assert_eq!(unknown["errors"][0]["code"], "unknown_reference");
    house.join(&anna, &study, &bert, "reader");
    let again = house.post(&anna, &members, &json!({ "email": bert.email, "role": "owner" }));
    assert_eq!(again.expect(409).code(), "exists");
    house.post(&anna, &members, &json!({ "email": bert.email, "role": "boss" })).expect(422);
}

#[test]
fn the_last_owner_stays_an_owner() {
    let house = House::open();
    let (anna, bert) = (house.researcher("anna"), house.researcher("bert"));
    let study = house.empty_study(&anna);
    let members = house.get(&anna, &format!("{study}/members")).json();
    let own = format!("{study}/members/{}", members["items"][0]["user"].as_str().unwrap());
    assert_eq!(house.delete(&anna, &own).expect(409).code(), "last_owner");
    assert_eq!(house.patch(&anna, &own, &json!({ "role": "reader" })).expect(409).code(), "last_owner");
    house.join(&anna, &study, &bert, "owner");
    house.patch(&anna, &own, &json!({ "role": "reader" })).expect(200);
    house.delete(&anna, &own).expect(403);
    house.delete(&bert, &own).expect(204);
}

#[test]
fn of_two_owners_who_remove_each_other_at_once_one_stays() {
    let house = House::open();
    let (anna, bert) = (house.researcher("anna"), house.researcher("bert"));
    let study = house.empty_study(&anna);
    let members = house.get(&anna, &format!("{study}/members")).json();
    let annas = format!("{study}/members/{}", members["items"][0]["user"].as_str().unwrap());
    let berts = house.join(&anna, &study, &bert, "owner");
    let berts = format!("{study}/members/{}", berts["user"].as_str().unwrap());
    let now = house.clock.now();
    let study_id = last(&study);
    let (anna_id, bert_id): (UserId, UserId) = (last(&annas), last(&berts));
    let remove = |who: UserId, whom: UserId| {
        house.store.write(move |tx| remove_member(tx, now, who, study_id, whom, None))
    };
    let (one, other) = house.wait(async { tokio::join!(remove(anna_id, bert_id), remove(bert_id, anna_id)) });
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let seen = [house.get(&anna, &study).status, house.get(&bert, &study).status];
    assert!(seen.contains(&200) && seen.contains(&404), "{seen:?}");
}

#[test]
fn whoever_plans_interviews_sets_their_own_meeting_link_and_no_other() {
    let house = House::open();
    let (anna, ina, lea) = (house.researcher("anna"), house.researcher("ina"), house.researcher("lea"));
    let study = house.empty_study(&anna);
    let path = |member: &serde_json::Value| format!("{study}/members/{}", member["user"].as_str().unwrap());
    let inas = path(&house.join(&anna, &study, &ina, "interviewer"));
    let leas = path(&house.join(&anna, &study, &lea, "reader"));
    let link = json!({ "teams_link": "https://teams.microsoft.com/l/meetup-join/1" });
    assert_eq!(house.patch(&ina, &inas, &link).expect(200).json()["teams_link"], link["teams_link"]);
    assert_eq!(
        house.patch(&ina, &inas, &json!({ "teams_link": "" })).expect(200).json()["teams_link"],
        json!(null)
    );
    house.patch(&ina, &inas, &json!({ "teams_link": "http://evil.example" })).expect(422);
    house.patch(&ina, &inas, &json!({ "role": "owner" })).expect(403);
    house.patch(&ina, &leas, &link).expect(403);
    house.patch(&lea, &leas, &link).expect(403);
    house.patch(&anna, &inas, &link).expect(200);
    let wim = house.researcher("wim");
    house.patch(&wim, &inas, &link).expect(404);
    house.delete(&wim, &inas).expect(404);
    house.delete(&ina, &leas).expect(403);
    house.post(&ina, &format!("{study}/members"), &json!({})).expect(403);
}
