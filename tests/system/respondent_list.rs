//! The list of respondents: finding somebody, and letters to several at once, looked at before they are sent (E17, R9,
//! R11).

use rocket::http::Header;
use serde_json::{Value, json};
use veldwerk::actions::wave::{begin_wave, continue_wave};
use veldwerk::domain::wave::{Selection, WaveKind};
use veldwerk::id::{StudyId, UserId};
use veldwerk::worker::continue_waves;

use crate::browser::Browser;
use crate::house::{House, bearer};
use crate::pages_study::page_of;
use crate::panel::Panel;

/// The codes that a page of the list shows, in its order.
fn codes(page: &str) -> Vec<String> {
    let rows = page.split("<a class=\"code\"").skip(1);
    rows.map(|row| row.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned()).collect()
}

/// The address of the next page.
fn next_of(page: &str) -> String {
    let before = page.split(" rel=\"next\"").next().unwrap();
    let address = before.rsplit("href=\"").next().unwrap().trim_end_matches('"');
    address.replace("&amp;", "&").replace("&#x2f;", "/")
}

/// The codes of some respondents of a panel, in the order of the list.
fn codes_of(panel: &Panel, people: &[usize]) -> Vec<String> {
    let item = |person: &usize| {
        let path = format!("/api/v1/respondents/{}", panel.people[*person]);
        panel.house.get(&panel.owner, &path).json()["code"].as_str().unwrap().to_owned()
    };
    people.iter().map(item).collect()
}

fn queued(panel: &Panel) -> usize {
    panel.outbox().iter().filter(|letter| letter.starts_with("invitation")).count()
}

#[test]
fn somebody_is_found_by_code_in_any_spelling_by_address_and_by_municipality() {
    let house = House::open();
    let (anna, reader) = (house.researcher("anna"), house.researcher("rick"));
    let study = house.empty_study(&anna);
    house.join(&anna, &study, &reader, "reader");
    for (name, municipality) in [("a", "Enschede"), ("b", "Zwolle"), ("c", "Zwolle")] {
        house.respondent(&anna, &study, name, municipality);
    }
    let list = format!("{}/respondents", page_of(&study));
    let browser = Browser::of(&house, &anna);
    let shown = |query: &str| codes(&browser.get(&format!("{list}?{query}")).expect(200).text);
    for text in ["R02", "r2", "02", "+2+", "b@gemeente.example", "B@GEMEENTE.example"] {
        assert_eq!(shown(&format!("q={}", text.replace('@', "%40"))), ["R02"], "{text}");
    }
    for text in ["R99", "z", "z%40", "Rxx", "99999999999", "%2C"] {
        assert_eq!(shown(&format!("q={text}")), [""; 0], "{text}");
    }
    assert_eq!(shown("q=+&municipality=+"), ["R01", "R02", "R03"]);
    assert_eq!(shown("municipality=zwolle"), ["R02", "R03"]);
    assert_eq!(shown("municipality=GM0193&q=R01"), [""; 0]);
    assert_eq!(shown("municipality=Atlantis"), [""; 0]);
    assert_eq!(shown("municipality=Zwolle&status=invited"), [""; 0]);
    let reading = Browser::of(&house, &reader);
    let seen = |query: &str| codes(&reading.get(&format!("{list}?{query}")).expect(200).text);
    assert_eq!(seen("q=R02"), ["R02"]);
    assert_eq!(seen("q=b%40gemeente.example"), [""; 0], "an address tells a reader nothing (R11)");
    assert_eq!(seen("q=b"), [""; 0], "and neither does a name");
}

#[test]
fn somebody_is_found_by_any_part_of_their_name_in_any_spelling_and_of_their_address() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for (name, email) in [
        ("Sanne de Vries", "s.devries@zwolle.example"),
        ("Ömer Yıldız", "o.yildiz@ede.example"),
        ("Joost de Vries-Bakker", "joost@ede.example"),
        ("Frederik Sanders", "info@ede.example"),
    ] {
        let body = json!({ "name": name, "email": email, "municipality": "Ede" });
        house.post(&anna, &format!("{study}/respondents"), &body).expect(201);
    }
    let browser = Browser::of(&house, &anna);
    let list = format!("{}/respondents", page_of(&study));
    let shown = |query: &str| codes(&browser.get(&format!("{list}?q={query}")).expect(200).text);
    assert_eq!(shown("vries"), ["R01", "R03"]);
    assert_eq!(shown("VRIES+sanne"), ["R01"]);
    assert_eq!(shown("omer"), ["R02"]);
    assert_eq!(shown("de+vries%2C+joost"), ["R03"]);
    assert_eq!(shown("%40ede.example"), ["R02", "R03", "R04"]);
    assert_eq!(shown("vries&limit=1"), ["R01"]);
    let page = browser.get(&format!("{list}?q=vries&limit=1&lang=nl")).expect(200).text;
    assert_eq!(codes(&browser.get(&next_of(&page)).expect(200).text), ["R03"]);
    let everything = house.everything().join("\n").to_lowercase();
    assert!(!everything.contains("vries") && !everything.contains("yildiz"), "nothing of a name lies open");
}

#[test]
fn a_search_for_a_name_ends_a_page_before_it_takes_long_and_goes_on_from_there() {
    let panel = Panel::of(1);
    let list: Vec<String> = (0..10_500).map(|n| format!("Persoon {n},p{n}@gemeente.example,Ede")).collect();
    let csv = format!("name,email,municipality\n{}\nWillemijn,w@gemeente.example,Ede", list.join("\n"));
    let request = panel.house.client.post(panel.path("respondents/import")).header(bearer(&panel.owner));
    let csv_type = Header::new("Content-Type", "text/csv; charset=utf-8");
    panel.house.send(request.header(csv_type).body(csv)).expect(200);
    let browser = Browser::of(&panel.house, &panel.owner);
    let first =
        browser.get(&format!("{}/respondents?q=willemijn&lang=nl", page_of(&panel.study))).expect(200).text;
    assert!(codes(&first).is_empty() && first.contains("tot nu toe hebben bekeken"), "{first}");
    assert_eq!(codes(&browser.get(&next_of(&first)).expect(200).text).len(), 1);
}

#[test]
fn letters_to_those_who_are_ticked_are_looked_at_first_and_then_sent_to_the_same() {
    let panel = Panel::of(3);
    panel.press(2, "decline", &json!({})).expect(200);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    browser.get(&format!("{base}/respondents?lang=en")).expect(200);
    let chosen = [
        ("kind", "invitation"),
        ("who", "ticked"),
        ("respondents", panel.people[0].as_str()),
        ("respondents", panel.people[2].as_str()),
        ("fit_status", ""),
        ("fit_stratum", ""),
        ("fit_municipality", ""),
        ("fit_wave", ""),
    ];
    let page = browser.post(&format!("{base}/invitations?lang=en"), &chosen).expect(200).text;
    assert!(page.contains("1 letter would go out") && page.contains("Declined."), "{page}");
    assert_eq!(queued(&panel), 0);
    assert!(page.contains(&format!("type=\"hidden\" name=\"respondents\" value=\"{}\"", panel.people[2])));
    let sending = [&chosen[..], &[("send", "1")]].concat();
    let sent = browser.post(&format!("{base}/invitations"), &sending).expect(303).leads_to().to_owned();
    assert_eq!(queued(&panel), 1);
    let told = browser.get(&sent).expect(200).text;
    let (_, rest) = told.split_once("respondents?wave=").unwrap();
    let wave = rest.split_once('"').unwrap().0;
    let of_wave = browser.get(&format!("{base}/respondents?wave={wave}")).expect(200).text;
    let mut expected = codes_of(&panel, &[0, 2]);
    expected.sort();
    let mut found = codes(&of_wave);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn whoever_is_ticked_is_meant_unless_everybody_is_chosen_after_that() {
    let panel = Panel::of(3);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    browser.get(&format!("{base}/invitations?lang=en")).expect(200);
    let tried = |was: &str| {
        let ticked = ("respondents", panel.people[0].as_str());
        let chosen = [("kind", "invitation"), ("who", "all"), ("who_was", was), ticked];
        browser.post(&format!("{base}/invitations?lang=en"), &chosen).expect(200).text
    };
    let first = tried("all");
    assert!(
        first.contains("1 letter would go out") && first.contains("name=\"who_was\" value=\"ticked\""),
        "{first}"
    );
    assert!(tried("ticked").contains("3 letters would go out"));
}

#[test]
fn letters_to_all_who_fit_the_filter_go_to_them_and_to_nobody_else() {
    let panel = Panel::of(4);
    let body = json!({ "municipality": "Vlieland" });
    for person in [1, 3] {
        let path = format!("/api/v1/respondents/{}", panel.people[person]);
        panel.house.patch(&panel.owner, &path, &body).expect(200);
    }
    panel.press(3, "decline", &json!({})).expect(200);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    let list = browser.get(&format!("{base}/respondents?municipality=Vlieland")).expect(200).text;
    assert!(list.contains("name=\"fit_municipality\" value=\"GM0096\""), "{list}");
    let chosen = [("kind", "invitation"), ("who", "fitting"), ("fit_municipality", "GM0096")];
    let page = browser.post(&format!("{base}/invitations?lang=en"), &chosen).expect(200).text;
    assert!(page.contains("1 letter would go out") && page.contains("1 respondent gets nothing"), "{page}");
    assert!(page.contains("Vlieland") && page.contains("value=\"fitting\" checked"));
    let sending = [&chosen[..], &[("send", "1")]].concat();
    browser.post(&format!("{base}/invitations"), &sending).expect(303);
    let status = |person: usize| -> Value {
        let path = format!("/api/v1/respondents/{}", panel.people[person]);
        panel.house.get(&panel.owner, &path).json()["status"].clone()
    };
    assert_eq!([0, 1, 2, 3].map(status), ["listed", "invited", "listed", "declined"]);
    let nonsense = [("kind", "invitation"), ("who", "fitting"), ("fit_municipality", "Vlieland")];
    browser.post(&format!("{base}/invitations"), &nonsense).expect(422);
}

/// A list of so many people.
fn csv(numbers: std::ops::Range<u32>) -> String {
    let rows: Vec<String> = numbers.map(|n| format!("P{n},p{n}@example.org,Ede")).collect();
    format!("name,email,municipality\n{}", rows.join("\n"))
}

#[test]
fn whoever_gets_nothing_is_told_in_parts_with_a_count_for_each_reason() {
    let panel = Panel::without_form(House::open(), 1);
    let csv = csv(0..150);
    panel.house.post_csv(&panel.owner, &panel.path("respondents/import"), &csv).expect(200);
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    browser.get(&format!("{base}/respondents")).expect(200);
    let chosen = [("kind", "invitation"), ("who", "fitting")];
    let path = format!("{base}/invitations?lang=en");
    let first = browser.post(&path, &chosen).expect(200).text;
    assert!(first.contains("151 respondents get nothing") && first.contains("<dd>151</dd>"), "{first}");
    assert!(first.contains("name=\"from\" value=\"100\""));
    assert_eq!(codes(&first).len(), 100);
    let second = browser.post(&path, &[&chosen[..], &[("from", "100")]].concat()).expect(200).text;
    assert_eq!(codes(&second).len(), 51);
    assert!(!second.contains("name=\"from\" value=\"200\"") && second.contains("name=\"from\" value=\"0\""));
}

#[test]
fn a_list_that_is_long_counts_no_further_than_a_thousand() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let list = format!("{}/respondents?lang=en", page_of(&study));
    let browser = Browser::of(&house, &anna);
    assert!(browser.get(&list).expect(200).text.contains("class=\"empty\""));
    for (from, until, told) in [(0, 999, "999 respondents"), (999, 1_001, "More than 1,000 respondents")] {
        let csv = csv(from..until);
        house.post_csv(&anna, &format!("{study}/respondents/import"), &csv).expect(200);
        let page = browser.get(&list).expect(200).text;
        assert!(page.contains(told), "{told}: {page}");
    }
}

#[test]
fn a_wave_that_broke_off_is_gone_on_with_by_the_worker_and_its_page_tells_how_far_it_is() {
    let panel = Panel::of(600);
    let user: UserId =
        panel.house.get(&panel.owner, "/api/v1/me").json()["id"].as_str().unwrap().parse().unwrap();
    let study: StudyId = panel.study.rsplit('/').next().unwrap().parse().unwrap();
    let (now, store) = (panel.house.clock.now(), panel.house.store.clone());
    let wave = panel.house.wait(async {
        let all = Selection::new(None, None);
        let begun = all.clone();
        let kind = WaveKind::Invitations;
        let made = store.write(move |tx| begin_wave(tx, now, user, study, kind, &begun)).await.unwrap();
        store.write(move |tx| continue_wave(tx, now, user, made.resource, &all)).await.unwrap();
        made.resource
    });
    let browser = Browser::of(&panel.house, &panel.owner);
    let path = format!("{}/invitations?wave={wave}&lang=en", page_of(&panel.study));
    let page = browser.get(&path).expect(200).text;
    assert!(page.contains("So far: 250 with a letter") && page.contains("data-progress=\"/"), "{page}");
    while panel.house.wait(continue_waves(&panel.house.clock, &panel.house.store)).unwrap() {}
    let page = browser.get(&path).expect(200).text;
    assert!(page.contains("600 letters are on their way"), "{page}");
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM letters"), ["600"]);
}
