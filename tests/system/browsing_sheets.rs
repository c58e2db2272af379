//! The sheet during a talk, in a real browser: a connection that goes and comes, a page that is closed meanwhile, and
//! two windows that write on the same question.
//!
//! A connection that is cut makes the browser complain of `net::ERR_INTERNET_DISCONNECTED`, and a text that another
//! window was ahead of makes it complain of the status 412. Nothing else may stand in the console.

use serde_json::{Value, json};

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::fieldwork::Fieldwork;
use crate::pages_of_fieldwork::everything;

const ROLE: &str = "[id='note.0']";

/// The words of a language by which a test finds its way.
struct Words {
    language: &'static str,
    saved: &'static str,
    kept: &'static str,
    keep_both: &'static str,
}

const WORDS: [Words; 2] = [
    Words { language: "nl", saved: "Bewaard om", kept: "staat op dit apparaat", keep_both: "Beide houden" },
    Words {
        language: "en",
        saved: "Saved",
        kept: "Not yet saved: kept on this device",
        keep_both: "Keep both",
    },
];

/// The study, and the path of the sheet of its interview, twelve minutes after the talk began.
fn talk() -> (Fieldwork, String) {
    let (f, paths) = everything();
    f.house.at("2027-03-02T09:12:30Z");
    let sheet = paths.into_iter().find(|path| path.ends_with("/sheet")).unwrap();
    (f, sheet)
}

fn says(browser: &Chromium, words: &str) {
    let line = "document.querySelector('[data-status]').textContent";
    browser.until(&format!("{line}.includes({})", json!(words)));
}

/// Waits until all that was typed is saved.
fn is_saved(browser: &Chromium, words: &Words) {
    browser.until("!Object.keys(localStorage).some(key => key.startsWith('veldwerk.sheet/'))");
    says(browser, words.saved);
}

/// What the server has of a question.
fn kept(f: &Fieldwork, sheet: &str, place: usize) -> Value {
    f.house.get(&f.owner, &format!("/api/v1{sheet}")).expect(200).json()["questions"][place].clone()
}

/// How many notes the device keeps.
fn drafts(browser: &Chromium) -> Value {
    browser.ask("return Object.keys(localStorage).filter(key => key.startsWith('veldwerk.sheet/')).length")
}

fn complains_only_of(browser: &Chromium, of: &[&str]) {
    let other: Vec<_> =
        browser.complaints().into_iter().filter(|said| !of.iter().any(|of| said.contains(of))).collect();
    assert!(other.is_empty(), "{other:?}");
}

/// Whatever can be pressed on a page and is smaller than a finger, 44 by 44 pixels.
const SMALL: &str = "
    const kinds = 'a, button, input:not([type=hidden]), select, textarea, summary';
    const whole = target => (target.type === 'radio' ? target.closest('label') : target);
    const targets = new Set([...document.querySelectorAll(kinds)].map(whole));
    const size = target => target.getBoundingClientRect();
    return [...targets].filter(target => target.checkVisibility() && !target.matches('.skip'))
        .filter(target => size(target).height < 43.9 || size(target).width < 43.9)
        .map(target => `${target.outerHTML.slice(0, 80)} ${size(target).width} × ${size(target).height}`)";

#[test]
fn whatever_can_be_pressed_on_the_sheet_is_as_large_as_a_finger_on_a_phone_and_on_a_desk() {
    let (f, sheet) = talk();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    for words in &WORDS {
        browser.speak(words.language);
        sign_in(&browser, &f.owner);
        browser.open(&sheet);
        browser.until("!document.querySelector('[data-keys]').hidden");
        let seen = browser.ask("return document.querySelectorAll('a, button, [type=radio]').length");
        assert!(seen.as_u64() > Some(20), "{seen}");
        assert_eq!(browser.ask(SMALL), json!([]), "{}", words.language);
    }
}

#[test]
fn what_is_typed_without_a_connection_is_lost_neither_by_typing_on_nor_by_closing_the_page() {
    let (f, sheet) = talk();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    for words in &WORDS {
        browser.speak(words.language);
        sign_in(&browser, &f.owner);
        browser.open(&sheet);
        browser.until("document.querySelector('[role=timer]').textContent.startsWith('12:')");
        browser.until("!document.querySelectorAll('[data-is-now]')[1].hidden");
        browser.press("[name='state.0'][value=covered]");
        browser.fill(ROLE, "Eerst.");
        is_saved(&browser, words);
        assert_eq!(kept(&f, &sheet, 0)["note"], "Eerst.");
        assert_eq!((&kept(&f, &sheet, 0)["state"], drafts(&browser)), (&json!("covered"), json!(0)));
        complains_only_of(&browser, &[]);

        browser.connect(false).add(ROLE, " Toen viel het weg.");
        says(&browser, words.kept);
        complains_only_of(&browser, &["net::ERR_INTERNET_DISCONNECTED"]);
        browser.look();
        browser.add(ROLE, " En verder.");
        browser.until("JSON.stringify(localStorage).includes('En verder.')");
        assert_eq!(kept(&f, &sheet, 0)["note"], "Eerst.");
        browser.connect(true);
        is_saved(&browser, words);
        let all = "Eerst. Toen viel het weg. En verder.";
        assert_eq!((&kept(&f, &sheet, 0)["note"], drafts(&browser)), (&json!(all), json!(0)));

        browser.connect(false).add(ROLE, " Het deksel ging dicht.");
        browser.until("JSON.stringify(localStorage).includes('deksel')");
        complains_only_of(&browser, &["net::ERR_INTERNET_DISCONNECTED"]);
        // A page that is left sends once more; in the window that comes after it the cut no longer holds.
        browser.ask("window.fetch = () => Promise.reject(new TypeError('cut'))");
        browser.leave();
        browser.connect(true);
        let all = format!("{all} Het deksel ging dicht.");
        browser.open(&sheet);
        browser.until(&format!("document.querySelector(\"{ROLE}\").value === {}", json!(all)));
        is_saved(&browser, words);
        assert_eq!((&kept(&f, &sheet, 0)["note"], drafts(&browser)), (&json!(all), json!(0)));
        // The keyboard alone: on to the next question, skipped.
        browser.ask("document.querySelector(\"[id='note.1']\").focus()");
        browser.ask(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
                { key: 'Enter', ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true }))",
        );
        browser.until("document.activeElement.id === 'note.2'");
        browser.until("document.querySelector(\"[name='state.1'][value=skipped]\").checked");
        is_saved(&browser, words);
        complains_only_of(&browser, &[]);
        browser.press(".desk-me button");
        assert_eq!(browser.ask("return localStorage.length"), 0, "whoever signs out leaves nothing behind");
        assert_eq!(kept(&f, &sheet, 1)["state"], "skipped");
    }
}

#[test]
fn two_windows_that_write_on_one_question_lose_neither_text() {
    let (f, sheet) = talk();
    let Some(browser) = Chromium::of(&f.house, Scripts::On) else { return };
    browser.open_another();
    for (place, words) in WORDS.iter().enumerate() {
        let note = format!("[id='note.{place}']");
        for window in [0, 1] {
            browser.turn_to(window);
            browser.speak(words.language);
            if window == 0 {
                sign_in(&browser, &f.owner);
            }
            browser.open(&sheet);
        }
        browser.turn_to(0);
        browser.add(&note, "Uit het ene venster.");
        is_saved(&browser, words);
        browser.turn_to(1);
        browser.add(&note, "Uit het andere venster.");
        browser.until("document.querySelector('.overtaken')");
        assert_eq!(kept(&f, &sheet, place)["note"], "Uit het ene venster.", "nothing is written over unseen");
        complains_only_of(&browser, &["412"]);
        browser.says("Uit het ene venster.").says(words.keep_both).look();
        // The choice can wait: a page that is opened again still has both.
        browser.open(&sheet);
        browser.until("document.querySelector('.overtaken')").says("Uit het ene venster.");
        browser.press("[data-keep=both]");
        is_saved(&browser, words);
        let both = json!("Uit het ene venster.\n\nUit het andere venster.");
        assert_eq!((&kept(&f, &sheet, place)["note"], drafts(&browser)), (&both, json!(0)));
        browser.turn_to(0);
        browser.add("[id='note.2']", "Nog iets.");
        browser.until(&format!("document.querySelector(\"{note}\").value.includes('andere')"));
        complains_only_of(&browser, &[]);
    }
}
