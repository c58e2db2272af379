//! Respondents one by one (E1, E29, E30, R5, R11).

use rocket::http::Header;
use serde_json::{Value, json};

use crate::house::{House, bearer, json as body};

#[test]
fn a_respondent_is_listed_under_a_code_in_the_stratum_of_their_municipality() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let made = house
        .post(
            &anna,
            &format!("{study}/respondents"),
            &json!({
                "name": "J. Jansen", "email": "J.Jansen@denhaag.example", "role": "beleidsadviseur Wmo",
                "municipality": "Den Haag", "language": "en",
            }),
        )
        .expect(201);
    assert_eq!(made.header("etag"), Some("\"1\""));
    let mut respondent = made.json();
    let id = respondent["id"].take();
    assert_eq!(
        respondent,
        json!({
            "id": null, "code": "R01", "name": "J. Jansen", "email": "J.Jansen@denhaag.example",
            "role": "beleidsadviseur Wmo", "phone": null,
            "municipality": { "code": "GM0518", "name": "'s-Gravenhage" },
            "stratum": "large", "language": "en", "status": "listed", "interviewer": null,
            "contact_removed_at": null,
        })
    );
    let id = id.as_str().unwrap();
    assert_eq!(house.get(&anna, &format!("/api/v1/respondents/{id}")).expect(200).json()["code"], "R01");
    let second = house.respondent(&anna, &study, "b", "363");
    let second = house.get(&anna, &second).json();
    assert_eq!((&second["code"], &second["language"]), (&json!("R02"), &json!("nl")));
}

#[test]
fn what_is_wrong_with_a_respondent_is_told_at_once_with_the_candidates() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let respondents = format!("{study}/respondents");
    let errors = |body: Value| {
        let refused = house.post(&anna, &respondents, &body).expect(422).json();
        let mut errors: Vec<_> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["field"].as_str().unwrap().to_owned(), e["code"].as_str().unwrap().to_owned()))
            .collect();
        errors.sort_unstable();
        (errors, refused.to_string())
    };
    let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    let (found, text) = errors(json!({
        "name": "a\u{202e}b", "email": "x", "municipality": "Bergen", "language": "fy", "phone": 3, "x": 1,
    }));
    assert_eq!(
        found,
        [
            pair("email", "email_invalid"),
            pair("language", "value"),
            pair("municipality", "municipality_ambiguous"),
            pair("name", "control_character"),
            pair("phone", "type"),
            pair("x", "unknown_field"),
        ]
    );
    assert!(text.contains("Bergen (L.)") && text.contains("Bergen (NH.)"));
    let (found, text) = errors(json!({ "email": "a@example.org", "municipality": "Hoofddorp" }));
    assert_eq!(found, [pair("municipality", "municipality_unknown"), pair("name", "required")]);
    assert!(text.contains("Haarlemmermeer"));
    house.respondent(&anna, &study, "jan", "Ede");
    let twice = json!({ "name": "Jan", "email": "JAN@Gemeente.example", "municipality": "Ede" });
    assert_eq!(errors(twice).0, [pair("email", "email_duplicate")]);
}

#[test]
fn the_same_address_may_stand_in_two_studies() {
    let house = House::open();
    let anna = house.researcher("anna");
    for study in [house.empty_study(&anna), house.empty_study(&anna)] {
        house.respondent(&anna, &study, "jan", "Ede");
    }
}

#[test]
fn a_list_is_filtered_by_status_and_stratum_and_paged() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for name in ["a", "b", "c"] {
        house.respondent(&anna, &study, name, "Enschede");
    }
    house.respondent(&anna, &study, "d", "Vlieland");
    let list = |query: &str| house.get(&anna, &format!("{study}/respondents?{query}")).expect(200).json();
    let count = |page: &Value| page["items"].as_array().unwrap().len();
    assert_eq!(count(&list("")), 4);
    assert_eq!(count(&list("stratum=large&status=listed")), 3);
    assert_eq!(count(&list("status=booked")), 0);
    let first = list("stratum=large&limit=2");
    let cursor = first["next"].as_str().unwrap();
    let second = list(&format!("stratum=large&limit=2&cursor={cursor}"));
    assert_eq!((count(&first), count(&second), &second["next"]), (2, 1, &json!(null)));
    for wrong in ["status=happy", "stratum=enormous", "limit=201", "cursor=1"] {
        house.get(&anna, &format!("{study}/respondents?{wrong}")).expect(422);
    }
}

#[test]
fn a_correction_meets_the_revision_moves_the_stratum_and_clears_what_is_null() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Enschede");
    house.respondent(&anna, &study, "piet", "Enschede");
    let corrected = house
        .patch(&anna, &jan, &json!({ "municipality": "Vlieland", "role": "adviseur", "language": "en" }))
        .expect(200);
    assert_eq!(corrected.header("etag"), Some("\"2\""));
    assert_eq!(corrected.json()["stratum"], "small");
    assert_eq!(corrected.json()["role"], "adviseur");
    let cleared = house.patch(&anna, &jan, &json!({ "role": null })).expect(200);
    assert_eq!(cleared.json()["role"], json!(null));
    assert_eq!(cleared.json()["name"], "jan");
    let with_tag = |tag: &'static str, change: Value| {
        let request = body(house.client.patch(jan.clone()), &change);
        house.send(request.header(bearer(&anna)).header(Header::new("If-Match", tag)))
    };
    assert_eq!(with_tag("\"1\"", json!({ "name": "Jan J." })).expect(412).code(), "precondition_failed");
    with_tag("\"3\"", json!({ "name": "Jan J." })).expect(200);
    let taken = house.patch(&anna, &jan, &json!({ "email": "PIET@gemeente.example" })).expect(422).json();
    assert_eq!(taken["errors"][0]["code"], "email_duplicate");
    house.patch(&anna, &jan, &json!({ "email": "Jan@Gemeente.example" })).expect(200);
    for wrong in [json!({ "name": null }), json!({ "name": "" }), json!({ "status": "held" })] {
        house.patch(&anna, &jan, &wrong).expect(422);
    }
    let history = house.get(&anna, &format!("{jan}/history")).expect(200).json();
    assert_eq!(history, json!({ "items": [], "next": null }));
}

#[test]
fn a_new_link_is_told_once_and_differs_from_the_one_before() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Ede");
    let link = || house.post(&anna, &format!("{jan}/link"), &json!({})).expect(201).json();
    let (first, second) = (link(), link());
    let token = second["token"].as_str().unwrap();
    assert_ne!(first["token"], second["token"]);
    assert_eq!(second["url"], format!("{}/p/{token}", house.settings.base_url));
    assert_eq!(token.len(), 43);
}

#[test]
fn a_reader_sees_codes_and_no_contacts_and_a_stranger_sees_nothing() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Ede");
    let (ina, lea, wim) = (house.researcher("ina"), house.researcher("lea"), house.researcher("wim"));
    house.join(&anna, &study, &ina, "interviewer");
    house.join(&anna, &study, &lea, "reader");
    let list = format!("{study}/respondents");
    for answer in [house.get(&lea, &jan).expect(200), house.get(&lea, &list).expect(200)] {
        assert!(!answer.text.contains("jan"), "{}", answer.text);
        assert!(answer.text.contains("R01"));
    }
    assert_eq!(house.get(&lea, &jan).json()["email"], json!(null));
    assert_eq!(house.get(&ina, &jan).expect(200).json()["email"], "jan@gemeente.example");
    let person =
        |name: &str| json!({ "name": name, "email": format!("{name}@x.example"), "municipality": "Ede" });
    house.post(&ina, &list, &person("by-ina")).expect(201);
    house.patch(&ina, &jan, &json!({ "name": "Jan" })).expect(200);
    house.post(&ina, &format!("{jan}/link"), &json!({})).expect(201);
    for (who, status) in [(&lea, 403), (&wim, 404)] {
        house.post(who, &list, &person("p")).expect(status);
        house.post(who, &list, &json!({ "nonsense": 1 })).expect(status);
        house.patch(who, &jan, &json!({ "name": "x" })).expect(status);
        house.patch(who, &jan, &json!({ "name": 3 })).expect(status);
        house.post(who, &format!("{jan}/link"), &json!({})).expect(status);
        house.delete(who, &jan).expect(status);
    }
    house.get(&wim, &jan).expect(404);
    house.get(&wim, &list).expect(404);
    house.get(&wim, &format!("{jan}/history")).expect(404);
    house.get_openly(&jan).expect(401);
    house.delete(&ina, &jan).expect(204);
}

#[test]
fn an_address_cannot_be_kept_from_being_answered_with_no_store() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let jan = house.respondent(&anna, &study, "jan", "Ede");
    assert_eq!(house.get(&anna, &jan).header("cache-control"), Some("no-store"));
}
