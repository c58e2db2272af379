//! Finding and adding people in a real browser, with and without scripts: lists of one's own, municipalities, and the
//! list of respondents, each page held to the rules of `chromium`.

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::house::House;
use crate::pages_study::page_of;

#[test]
fn a_pasted_list_is_mapped_looked_at_and_imported_with_and_without_scripts_in_both_languages() {
    for (scripts, language) in [(Scripts::On, "nl"), (Scripts::Off, "en")] {
        let house = House::open();
        let Some(browser) = Chromium::of(&house, scripts) else { return };
        let anna = house.researcher("anna");
        let base = page_of(&house.empty_study(&anna));
        browser.speak(language);
        sign_in(&browser, &anna);
        browser.open(&format!("{base}/respondents"));
        browser.press("a[href$='/import']").look();
        let list = "Sanne <sanne@gemeente.example>; Weesp\nBram <bram>; Nergens\nCor <cor@gemeente.example>; Den Haag";
        browser.fill("#csv", list).press("form.sheet p.actions .button").look();
        assert_eq!(browser.count("select[id^='column.']"), 2);
        browser.press("form.sheet p.actions .button").look();
        browser.says("Amsterdam").says("Weesp");
        assert_eq!(browser.count(".badge-row-refused"), 1);
        browser.press("a[href$='show=refused']").look();
        browser.says("Nergens");
        browser.press("a[href$='/columns']").look();
        browser.press("form.sheet p.actions .button").look();
        browser.press("form[action$='/confirm'] .button").look();
        assert_eq!(browser.count(".badge-row-added"), 2);
        browser.press("main div.actions a.button").look();
        assert_eq!(browser.count("tbody a.code"), 2);
    }
}

#[test]
fn municipalities_and_respondents_are_filtered_in_place_and_how_many_there_are_is_told_politely() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for (name, municipality) in [("a", "Enschede"), ("b", "Zwolle")] {
        house.respondent(&anna, &study, name, municipality);
    }
    let base = page_of(&study);
    browser.speak("en");
    sign_in(&browser, &anna);
    browser.open(&format!("{base}/municipalities"));
    browser.ask("window.kept = document.querySelector('.told'); return null");
    browser.fill("#q", "utrecht").until("document.querySelectorAll('tbody tr').length === 2").look();
    browser.until("window.kept.isConnected && window.kept.textContent === '2 municipalities'");
    browser.until("location.search.includes('q=utrecht') && document.activeElement.id === 'q'");
    browser.fill("#q", "atlantis").until("!!document.querySelector('.empty')").look();
    browser.open(&format!("{base}/respondents"));
    browser.fill("#q", "R02").until("document.querySelectorAll('tbody tr').length === 1").look();
    browser.until("document.querySelector('.told').textContent === '1 respondent'");
}

#[test]
fn the_same_filters_work_without_scripts_and_letters_to_several_are_looked_at_first() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::Off) else { return };
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    for (name, municipality) in [("a", "Enschede"), ("b", "Zwolle")] {
        house.respondent(&anna, &study, name, municipality);
    }
    let base = page_of(&study);
    browser.speak("nl");
    sign_in(&browser, &anna);
    browser.open(&format!("{base}/municipalities"));
    browser.fill("#q", "weesp").press("form.filter .button").look();
    browser.says("hier hoort Weesp nu bij");
    browser.press("tbody a[href*='/respondents/new']").look();
    assert_eq!(browser.ask("return document.querySelector('#municipality').value"), "Amsterdam");
    browser.open(&format!("{base}/respondents"));
    browser.fill("#municipality", "Zwolle").press("form.filter .button").look();
    assert_eq!(browser.count("tbody tr"), 1);
    browser.press("tbody [type=checkbox]").press("section.card .button").look();
    browser.says("1 respondent krijgt niets").says("Er is nog geen toestemmingsformulier gepubliceerd.");
}
