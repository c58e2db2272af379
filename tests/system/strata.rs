//! The strata of a study, with live counts (E13, E15).

use serde_json::{Value, json};

use crate::house::House;
use crate::panel::Panel;

fn items(strata: &Value) -> Vec<(String, i64, i64)> {
    let items = strata["items"].as_array().unwrap().iter();
    items
        .map(|s| {
            let number = |name: &str| s[name].as_i64().unwrap();
            (s["key"].as_str().unwrap().to_owned(), number("municipalities"), number("recruited"))
        })
        .collect()
}

#[test]
fn each_stratum_tells_how_many_municipalities_of_the_study_date_it_holds_and_how_far_it_has_come() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    house.respondent(&anna, &study, "a", "Enschede");
    house.respondent(&anna, &study, "b", "Vlieland");
    let strata = house.get(&anna, &format!("{study}/strata")).expect(200).json();
    let expected = [("large", 32, 1), ("medium", 58, 0), ("small", 255, 1)];
    assert_eq!(items(&strata), expected.map(|(key, m, r)| (key.to_owned(), m, r)));
    for name in ["invited", "booked", "held", "taken", "overrun"] {
        assert_eq!(strata["items"][0][name], 0, "{name}");
    }
    assert_eq!(strata["outside"]["municipalities"], 0);
}

#[test]
fn new_strata_take_everybody_in_and_what_falls_between_them_is_shown_outside() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let enschede = house.respondent(&anna, &study, "a", "Enschede");
    let vlieland = house.respondent(&anna, &study, "b", "Vlieland");
    let set = house.put(
        &anna,
        &format!("{study}/strata"),
        &json!([
            { "key": "huge", "label": "Heel groot", "min_inhabitants": 500_000, "cap": 0 },
            { "key": "large", "label": "Groot", "min_inhabitants": 150_000, "max_inhabitants": 499_999,
              "target": 11, "cap": 12 },
        ]),
    );
    let set = set.expect(200).json();
    assert_eq!(items(&set)[1].2, 1);
    assert_eq!(set["items"][1]["target"], 11);
    assert_eq!(set["outside"]["recruited"], 1);
    assert_eq!(house.get(&anna, &enschede).json()["stratum"], "large");
    assert_eq!(house.get(&anna, &vlieland).json()["stratum"], json!(null));
    let listed = house.get(&anna, &format!("{study}/respondents?stratum=large")).expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let gone = house.get(&anna, &format!("{study}/respondents?stratum=small")).expect(422).json();
    assert_eq!(gone["errors"][0]["field"], "stratum");
}

#[test]
fn strata_that_contradict_each_other_are_refused_whole() {
    let house = House::open();
    let anna = house.researcher("anna");
    let path = format!("{}/strata", house.empty_study(&anna));
    let before = house.get(&anna, &path).json();
    let refused = house
        .put(
            &anna,
            &path,
            &json!([
                { "key": "a", "label": "A", "min_inhabitants": 10, "max_inhabitants": 5 },
                { "key": "a", "label": "", "min_inhabitants": "many", "cap": -1, "color": "red" },
            ]),
        )
        .expect(422)
        .json();
    let mut fields: Vec<_> =
        refused["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["0.max_inhabitants", "1.cap", "1.color", "1.key", "1.label", "1.min_inhabitants"]);
    house.put(&anna, &path, &json!([])).expect(422);
    house.put(&anna, &path, &json!({ "key": "a" })).expect(422);
    assert_eq!(house.get(&anna, &path).json(), before);
}

#[test]
fn an_interview_takes_its_place_along_and_an_overrun_is_shown() {
    let panel = Panel::of(2);
    panel.book(0);
    let stand = |strata: &Value| -> Vec<[i64; 3]> {
        let of = |s: &Value| ["booked", "taken", "overrun"].map(|name| s[name].as_i64().unwrap());
        strata["items"].as_array().unwrap().iter().map(of).collect()
    };
    let set = |body: Value| panel.house.put(&panel.owner, &panel.path("strata"), &body).expect(200).json();
    let capped = set(json!([
        { "key": "large", "label": "Groot", "min_inhabitants": 100_001, "cap": 0 },
        { "key": "rest", "label": "De rest", "max_inhabitants": 100_000, "cap": 1 },
    ]));
    assert_eq!(stand(&capped), [[1, 1, 1], [0, 0, 0]]);
    let other = set(json!([
        { "key": "rest", "label": "De rest", "max_inhabitants": 100_000, "cap": 1 },
        { "key": "enormous", "label": "Enorm", "min_inhabitants": 200_000 },
        { "key": "big", "label": "Groot", "min_inhabitants": 100_001, "max_inhabitants": 199_999 },
    ]));
    assert_eq!(stand(&other), [[0, 0, 0], [0, 0, 0], [1, 1, 0]]);
    let person = format!("/api/v1/respondents/{}", panel.people[0]);
    panel.house.patch(&panel.owner, &person, &json!({ "municipality": "Vlieland" })).expect(200);
    let strata = panel.house.get(&panel.owner, &panel.path("strata")).json();
    assert_eq!(stand(&strata), [[1, 1, 0], [0, 0, 0], [0, 0, 0]]);
    let cancelled = panel.press(0, "interview/cancel", &json!({}));
    cancelled.expect(200);
    let strata = panel.house.get(&panel.owner, &panel.path("strata")).json();
    assert_eq!(stand(&strata), [[0, 0, 0]; 3], "the place is given back where it was taken along to");
}
