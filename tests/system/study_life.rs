//! What the pages do with whole studies and their consent forms, done by the API: copies, the archive, versions, and
//! the log of one person (R7, R11).

use serde_json::{Value, json};

use crate::panel::Panel;

fn form(intro: &str, items: &[&str]) -> Value {
    let item = |key: &&str| json!({ "key": key, "required": true, "text": { "nl": "Ik doe mee.", "en": "I take part." } });
    json!({ "intro": { "nl": intro, "en": intro }, "items": items.iter().map(item).collect::<Vec<_>>() })
}

#[test]
fn a_study_is_copied_archived_and_taken_out_by_its_owner_and_by_nobody_else() {
    let panel = Panel::of(1);
    let [ben, eve] = ["ben", "eve"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    let archive = json!({ "exported": true });
    for (who, status) in [(&ben, 403), (&eve, 404)] {
        assert_eq!(panel.house.post(who, &panel.path("copy"), &json!({ "title": "x" })).status, status);
        assert_eq!(panel.house.post(who, &panel.path("archive"), &archive).status, status);
        assert_eq!(panel.house.post(who, &panel.path("unarchive"), &json!({})).status, status);
    }
    let open = panel.house.post(&panel.owner, &panel.path("archive"), &archive);
    assert_eq!((open.status, open.code().as_str()), (409, "wrong_state"));
    panel.house.post(&panel.owner, &panel.path("close"), &json!({})).expect(200);
    panel.house.post(&panel.owner, &panel.path("archive"), &json!({ "exported": false })).expect(422);
    let archived = panel.house.post(&panel.owner, &panel.path("archive"), &archive).expect(200).json();
    assert!(archived["archived_at"].is_string(), "{archived}");
    panel.house.post(&panel.owner, &panel.path("copy"), &json!({})).expect(422);
    let asked = json!({ "title": "Tweede ronde", "consent_form": false });
    let copy = panel.house.post(&panel.owner, &panel.path("copy"), &asked).expect(201).json();
    assert_eq!((&copy["title"], &copy["organisation"]), (&json!("Tweede ronde"), &archived["organisation"]));
    assert_eq!((&copy["closed_at"], &copy["archived_at"]), (&Value::Null, &Value::Null));
    let path = format!("/api/v1/studies/{}", copy["id"].as_str().unwrap());
    let items = |rest: &str| {
        panel.house.get(&panel.owner, &format!("{path}/{rest}")).expect(200).json()["items"].clone()
    };
    assert_eq!((items("respondents"), items("consent-forms")), (json!([]), json!([])));
    let out = panel.house.post(&panel.owner, &panel.path("unarchive"), &json!({})).expect(200).json();
    assert_eq!(out["archived_at"], Value::Null);
    assert!(out["closed_at"].is_string(), "it stays closed");
}

#[test]
fn who_agreed_to_which_version_and_what_changed_between_them_can_be_asked() {
    let panel = Panel::of(2);
    for person in [0, 1] {
        panel.press(person, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    }
    panel.press(1, "withdraw", &json!({})).expect(200);
    let second = form("Over het nieuwe onderzoek.", &["take_part", "quote"]);
    let draft = panel.house.post(&panel.owner, &panel.path("consent-forms"), &second).expect(201).json();
    let forms = panel.house.get(&panel.owner, &panel.path("consent-forms")).expect(200).json();
    let id = |of: &Value| format!("/api/v1/consent-forms/{}", of["id"].as_str().unwrap());
    let (first, second) = (id(&forms["items"][0]), id(&draft));
    let lea = panel.house.researcher("lea");
    panel.house.join(&panel.owner, &panel.study, &lea, "reader");
    let given = panel.house.get(&lea, &format!("{first}/consents")).expect(200).json();
    let standings: Vec<&str> =
        given["items"].as_array().unwrap().iter().map(|one| one["standing"].as_str().unwrap()).collect();
    assert_eq!(standings, ["withdrawn", "holds"], "{given}");
    assert_eq!(given["items"][1]["items"], json!({ "take_part": true }));
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0])).expect(204);
    let given = panel.house.get(&lea, &format!("{first}/consents?limit=1")).expect(200).json();
    let rest = format!("{first}/consents?cursor={}", given["next"].as_str().unwrap());
    let last = panel.house.get(&lea, &rest).expect(200).json()["items"][0].clone();
    assert_eq!((&last["respondent"], last["code"].is_string()), (&Value::Null, true), "{last}");
    let changes = panel.house.get(&lea, &format!("{second}/changes")).expect(200).json();
    assert_eq!((&changes["from_version"], &changes["to_version"]), (&json!(1), &Value::Null), "{changes}");
    let items: Vec<(&Value, &Value)> = changes["languages"][0]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (&item["key"], &item["fate"]))
        .collect();
    assert_eq!(items, [(&json!("take_part"), &json!("kept")), (&json!("quote"), &json!("added"))]);
    panel.house.get(&lea, &format!("{first}/changes")).expect(404);
    let stranger = panel.house.researcher("eve");
    for path in [format!("{first}/consents"), format!("{second}/changes")] {
        panel.house.get(&stranger, &path).expect(404);
    }
}

#[test]
fn the_log_of_one_person_and_of_one_interview_is_for_owners() {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": null })).expect(200);
    let interview = panel.book(0)["id"].as_str().unwrap().to_owned();
    let person = format!("/api/v1/respondents/{}/audit", panel.people[0]);
    let paths = [person.clone(), format!("/api/v1/interviews/{interview}/audit")];
    let [ben, eve] = ["ben", "eve"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    for path in &paths {
        panel.house.get(&ben, path).expect(403);
        panel.house.get(&eve, path).expect(404);
        let log = panel.house.get(&panel.owner, path).expect(200).json();
        let told: Vec<&str> =
            log["items"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
        assert!(told.contains(&"interview.booked"), "{path}: {told:?}");
    }
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0])).expect(204);
    let log = panel.house.get(&panel.owner, &format!("{person}?limit=1")).expect(200).json();
    assert_eq!((&log["items"][0]["action"], log["next"].is_string()), (&json!("respondent.erased"), true));
}
