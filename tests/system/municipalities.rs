//! The municipalities on a date (E18).

use serde_json::{Value, json};
use veldwerk::actions::import_municipalities::import_municipalities;

use crate::house::House;

const SHIPPED: &str = include_str!("../../migrations/seed/municipalities.txt");

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[test]
fn any_researcher_looks_municipalities_up_and_may_keep_the_answer() {
    let house = House::open();
    let anna = house.researcher("anna");
    let answer = house.get(&anna, "/api/v1/municipalities/GM0363?on=2022-06-30").expect(200);
    assert_eq!(answer.header("cache-control"), Some("private, max-age=3600"));
    assert_eq!(
        answer.json(),
        json!({
            "code": "GM0363", "name": "Amsterdam", "province": "Noord-Holland", "inhabitants": 882_633,
            "on": "2022-01-01",
        })
    );
    assert_eq!(house.get(&anna, "/api/v1/municipalities/GM0363").json()["on"], "2026-01-01");
    for unknown in ["GM9999", "363", "GM0363?on=2016-12-31", "GM0457?on=2023-01-01"] {
        house.get(&anna, &format!("/api/v1/municipalities/{unknown}")).expect(404);
    }
    house.get_openly("/api/v1/municipalities").expect(401);
    house.get_openly("/api/v1/municipalities/GM0363").expect(401);
}

#[test]
fn a_search_gives_exact_names_first_and_filters_by_province_and_size() {
    let house = House::open();
    let anna = house.researcher("anna");
    let search =
        |query: &str| house.get(&anna, &format!("/api/v1/municipalities?{query}")).expect(200).json();
    assert_eq!(names(&search("q=utrecht")), ["Utrecht", "Utrechtse Heuvelrug"]);
    assert_eq!(names(&search("q=Den+Haag")), ["'s-Gravenhage"]);
    assert_eq!(names(&search("q=bergen&province=NH")), ["Bergen (NH.)"]);
    assert_eq!(names(&search("min=500000&on=2022-01-01")), ["Amsterdam", "Rotterdam", "'s-Gravenhage"]);
    assert_eq!(names(&search("max=2000&province=Friesland")), ["Schiermonnikoog", "Vlieland"]);
    assert_eq!(names(&search("on=2016-01-01")), [""; 0]);
    for wrong in ["on=yesterday", "province=Holland", "min=-1", "max=x", "limit=500", "cursor=Ede"] {
        house.get(&anna, &format!("/api/v1/municipalities?{wrong}")).expect(422);
    }
}

#[test]
fn page_by_page_every_municipality_of_a_date_is_shown_once() {
    let house = House::open();
    let anna = house.researcher("anna");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/municipalities?on=2019-05-05&limit=100&cursor={cursor}");
        let page = house.get(&anna, &path).expect(200).json();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 355);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 355);
}

#[test]
fn a_newer_table_moves_the_respondents_of_all_studies_and_a_faulty_one_changes_nothing() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let vlieland = house.respondent(&anna, &study, "a", "Vlieland");
    let now = house.clock.now();
    let import = |text: String| {
        house.wait(house.store.write(move |tx| import_municipalities(tx, now, &text))).map_err(|p| match p {
            veldwerk::problem::Problem::Internal(cause) => cause.to_string(),
            other => other.to_string(),
        })
    };
    let line = SHIPPED.lines().position(|line| line.ends_with(" Vlieland")).unwrap();
    let figures = SHIPPED.lines().skip(line).find(|line| line.starts_with("inhabitants 2017 ")).unwrap();
    let grown: Vec<String> = figures.split(' ').skip(2).map(|_| "60000".to_owned()).collect();
    let newer = SHIPPED.replacen(figures, &format!("inhabitants 2017 {}", grown.join(" ")), 1);
    assert_eq!(import(newer.replacen("province ", "provence ", 1)).unwrap_err().get(..5), Some("line "));
    assert_eq!(house.get(&anna, &vlieland).json()["stratum"], "small");
    assert_eq!(import(newer.clone()), Ok(1));
    assert_eq!(house.get(&anna, &vlieland).json()["stratum"], "medium");
    let found = house.get(&anna, "/api/v1/municipalities?q=vlieland").json();
    assert_eq!(found["items"][0]["inhabitants"], 60_000);
    // A table without a municipality that somebody works for would leave them nowhere.
    let block = newer.split("\n\n").find(|block| block.contains(" Vlieland\n")).unwrap();
    let without = newer.replacen(&format!("{block}\n\n"), "", 1);
    assert!(import(without).unwrap_err().contains("GM0096"));
    assert_eq!(import(SHIPPED.to_owned()), Ok(1));
    assert_eq!(house.get(&anna, &vlieland).json()["stratum"], "small");
}
