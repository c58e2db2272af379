//! The first page of a study: that its numbers are those of the fieldwork, that what waits comes and goes, and that the
//! map and the table beside it say the same.

mod map;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use veldwerk::domain::access::Role;
use veldwerk::domain::language::Language;
use veldwerk::queries::overview::AttentionKind;
use veldwerk::words::{plural, word};

use crate::fieldwork::{execute, guide};
use crate::house::{House, Researcher};
use crate::study::{Respondent, Study};

/// A study with a target per size class, and people in a large, a medium and a small municipality.
struct Played<'h> {
    study: Study<'h>,
    people: Vec<Respondent>,
}

const TOWNS: [(&str, &str); 6] = [
    ("anna", "Enschede"),
    ("bram", "Enschede"),
    ("cees", "Zwolle"),
    ("dora", "Hengelo (O.)"),
    ("emma", "Haaksbergen"),
    ("fons", "Haaksbergen"),
];

impl<'h> Played<'h> {
    fn begin(house: &'h House) -> Self {
        let study = house.bookable().respondents(0).with("population_on", "2026-01-01").open();
        let strata = json!([
            { "key": "large", "label": "Groot", "min_inhabitants": 100_001, "max_inhabitants": null,
              "target": 2, "cap": 3 },
            { "key": "medium", "label": "Middelgroot", "min_inhabitants": 50_000, "max_inhabitants": 100_000,
              "target": 1, "cap": null },
            { "key": "small", "label": "Klein", "min_inhabitants": null, "max_inhabitants": 49_999,
              "target": null, "cap": null },
        ]);
        house.put(&study.owner, &study.path("strata"), &strata).expect(200);
        let keys = house.settings.keys().unwrap();
        let api = format!("/api/v1/studies/{}", study.id);
        let people = TOWNS.map(|(name, town)| {
            let path = house.respondent(&study.owner, &api, name, town);
            let id = path.rsplit('/').next().unwrap().parse().unwrap();
            Respondent { id, token: keys.link_token(id, 1) }
        });
        Self { study, people: people.into() }
    }

    /// Everybody but the last is invited. In the large class somebody is interviewed, somebody booked and somebody says
    /// nothing; the medium one agrees; of the small ones one says no.
    fn play(&self) -> [String; 2] {
        let [anna, bram, cees, dora, emma, _] = self.people.as_slice() else { panic!("six people") };
        let invited: Vec<String> = self.people[..5].iter().map(|person| person.id.to_string()).collect();
        let body = json!({ "respondents": invited, "dry_run": false });
        self.house().post(&self.study.owner, &self.study.path("invitations"), &body).expect(200);
        let held = self.study.booked(anna, "2027-03-02T10:00:00Z");
        let booked = self.study.booked(cees, "2027-03-03T10:00:00Z");
        self.study.consent(dora);
        self.study.press(emma, "decline", &json!({})).expect(200);
        assert_ne!(bram.token, anna.token);
        self.house().at("2027-03-02T12:00:00Z");
        self.study.to_interview(&held, "held", &json!({})).expect(200);
        [held, booked]
    }

    fn house(&self) -> &'h House {
        self.study.house
    }

    fn told(&self) -> Value {
        self.house().get(&self.study.owner, &self.study.path("overview")).expect(200).json()
    }

    fn page(&self) -> String {
        page(self.house(), &self.study.owner, &self.study.id)
    }

    /// What waits, by its name in the API.
    fn waits(&self) -> Vec<String> {
        let told = self.told();
        let items = told["attention"].as_array().unwrap();
        items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    }
}

/// The page of a study in English, its slashes as they are.
fn page(house: &House, who: &Researcher, study: &str) -> String {
    house.get(who, &format!("/studies/{study}?lang=en")).expect(200).text
}

/// What a piece of a page says, without its tags.
fn spoken(html: &str) -> String {
    let text: String = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).fold(
        String::new(),
        |mut all, part| {
            all.push_str(part);
            all.push(' ');
            all
        },
    );
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#x27;", "'")
}

fn between<'p>(page: &'p str, from: &str, until: &str) -> &'p str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(until).unwrap_or_else(|| panic!("no {until} behind {from}")).0
}

/// The numbers of the funnel, by the name of the row.
fn rows(page: &str) -> BTreeMap<String, Vec<String>> {
    let section = between(page, "id=\"funnel\"", "</section>");
    let row = |row: &str| {
        let (label, cells) = row.split_once("<td").unwrap();
        (spoken(label), cells.split("<td").map(|cell| spoken(&format!("<td{cell}"))).collect())
    };
    section
        .split("<tr><th scope=\"row\">")
        .skip(1)
        .map(|part| row(part.split("</tr>").next().unwrap()))
        .collect()
}

fn numbers(funnel: &Value) -> [i64; 6] {
    ["listed", "invited", "opened", "consented", "booked", "held"].map(|step| funnel[step].as_i64().unwrap())
}

#[test]
fn after_a_small_fieldwork_every_stratum_tells_who_came_how_far() {
    let house = House::open();
    let played = Played::begin(&house);
    played.play();
    let told = played.told();
    assert_eq!(numbers(&told["funnel"]), [6, 5, 4, 3, 2, 1]);
    let [large, medium, small] = [0, 1, 2].map(|place| told["strata"][place].clone());
    assert_eq!(numbers(&large["funnel"]), [3, 3, 2, 2, 2, 1]);
    assert_eq!(numbers(&medium["funnel"]), [1, 1, 1, 1, 0, 0]);
    assert_eq!(numbers(&small["funnel"]), [2, 1, 1, 0, 0, 0]);
    assert_eq!((&large["held"], &large["booked"], &large["taken"]), (&json!(1), &json!(1), &json!(2)));
    assert_eq!((&large["municipalities"], &small["max_inhabitants"]), (&json!(32), &json!(49_999)));

    let page = played.page();
    let rows = rows(&page);
    let large = ["3", "3 100%", "2 67%", "2 67%", "2 67%", "1 33%"].map(str::to_owned);
    assert_eq!(rows["Groot"], large);
    assert_eq!(rows["All together"].last().unwrap(), "1 20%");
    assert!(spoken(&page).contains("Dropped out: 1 declined."));
    let bar = between(&page, "<title>Groot: ", "</title>");
    assert_eq!(spoken(bar), "1 held, 1 booked, at most 3");
    assert!(spoken(&page).contains("Wed 3 Mar 11:00"), "ten in UTC is eleven in Amsterdam");
}

#[test]
fn what_waits_comes_with_the_page_where_it_is_mended_and_goes_when_it_is() {
    let house = House::open();
    let played = Played::begin(&house);
    let base = format!("/studies/{}", played.study.id);
    assert_eq!(played.waits(), [""; 0], "nothing waits before anybody is invited");
    let [held, booked] = played.play();
    let owner = &played.study.owner;
    assert_eq!(played.waits(), ["missing_links", "near_interviews"]);
    let draft = house.post(owner, &played.study.path("guides"), &guide()).expect(201).json();
    let publish = format!("/api/v1/guides/{}/publish", draft["id"].as_str().unwrap());
    house.post(owner, &publish, &json!({})).expect(200);
    assert_eq!(played.waits(), ["missing_links", "near_interviews", "empty_sheets"]);
    let page = played.page();
    let list = between(&page, "<ul class=\"attention\">", "</ul>");
    for href in [format!("/interviews/{booked}"), format!("/interviews/{held}/sheet")] {
        assert!(list.contains(&format!("href=\"{href}\"")), "{list}");
    }

    let sheet = format!("/api/v1/interviews/{held}/sheet/role");
    house.put(owner, &sheet, &json!({ "state": "asked" })).expect(200);
    let teams = json!({ "teams_link": "https://teams.example.org/l/meetup-join/1" });
    house.patch(owner, &format!("/api/v1/studies/{}", played.study.id), &teams).expect(200);
    assert_eq!(played.waits(), ["near_interviews"]);

    house.at("2027-03-03T12:00:00Z");
    assert_eq!(played.waits(), ["open_interviews"]);
    played.study.to_interview(&booked, "held", &json!({})).expect(200);
    let sheet = format!("/api/v1/interviews/{booked}/sheet/role");
    house.put(owner, &sheet, &json!({ "state": "asked" })).expect(200);
    assert_eq!(played.waits(), [""; 0]);
    assert!(spoken(&played.page()).contains("Nothing is waiting for you"));

    execute(&house, "UPDATE letters SET state = 'failed' WHERE kind = 'consent_receipt'");
    assert_eq!(played.waits(), ["failed_letters"]);
    assert!(played.page().contains(&format!("href=\"{base}/letters?state=failed\"")));
    execute(&house, "UPDATE letters SET state = 'sent' WHERE kind = 'consent_receipt'");
    assert_eq!(played.waits(), [""; 0]);
}

#[test]
fn a_stratum_that_lags_and_invitations_without_an_answer_wait_while_interviews_are_wanted() {
    let house = House::open();
    let played = Played::begin(&house);
    let base = format!("/studies/{}", played.study.id);
    played.play();
    execute(&house, "UPDATE interviews SET announced_link = 'https://teams.example.org/1'");
    let set = |change: Value| {
        let path = format!("/api/v1/studies/{}", played.study.id);
        house.patch(&played.study.owner, &path, &change).expect(200);
    };
    house.at("2027-03-09T08:00:01Z");
    assert_eq!(played.waits(), ["open_interviews"], "the silent one is in a stratum that has enough");
    set(json!({ "window_from": "2027-03-01", "window_until": "2027-03-10" }));
    assert_eq!(played.waits(), ["open_interviews", "window_ends"], "the last day is near");
    let target = |large: u32| {
        let strata = json!([
            { "key": "large", "label": "<b>Groot</b>", "min_inhabitants": 100_001, "target": large },
            { "key": "medium", "label": "Middelgroot", "min_inhabitants": 50_000, "max_inhabitants": 100_000 },
        ]);
        house.put(&played.study.owner, &played.study.path("strata"), &strata).expect(200);
    };
    target(3);
    let lags = ["open_interviews", "window_ends", "unanswered"];
    assert_eq!(played.waits(), lags, "two of three stand after eight of ten days");
    house.at("2027-03-11T08:00:00Z");
    assert_eq!(played.waits()[2], "behind");
    let page = played.page();
    assert!(page.contains("&lt;b&gt;Groot&lt;/b&gt; is behind: 2 of 3 interviews held or booked"), "{page}");
    assert!(page.contains(&format!("href=\"{base}/invitations?kind=reminder\"")));
    assert!(page.contains(&format!("href=\"{base}/settings/times#window_until\"")));
    target(9);
    assert_eq!(played.waits()[2], "few_candidates");
    assert!(played.page().contains("7 more interviews needed; people left to ask: 1"));
    house.post(&played.study.owner, &played.study.path("close"), &json!({})).expect(200);
    assert_eq!(played.waits(), ["open_interviews"], "who is not recruited is not waited for");
}

#[test]
fn an_empty_study_teaches_what_to_do_next_and_ticks_what_is_done() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let id = study.rsplit('/').next().unwrap();
    let steps = |page: &str| -> Vec<(String, bool)> {
        let list = between(page, "<ol class=\"tasks\">", "</ol>");
        let step =
            |part: &str| (between(part, "href=\"", "\"").to_owned(), part.starts_with(" class=\"done\""));
        list.split("<li").skip(1).map(step).collect()
    };
    let first = page(&house, &anna, id);
    let expected = [
        "strata",
        "settings#privacy_notice",
        "consent-forms",
        "availability",
        "respondents",
        "guides",
        "invitations",
    ];
    assert_eq!(steps(&first), expected.map(|below| (format!("/studies/{id}/{below}"), false)));
    assert!(!first.contains("id=\"funnel\""), "there is nobody to count");
    assert!(spoken(&first).contains("0 of 7 steps done"));

    let text = json!({ "nl": "Beleid.", "en": "" });
    let notice = json!({ "purpose": text, "address_source": text, "legal_basis": text, "retention": text });
    house.patch(&anna, &study, &json!({ "privacy_notice": notice })).expect(200);
    house.respondent(&anna, &study, "bram", "Enschede");
    let second = page(&house, &anna, id);
    let done: Vec<bool> = steps(&second).into_iter().map(|(_, done)| done).collect();
    assert_eq!(done, [false, true, false, false, true, false, false]);
    assert!(spoken(&second).contains("2 of 7 steps done"));
}

#[test]
fn a_hostile_title_stays_text_and_a_stranger_finds_nothing() {
    let house = House::open();
    let [anna, mallory] = ["anna", "mallory"].map(|name| house.researcher(name));
    let study = house.empty_study(&anna);
    let title = "</title><script>alert(1)</script><svg onload=alert(2)>";
    house.patch(&anna, &study, &json!({ "title": title })).expect(200);
    let id = study.rsplit('/').next().unwrap();
    let shown = page(&house, &anna, id);
    assert!(shown.contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;svg onload=alert(2)&gt;"), "{shown}");
    assert!(!shown.contains("<script>") && !shown.contains("<svg onload"));
    assert!(!shown.contains(" style="), "no inline style gets past the policy");
    house.get(&mallory, &format!("/studies/{id}")).expect(404);
    house.get(&mallory, &format!("{study}/overview")).expect(404);
}

#[test]
fn a_reader_sees_the_counts_but_neither_names_nor_what_others_have_to_do() {
    let house = House::open();
    let played = Played::begin(&house);
    played.play();
    execute(&house, "UPDATE letters SET state = 'failed' WHERE kind = 'consent_receipt'");
    let owner = played.page();
    assert!(owner.contains("letters?state=failed") && owner.contains("cees"));
    let reader = played.study.member("rita", Role::Reader);
    let shown = page(&house, &reader, &played.study.id);
    assert_eq!(rows(&shown)["Groot"], rows(&owner)["Groot"]);
    assert!(!shown.contains("letters?state=failed") && !shown.contains("class=\"tasks\""));
    assert!(TOWNS.iter().all(|(name, _)| !shown.contains(name)), "{shown}");
}

#[test]
fn whatever_waits_has_words_for_it() {
    for language in [Language::Nl, Language::En] {
        for kind in AttentionKind::ALL {
            let named = |group: &str| {
                let key = format!("{group}.{}", kind.as_str());
                word(language, &key) != key || plural(language, &key, 2) != format!("{key}.other")
            };
            assert!(named("attention_hint"), "{kind:?} in {language}");
            assert!(named("attention") || named("attention_about"), "{kind:?} in {language}");
        }
    }
}
