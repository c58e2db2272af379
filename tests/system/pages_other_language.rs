//! The language switch of a respondent's page in the middle of a form: all that was ticked and typed comes along,
//! nobody reads of mistakes in what they have not sent, and nothing is written.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::house::{Answer, House};
use crate::races::everybody_consents;
use crate::study::{Study, WEDNESDAY_TEN, form};

const THURSDAY: &str = "2027-03-11T09:00:00Z";

fn page(study: &Study<'_>) -> String {
    format!("/p/{}", study.first().token)
}

/// A study in both manners with two respondents.
fn study(house: &House) -> Study<'_> {
    house.bookable().with("modes", json!(["teams", "in_person"])).respondents(2).open()
}

/// The address to which the switch of a page sends its form.
fn switch(page: &Answer) -> String {
    assert!(!page.text.contains("<a class=\"language\""), "a link would lose what was typed: {}", page.text);
    let (_, rest) = page.text.split_once("formaction=\"").expect("a switch in the form");
    rest.split_once('"').unwrap().0.replace("&amp;", "&")
}

/// How much was ever done and noted in a house.
fn traces(house: &House) -> Vec<String> {
    house.lines("SELECT COUNT(*) || '' AS line FROM audit")
}

/// Opens a page, fills in its form and presses the other language, English, without sending anything.
fn switched(house: &House, path: &str, typed: &[(&str, &str)]) -> Answer {
    let browser = Browser::fresh(house);
    let shown = browser.get(path).expect(200);
    let before = traces(house);
    let english = browser.post_bare(&switch(&shown), typed).expect(200);
    assert_eq!(traces(house), before, "{path}: nothing is written");
    assert!(english.text.contains("<html lang=\"en\">"), "{path}: {}", english.text);
    assert!(!english.text.contains("role=\"alert\""), "{path}: nothing is refused: {}", english.text);
    assert!(switch(&english).ends_with("again=yes&lang=nl"), "{path}: and back again");
    english
}

#[track_caller]
fn holds(page: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(page.text.contains(part), "{part} is lost: {}", page.text);
    }
}

#[test]
fn the_answers_of_the_consent_form_and_the_name_stay_and_no_consent_is_given() {
    let house = House::open();
    let study = study(&house);
    let typed = [("version", "1"), ("items.recording", "no"), ("name", "S. <de> Vries"), ("key", "k")];
    let english = switched(&house, &format!("{}/consent", page(&study)), &typed);
    holds(&english, &["name=\"items.recording\" value=\"no\" checked", "value=\"S. &lt;de&gt; Vries\""]);
    assert!(!english.text.contains("value=\"yes\" required checked"), "nothing is ticked for anybody");
    assert!(!english.text.contains("-error\""), "what is missing is not told yet: {}", english.text);
    assert_eq!(study.seen(study.first())["status"], "listed");
}

#[test]
fn answers_to_an_older_consent_form_are_not_carried_over_to_a_newer_one_and_that_is_told() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    let shown = browser.get(&format!("{}/consent", page(&study))).expect(200);
    study.publish(&form());
    let typed = [("version", "1"), ("items.take_part", "yes")];
    let english = browser.post_bare(&switch(&shown), &typed).expect(200);
    holds(&english, &["name=\"version\" value=\"2\"", "role=\"alert\""]);
    assert!(!english.text.contains(" checked"), "{}", english.text);
}

#[test]
fn a_chosen_time_and_a_typed_address_stay_also_when_the_time_lies_in_another_week() {
    let house = House::open();
    let study = study(&house);
    everybody_consents(&study);
    let times = format!("{}/book?mode=teams&from=2027-03-02", page(&study));
    let english = switched(&house, &times, &[("mode", "teams"), ("starts_at", WEDNESDAY_TEN)]);
    holds(&english, &[&format!("value=\"{WEDNESDAY_TEN}\" checked"), "2027-03-02"]);
    study.book(study.first(), WEDNESDAY_TEN).expect(201);
    let other = format!("{}/move?mode=in_person&from=2027-03-02", page(&study));
    let typed = [
        ("mode", "in_person"),
        ("starts_at", THURSDAY),
        ("place_kind", "other"),
        ("place", "Stationsplein 1"),
        ("planned_place", ""),
    ];
    let english = switched(&house, &other, &typed);
    holds(&english, &[&format!("value=\"{THURSDAY}\" checked"), "value=\"other\" checked"]);
    holds(&english, &["value=\"Stationsplein 1\""]);
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], WEDNESDAY_TEN);
}

#[test]
fn an_interview_at_an_address_of_ones_own_moves_there_elsewhere_and_to_the_town_hall() {
    let house = House::open();
    let study = study(&house);
    everybody_consents(&study);
    let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "Café 't Hoekje" });
    study.press(study.first(), "interview", &wish).expect(201);
    let path = format!("{}/move?mode=in_person", page(&study));
    let mut starts = ["2027-03-04T09:00:00Z", "2027-03-04T11:00:00Z", "2027-03-04T13:00:00Z"].into_iter();
    for (kind, typed, meets) in [
        ("other", "Café 't Hoekje", json!("Café 't Hoekje")),
        ("other", "Markt 2", json!("Markt 2")),
        ("town_hall", "Markt 2", Value::Null),
    ] {
        let shown = Browser::fresh(&house).get(&path).expect(200).text;
        let planned =
            shown.split("name=\"planned_place\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = [
            ("mode", "in_person"),
            ("starts_at", starts.next().unwrap()),
            ("place_kind", kind),
            ("place", typed),
            ("planned_place", &planned.replace("&#x27;", "'")),
        ];
        Browser::fresh(&house).post_bare(path.split('?').next().unwrap(), &form).expect(303);
        let moved = study.seen(study.first())["interview"].clone();
        assert_eq!((&moved["starts_at"], &moved["place"]), (&json!(form[1].1), &meets));
    }
}

#[test]
fn who_makes_the_appointment_and_where_to_meet_stay_beside_the_chosen_time() {
    let house = House::open();
    let study = study(&house);
    everybody_consents(&study);
    let path = format!("{}/details?mode=in_person&starts_at={WEDNESDAY_TEN}", page(&study));
    let typed = [
        ("mode", "in_person"),
        ("starts_at", WEDNESDAY_TEN),
        ("place_kind", "other"),
        ("place", "Stationsplein 1"),
        ("delegate_name", "Joke Smit"),
    ];
    let english = switched(&house, &path, &typed);
    holds(&english, &["value=\"Stationsplein 1\"", "value=\"Joke Smit\"", "<details open>"]);
    holds(&english, &[&format!("type=\"hidden\" name=\"starts_at\" value=\"{WEDNESDAY_TEN}\"")]);
    assert_eq!(study.seen(study.first())["status"], "consented", "pressing the other language books nothing");
    Browser::fresh(&house).post_bare("/p/unknown/details?again=yes&lang=en", &typed).expect(404);
}

#[test]
fn the_times_that_stand_in_for_one_that_had_gone_stay_with_the_one_that_was_chosen() {
    let house = House::open();
    let study = study(&house);
    everybody_consents(&study);
    study.book(&study.respondents[1], WEDNESDAY_TEN).expect(201);
    let browser = Browser::fresh(&house);
    let book = format!("{}/book", page(&study));
    let gone = browser.post_bare(&book, &[("mode", "teams"), ("starts_at", WEDNESDAY_TEN)]).expect(409);
    let near = "2027-03-03T10:15:00Z";
    let typed =
        [("mode", "teams"), ("wanted", WEDNESDAY_TEN), ("starts_at", near), ("delegate_name", "Joke")];
    let english = browser.post_bare(&switch(&gone), &typed).expect(200);
    holds(&english, &[&format!("value=\"{near}\" checked"), "value=\"Joke\"", "<html lang=\"en\">"]);
    assert!(!english.text.contains("role=\"alert\""), "{}", english.text);
    browser.post_bare(&book, &typed).expect(422);
    assert_eq!(study.seen(study.first())["status"], "consented");
}

#[test]
fn proposed_moments_a_colleague_and_a_reason_stay() {
    let house = House::open();
    let study = study(&house);
    everybody_consents(&study);
    let link = page(&study);
    let moments = [
        ("mode", "in_person"),
        ("moments.0.date", "2027-03-28"),
        ("moments.0.time", "02:30"),
        ("moments.2.time", "19:00"),
        ("place", "Stationsplein 1"),
        ("remark", "Liefst\r\n's avonds"),
    ];
    let english = switched(&house, &format!("{link}/propose?mode=teams"), &moments);
    holds(&english, &["value=\"in_person\" checked", "value=\"2027-03-28\"", "value=\"02:30\""]);
    holds(&english, &["name=\"moments.2.time\" value=\"19:00\"", "Stationsplein 1", "s avonds</textarea>"]);

    let colleague = [("email", "geen adres"), ("name", "Ömer"), ("role", "Adviseur"), ("named", "yes")];
    let english = switched(&house, &format!("{link}/colleague"), &colleague);
    holds(
        &english,
        &["value=\"geen adres\"", "value=\"Ömer\"", "value=\"Adviseur\"", "value=\"yes\" checked"],
    );

    study.book(study.first(), WEDNESDAY_TEN).expect(201);
    let english = switched(&house, &format!("{link}/cancel"), &[("reason", "Ziek")]);
    holds(&english, &["Ziek</textarea>"]);
    for way in ["decline", "withdraw", "opt-out"] {
        switched(&house, &format!("{link}/{way}"), &[]);
    }
    assert_eq!(study.seen(study.first())["status"], "booked");
}

#[test]
fn a_form_that_was_refused_changes_its_language_with_the_input_and_without_the_mistakes() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    let consent = format!("{}/consent", page(&study));
    let typed = [("version", "1"), ("items.take_part", "yes"), ("name", "S. de Vries"), ("key", "k")];
    let refused = browser.post_bare(&consent, &typed).expect(422);
    assert!(refused.has_error_at("items.recording"), "{}", refused.text);
    let english = browser.post_bare(&switch(&refused), &typed).expect(200);
    holds(&english, &["value=\"yes\" required checked", "value=\"S. de Vries\"", "<html lang=\"en\">"]);
    assert!(!english.has_error_at("items.recording"), "{}", english.text);
    // Sent from the other language, it is read in that language.
    let all: Vec<_> = typed.into_iter().chain([("items.recording", "no")]).collect();
    browser.post_bare(&consent, &all).expect(303);
    assert_eq!(study.seen(study.first())["status"], "consented");
}
