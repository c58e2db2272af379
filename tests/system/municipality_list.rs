//! The municipalities of a study as a page to search (E18, E1).

use crate::browser::Browser;
use crate::house::House;
use crate::pages_study::page_of;

/// The names that a page of the list shows, in its order.
fn names(page: &str) -> Vec<String> {
    let rows = page.split("<tr><th scope=\"row\">").skip(1);
    rows.map(|row| row.split_once('<').unwrap().0.to_owned()).collect()
}

#[test]
fn municipalities_are_found_by_any_name_and_narrowed_by_province_stratum_and_state() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    house.respondent(&anna, &study, "sanne", "Enschede");
    let browser = Browser::of(&house, &anna);
    let list = format!("{}/municipalities?lang=en", page_of(&study));
    let shown = |query: &str| names(&browser.get(&format!("{list}{query}")).expect(200).text);
    assert_eq!(shown("&q=Weesp"), ["Amsterdam"]);
    assert_eq!(shown("&q=den+haag").first().map(String::as_str), Some("&#x27;s-Gravenhage"));
    assert_eq!(shown("&q=utrecht"), ["Utrecht", "Utrechtse Heuvelrug"]);
    assert_eq!(shown("&q=utrecht&stratum=large"), ["Utrecht"]);
    assert_eq!(shown("&q=zwolle&province=Zeeland"), [""; 0]);
    assert_eq!(shown("&state=listed"), ["Enschede"]);
    assert_eq!(shown("&state=held"), [""; 0]);
    let page = browser.get(&format!("{list}&q=Weesp")).expect(200).text;
    assert!(page.contains("Weesp is now part of it") && page.contains("1 municipality"), "{page}");
    let atlantis = browser.get(&format!("{list}&q=Atlantis")).expect(200).text;
    assert!(atlantis.contains("No municipality found"));
    browser.get(&format!("{list}&state=anders")).expect(422);
}

#[test]
fn the_list_is_sorted_and_goes_on_page_by_page() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for name in ["a", "b"] {
        house.respondent(&anna, &study, name, "Vlieland");
    }
    house.respondent(&anna, &study, "c", "Zwolle");
    let browser = Browser::of(&house, &anna);
    let list = format!("{}/municipalities", page_of(&study));
    let page = |query: &str| browser.get(&format!("{list}?limit=3{query}")).expect(200).text;
    assert_eq!(names(&page("&sort=inhabitants")), ["Amsterdam", "Rotterdam", "&#x27;s-Gravenhage"]);
    assert_eq!(names(&page("&sort=respondents"))[..2], ["Vlieland", "Zwolle"]);
    let first = page("&sort=inhabitants");
    assert!(first.contains(&format!("href=\"{list}?sort=inhabitants&amp;limit=3&amp;cursor=3\"")), "{first}");
    assert_eq!(names(&page("&sort=inhabitants&cursor=3")).first().map(String::as_str), Some("Utrecht"));
    let mut all = Vec::new();
    for from in (0..400).step_by(200) {
        all.extend(names(&browser.get(&format!("{list}?limit=200&cursor={from}")).expect(200).text));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((count, all.len()), (342, 342), "every municipality once");
}

#[test]
fn a_row_leads_to_its_respondents_and_to_a_form_that_knows_the_municipality() {
    let house = House::open();
    let (anna, reader) = (house.researcher("anna"), house.researcher("rick"));
    let study = house.empty_study(&anna);
    house.join(&anna, &study, &reader, "reader");
    house.respondent(&anna, &study, "sanne", "Enschede");
    house.respondent(&anna, &study, "bram", "Zwolle");
    let browser = Browser::of(&house, &anna);
    let base = page_of(&study);
    let page = browser.get(&format!("{base}/municipalities?q=Enschede")).expect(200).text;
    let people = format!("{base}/respondents?municipality=GM0153");
    let add = format!("{base}/respondents/new?municipality=GM0153");
    assert!(
        page.contains(&format!("href=\"{people}\"")) && page.contains(&format!("href=\"{add}\"")),
        "{page}"
    );
    let theirs = browser.get(&people).expect(200).text;
    assert!(theirs.contains("sanne") && !theirs.contains("bram"));
    assert!(browser.get(&add).expect(200).text.contains("value=\"Enschede\""));
    let seen =
        Browser::of(&house, &reader).get(&format!("{base}/municipalities?q=Enschede")).expect(200).text;
    assert!(seen.contains("Enschede") && !seen.contains("/respondents/new"), "a reader adds nobody");
    let stranger = house.researcher("mallory");
    Browser::of(&house, &stranger).get(&format!("{base}/municipalities")).expect(404);
}
