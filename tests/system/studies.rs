//! Making, seeing, changing and closing studies (E6, E15, E31).

use rocket::http::Header;
use serde_json::json;

use crate::house::{House, bearer, json as body};
use crate::panel::Panel;

#[test]
fn a_title_and_an_address_make_a_study_with_sound_defaults_and_three_strata() {
    let house = House::open();
    let anna = house.researcher("anna");
    let made = house
        .post(&anna, "/api/v1/studies", &json!({ "title": "Wmo", "contact_email": "a@example.org" }))
        .expect(201);
    assert_eq!(made.header("etag"), Some("\"1\""));
    let study = made.json();
    for (field, value) in [
        ("time_zone", json!("Europe/Amsterdam")),
        ("population_on", json!("2027-03-01")),
        ("interview_minutes", json!(60)),
        ("modes", json!(["teams", "in_person"])),
        ("role", json!("owner")),
        ("closed_at", json!(null)),
    ] {
        assert_eq!(study[field], value, "{field}");
    }
    let id = study["id"].as_str().unwrap();
    let strata = house.get(&anna, &format!("/api/v1/studies/{id}/strata")).expect(200).json();
    let keys: Vec<_> = strata["items"].as_array().unwrap().iter().map(|s| s["key"].clone()).collect();
    assert_eq!(keys, ["large", "medium", "small"]);
    let members = house.get(&anna, &format!("/api/v1/studies/{id}/members")).expect(200).json();
    assert_eq!(members["items"][0]["role"], "owner");
}

#[test]
fn all_that_is_wrong_with_a_study_is_told_at_once() {
    let house = House::open();
    let anna = house.researcher("anna");
    let refused = house
        .post(
            &anna,
            "/api/v1/studies",
            &json!({
                "title": "", "interview_minutes": "long", "horizon_days": 731, "modes": ["teams", 3],
                "buffer_minutes": null, "surprise": 1,
            }),
        )
        .expect(422)
        .json();
    let mut found: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["field"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("contact_email", "required"),
            ("horizon_days", "value"),
            ("interview_minutes", "type"),
            ("modes", "type"),
            ("surprise", "unknown_field"),
            ("title", "required"),
        ]
    );
}

#[test]
fn a_date_before_the_first_count_is_refused_since_it_would_leave_everybody_out() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = json!({ "title": "x", "contact_email": "a@example.org", "population_on": "2016-12-31" });
    let refused = house.post(&anna, "/api/v1/studies", &study).expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "population_on");
}

#[test]
fn a_repeat_by_its_key_makes_no_second_study() {
    let house = House::open();
    let anna = house.researcher("anna");
    let make = |title: &str| {
        let text = json!({ "title": title, "contact_email": "a@example.org" });
        let request = body(house.client.post("/api/v1/studies"), &text);
        house.send(request.header(bearer(&anna)).header(Header::new("Idempotency-Key", "k1")))
    };
    let (first, second) = (make("A").expect(201), make("A").expect(201));
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(make("B").expect(422).code(), "idempotency_mismatch");
    assert_eq!(house.get(&anna, "/api/v1/studies").json()["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_researcher_sees_only_their_own_studies_page_by_page() {
    let house = House::open();
    let (anna, bert) = (house.researcher("anna"), house.researcher("bert"));
    let studies: Vec<_> = (0..3).map(|_| house.empty_study(&anna)).collect();
    house.empty_study(&bert);
    let first = house.get(&anna, "/api/v1/studies?limit=2").expect(200).json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let cursor = first["next"].as_str().unwrap();
    let second = house.get(&anna, &format!("/api/v1/studies?limit=2&cursor={cursor}")).expect(200).json();
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert!(studies[2].ends_with(second["items"][0]["id"].as_str().unwrap()));
    assert_eq!(second["next"], json!(null));
    for wrong in ["limit=0", "limit=201", "limit=x", "cursor=x"] {
        house.get(&anna, &format!("/api/v1/studies?{wrong}")).expect(422);
    }
}

#[test]
fn a_change_keeps_the_rest_and_meets_the_revision_that_was_seen() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let changed =
        house.patch(&anna, &study, &json!({ "title": "Jeugd", "organisation": "UT", "ethics": "BMS 27" }));
    assert_eq!(changed.expect(200).json()["ethics"], "BMS 27");
    let cleared = house.patch(&anna, &study, &json!({ "ethics": null, "organisation": null })).expect(200);
    assert_eq!(cleared.json()["ethics"], json!(null));
    assert_eq!(cleared.json()["organisation"], "");
    assert_eq!(cleared.json()["title"], "Jeugd");
    assert_eq!(cleared.header("etag"), Some("\"3\""));
    let stale = |tag: &'static str| {
        let request = body(house.client.patch(study.clone()), &json!({ "title": "x" }));
        house.send(request.header(bearer(&anna)).header(Header::new("If-Match", tag)))
    };
    assert_eq!(stale("\"1\"").expect(412).code(), "precondition_failed");
    stale("\"3\"").expect(200);
    house.patch(&anna, &study, &json!({ "title": null })).expect(422);
}

#[test]
fn another_date_moves_every_respondent_to_the_right_stratum() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    // Hoeksche Waard had 88,336 inhabitants in 2022 and none of its own before 2019; Almelo passed nothing.
    let (voorne, lelystad) = (
        house.respondent(&anna, &study, "voorne", "Voorne aan Zee"),
        house.respondent(&anna, &study, "hilversum", "Helmond"),
    );
    let stratum = |path: &str| house.get(&anna, path).json()["stratum"].clone();
    assert_eq!(stratum(&voorne), "medium");
    let before = house.get(&anna, &lelystad).header("etag").unwrap().to_owned();
    house
        .put(
            &anna,
            &format!("{study}/strata"),
            &json!([
                { "key": "few", "label": "Few", "min_inhabitants": null, "max_inhabitants": 94_000 },
                { "key": "many", "label": "Many", "min_inhabitants": 94_001 },
            ]),
        )
        .expect(200);
    let on = |date: &str| {
        house.patch(&anna, &study, &json!({ "population_on": date })).expect(200);
        let strata = house.get(&anna, &format!("{study}/strata")).json();
        let recruited: Vec<_> =
            strata["items"].as_array().unwrap().iter().map(|s| s["recruited"].clone()).collect();
        (stratum(&lelystad), recruited)
    };
    assert_eq!(on("2017-06-01"), (json!("few"), vec![json!(2), json!(0)]));
    assert_eq!(on("2026-01-01"), (json!("many"), vec![json!(1), json!(1)]));
    assert_ne!(house.get(&anna, &lelystad).header("etag").unwrap(), before, "what a tag stands for changed");
}

#[test]
fn a_study_is_closed_and_opened_by_its_owner_and_closing_twice_is_the_same_as_once() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let close =
        || house.post(&anna, &format!("{study}/close"), &json!({ "letters": true })).expect(200).json();
    let first = close();
    assert_eq!(first["closed_at"], "2027-03-01T08:00:00Z");
    house.at("2027-03-01T09:00:00Z");
    assert_eq!(close()["closed_at"], first["closed_at"]);
    let opened = house.post(&anna, &format!("{study}/reopen"), &json!({})).expect(200).json();
    assert_eq!(opened["closed_at"], json!(null));
    house.post(&anna, &format!("{study}/close"), &json!({ "letters": 3 })).expect(422);
}

#[test]
fn only_an_owner_changes_a_study_and_for_a_stranger_it_does_not_exist() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for (name, role, status) in [("ina", "interviewer", 403), ("lea", "reader", 403), ("wim", "", 404)] {
        let who = house.researcher(name);
        if !role.is_empty() {
            house.join(&anna, &study, &who, role);
        }
        let sees = if role.is_empty() { 404 } else { 200 };
        house.get(&who, &study).expect(sees);
        house.get(&who, &format!("{study}/strata")).expect(sees);
        house.get(&who, &format!("{study}/members")).expect(sees);
        for attempt in [json!({ "title": "x" }), json!({ "title": 3, "nonsense": true })] {
            house.patch(&who, &study, &attempt).expect(status);
        }
        house.post(&who, &format!("{study}/close"), &json!({})).expect(status);
        house.post(&who, &format!("{study}/reopen"), &json!({})).expect(status);
        house.put(&who, &format!("{study}/strata"), &json!([])).expect(status);
    }
    house.get_openly(&study).expect(401);
}

#[test]
fn a_closed_study_takes_no_booking_and_tells_only_those_who_wait() {
    let panel = Panel::of(4);
    panel.book(3);
    panel.press(2, "decline", &json!({})).expect(200);
    let selection = json!({ "respondents": [panel.people[0]], "dry_run": false });
    panel.invite(&selection).expect(200);
    panel.house.deliver();
    panel.house.post(&panel.owner, &panel.path("close"), &json!({ "letters": true })).expect(200);
    let told: Vec<_> =
        panel.letters().into_iter().filter(|letter| letter["kind"] == "study_closed").collect();
    assert_eq!(told.len(), 1, "neither who is only listed, nor who declined, nor who has an interview");
    assert_eq!(told[0]["respondent"], panel.people[0].as_str());
    let yes = json!({ "version": 1, "items": { "take_part": true } });
    assert_eq!(panel.press(0, "consent", &yes).expect(409).code(), "study_closed");
}

#[test]
fn another_meeting_link_is_told_to_those_who_have_an_online_interview() {
    let panel = Panel::of(1);
    panel.book(0);
    panel.house.deliver();
    let told = || -> Vec<String> {
        let sent = panel.house.deliver();
        let text = |message: &[u8]| String::from_utf8_lossy(message).replace("=\r\n", "");
        assert!(sent.iter().all(|kept| text(&kept.message).contains("meet.example.org")), "{}", sent.len());
        sent.iter().map(|kept| kept.to.as_str().to_owned()).collect()
    };
    let both = ["S.deVries+0@gemeente.example", "anna@example.org"];
    let link = |place: &str| json!({ "teams_link": format!("https://meet.example.org/{place}") });
    panel.house.patch(&panel.owner, &panel.study, &link("study")).expect(200);
    assert_eq!(told(), both);
    panel.house.patch(&panel.owner, &panel.study, &json!({ "title": "Anders" })).expect(200);
    assert_eq!(told(), [""; 0]);
    let own = panel.path(&format!("members/{}", panel.house.id_of(&panel.owner)));
    panel.house.patch(&panel.owner, &own, &link("own")).expect(200);
    assert_eq!(told(), both);
}
