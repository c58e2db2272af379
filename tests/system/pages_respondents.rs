//! Respondents on pages (E1, E16, E19, R5, R9, R11).

use serde_json::json;

use crate::browser::{Browser, field};
use crate::house::House;
use crate::pages_study::page_of;

#[test]
fn a_respondent_is_added_corrected_and_erased() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let (browser, base) = (Browser::of(&house, &anna), page_of(&study));
    browser.get(&format!("{base}/respondents/new")).expect(200);
    let fields = [("name", "Sanne"), ("email", "sanne@"), ("municipality", "Bergen"), ("role", "")];
    let refused = browser.post(&format!("{base}/respondents"), &fields).expect(422);
    assert!(refused.has_error_at("email") && refused.has_error_at("municipality"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Sanne\"") && refused.text.contains("value=\"sanne@\""));
    let fields = [
        ("name", "Sanne de Vries"),
        ("email", "sanne@gemeente.example"),
        ("municipality", "Enschede"),
        ("role", "adviseur"),
        ("language", "nl"),
    ];
    let added = browser.post(&format!("{base}/respondents"), &fields).expect(303).leads_to().to_owned();
    let page = browser.get(&added).expect(200);
    assert!(page.text.contains("Sanne de Vries") && page.text.contains("Enschede"));
    let person = added.trim_end_matches("?done=added").to_owned();
    assert!(browser.get(&format!("{person}/edit")).expect(200).text.contains("value=\"adviseur\""));
    let fields = [("name", "Sanne Vries"), ("email", "sanne@gemeente.example"), ("municipality", "Zwolle")];
    browser.post(&person, &[&fields[..], &[("role", ""), ("language", "en")]].concat()).expect(303);
    let corrected = house.get(&anna, &format!("/api/v1{person}")).json();
    assert_eq!((&corrected["name"], &corrected["role"]), (&json!("Sanne Vries"), &json!(null)));
    assert_eq!(corrected["municipality"]["name"], "Zwolle");
    let refused = browser.post(&person, &[("name", ""), ("email", "x@example.org")]).expect(422);
    assert!(refused.has_error_at("name"), "an emptied name is missed, not left as it was");
    assert!(browser.get(&format!("{person}/erase")).expect(200).text.contains("R01"));
    let erased = browser.post(&format!("{person}/erase"), &[]).expect(303).leads_to().to_owned();
    assert!(browser.get(&erased).expect(200).text.contains("role=\"status\""));
    browser.get(&person).expect(404);
}

#[test]
fn a_new_link_is_shown_once_and_never_stands_in_an_address() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let person = page_of(&house.respondent(&anna, &study, "sanne", "Enschede"));
    let browser = Browser::of(&house, &anna);
    let page = browser.post(&format!("{person}/link"), &[]).expect(200);
    let (_, rest) = page.text.split_once("data-copy>").unwrap();
    let link = rest.split_once('<').unwrap().0;
    let path = link.strip_prefix(&house.settings.base_url).unwrap();
    house.get_openly(path).expect(200);
    assert!(!browser.get(&person).expect(200).text.contains("data-copy"));
}

#[test]
fn the_list_is_filtered_and_goes_on_page_by_page() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for (name, municipality) in [("a", "Enschede"), ("b", "Zwolle"), ("c", "Vlieland")] {
        house.respondent(&anna, &study, name, municipality);
    }
    let (browser, list) = (Browser::of(&house, &anna), format!("{}/respondents", page_of(&study)));
    let small = browser.get(&format!("{list}?status=&stratum=small")).expect(200).text;
    assert!(small.contains("Vlieland") && !small.contains("Zwolle"));
    let first = browser.get(&format!("{list}?stratum=large&limit=1")).expect(200).text;
    let (_, next) =
        first.split_once(&format!("href=\"{list}?stratum=large&amp;limit=1&amp;cursor=")).unwrap();
    let cursor = next.split_once('"').unwrap().0;
    let second = browser.get(&format!("{list}?stratum=large&cursor={cursor}")).expect(200).text;
    assert!(second.contains("Zwolle") && !second.contains("Enschede"));
    assert!(
        browser.get(&format!("{list}?status=held")).expect(200).text.contains(&format!("href=\"{list}\""))
    );
    browser.get(&format!("{list}?status=anders")).expect(422);
}

#[test]
fn a_file_is_tried_first_and_imported_once_it_is_confirmed() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let (browser, import) = (Browser::of(&house, &anna), format!("{}/import", page_of(&study)));
    browser.get(&import).expect(200);
    // Windows-1252, as a spreadsheet writes it.
    let file = b"name;email;municipality\r\nRen\xe9e <b>;a@example.org;Enschede\r\nB;geen;Bergen\r\n";
    let report = browser.upload(&import, &[("csv", "")], file).expect(200);
    assert!(report.text.contains("<code>municipality</code>") && report.text.contains("Renée &lt;b&gt;"));
    assert_eq!(house.get(&anna, &format!("{study}/respondents")).json()["items"], json!([]));
    let (_, rest) = report.text.split_once("<textarea name=\"csv\" hidden>").unwrap();
    let csv = rest.split_once("</textarea>").unwrap().0.trim_start();
    let csv = csv.replace("&lt;", "<").replace("&gt;", ">");
    let key = field(&report.text, "key").unwrap();
    let confirm = [("csv", csv.as_str()), ("confirm", "1"), ("key", key.as_str())];
    for _ in 0..2 {
        let done = browser.upload(&import, &confirm, b"").expect(200);
        assert!(done.text.contains("<dd>1</dd>"), "a second press reports the same: {}", done.text);
    }
    let listed = house.get(&anna, &format!("{study}/respondents")).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["name"], "Renée <b>");
}

#[test]
fn a_clean_list_leads_to_the_respondents_and_no_list_is_told_beside_the_field() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let (browser, import) = (Browser::of(&house, &anna), format!("{}/import", page_of(&study)));
    assert!(browser.upload(&import, &[("csv", "")], b"").expect(422).has_error_at("file"));
    let refused = browser.upload(&import, &[("csv", "naam;adres\nx;y\n")], b"").expect(422);
    assert!(refused.text.contains("naam;adres"), "what was pasted is kept");
    let csv = "name,email,municipality\nA,a@example.org,Enschede\nB,b@example.org,Zwolle\n";
    let done = browser.upload(&import, &[("csv", csv), ("confirm", "1")], b"").expect(303);
    assert_eq!(done.leads_to(), format!("{}/respondents?done=imported&count=2", page_of(&study)));
    assert!(browser.get(done.leads_to()).expect(200).text.contains(": 2."));
    browser.post(&import, &[("csv", csv)]).expect(415);
}
