//! The agenda in a real browser: sound in both languages on every width, and dragged with a mouse, which changes
//! nothing before it is confirmed.

use serde_json::{Value, json};

use crate::browsing_researchers::sign_in;
use crate::chromium::{Chromium, Scripts};
use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

/// A week with an interview on Wednesday, time that is kept free and another study's.
fn week(house: &House) -> (Study<'_>, String) {
    let study = house.bookable().open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    let block = json!({ "from": "2027-03-04T12:00:00Z", "until": "2027-03-04T14:00:00Z" });
    house.post(&study.owner, "/api/v1/me/blocks", &block).expect(201);
    (study, id)
}

/// In English the screen is 1,280 pixels wide, in Dutch it is that of a telephone, where nothing drags.
///
/// Drags from the middle of one element, or a share of its height, to a share of the height of another.
fn drag(browser: &Chromium, from: &str, (to, share): (&str, f64)) {
    browser.ask(&format!(
        "const middle = (selector, share) => {{
            const element = document.querySelector(selector);
            element.scrollIntoView({{ block: 'center' }});
            const box = element.getBoundingClientRect();
            return [element, box.left + box.width / 2, box.top + box.height * share];
         }};
         const [start, x, y] = middle(\"{from}\", {from_share});
         const target = document.querySelector(\"{to}\").getBoundingClientRect();
         const [u, v] = [target.left + target.width / 2, target.top + target.height * {share}];
         const fire = (on, kind, clientX, clientY) => on.dispatchEvent(
            new PointerEvent(kind, {{ bubbles: true, cancelable: true, button: 0, pointerType: 'mouse', clientX, clientY }}));
         fire(start, 'pointerdown', x, y);
         fire(document, 'pointermove', x + 10, y + 10);
         fire(document, 'pointermove', u, v);
         fire(document, 'pointerup', u, v);",
        from_share = if from == to { 0.11 } else { 0.5 },
    ));
}

#[test]
fn every_page_of_the_agenda_is_sound_in_both_languages_and_on_every_width() {
    let house = House::open();
    let (study, id) = week(&house);
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    let base = format!("/studies/{}/agenda", study.id);
    let who = study.owner_id;
    for language in ["nl", "en"] {
        browser.speak(language);
        sign_in(&browser, &study.owner);
        for path in [
            format!("{base}?date=2027-03-03"),
            format!("{base}?date=2027-03-03&view=day&who=all"),
            format!("{base}?date=2027-03-03&who=all"),
            format!("{base}/time?date=2027-03-03&who={who}&from=10:00&until=12:00"),
            format!("{base}/book?date=2027-03-03&time=10:00"),
            format!("{base}/book?date=2027-03-06&time=10:00&code=R1&check=1"),
            format!("/interviews/{id}/reschedule/check?date=2027-03-05&time=10:00"),
            format!("/interviews/{id}/reschedule/check?date=2027-03-06&time=10:00"),
        ] {
            browser.open(&path);
        }
    }
}

#[test]
fn an_interview_that_is_dragged_leads_to_the_question_and_stays_where_it_was() {
    let house = House::open();
    let (study, id) = week(&house);
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    browser.speak("en");
    sign_in(&browser, &study.owner);
    browser.open(&format!("/studies/{}/agenda?date=2027-03-03", study.id));
    // Half-way down a day from eight to six is one o'clock; the interview is held by its middle.
    drag(&browser, ".agenda-booked", (".agenda-field[data-date='2027-03-05']", 0.5));
    browser.until("location.pathname.endsWith('/reschedule/check')").look();
    browser.says("Friday 5 March 2027").says("12:30 – 13:30");
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], WEDNESDAY_TEN);
    browser.press("main form[method=post] .button").look();
    browser.says("The interview has moved");
    let moved = house.get(&study.owner, &format!("/api/v1/interviews/{id}")).expect(200).json();
    assert_eq!(moved["starts_at"], "2027-03-05T11:30:00Z");
}

#[test]
fn empty_time_that_is_dragged_over_fills_in_the_form_and_escape_leaves_all_as_it_was() {
    let house = House::open();
    let (study, _) = week(&house);
    let Some(browser) = Chromium::of(&house, Scripts::On) else { return };
    browser.speak("en");
    sign_in(&browser, &study.owner);
    browser.open(&format!("/studies/{}/agenda?date=2027-03-03", study.id));
    let friday = ".agenda-field[data-date='2027-03-05']";
    drag(&browser, friday, (friday, 0.29));
    browser.until("location.pathname.endsWith('/agenda/time')").look();
    let filled = browser.ask("return ['date', 'from', 'until'].map(id => document.getElementById(id).value)");
    assert_eq!(filled, json!(["2027-03-05", "09:00", "11:00"]));
    browser.press("[value=block]").press("main form .button").look();
    browser.says("The time is kept free");
    let kept = house.get(&study.owner, "/api/v1/me/blocks").expect(200).json()["items"].clone();
    let froms: Vec<&Value> = kept.as_array().unwrap().iter().map(|block| &block["from"]).collect();
    assert_eq!(froms, [&json!("2027-03-04T12:00:00Z"), &json!("2027-03-05T08:00:00Z")]);
}

#[test]
fn without_scripts_the_agenda_does_the_same_by_links_and_forms() {
    let house = House::open();
    let (study, _) = week(&house);
    let Some(browser) = Chromium::of(&house, Scripts::Off) else { return };
    browser.speak("nl");
    sign_in(&browser, &study.owner);
    browser.open(&format!("/studies/{}/agenda?view=day&date=2027-03-03", study.id));
    browser.press(".agenda-move").look();
    browser.press("[name=starts_at]").press("main form .button").look();
    browser.press("main form[method=post] .button").look();
    browser.says("Het interview is verplaatst");
}
