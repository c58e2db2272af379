//! The map of the municipalities, the table beside it, and what the page weighs with people everywhere.

use std::collections::BTreeMap;

use super::{Played, between, spoken};
use crate::fieldwork::execute;
use crate::house::House;

/// What the map and what the table say of each municipality: its class and how far recruitment has come.
fn map_and_table(page: &str) -> [BTreeMap<String, String>; 2] {
    let head = between(page, "class=\"map-summary\"", "</thead>");
    let classes: BTreeMap<&str, String> = head
        .split("href=\"#")
        .skip(1)
        .map(|part| (part.get(..2).unwrap(), spoken(&format!("<{}", part.split("</th>").next().unwrap()))))
        .collect();
    let words: BTreeMap<&str, &str> = [
        ("u", "nobody on the list"),
        ("e", "not taking part"),
        ("l", "listed"),
        ("i", "invited"),
        ("c", "consented"),
        ("b", "booked"),
        ("h", "held"),
    ]
    .into();
    let drawing = between(page, "<svg class=\"tiles\"", "</svg>");
    let tile = |part: &str| {
        let name = spoken(between(part, "<title>", "</title>"));
        let (name, reach) = name.split_once(": ").unwrap_or((&name, words["u"]));
        assert_eq!(reach, words[part.get(2..3).unwrap()], "{name}: the drawing and its name");
        (name.to_owned(), format!("{}, {reach}", classes[part.get(..2).unwrap()]))
    };
    let map = drawing.split("<use href=\"#").skip(1).map(tile).collect();

    let mut table = BTreeMap::new();
    for group in between(page, "<table class=\"places\">", "</table>").split("<tbody>").skip(1) {
        let mut rows = group.split("<tr").skip(1);
        let label = spoken(&format!("<tr{}", rows.next().unwrap()));
        let label = label.split_once(", ").unwrap().0.to_owned();
        for row in rows {
            let cells: Vec<String> = row.split("<td").map(|cell| spoken(&format!("<td{cell}"))).collect();
            let reach = cells[2].split(" (").next().unwrap();
            assert!(table.insert(cells[0].clone(), format!("{label}, {reach}")).is_none(), "{row}");
        }
    }
    [map, table]
}

#[test]
fn the_table_says_of_every_municipality_what_the_map_draws() {
    let house = House::open();
    let played = Played::begin(&house);
    played.play();
    let [map, table] = map_and_table(&played.page());
    assert_eq!(map.len(), 342);
    assert_eq!(map, table);
    let told =
        ["Enschede", "Zwolle", "Hengelo", "Haaksbergen", "'s-Gravenhage"].map(|name| map[name].as_str());
    let expected = [
        "Groot, held",
        "Groot, booked",
        "Middelgroot, consented",
        "Klein, listed",
        "Groot, nobody on the list",
    ];
    assert_eq!(told, expected);
    let summary = between(&played.page(), "class=\"map-summary\"", "</table>").to_owned();
    assert!(spoken(&summary).contains("nobody on the list 30 64 244 338"), "{}", spoken(&summary));
}

#[test]
fn who_works_for_a_municipality_that_is_no_more_stands_at_its_successor_or_is_told_apart() {
    let house = House::open();
    let played = Played::begin(&house);
    let [weesp, boarnsterhim] = [&played.people[0], &played.people[1]].map(|person| person.id);
    execute(&house, &format!("UPDATE respondents SET municipality = 'GM0457' WHERE id = '{weesp}'"));
    execute(&house, &format!("UPDATE respondents SET municipality = 'GM0055' WHERE id = '{boarnsterhim}'"));
    let page = played.page();
    let [map, table] = map_and_table(&page);
    assert_eq!(
        (map["Amsterdam"].as_str(), map["Enschede"].as_str()),
        ("Groot, listed", "Groot, nobody on the list")
    );
    assert_eq!(map, table);
    assert!(spoken(&page).contains("1 respondent works for a municipality that was split up"));
}

#[test]
fn the_page_of_a_study_with_people_everywhere_stays_below_100_kilobytes() {
    let house = House::open();
    let played = Played::begin(&house);
    played.play();
    let study = &played.study.id;
    let present = house.get(&played.study.owner, "/api/v1/municipalities?limit=200").expect(200).json();
    let second = format!("/api/v1/municipalities?limit=200&cursor={}", present["next"].as_str().unwrap());
    let rest = house.get(&played.study.owner, &second).expect(200).json();
    let items = [present, rest].map(|page| page["items"].as_array().unwrap().clone()).concat();
    let statuses = ["listed", "invited", "consented", "booked", "held", "declined"];
    for (number, place) in items.iter().enumerate() {
        let (code, status) = (place["code"].as_str().unwrap(), statuses[number % statuses.len()]);
        for twin in 0..2 {
            execute(
                &house,
                &format!(
                    "INSERT INTO respondents (id, study, code, municipality, stratum, language, status, \
                     link_generation, revision, created_at) SELECT 'x{number}-{twin}', '{study}', \
                     'X{number}-{twin}', '{code}', min(id), 'nl', '{status}', 1, 1, 0 FROM strata \
                     WHERE study = '{study}'"
                ),
            );
        }
    }
    for language in ["nl", "en"] {
        let path = format!("/studies/{study}?lang={language}");
        let page = house.get(&played.study.owner, &path).expect(200).text;
        assert_eq!(page.matches("<use href=").count(), 342 + 7 + 3);
        assert!(page.len() < 100_000, "{} bytes in {language}", page.len());
    }
}
