//! Consent forms and the consent that is given to them (E4, E12).

use serde_json::json;
use veldwerk::domain::access::Role;

use crate::browser::Browser;
use crate::house::House;
use crate::study::{Respondent, agreed, form};

#[test]
fn a_draft_changes_until_it_is_published_and_then_never_again() {
    let house = House::open();
    let study = house.bookable().without_form().open();
    let draft = house.post(&study.owner, &study.path("consent-forms"), &form()).expect(201).json();
    assert_eq!(draft["version"], json!(null));
    let path = format!("/api/v1/consent-forms/{}", draft["id"].as_str().unwrap());
    let mut better = form();
    better["intro"]["nl"] = json!("Beter gezegd.");
    assert_eq!(house.put(&study.owner, &path, &better).expect(200).json()["intro"]["nl"], "Beter gezegd.");
    let published = house.post(&study.owner, &format!("{path}/publish"), &json!({})).expect(200).json();
    assert_eq!(published["version"], 1);
    assert_eq!(house.put(&study.owner, &path, &form()).expect(409).code(), "published");
    assert_eq!(
        house.post(&study.owner, &format!("{path}/publish"), &json!({})).expect(409).code(),
        "published"
    );
    assert_eq!(house.get(&study.owner, &path).expect(200).json()["intro"]["nl"], "Beter gezegd.");
    assert_eq!(study.publish(&form()), 2);
    let all = house.get(&study.owner, &study.path("consent-forms?limit=1")).expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    let rest = study.path(&format!("consent-forms?cursor={}", all["next"].as_str().unwrap()));
    assert_eq!(house.get(&study.owner, &rest).expect(200).json()["items"][0]["version"], 2);
}

#[test]
fn everything_wrong_with_a_form_is_told_at_once() {
    let house = House::open();
    let study = house.bookable().without_form().open();
    let wrong = json!({
        "intro": { "nl": 3, "fr": "x" },
        "items": [{ "key": "a b", "text": { "nl": "x", "en": "y" } }],
        "extra": true,
    });
    let refused = house.post(&study.owner, &study.path("consent-forms"), &wrong).expect(422).json();
    let fields: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["field"].clone(), e["code"].clone()))
        .collect();
    for (field, code) in [
        ("intro.nl", "type"),
        ("intro.en", "required"),
        ("intro.fr", "unknown_field"),
        ("items.0.key", "value"),
        ("items.0.required", "required"),
        ("extra", "unknown_field"),
    ] {
        assert!(fields.contains(&(json!(field), json!(code))), "{field} {code}: {fields:?}");
    }
    assert_eq!(fields.len(), 6, "{fields:?}");
}

#[test]
fn only_an_owner_writes_consent_forms_and_a_stranger_sees_none() {
    let house = House::open();
    let study = house.bookable().open();
    let bert = study.member("bert", Role::Interviewer);
    let stranger = house.researcher("carla");
    house.post(&bert, &study.path("consent-forms"), &form()).expect(403);
    house.get(&bert, &study.path("consent-forms")).expect(200);
    house.get(&stranger, &study.path("consent-forms")).expect(404);
    house.post(&stranger, &study.path("consent-forms"), &json!({ "wrong": 1 })).expect(404);
    let listed = house.get(&study.owner, &study.path("consent-forms")).expect(200).json();
    let path = format!("/api/v1/consent-forms/{}", listed["items"][0]["id"].as_str().unwrap());
    house.get(&stranger, &path).expect(404);
    house.put(&stranger, &path, &json!({})).expect(404);
}

#[test]
fn consent_leaves_evidence_of_the_exact_text_and_a_receipt() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    assert_eq!(study.seen(who)["consent"], json!(null));
    let mut given = agreed();
    given["name"] = json!("J. Jansen");
    let evidence = study.press(who, "consent", &given).expect(200).json();
    assert_eq!(evidence["version"], 1);
    assert_eq!(evidence["language"], "nl");
    assert_eq!(evidence["given_at"], "2027-03-01T08:00:00Z");
    assert_eq!(evidence["items"], json!({ "take_part": true, "recording": false }));
    assert_eq!(evidence["sha256"].as_str().unwrap().len(), 64);
    let seen = study.seen(who);
    assert_eq!((&seen["status"], &seen["consent"]), (&json!("consented"), &evidence));
    assert_eq!(seen["consent_form"]["version"], 1);
    assert_eq!(house.letters(), ["consent_receipt:queued:-"]);
    assert!(house.everything().iter().all(|row| !row.contains("Jansen")), "a typed name stands in clear");
}

#[test]
fn an_unknown_item_and_a_required_one_without_a_yes_are_refused() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let send =
        |items| study.press(who, "consent", &json!({ "version": 1, "items": items })).expect(422).json();
    let refused = send(json!({ "recording": true, "quote": true }));
    let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, ["items.take_part", "items.quote"]);
    assert_eq!(send(json!({ "take_part": false }))["errors"][0]["code"], "consent_required");
    assert_eq!(send(json!({ "take_part": "yes" }))["errors"][0]["code"], "type");
    assert_eq!(study.seen(who)["status"], "listed");
}

#[test]
fn an_older_version_is_a_conflict_and_a_newer_form_asks_for_consent_again() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    assert_eq!(study.publish(&form()), 2);
    assert_eq!(study.press(who, "consent", &agreed()).expect(409).code(), "version_conflict");
    assert_eq!(study.book(who, crate::study::WEDNESDAY_TEN).expect(422).code(), "consent_missing");
    let mut newer = agreed();
    newer["version"] = json!(2);
    study.press(who, "consent", &newer).expect(200);
    study.book(who, crate::study::WEDNESDAY_TEN).expect(201);
}

#[test]
fn whoever_agreed_to_an_earlier_version_is_led_to_the_new_one_and_researchers_see_both() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let [late, early] = &study.respondents[..] else { panic!("two") };
    study.booked(early, crate::study::WEDNESDAY_TEN);
    study.consent(late);
    let consent = |who: &Respondent| {
        house.get(&study.owner, &format!("/api/v1/respondents/{}/consent", who.id)).expect(200).json()
    };
    let attention = || {
        let overview = house.get(&study.owner, &study.path("overview")).expect(200).json();
        let found = overview["attention"].as_array().unwrap().clone();
        found.into_iter().find(|item| item["kind"] == "outdated_consents").map(|item| item["count"].clone())
    };
    assert_eq!((&consent(late)["asked_version"], &consent(late)["is_current"]), (&json!(1), &json!(true)));
    assert_eq!(study.seen(late)["consent_needed"], false);
    assert_eq!(attention(), None);

    assert_eq!(study.publish(&form()), 2);
    let seen = study.seen(late);
    assert_eq!((&seen["status"], &seen["consent_needed"]), (&json!("consented"), &json!(true)));
    assert_eq!((&seen["consent"]["version"], &seen["consent_form"]["version"]), (&json!(1), &json!(2)));
    let told = consent(late);
    assert_eq!(
        (&told["given"]["version"], &told["asked_version"], &told["is_current"]),
        (&json!(1), &json!(2), &json!(false))
    );
    assert_eq!(attention(), Some(json!(1)), "whoever has an appointment is not asked");
    let wish = json!({ "respondent": late.id, "starts_at": "2027-03-04T09:00:00Z", "mode": "teams" });
    assert_eq!(
        house.post(&study.owner, &study.path("interviews"), &wish).expect(422).code(),
        "consent_missing"
    );

    let page = |rest: &str| format!("/p/{}{rest}lang=en", late.token);
    let own = house.get_openly(&page("?")).expect(200).text;
    assert!(own.contains("You agreed to version 1.") && own.contains("version 2"), "{own}");
    assert!(own.contains(&format!("href=\"/p/{}/consent\"", late.token)), "{own}");
    let refused = house.get_openly(&page("/book?")).expect(422).text;
    assert!(refused.contains(&format!("href=\"/p/{}/consent\"", late.token)), "{refused}");
    assert!(house.get_openly(&page("/consent?")).expect(200).text.contains("This is version 2"));
    let researcher = Browser::of(&house, &study.owner);
    let detail =
        |who: &Respondent| researcher.get(&format!("/respondents/{}?lang=en", who.id)).expect(200).text;
    let shown = detail(late);
    assert!(shown.contains("Consent was given to version 1; version 2 is asked now"), "{shown}");
    assert!(!shown.contains("agenda/book"), "what would be refused is not offered");

    // What stands remains, and is not asked about.
    assert_eq!(study.seen(early)["consent_needed"], false);
    assert!(detail(early).contains("stays under version 1"));

    let mut newer = agreed();
    newer["version"] = json!(2);
    study.press(late, "consent", &newer).expect(200);
    assert_eq!((&study.seen(late)["consent_needed"], attention()), (&json!(false), None));
    assert_eq!(consent(late)["is_current"], true);
    house.post(&study.owner, &study.path("interviews"), &wish).expect(201);
}

#[test]
fn without_a_published_form_there_is_nothing_to_consent_to() {
    let house = House::open();
    let study = house.bookable().without_form().open();
    let who = study.first();
    assert_eq!(study.seen(who)["consent_form"], json!(null));
    assert_eq!(study.press(who, "consent", &agreed()).expect(422).code(), "consent_missing");
    assert_eq!(study.book(who, crate::study::WEDNESDAY_TEN).expect(422).code(), "consent_missing");
}
