//! The pages on which letters and consent forms are written, in a real browser: what eases the work with scripts, and
//! that nothing is missing without them.

use serde_json::json;

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::pages_of_fieldwork::everything;

const BODY: &str = "[id='body.nl']";

#[test]
fn a_preview_follows_what_is_typed_and_a_placeholder_is_put_in_by_a_press() {
    let (f, _) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &f.owner);
        browser.open(&format!("/studies/{}/wordings/invitation", f.study));
        browser.frame_says("iframe[name='letter-nl']", "Geachte Sanne de Vries");
        let before = browser.ask("return history.length");
        browser
            .fill(BODY, "Dag ")
            .tap("section[aria-labelledby=in-nl] [data-insert='{{name}}']")
            .write(", <b>kom</b>.");
        assert_eq!(
            browser.ask("return document.getElementById('body.nl').value"),
            json!("Dag {{name}}, <b>kom</b>."),
            "the focus went back to where it was put in"
        );
        browser.frame_says("iframe[data-fresh]", "Dag Sanne de Vries, <b>kom</b>.");
        assert_eq!(browser.ask("return history.length"), before, "a preview is no step to go back");
        assert_eq!(browser.count("iframe"), 2);
        browser.look();
        browser.fill(BODY, "Dag {{naam}}");
        assert_eq!(browser.count("[id='body.nl-error']"), 1);
        assert_eq!(browser.ask("return document.getElementById('body.nl').ariaInvalid"), json!("true"));
        browser.look();
        browser.fill(BODY, "Dag {{name}} {{link}}").press("button[name='act'][value='save']").look();
        assert!(browser.count("del") > 0 && browser.count("ins") > 0);
        browser.press("a[href$='/nl/reset']").look();
        browser.press("main form .button-end").look();
        assert_eq!(browser.count("a[href$='/nl/reset']"), 0);
    }
}

#[test]
fn without_scripts_a_preview_is_a_press_that_keeps_what_was_typed() {
    let (f, _) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::Off) else { return };
    browser.speak("nl");
    sign_in(&browser, &f.owner);
    browser.open(&format!("/studies/{}/wordings/invitation", f.study));
    assert_eq!(browser.count("[data-offers]:not([hidden])"), 0, "nothing is offered that does nothing");
    browser.fill(BODY, "Zonder script, {{name}}.").tap("[formtarget='letter-nl']");
    browser.frame_says("iframe[name='letter-nl']", "Zonder script, Sanne de Vries.");
    assert_eq!(
        browser.ask("return document.getElementById('body.nl').value"),
        json!("Zonder script, {{name}}.")
    );
    browser.press("button[name='act'][value='save']").look();
    browser.says("Bewaard");
}

#[test]
fn the_pages_of_consent_of_closing_and_of_the_log_are_sound_in_every_state() {
    let (f, _) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    let form = json!({
        "intro": { "nl": "Meedoen is vrijwillig.", "en": "You can stop at any time." },
        "items": [{ "key": "archive", "required": false, "text": { "nl": "Bewaren mag.", "en": "Keep it." } }],
    });
    let draft = f.house.post(&f.owner, &f.path("consent-forms"), &form).expect(201).json();
    let draft = format!("/consent-forms/{}", draft["id"].as_str().unwrap());
    let forms = f.house.get(&f.owner, &f.path("consent-forms")).expect(200).json();
    let published = format!("/consent-forms/{}", forms["items"][0]["id"].as_str().unwrap());
    let interviews = f.house.get(&f.owner, &f.path("interviews")).expect(200).json();
    let (interview, respondent) = (&interviews["items"][0]["id"], &interviews["items"][0]["respondent"]);
    let base = format!("/studies/{}", f.study);
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &f.owner);
        for path in [
            draft.clone(),
            format!("{draft}/edit"),
            format!("{draft}/changes"),
            format!("{published}/given"),
            format!("{base}/closing"),
            format!("{base}/copy"),
            format!("{base}/archive"),
            format!("{base}/exports"),
            format!("/respondents/{}/log", respondent.as_str().unwrap()),
            format!("/interviews/{}/log", interview.as_str().unwrap()),
        ] {
            assert_eq!(browser.open(&path), 200, "{path}");
            browser.ask("document.querySelectorAll('details').forEach(each => (each.open = true))");
            browser.look();
        }
        browser.open(&format!("{base}/copy"));
        browser.fill("#title", "").press("main form .button").look();
        assert_eq!(browser.status(), 422);
    }
    browser.open(&format!("{base}/closing"));
    browser.press("main form .button-end").look();
    assert_eq!(browser.count("form[action$='/reopen']"), 1);
}
