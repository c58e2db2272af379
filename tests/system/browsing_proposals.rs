//! Proposing moments, naming a colleague and answering a proposal in a real browser: with a script and without, in both
//! languages, each page and refusal held to the rules of `chromium`.

use serde_json::json;
use veldwerk::domain::access::Role;

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

fn study(house: &House) -> Study<'_> {
    house.bookable().with("modes", json!(["teams", "in_person"])).respondents(3).open()
}

fn journey(scripts: Scripts, language: &'static str) {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, scripts) else { return };
    let study = study(&house);
    study.consent(study.first());
    let link = format!("/p/{}", study.first().token);
    browser.speak(language);
    assert_eq!(browser.open(&format!("{link}/book?mode=teams")), 200);
    browser.press("a[href*='/propose']").look();
    browser.press("main form .button").look();
    assert_eq!(browser.status(), 422, "no moment was given");
    assert_eq!(browser.count(".error"), 2, "a date and a time");
    browser.fill("#remark", "Vrijdag kan ook").press("[name=mode][value=in_person]");
    browser.press("main form .button").look();
    assert_eq!(browser.status(), 422);
    let moments = json!({ "mode": "teams", "moments": ["2027-03-03T19:00:00Z", "2027-03-04T19:00:00Z"] });
    study.press(study.first(), "proposals", &moments).expect(201);
    assert_eq!(browser.open(&link), 200);
    browser.press("a[href$='/propose']").look();

    let other = format!("/p/{}", study.respondents[1].token);
    assert_eq!(browser.open(&other), 200);
    browser.press("a[href$='/colleague']").look();
    browser.press("main form .button").look();
    assert_eq!(browser.status(), 422, "no address was given");
    browser
        .fill("#email", "omer@gemeente.example.org")
        .press("[name=named]")
        .press("main form .button")
        .look();
    assert_eq!(study.seen(&study.respondents[1])["status"], "referred");
}

#[test]
fn a_respondent_proposes_moments_and_names_a_colleague_in_dutch_and_in_english() {
    journey(Scripts::On, "nl");
    journey(Scripts::On, "en");
}

#[test]
fn a_respondent_whose_browser_runs_no_scripts_does_the_same() {
    journey(Scripts::Off, "en");
}

#[test]
fn a_researcher_reads_what_waits_why_it_can_not_be_and_answers_it_in_both_languages() {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let study = study(&house);
    study.member("bram", Role::Interviewer);
    let moments = json!({
        "mode": "in_person", "moments": [WEDNESDAY_TEN, "2027-03-04T19:00:00Z"], "remark": "Liefst ’s avonds",
    });
    for who in &study.respondents[..2] {
        study.consent(who);
        study.press(who, "proposals", &moments).expect(201);
    }
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &study.owner);
        assert_eq!(browser.open(&format!("/studies/{}", study.id)), 200);
        browser.press(".attention a[href$='/proposals']").look();
        assert_eq!(browser.open(&format!("/respondents/{}", study.first().id)), 200);
    }
    browser.open(&format!("/studies/{}/proposals", study.id));
    browser.press(".card:nth-of-type(1) li:nth-child(2) .accept .button").look();
    assert_eq!(study.seen(study.first())["status"], "booked");
    let id = house.lines("SELECT id AS line FROM proposals WHERE state = 'open'");
    assert_eq!(browser.open(&format!("/proposals/{}", id[0])), 200);
    study.press(&study.respondents[1], "proposals", &moments).expect(201);
    browser.press("li:nth-child(1) .accept .button").look();
    assert_eq!(browser.status(), 409, "another proposal took its place");
    browser.open(&format!("/studies/{}/proposals", study.id));
    browser.press(".press .button").look();
    assert_eq!(browser.open(&format!("/studies/{}/proposals", study.id)), 200, "nothing waits");
}
