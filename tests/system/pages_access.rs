//! Who sees which page (E6, E31, R5, R11).

use crate::browser::Browser;
use crate::house::House;
use crate::pages_study::page_of;

/// The pages below a study that everybody in it may open, and those that only some may.
const OPEN: [&str; 11] = [
    "",
    "/respondents",
    "/municipalities",
    "/consent-forms",
    "/agenda",
    "/interviews",
    "/guides",
    "/members",
    "/why-not",
    "/exports",
    "/proposals",
];
const OWNERS: [&str; 6] = ["/settings", "/settings/privacy", "/strata", "/closing", "/copy", "/archive"];
const CONTACTS: [&str; 5] = ["/respondents/new", "/import", "/incoming-mail", "/agenda/time", "/agenda/book"];

#[test]
fn every_page_opens_for_an_owner_and_for_a_reader_without_contact_data() {
    let house = House::open();
    let [anna, lea, bob, eva] = ["anna", "lea", "bob", "eva"].map(|name| house.researcher(name));
    let study = house.empty_study(&anna);
    house.join(&anna, &study, &lea, "reader");
    house.join(&anna, &study, &bob, "interviewer");
    let person = page_of(&house.respondent(&anna, &study, "sanne", "Enschede"));
    let base = page_of(&study);
    let below = |paths: &[&str]| paths.iter().map(|path| format!("{base}{path}")).collect::<Vec<_>>();
    let (open, owners) = ([below(&OPEN), vec![person.clone()]].concat(), below(&OWNERS));
    let asked = ["edit", "erase"].map(|page| format!("{person}/{page}"));
    let contacts = [below(&CONTACTS), asked.to_vec()].concat();
    let [owner, reader, interviewer, stranger] =
        [&anna, &lea, &bob, &eva].map(|who| Browser::of(&house, who));
    for path in [&open[..], &owners[..], &contacts[..]].concat() {
        owner.get(&path).expect(200);
        stranger.get(&path).expect(404);
        assert!(Browser::fresh(&house).get(&path).expect(303).leads_to().starts_with("/sign-in?next="));
    }
    for path in &open {
        let page = reader.get(path).expect(200).text;
        assert!(!page.contains("sanne"), "{path}: {page}");
        interviewer.get(path).expect(200);
    }
    for path in &owners {
        interviewer.get(path).expect(403);
    }
    for path in owners.iter().chain(&contacts) {
        reader.get(path).expect(403);
    }
    for path in &contacts {
        interviewer.get(path).expect(200);
    }
}

#[test]
fn no_button_works_for_a_reader_a_stranger_or_another_site() {
    let house = House::open();
    let [anna, lea, eva] = ["anna", "lea", "eva"].map(|name| house.researcher(name));
    let study = house.empty_study(&anna);
    house.join(&anna, &study, &lea, "reader");
    let person = page_of(&house.respondent(&anna, &study, "sanne", "Enschede"));
    let base = page_of(&study);
    let [owner, reader, stranger] = [&anna, &lea, &eva].map(|who| Browser::of(&house, who));
    let acts = [
        "settings/about",
        "settings/places",
        "strata",
        "members",
        "close",
        "reopen",
        "respondents",
        "agenda/time",
        "agenda/book",
        "copy",
        "archive",
        "unarchive",
    ];
    let buttons = acts.map(|path| format!("{base}/{path}")).into_iter().chain([
        person.clone(),
        format!("{person}/link"),
        format!("{person}/erase"),
    ]);
    let fields = [
        ("title", "x"),
        ("contact_email", "x@example.org"),
        ("email", "lea@example.org"),
        ("role", "owner"),
        ("name", "x"),
        ("municipality", "Enschede"),
    ];
    for path in buttons {
        // A role and a membership are judged before what was typed, or the button takes no fields at all.
        for (who, status) in [(&reader, 403), (&stranger, 404)] {
            let answer = who.post(&path, if path.ends_with("/members") { &fields[2..4] } else { &[] });
            assert_eq!(answer.status, status, "{path}: {}", answer.text);
        }
        owner.post_bare(&path, &fields).expect(403);
    }
    reader.upload(&format!("{base}/import"), &[("csv", "name\nx")], b"").expect(403);
    stranger.upload(&format!("{base}/import"), &[("csv", "name\nx")], b"").expect(404);
    assert_eq!(house.get(&anna, &format!("/api/v1{person}")).expect(200).json()["name"], "sanne");
}

#[test]
fn the_language_is_chosen_by_a_link_and_kept() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::of(&house, &anna);
    assert!(browser.get("/account").expect(200).text.contains("<html lang=\"nl\">"));
    assert!(browser.get("/account?lang=en").expect(200).text.contains("<html lang=\"en\">"));
    assert!(browser.get("/").expect(200).text.contains("<html lang=\"en\">"));
}
