//! The editor of a long guide and the page of doubtful strata in a real browser, each page held to the rules of
//! `chromium`.

use serde_json::json;

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::fieldwork::Fieldwork;
use crate::pages_long_guides::guide;

#[test]
fn a_long_guide_is_written_one_section_at_a_time_with_and_without_scripts_in_both_languages() {
    for (scripts, language) in [(Scripts::On, "nl"), (Scripts::Off, "nl"), (Scripts::On, "en")] {
        let f = Fieldwork::begin();
        let Some(browser) = Chromium::of(&f.house, scripts) else { return };
        let made = f.house.post(&f.owner, &f.path("guides"), &guide(5, 5)).expect(201).json();
        let page = format!("/guides/{}", made["id"].as_str().unwrap());
        browser.speak(language);
        sign_in(&browser, &f.owner);
        browser.open(&page);
        browser.open(&format!("{page}/edit"));
        browser.fill("[id='sections.0.title']", "Anders").press("[id='open-sections.3']").look();
        let at = browser.ask("return document.activeElement.id");
        assert_eq!(at, "sections.3.title", "one goes on in the section that was opened");
        browser.says("Anders").fill("[id='sections.3.minutes']", "lang");
        browser.fill("[id='sections.3.questions.0.text.nl']", "").press("[id='open-sections.0']").look();
        assert_eq!(browser.ask("return document.querySelector('[id=\"sections.0.title\"]').value"), "Anders");
        browser.fill("[id='sections.0.title']", "").press("form.guide-form .actions .button").look();
        assert_eq!(browser.status(), 422);
        let lost = browser.ask(
            "return [...document.querySelectorAll('.errors a')].map(a => a.getAttribute('href').slice(1))
                .filter(id => !document.getElementById(id))",
        );
        assert_eq!(lost, json!([]), "the summary leads to what is not there");
        browser.fill("[id='sections.0.title']", "Anders").press("[id='open-sections.3']");
        browser
            .fill("[id='sections.3.minutes']", "7")
            .fill("[id='sections.3.questions.0.text.nl']", "Nu wel?");
        browser.press("form.guide-form .actions .button").look();
        let kept = f.house.get(&f.owner, &format!("/api/v1{page}")).expect(200).json();
        assert_eq!(
            (&kept["sections"][0]["title"], &kept["sections"][3]["minutes"]),
            (&json!("Anders"), &json!(7))
        );
        assert_eq!(kept["sections"][3]["questions"][0]["text"]["nl"], "Nu wel?");
        assert_eq!(kept["sections"][4], guide(5, 5)["sections"][4], "what was never opened is as it was");
    }
}

#[test]
fn strata_that_are_asked_about_are_sound_to_read_in_both_languages() {
    let f = Fieldwork::begin();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    let strata = json!([
        { "key": "large", "label": "Groot", "min_inhabitants": 100_001, "target": 11, "cap": 9 },
        { "key": "small", "label": "Klein", "min_inhabitants": 10, "max_inhabitants": 49_999 },
    ]);
    f.house.put(&f.owner, &f.path("strata"), &strata).expect(200);
    for (language, question) in [("nl", "Klopt dit?"), ("en", "Is this right?")] {
        browser.speak(language);
        sign_in(&browser, &f.owner);
        assert_eq!(browser.open(&format!("/studies/{}/strata", f.study)), 200);
        browser.says(question);
        assert_eq!(browser.count("section.attention li"), 3);
        assert_eq!(browser.open(&format!("/studies/{}/exports", f.study)), 200);
        assert_eq!(browser.open(&format!("/studies/{}/settings", f.study)), 200);
    }
}
