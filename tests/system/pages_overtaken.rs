//! Two people who open the same form: the second one to save replaces nothing without knowing it (R9).

use serde_json::{Value, json};

use crate::browser::{Browser, field, fields_of};
use crate::house::{Answer, House, Researcher};
use crate::pages_study::page_of;

type Fields = &'static [(&'static str, &'static str)];

const TITLE: &str = "Dit is intussen gewijzigd";

/// What a form on a page was opened with; of several, the first behind some words.
fn seen(page: &str, behind: &str) -> String {
    let (_, rest) = page.split_once(behind).unwrap_or_else(|| panic!("no {behind}: {page}"));
    field(rest, "as_seen").expect("what was seen").replace("&quot;", "\"")
}

/// Two owners of one study.
struct Two<'h> {
    house: &'h House,
    anna: Researcher,
    study: String,
    first: Browser<'h>,
    second: Browser<'h>,
}

impl<'h> Two<'h> {
    fn of(house: &'h House) -> Self {
        let (anna, bram) = (house.researcher("anna"), house.researcher("bram"));
        let study = house.empty_study(&anna);
        house.join(&anna, &study, &bram, "owner");
        let (first, second) = (Browser::of(house, &anna), Browser::of(house, &bram));
        Self { house, anna, study, first, second }
    }

    /// The id of the first one.
    fn me(&self) -> String {
        self.house.get(&self.anna, "/api/v1/me").expect(200).json()["id"].as_str().unwrap().to_owned()
    }

    fn now(&self, below: &str) -> Value {
        self.house.get(&self.anna, &format!("{}{below}", self.study)).expect(200).json()
    }

    /// The page that the second one gets, who opened a form before the first one saved theirs.
    #[track_caller]
    fn overtaken(&self, form: (&str, &str), first: &[(&str, &str)], second: &[(&str, &str)]) -> Answer {
        let (path, behind) = form;
        let tag = seen(&self.second.get(path).expect(200).text, behind);
        let at_first = seen(&self.first.get(path).expect(200).text, behind);
        self.first.post(path, &[first, &[("as_seen", &at_first)]].concat()).expect(303);
        let refused = self.second.post(path, &[second, &[("as_seen", &tag)]].concat()).expect(412);
        assert!(refused.text.contains(TITLE) && refused.text.contains("role=\"alert\""), "{}", refused.text);
        refused
    }

    /// Saves again what was refused, knowing what it replaces.
    #[track_caller]
    fn again(&self, form: (&str, &str), refused: &Answer, fields: &[(&str, &str)]) {
        let tag = seen(&refused.text, form.1);
        self.second.post(form.0, &[fields, &[("as_seen", &tag)]].concat()).expect(303);
    }
}

#[test]
fn whoever_saves_settings_that_were_changed_since_they_looked_sees_both_and_saves_knowingly() {
    let house = House::open();
    let two = Two::of(&house);
    let cards: [(&str, Fields, Fields, &str); 6] = [
        (
            "about",
            &[("title", "Eerste"), ("language", "nl")],
            &[("title", "Tweede"), ("language", "nl")],
            "Titel: Eerste",
        ),
        (
            "times",
            &[("slot_step_minutes", "20"), ("max_per_day", "4")],
            &[("slot_step_minutes", "30"), ("max_per_day", "4")],
            "Een interview kan beginnen om de … minuten: 20",
        ),
        (
            "notices",
            &[("move_notice_minutes", "90"), ("max_reminders", "3")],
            &[("move_notice_minutes", "45"), ("max_reminders", "3")],
            "Verzetten kan tot … van tevoren: 90 minuten ervoor",
        ),
        (
            "places",
            &[("modes", "teams"), ("teams_link_source", "pasted")],
            &[("modes", "in_person"), ("teams_link_source", "pasted")],
            "Hoe de interviews worden gehouden: Microsoft Teams",
        ),
        (
            "privacy",
            &[("privacy_notice.purpose.nl", "Het ene."), ("ethics", "BMS 1")],
            &[("privacy_notice.purpose.nl", "Het andere."), ("ethics", "BMS 1")],
            "Doel van het onderzoek (Nederlands): Het ene.",
        ),
        (
            "sizes",
            &[("population_on", "2025-01-01")],
            &[("population_on", "2026-01-01")],
            "Inwonertal op: 1 januari 2025",
        ),
    ];
    for (part, first, second, told) in cards {
        let path = format!("{}/settings/{part}", page_of(&two.study));
        let form = (path.as_str(), "<form method=\"post\" action=\"/studies/");
        let refused = two.overtaken(form, first, second);
        assert!(refused.text.contains(&format!("<li>{told}</li>")), "{part}: {}", refused.text);
        let (name, typed) = second[0];
        if !["places", "privacy"].contains(&part) {
            assert!(
                refused.text.contains(&format!("name=\"{name}\" value=\"{typed}\"")),
                "{part}: {}",
                refused.text
            );
        }
        two.again(form, &refused, second);
    }
    let now = two.now("");
    assert_eq!((&now["title"], &now["slot_step_minutes"]), (&json!("Tweede"), &json!(30)));
    assert_eq!((&now["move_notice_minutes"], &now["modes"]), (&json!(45), &json!(["in_person"])));
    assert_eq!(now["privacy_notice"]["purpose"]["nl"], "Het andere.");
    assert_eq!(now["population_on"], "2026-01-01");
}

#[test]
fn a_card_of_the_settings_is_no_other_card() {
    let house = House::open();
    let two = Two::of(&house);
    let settings = format!("{}/settings", page_of(&two.study));
    let (about, times) = (format!("{settings}/about"), format!("{settings}/times"));
    let tag = seen(&two.second.get(&times).expect(200).text, "novalidate");
    two.first.get(&about).expect(200);
    two.first.post(&about, &[("title", "Eerste")]).expect(303);
    two.second.post(&times, &[("max_per_day", "3"), ("as_seen", &tag)]).expect(303);
    let now = two.now("");
    assert_eq!((&now["title"], &now["max_per_day"]), (&json!("Eerste"), &json!(3)));
}

#[test]
fn a_mistake_in_a_form_does_not_hide_that_it_was_overtaken() {
    let house = House::open();
    let two = Two::of(&house);
    let path = format!("{}/settings/times", page_of(&two.study));
    let tag = seen(&two.second.get(&path).expect(200).text, "novalidate");
    two.first.post(&path, &[("max_per_day", "4")]).expect(303);
    let wrong = two.second.post(&path, &[("max_per_day", "0"), ("as_seen", &tag)]).expect(422);
    assert!(wrong.has_error_at("max_per_day") && !wrong.text.contains(TITLE), "{}", wrong.text);
    assert_eq!(seen(&wrong.text, "novalidate"), tag, "what was seen first still counts");
    let refused = two.second.post(&path, &[("max_per_day", "5"), ("as_seen", &tag)]).expect(412);
    assert!(refused.text.contains("Hoogste aantal interviews per dag: 4"), "{}", refused.text);
    assert_eq!(two.now("")["max_per_day"], json!(4));
}

#[test]
fn strata_that_somebody_else_replaced_are_shown_before_they_are_replaced_again() {
    let house = House::open();
    let two = Two::of(&house);
    let path = format!("{}/strata", page_of(&two.study));
    let form = (path.as_str(), "novalidate");
    let all = |cap: &'static str| [("0.key", "all"), ("0.label", "Alle"), ("0.cap", cap)];
    let refused = two.overtaken(form, &all("13"), &all("20"));
    let told = "Alle (all): alle gemeenten. Streefgetal: niet ingevuld. Hoogstens: 13.";
    assert!(
        refused.text.contains(told) && refused.text.contains("name=\"0.cap\" value=\"20\""),
        "{}",
        refused.text
    );
    let tag = seen(&refused.text, "novalidate");
    let more = [&all("20")[..], &[("act", "more"), ("as_seen", &tag)]].concat();
    let more = two.second.post(&path, &more).expect(200);
    two.again(form, &more, &all("20"));
    assert_eq!(two.now("/strata")["items"][0]["cap"], json!(20));
}

#[test]
fn a_week_that_somebody_else_replaced_tells_the_days_that_differ() {
    let house = House::open();
    let two = Two::of(&house);
    let me = two.me();
    let path = format!("{}/availability?interviewer={me}", page_of(&two.study));
    let day =
        |until: &'static str| [("interviewer", me.as_str()), ("mon.0.from", "9"), ("mon.0.until", until)];
    let form = (path.as_str(), "aria-labelledby=\"rules\"");
    let refused = two.overtaken(form, &day("12"), &day("17"));
    assert!(refused.text.contains("<li>maandag: 09:00 tot 12:00</li>"), "{}", refused.text);
    assert!(refused.text.contains("name=\"mon.0.until\" value=\"17:00\""), "{}", refused.text);
    assert!(!refused.text.contains("<li>dinsdag"), "what is the same is not told: {}", refused.text);
    two.again(form, &refused, &day("17"));
    assert_eq!(two.now("/availability")["rules"][0]["until"], "17:00");
}

#[test]
fn ways_that_somebody_else_replaced_are_shown_before_they_are_replaced_again() {
    let house = House::open();
    let two = Two::of(&house);
    let me = two.me();
    let page = format!("{}/availability?interviewer={me}", page_of(&two.study));
    let path = format!("{}/availability/travel", page_of(&two.study));
    let ways = |minutes: &'static str| {
        [
            ("interviewer", me.as_str()),
            ("minutes", minutes),
            ("municipalities.0.municipality", "Enschede"),
            ("municipalities.0.minutes", "10"),
        ]
    };
    let behind = "aria-labelledby=\"municipalities\"";
    let tag = seen(&two.second.get(&page).expect(200).text, behind);
    two.first.post(&path, &ways("45")).expect(303);
    let refused = two.second.post(&path, &[&ways("60")[..], &[("as_seen", &tag)]].concat()).expect(412);
    for words in [
        TITLE,
        "Reistijd, enkele reis (minuten): 45",
        "<li>Enschede: 10</li>",
        "name=\"minutes\" value=\"60\"",
    ] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    let again = seen(&refused.text, behind);
    two.second.post(&path, &[&ways("60")[..], &[("as_seen", &again)]].concat()).expect(303);
    assert_eq!(two.now(&format!("/members/{me}/travel"))["minutes"], json!(60));
}

#[test]
fn a_draft_of_a_consent_form_is_not_written_over_by_who_saw_other_words() {
    let house = House::open();
    let two = Two::of(&house);
    let form = |intro: &'static str| {
        [
            ("intro.nl", intro),
            ("intro.en", "Why."),
            ("items.0.key", "take_part"),
            ("items.0.required", "true"),
            ("items.0.text.nl", "Ja."),
            ("items.0.text.en", "Yes."),
        ]
    };
    let new = format!("{}/consent-forms", page_of(&two.study));
    let made = two.first.post(&new, &form("Nul.")).expect(303);
    let draft = made.leads_to().split('?').next().unwrap().to_owned();
    let path = format!("{draft}/edit");
    let opened = (path.as_str(), "novalidate");
    let refused = two.overtaken(opened, &form("Een."), &form("Twee."));
    assert!(refused.text.contains(">\nTwee.</textarea>"), "{}", refused.text);
    assert!(refused.text.contains(&format!("href=\"{draft}\" target=\"_blank\"")), "{}", refused.text);
    assert!(two.first.get(&draft).expect(200).text.contains("Een."));
    two.again(opened, &refused, &form("Twee."));
    assert!(two.first.get(&draft).expect(200).text.contains("Twee."));
}

#[test]
fn the_words_of_a_letter_are_not_written_over_by_who_saw_other_words() {
    let house = House::open();
    let two = Two::of(&house);
    let path = format!("{}/wordings/invitation", page_of(&two.study));
    let opened = (path.as_str(), "data-letters");
    let page = two.first.get(&path).expect(200).text;
    let ours = fields_of(
        &page.replacen("<form method=\"post\" action=\"/studies", " id=\"words\"<form", 1),
        "words",
    );
    let of = |name: &str| ours.iter().find(|(found, _)| found == name).expect(name).1.clone();
    let (subject_en, body_nl, body_en) = (of("subject.en"), of("body.nl"), of("body.en"));
    let words = |subject| {
        [
            ("subject.nl", subject),
            ("body.nl", body_nl.as_str()),
            ("subject.en", subject_en.as_str()),
            ("body.en", body_en.as_str()),
        ]
    };
    let refused = two.overtaken(opened, &words("Een vraag"), &words("Een verzoek"));
    assert!(refused.text.contains("name=\"subject.nl\" value=\"Een verzoek\""), "{}", refused.text);
    assert!(two.first.get(&path).expect(200).text.contains("value=\"Een vraag\""));
    two.again(opened, &refused, &words("Een verzoek"));
    assert!(two.first.get(&path).expect(200).text.contains("value=\"Een verzoek\""));
}
