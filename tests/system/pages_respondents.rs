//! Respondents on pages (E1, E16, E19, R5, R9, R11).

use serde_json::json;

use crate::browser::Browser;
use crate::fieldwork::Fieldwork;
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
fn a_respondents_page_names_the_next_step_to_who_may_take_it_and_none_once_all_is_done() {
    let f = Fieldwork::begin();
    let (owner, reader) = (Browser::of(&f.house, &f.owner), Browser::of(&f.house, &f.reader));
    for (code, status, step) in [
        ("R81", "listed", Some("/invitations\"")),
        ("R82", "invited", Some("/invitations?kind=reminder\"")),
        ("R83", "consented", Some("/agenda/book?code=R83\"")),
        ("R84", "no_show", Some("/agenda/book?code=R84\"")),
        ("R85", "held", None),
        ("R86", "withdrawn", None),
    ] {
        let path = format!("/respondents/{}?lang=en", f.respondent(code, status));
        let shown = owner.get(&path).expect(200).text;
        let named = shown.split_once("Next step:").and_then(|(_, rest)| rest.split_once("</p>"));
        assert_eq!(named.is_some(), step.is_some(), "{status}");
        assert!(step.is_none_or(|step| shown.contains(&format!("{step}>"))), "{status}: {shown}");
        assert!(!reader.get(&path).expect(200).text.contains("Next step:"), "{status}");
    }
}
