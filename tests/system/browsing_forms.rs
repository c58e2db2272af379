//! What holds for the forms of researchers in a real browser: nothing that was typed is left behind unasked, and what
//! has the focus is seen.

use serde_json::json;
use thirtyfour::prelude::Key;

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::pages_of_fieldwork::everything;

/// Whether a browser would ask before it leaves the page.
fn asks(browser: &Chromium) -> bool {
    let asked = browser.ask(
        "const leaving = new Event('beforeunload', { cancelable: true });
         window.dispatchEvent(leaving);
         return leaving.defaultPrevented",
    );
    asked == json!(true)
}

/// As if a form were sent, but that one stays on the page.
fn send(browser: &Chromium, form: &str) {
    let sent = format!(
        "document.querySelector(\"{form}\").dispatchEvent(new SubmitEvent('submit', {{ bubbles: true }}))"
    );
    browser.ask(&sent);
}

#[test]
fn what_was_typed_is_not_left_behind_without_a_question_unless_it_is_what_is_sent() {
    let (f, _) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    browser.speak("en");
    sign_in(&browser, &f.owner);
    let study = format!("/studies/{}", f.study);
    browser.open(&format!("{study}/settings/about"));
    assert!(!asks(&browser), "nothing was typed");
    let was = browser.ask("return document.getElementById('title').value");
    browser.fill("#title", "Anders");
    assert!(asks(&browser));
    browser.fill("#title", was.as_str().unwrap());
    assert!(!asks(&browser), "it is what it was");
    browser.ask("document.getElementById('language').selectedIndex ^= 1");
    assert!(asks(&browser));
    send(&browser, "form.sheet");
    assert!(!asks(&browser), "it is on its way");
    browser.fill("#contact_email", "geen adres").press("form.sheet .button");
    assert_eq!(browser.status(), 422);
    assert!(asks(&browser), "what was refused is not kept yet");

    browser.open(&format!("{study}/availability"));
    browser.fill("[id='mon.0.from']", "9");
    let [week, other] = ["form[action$='/availability'][method=post]", "form[action$='/exceptions']"];
    send(&browser, week);
    assert!(!asks(&browser));
    send(&browser, other);
    assert!(asks(&browser), "another form of the page is sent");
    browser.press(&format!("{week} [value=workdays]"));
    assert!(asks(&browser), "more of it was asked for, and nothing kept");
    browser.open(&format!("{study}/respondents"));
    browser.ask("for (const box of document.querySelectorAll('main form [type=checkbox]')) box.click()");
    assert!(!asks(&browser), "a tick is soon set again");
}

#[test]
fn the_bar_that_stays_below_a_letter_never_hides_what_has_the_focus() {
    let (f, _) = everything();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &f.owner);
        browser.open(&format!("/studies/{}/wordings/confirmation", f.study));
        let bar = browser.ask(
            "return document.querySelector('.actions-stay').getBoundingClientRect().bottom <= innerHeight",
        );
        assert_eq!(bar, json!(true), "{language}: it is in reach at once");
        let mut stops = 0;
        for _ in 0..80 {
            browser.key(Key::Tab);
            let hidden = browser.ask(
                "const stop = document.activeElement, bar = document.querySelector('.actions-stay');
                 if (stop === document.body || bar.contains(stop)) return null;
                 return stop.getBoundingClientRect().top >= bar.getBoundingClientRect().top && stop.outerHTML.slice(0, 90)",
            );
            if hidden.is_null() {
                continue;
            }
            assert_eq!(hidden, json!(false), "{language}");
            stops += 1;
        }
        assert!(stops > 20, "{stops}");
    }
}
