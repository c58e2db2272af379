//! The respondent's journey in a real browser: with a script and without, by mouse and by keys alone, in both
//! languages, each page held to the rules of `chromium`.

use serde_json::json;
use thirtyfour::prelude::Key;
use veldwerk::domain::access::Role;

use crate::chromium::{Chromium, Scripts};
use crate::house::House;
use crate::study::Study;

/// A study with interviews in both manners, for some respondents.
fn study(house: &House, respondents: usize) -> Study<'_> {
    house.bookable().with("modes", json!(["teams", "in_person"])).respondents(respondents).open()
}

fn page(study: &Study<'_>, number: usize) -> String {
    format!("/p/{}", study.respondents[number].token)
}

fn status(study: &Study<'_>) -> String {
    study.seen(study.first())["status"].as_str().unwrap().to_owned()
}

/// From the letter to the end, with every page and every refusal on the way.
fn journey(scripts: Scripts, language: &'static str) {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, scripts) else { return };
    let study = study(&house, 1);
    let link = page(&study, 0);
    browser.speak(language);
    assert_eq!(browser.open(&link), 200);

    browser.press("main .card .button").look();
    browser.press("main form .button").look();
    assert_eq!(browser.status(), 422, "nothing was answered");
    assert_eq!(browser.count(".error"), 2, "each question says that it is not answered");
    browser.press("[name='items.take_part'][value=yes]").press("[name='items.recording'][value=no]");
    browser.press("main form .button").look();
    assert_eq!(status(&study), "consented");

    browser.press(".door").look();
    browser.press("main form .button").look();
    assert_eq!(browser.status(), 422, "no moment was chosen");
    browser.press(".slot").press("main form .button").look();
    assert_eq!(status(&study), "consented", "the time is kept, no more");
    assert!(study.seen(study.first())["hold"].is_object());
    browser.press("main details summary").press("main form .button").look();
    assert_eq!(status(&study), "booked");
    let first = study.seen(study.first())["interview"].clone();
    if scripts == Scripts::On {
        assert_eq!(browser.fetch(&format!("{link}/interview.ics")).0, 200);
    }

    browser.press("a[href$='/move']").look();
    browser.press("li:nth-child(2) .door").look();
    browser.press("a[rel=next]").look();
    browser.press(".slot").press("[name=place_kind][value=other]").press("main form .button").look();
    assert_eq!(browser.status(), 422, "no address was given");
    browser.fill("#place", "Stationsplein 1").press("main form .button").look();
    let moved = study.seen(study.first())["interview"].clone();
    assert_eq!(moved["id"], first["id"]);
    assert_ne!(moved["starts_at"], first["starts_at"]);

    browser.press("a[href$='/cancel']").look();
    browser.fill("#reason", "Ziek").press("main .button-end").look();
    assert_eq!(status(&study), "consented");

    browser.press("a[href$='/opt-out']").look();
    browser.press("main .button-end").look();
    browser.press("a[href$='/withdraw']").look();
    browser.press("main .button-end").look();
    assert_eq!(status(&study), "withdrawn");
    assert_eq!(browser.open(&link), 200);
}

#[test]
fn a_respondent_goes_from_consent_to_withdrawal_in_dutch_and_in_english() {
    journey(Scripts::On, "nl");
    journey(Scripts::On, "en");
}

#[test]
fn a_respondent_whose_browser_runs_no_scripts_does_the_same() {
    journey(Scripts::Off, "nl");
}

#[test]
fn a_respondent_with_nothing_but_keys_does_the_same_and_always_sees_where_they_are() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let study = study(&house, 1);
    browser.speak("nl");
    browser.open(&page(&study, 0));
    // The page behind a press is waited for: only then is done what was pressed for.
    let press = |words: &str| {
        browser.tab_to(words).ask("document.documentElement.dataset.pressed = ''");
        browser.key(Key::Enter).until("!('pressed' in document.documentElement.dataset)");
    };
    let choose = |words: &str| browser.tab_to(words).key(Key::Space);

    press("verder naar toestemming");
    choose("Ja");
    choose("Ja");
    press("Antwoorden versturen");
    assert_eq!(status(&study), "consented");
    press("Online");
    choose(".");
    press("Verder met dit moment");
    press("Afspraak bevestigen");
    assert_eq!(status(&study), "booked");
    press("Ander moment kiezen");
    press("Online");
    press("Later");
    choose(".");
    press("Afspraak verplaatsen");
    press("Ik kan niet");
    browser.tab_to("Wilt u erbij zeggen waarom?").write("Het komt niet uit");
    press("Afspraak afzeggen");
    assert_eq!(status(&study), "consented");
    press("Stoppen met het onderzoek");
    press("Stoppen met het onderzoek");
    assert_eq!(status(&study), "withdrawn");
}

#[test]
fn the_times_of_every_opened_day_are_reached_by_the_keyboard_whatever_was_chosen_before() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let study = study(&house, 1);
    study.consent(study.first());
    browser.speak("nl");
    assert_eq!(browser.open(&format!("{}/book?mode=teams", page(&study, 0))), 200);
    browser.press("details.day[open] .slot");
    let other = "[...document.querySelectorAll('details.day')].find((day) => !day.querySelector(':checked'))";
    browser.ask(&format!("{other}.querySelector('summary').focus()"));
    browser.key(Key::Enter).key(Key::Tab).key(Key::Space).look();
    let there = browser.ask("const day = document.activeElement.closest('details.day'); return { \
        checked: document.activeElement.checked, moment: document.activeElement.dataset.moment, \
        told: document.querySelector('.chosen').textContent, first: day === document.querySelector('details.day') };");
    assert_eq!((&there["checked"], &there["first"]), (&json!(true), &json!(false)), "{there}");
    assert_eq!(there["told"], there["moment"], "what was chosen stands beside the button");
}

#[test]
fn the_language_changes_in_the_middle_of_a_form_and_enter_still_sends_the_form_itself() {
    for scripts in [Scripts::Off, Scripts::On] {
        let house = House::open();
        let Some(browser) = Chromium::of(&house, scripts) else { return };
        let study = study(&house, 1);
        browser.speak("nl");
        assert_eq!(browser.open(&format!("{}/consent", page(&study, 0))), 200);
        browser.press("[name='items.take_part'][value=yes]").fill("#name", "S. de Vries");
        browser.press(".language").speak_on("en").look();
        assert_eq!(browser.status(), 200);
        assert_eq!(status(&study), "listed", "nothing was sent");
        assert_eq!(browser.count("[name='items.take_part'][value=yes]:checked"), 1);
        assert_eq!(browser.ask("return document.querySelector('#name').value"), "S. de Vries");
        browser.press("[name='items.recording'][value=no]");
        browser.fill("#name", "S. de Vries-Bos").enter("#name");
        assert_eq!(status(&study), "consented", "Enter does what the form is for");
        browser.says("Thank you");
    }
}

#[test]
fn every_other_page_that_a_respondent_can_meet_is_sound_in_both_languages() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let study = study(&house, 5);
    let [declined, full, held, missed, waiting] = [0, 1, 2, 3, 4].map(|number| page(&study, number));
    study.press(&study.respondents[0], "decline", &json!({})).expect(200);
    let start = "2027-03-02T09:00:00Z";
    let later = "2027-03-02T11:00:00Z";
    let ids = [(2, start), (3, later)].map(|(number, start)| study.booked(&study.respondents[number], start));
    study.consent(&study.respondents[1]);
    house.at("2027-03-02T13:00:00Z");
    study.to_interview(&ids[0], "held", &json!({})).expect(200);
    study.to_interview(&ids[1], "no-show", &json!({})).expect(200);
    let capped = json!([{ "key": "all", "label": "Alle", "min_inhabitants": null, "max_inhabitants": null, "target": 1, "cap": 1 }]);
    house.put(&study.owner, &study.path("strata"), &capped).expect(200);
    let unsubscribe = {
        let keys = house.settings.keys().unwrap();
        format!("/u/{}", keys.unsubscribe_token(study.respondents[4].id))
    };
    for language in ["nl", "en"] {
        browser.speak(language);
        for page in [&declined, &full, &held, &missed, &waiting, &unsubscribe] {
            assert_eq!(browser.open(page), 200, "{page}");
        }
        assert_eq!(browser.open(&format!("{full}/book?mode=teams")), 200);
        assert_eq!(browser.open(&format!("{waiting}/book")), 422, "without consent");
        assert_eq!(browser.open(&format!("{declined}/cancel")), 409, "without an interview");
        assert_eq!(browser.open("/p/unknown"), 404);
        for way in ["decline", "opt-out"] {
            assert_eq!(browser.open(&format!("{waiting}/{way}")), 200);
        }
    }
    browser.open(&unsubscribe);
    browser.press("main .button-end").look();
    let second = study.member("bram", Role::Owner);
    house.post(&second, &study.path("close"), &json!({})).expect(200);
    browser.open(&waiting);
}
