//! The researcher's pages in a real browser: every page that a link leads to, every form sent wrongly, and the main
//! road from signing in to the export, each held to the rules of `chromium`.

use std::collections::{BTreeMap, VecDeque};

use crate::chromium::{Chromium, Scripts};
use crate::house::{House, PASSWORD, Researcher};
use crate::pages_of_fieldwork::everything;

/// Signs somebody in on the page for it.
pub fn sign_in(browser: &Chromium, who: &Researcher) {
    browser.open("/sign-in");
    browser.fill("#email", &who.email).fill("#password", PASSWORD).press("main form .button");
}

/// A path without what tells one thing from another of its kind.
pub fn shape(path: &str) -> String {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let is_id = |part: &&str| part.len() == 36 && part.contains('-');
    path.split('/').map(|part| if is_id(&part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

/// Whether a path leads to a file or a framed letter, which is no page of ours.
pub fn is_file(path: &str) -> bool {
    let is_data = path.starts_with("/api/") && path != "/api/docs";
    is_data || [".md", ".ics", "/html"].iter().any(|end| path.ends_with(end))
}

/// Opens, from some paths on, every kind of page to which a link leads, at most twice; how often each was met.
fn walk(browser: &Chromium, mut ahead: VecDeque<String>) -> BTreeMap<String, u32> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    while let Some(path) = ahead.pop_front() {
        let times = seen.entry(shape(&path)).or_default();
        *times += 1;
        if *times > 2 || path.contains("lang=") || path == "/sign-out" {
            continue;
        }
        if is_file(&path) {
            assert_eq!(browser.fetch(&path).0, 200, "{path}");
            continue;
        }
        assert_eq!(browser.open(&path), 200, "{path}");
        ahead.extend(browser.links());
    }
    seen
}

#[test]
fn every_page_to_which_a_researchers_links_lead_is_there_and_sound_in_both_languages() {
    let (f, paths) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &f.owner);
        let seen = walk(&browser, paths.iter().cloned().chain(["/".to_owned()]).collect());
        assert!(seen.len() > 20, "{seen:?}");
        assert_eq!(browser.open("/studies/nowhere"), 404);
        browser.press("main .actions .button").look();
        assert_eq!(browser.path(), "/", "a problem leads back");
    }
}

#[test]
fn the_pages_of_a_study_in_which_nothing_was_done_yet_and_of_one_that_is_closed_are_sound() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let anna = house.researcher("anna");
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &anna);
        browser.look();
        let study = house.empty_study(&anna).replace("/api/v1", "");
        let seen = walk(&browser, VecDeque::from([study.clone()]));
        assert!(seen.len() > 15, "{seen:?}");
        browser.open(&format!("{study}/closing"));
        browser.press("main form .button-end").look();
        for section in ["", "/respondents", "/interviews", "/agenda", "/settings"] {
            assert_eq!(browser.open(&format!("{study}{section}")), 200, "{section}");
        }
    }
}

#[test]
fn every_form_of_a_researcher_that_is_sent_wrongly_says_so_soundly() {
    let (f, _) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    let study = format!("/studies/{}", f.study);
    for language in ["nl", "en"] {
        browser.speak(language);
        browser.open("/sign-in");
        browser
            .fill("#email", "nobody@example.org")
            .fill("#password", "wrong")
            .press("main form .button")
            .look();
        assert_eq!(browser.status(), 401);
        sign_in(&browser, &f.owner);
        let under = |rest: &str| format!("{study}/{rest}");
        let wrong = [
            ("/studies/new".to_owned(), "#title", "", "main form"),
            (under("settings/about"), "#title", "", "form.sheet"),
            (under("settings/times"), "#horizon_days", "0", "form.sheet"),
            (under("settings/notices"), "#max_reminders", "99", "form.sheet"),
            (under("settings/places"), "#teams_link", "geen link", "form.sheet"),
            (under("strata"), "[id='0.label']", "", "main form"),
            (under("respondents/new"), "#name", "", "form.sheet"),
            (under("import"), "#csv", "", "form.sheet"),
            (under("consent-forms/new"), "[id='intro.nl']", "", "form.sheet"),
            (under("agenda/time"), "#date", "", "main form"),
            (under("agenda/book"), "#code", "R99", "main form"),
            (
                under("availability"),
                "[id='mon.0.from']",
                "laat",
                "form[action$='/availability'][method=post]",
            ),
            (under("availability"), "#from", "laat", "form[action$='/exceptions']"),
            (under("availability"), "#from_date", "", "form[action$='/blocks']"),
            (under("availability"), "#minutes", "", "form[action$='/travel']"),
            (under("wordings/invitation"), "[id='body.nl']", "{{password}}", "form.sheet"),
            (under("guides/new"), "#title", "", "form.guide-form"),
            (under("guides/markdown"), "#markdown", "## Zonder titel", "main form"),
            (under("members"), "#email", "geen adres", "form[action$='/members']"),
            (under("members"), "#teams_link", "geen link", "section[aria-labelledby='own-link'] form"),
            ("/account".to_owned(), "#new", "kort", "form[action='/account/password']"),
            ("/account".to_owned(), "#label", "", "form[action='/account/tokens']"),
        ];
        for (path, field, text, form) in wrong {
            browser.open(&path);
            browser.fill(field, text).press(&format!("{form} p.actions .button"));
            browser.look();
            assert_eq!(browser.status(), 422, "{path}");
            assert!(browser.count(".errors a, .errors li") > 0, "{path} says nothing");
            let lost = browser.ask(
                "return [...document.querySelectorAll('.errors a')].map(a => a.getAttribute('href').slice(1))
                    .filter(id => !document.getElementById(id))",
            );
            assert_eq!(lost, serde_json::json!([]), "{path}: the summary leads to what is not there");
        }
    }
}

#[test]
fn a_researcher_goes_from_signing_in_to_the_export() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let anna = house.researcher("anna");
    browser.speak("nl");
    sign_in(&browser, &anna);
    browser.look();

    browser.press("main .button").look();
    browser.fill("#title", "Beleid in de praktijk").press("main form .button").look();
    browser.says("Het onderzoek is gemaakt");

    browser.press("a[href$='/respondents']").look();
    browser.press("a[href$='/import']").look();
    let list = "name;email;municipality\nSanne de Vries;sanne@gemeente.example;Enschede\nBram;bram;Nergens";
    browser.fill("#csv", list).press("form.sheet p.actions .button").look();
    browser.says("We hebben geraden").press("form.sheet p.actions .button").look();
    browser.says("1 respondent in de lijst zetten").press("form[action$='/confirm'] .button").look();

    browser.press("nav a[href$='/consent-forms']").look();
    browser.press("main a.button").look();
    browser
        .fill("[id='intro.nl']", "U doet vrijwillig mee.")
        .fill("[id='intro.en']", "Taking part is voluntary.");
    browser.fill("[id='items.0.key']", "take_part");
    browser.fill("[id='items.0.text.nl']", "Ik doe mee.").fill("[id='items.0.text.en']", "I take part.");
    browser.press("main form .button").look();
    browser.press("form[action$='/publish'] .button").look();
    browser.says("Gepubliceerd");

    browser.press("nav a[href$='/availability']").look();
    browser.fill("[id='tue.0.from']", "9").fill("[id='tue.0.until']", "17.00");
    browser.press("main form[method=post] .button").look();
    browser.says("momenten te boeken");

    browser.press("nav a[href$='/guides']").look();
    browser.press("main a.button").look();
    browser.fill("#title", "Leidraad").fill("[id='sections.0.title']", "Begin");
    browser.fill("[id='sections.0.minutes']", "10");
    browser.fill("[id='sections.0.questions.0.text.nl']", "Wat doet u?");
    browser.press("[id='add-sections.0.questions']").look();
    let at = browser.ask("return document.activeElement.id");
    assert_eq!(at, "sections.0.questions.1.text.nl", "one goes on where one was");
    browser.write("En wat kost dat?");
    browser.press("[id='remove-sections.0.questions.1']").look();
    browser.says("vraag 1.2").press(".asking .button-quiet").look();
    browser.press("main form .button").look();
    browser.says("En wat kost dat?");

    browser.press("nav a[href$='/invitations']").look();
    browser.press("main form p.actions .button").look();
    browser.says("1 brief zou op weg gaan").press("button[name=send]").look();
    browser.says("1 brief gaat op weg");

    browser.press("nav a[aria-label] , nav li:first-child a").look();
    let export = browser.links().into_iter().find(|link| link.contains("/export")).unwrap();
    let (status, rows) = browser.fetch(&export);
    assert_eq!(status, 200);
    assert!(rows.contains("R01") && !rows.contains("Sanne"), "{rows}");

    browser.press(".desk-me button").look();
    browser.says("U bent uitgelogd");
}
