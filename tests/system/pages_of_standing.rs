//! A respondent's own pages after the fact: whoever comes back by an old address is told how things are, in their own
//! language.

use serde_json::json;

use crate::browser::Browser;
use crate::fieldwork::execute;
use crate::house::House;
use crate::races::everybody_consents;
use crate::study::{Study, WEDNESDAY_TEN};

fn page(study: &Study<'_>) -> String {
    format!("/p/{}", study.first().token)
}

/// A study whose only respondent consented and has an interview.
fn booked(house: &House) -> Study<'_> {
    let study = house.bookable().open();
    everybody_consents(&study);
    study.book(study.first(), WEDNESDAY_TEN).expect(201);
    study
}

/// Makes the first respondent one who is written to in English.
fn in_english(study: &Study<'_>) {
    execute(
        study.house,
        &format!("UPDATE respondents SET language = 'en' WHERE id = '{}'", study.first().id),
    );
}

#[test]
fn who_has_an_interview_and_comes_to_plan_one_is_led_to_it() {
    let house = House::open();
    let study = booked(&house);
    let (browser, base) = (Browser::fresh(&house), page(&study));
    let overview = format!("{base}?done=standing");
    let details = format!("{base}/details?mode=teams&starts_at={WEDNESDAY_TEN}");
    for old in [format!("{base}/book"), format!("{base}/book?mode=teams&from=2027-03-02"), details] {
        assert_eq!(browser.get(&old).expect(303).leads_to(), overview, "{old}");
    }
    let chosen = [("mode", "teams"), ("starts_at", "2027-03-04T09:00:00Z")];
    for button in ["hold", "book"] {
        let pressed = browser.post_bare(&format!("{base}/{button}"), &chosen).expect(303);
        assert_eq!(pressed.leads_to(), overview, "{button}");
    }
    let shown = browser.get(&overview).expect(200).text;
    assert!(shown.contains("U hebt al een afspraak") && shown.contains("woensdag 3 maart 2027"), "{shown}");
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], WEDNESDAY_TEN);
    let answers = [("version", "1"), ("items.take_part", "yes"), ("items.recording", "yes")];
    let consented = browser.post_bare(&format!("{base}/consent"), &answers).expect(303);
    assert_eq!(consented.leads_to(), format!("{base}?done=consented"), "and not to the choice of a time");
}

#[test]
fn what_goes_wrong_behind_a_personal_link_is_told_in_the_language_of_its_holder() {
    let house = House::open();
    let study = booked(&house);
    in_english(&study);
    let (browser, base) = (Browser::fresh(&house), page(&study));
    let refused = browser.get(&format!("{base}/colleague")).expect(409).text;
    assert!(refused.contains("<html lang=\"en\">"), "{refused}");
    let dutch = browser.get(&format!("{base}/colleague?lang=nl")).expect(409).text;
    assert!(dutch.contains("<html lang=\"nl\">"), "who chose another one gets that: {dutch}");
    Browser::fresh(&house).post_bare(&format!("{base}/withdraw"), &[]).expect(303);
    let fresh = Browser::fresh(&house);
    for (path, status) in [("?done=withdrawn", 200), ("/book", 200), ("/consent", 410)] {
        let page = fresh.get(&format!("{base}{path}")).expect(status).text;
        assert!(page.contains("<html lang=\"en\">"), "{path}: {page}");
    }
    let unknown = fresh.get("/p/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").expect(404).text;
    assert!(unknown.contains("<html lang=\"nl\">"), "nobody is known behind that: {unknown}");
}

#[test]
fn an_address_says_that_something_was_done_only_while_it_is_so() {
    let house = House::open();
    let study = house.bookable().open();
    let (browser, base) = (Browser::fresh(&house), page(&study));
    let is_told = |deed: &str| {
        browser.get(&format!("{base}?done={deed}")).expect(200).text.contains("class=\"notice\"")
    };
    let all = [
        "consented",
        "booked",
        "standing",
        "moved",
        "proposed",
        "cancelled",
        "declined",
        "referred",
        "opted_out",
        "withdrawn",
        "delegate_removed",
        "published",
    ];
    let told = || all.into_iter().filter(|deed| is_told(deed)).collect::<Vec<_>>();
    assert!(told().is_empty(), "nothing was done yet: {:?}", told());
    everybody_consents(&study);
    assert_eq!(told(), ["consented", "cancelled"]);
    study.book(study.first(), WEDNESDAY_TEN).expect(201);
    assert_eq!(told(), ["consented", "booked", "standing", "moved", "delegate_removed"]);
    study.press(study.first(), "interview/cancel", &json!({})).expect(200);
    assert_eq!(told(), ["consented", "cancelled"], "the researcher or the respondent called it off");
    browser.post_bare(&format!("{base}/opt-out"), &[]).expect(303);
    assert!(is_told("opted_out"));
    browser.post_bare(&format!("{base}/withdraw"), &[]).expect(303);
    assert_eq!(told(), ["withdrawn"]);
}
