//! The ways in and the second factor in a real browser, in both languages, each page held to the rules of `chromium`.

use veldwerk::actions::offer_setup::offer_setup;

use crate::chromium::{Chromium, Scripts};
use crate::entrance::mailed;
use crate::house::{House, PASSWORD};

/// From an empty installation to a second factor and a colleague.
fn way_in(language: &'static str) {
    let house = House::open();
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    browser.speak(language);
    let now = house.clock.now();
    let token = house.wait(house.store.write(move |tx| offer_setup(tx, now))).unwrap().unwrap();
    let link = format!("/setup/{token}");
    assert_eq!(browser.open(&link), 200);
    browser.fill("#name", "Noor Verhoeven").fill("#email", "noor").fill("#password", "kort");
    browser.press("main form .button").look();
    assert_eq!(browser.status(), 422);
    browser.fill("#email", "noor@example.org").fill("#password", PASSWORD).press("main form .button").look();
    assert_eq!(browser.path(), "/?done=set_up");
    assert_eq!(browser.open(&link), 404);

    browser.open("/account/second-factor");
    browser.press("main form .button").look();
    assert!(browser.count("svg.qr") == 1);
    browser.fill("#code", "123").fill("#current", PASSWORD).press("main form .button").look();
    assert_eq!(browser.status(), 401);

    browser.open("/studies/new");
    browser.fill("#title", "Beleid in de praktijk").press("main form .button").look();
    browser.press("a[href$='/members']").look();
    browser.fill("#email", "bram@example.org").press("form[action$='/members'] p.actions .button").look();
    let link = mailed(&house).pop().unwrap();
    browser.press("form[action='/sign-out'] button").look();
    assert_eq!(browser.open(&link), 200);
    browser.fill("#name", "Bram").fill("#password", "kort").press("main form .button").look();
    assert_eq!(browser.status(), 422);
    browser.fill("#password", PASSWORD).press("main form .button").look();
    browser.press("form[action='/sign-out'] button").look();

    browser.open("/password");
    browser.fill("#email", "geen adres").press("main form .button").look();
    browser.fill("#email", "noor@example.org").press("main form .button").look();
    let link = mailed(&house).pop().unwrap();
    assert_eq!(browser.open(&link), 200);
    browser.fill("#password", "heel iets anders dan eerst").press("main form .button").look();
    assert_eq!(browser.open(&link), 404);
}

#[test]
fn the_ways_in_are_sound_in_dutch() {
    way_in("nl");
}

#[test]
fn the_ways_in_are_sound_in_english() {
    way_in("en");
}
