//! What is put into the agenda: hours that are opened, time that is kept free, an interview for somebody, another time.
//! What can't be is told by the rule that refuses it, with all that was typed.

use serde_json::{Value, json};
use veldwerk::domain::access::Role;

use crate::browser::Browser;
use crate::house::{Answer, House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN};

/// A page of the agenda of a study.
fn page(study: &Study<'_>, rest: &str) -> String {
    format!("/studies/{}/agenda{rest}", study.id)
}

fn code_of(study: &Study<'_>, index: usize) -> String {
    let id = study.respondents[index].id;
    let found = study.house.get(&study.owner, &format!("/api/v1/respondents/{id}")).expect(200).json();
    found["code"].as_str().unwrap().to_owned()
}

fn time<'a>(
    act: &'a str,
    who: &'a str,
    date: &'a str,
    from: &'a str,
    until: &'a str,
) -> [(&'a str, &'a str); 5] {
    [("act", act), ("interviewer", who), ("date", date), ("from", from), ("until", until)]
}

fn letters(study: &Study<'_>) -> Vec<String> {
    let all = study.house.get(&study.owner, &study.path("letters")).expect(200).json();
    let kinds =
        all["items"].as_array().unwrap().iter().map(|letter| letter["kind"].as_str().unwrap().to_owned());
    kinds.collect()
}

/// The one-line form that a page holds: names and values of its hidden fields.
fn hidden(answer: &Answer) -> Vec<(String, String)> {
    let inside = answer.text.split("<form method=\"post\" action=\"/").last().unwrap();
    let fields = inside.split("<input type=\"hidden\" name=\"").skip(1);
    let pairs = fields.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
    });
    pairs.filter(|(name, _)| name != "_csrf").collect()
}

fn send(browser: &Browser<'_>, to: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.post(to, &fields)
}

#[test]
fn hours_are_opened_on_one_date_and_can_be_booked_at_once() {
    let house = House::open();
    let study = house.bookable().open();
    let browser = Browser::of(&house, &study.owner);
    let (who, form) = (study.owner_id.to_string(), page(&study, "/time"));
    let saturday = || study.starts(study.first(), "2027-03-06T00:00:00Z", "2027-03-07T00:00:00Z");
    assert!(saturday().is_empty());
    browser.get(&form).expect(200);
    let done = browser.post(&form, &time("open", &who, "2027-03-06", "19:00", "20:30")).expect(303);
    let shown = browser.get(done.leads_to()).expect(200).text;
    assert!(shown.contains("De uren zijn geopend") && shown.contains("19.00–20.30"), "{shown}");
    assert_eq!(saturday(), ["2027-03-06T18:00:00Z", "2027-03-06T18:15:00Z", "2027-03-06T18:30:00Z"]);

    let twice = browser.post(&form, &time("open", &who, "2027-03-06", "20:00", "21:00")).expect(422);
    assert!(twice.has_error_at("from") && twice.text.contains("value=\"20:00\""), "{}", twice.text);
    browser.post(&form, &time("open", &who, "2027-03-06", "20:30", "21:00")).expect(303);
    let past = browser.post(&form, &time("open", &who, "2027-02-27", "10:00", "12:00")).expect(422);
    assert!(past.has_error_at("date"), "{}", past.text);
    let wrong = browser.post(&form, &time("open", &who, "x", "12:00", "12:00")).expect(422);
    assert!(wrong.has_error_at("date") && wrong.has_error_at("until"), "{}", wrong.text);
}

#[test]
fn hours_of_others_are_an_owners_to_open_and_nobody_keeps_somebody_elses_time_free() {
    let house = House::open();
    let study = house.bookable().open();
    let bob = study.member("bob", Role::Interviewer);
    let (annas, bobs) = (study.owner_id.to_string(), house.id_of(&bob).to_string());
    let form = page(&study, "/time");
    let act = |who: &Researcher, act: &str, whose: &str| {
        let browser = Browser::of(&house, who);
        browser.get(&form).expect(200);
        browser.post(&form, &time(act, whose, "2027-03-06", "19:00", "20:00"))
    };
    assert!(act(&bob, "open", &annas).expect(422).has_error_at("interviewer"));
    assert!(act(&study.owner, "block", &bobs).expect(422).has_error_at("interviewer"));
    act(&study.owner, "open", &bobs).expect(303);
    act(&bob, "open", &bobs).expect(422);
    let kept = house.get(&bob, &study.path("availability")).expect(200).json()["exceptions"].clone();
    assert_eq!(kept.as_array().unwrap().len(), 1, "{kept}");
    assert_eq!(kept[0]["interviewer"], bobs);
}

#[test]
fn time_is_kept_free_and_given_back_from_the_agenda() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().open();
    let browser = Browser::of(&house, &study.owner);
    let (who, form) = (study.owner_id.to_string(), page(&study, "/time"));
    browser.get(&form).expect(200);
    let night = browser.post(&form, &time("block", &who, "2027-03-28", "02:30", "04:00")).expect(422);
    assert!(night.has_error_at("from"), "the clock skips that time: {}", night.text);
    let done = browser.post(&form, &time("block", &who, "2027-03-24", "09:00", "12:00")).expect(303);
    let shown = browser.get(done.leads_to()).expect(200).text;
    assert!(shown.contains("agenda-block") && shown.contains("09.00–12.00"), "{shown}");
    browser.post(&form, &time("block", &who, "2027-03-25", "20:00", "00:00")).expect(303);
    let kept = house.get(&study.owner, "/api/v1/me/blocks").expect(200).json()["items"].clone();
    assert_eq!(kept[1]["until"], "2027-03-25T23:00:00Z", "midnight ends the day");
    let evening = page(&study, &format!("/blocks/{}/remove", kept[1]["id"].as_str().unwrap()));
    browser.post(&evening, &[]).expect(303);
    let kept = kept[0].clone();
    assert_eq!(kept["from"], "2027-03-24T08:00:00Z");
    let release = page(&study, &format!("/blocks/{}", kept["id"].as_str().unwrap()));
    assert!(shown.contains(&release), "{shown}");
    let bob = study.member("bob", Role::Owner);
    Browser::of(&house, &bob).get(&release).expect(404);
    browser.get(&release).expect(200);
    browser.post(&format!("{release}/remove"), &[]).expect(303);
    assert_eq!(house.get(&study.owner, "/api/v1/me/blocks").expect(200).json()["items"], json!([]));
}

#[test]
fn an_interview_is_booked_for_somebody_after_a_question_that_names_the_letters() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let code = code_of(&study, 0);
    let browser = Browser::of(&house, &study.owner);
    let (form, who) = (page(&study, "/book"), study.owner_id.to_string());
    let before = letters(&study).len();
    // From the agenda: the form of the day leads to that of the interview.
    browser.get(&page(&study, "/time")).expect(200);
    let led =
        browser.post(&page(&study, "/time"), &time("book", &who, "2027-03-01", "15:00", "")).expect(303);
    let offered = browser.get(led.leads_to()).expect(200).text;
    assert!(
        offered.contains("value=\"15:00\"") && offered.contains(&format!("value=\"{code}\"")),
        "{offered}"
    );
    // The notice of a day does not bind researchers.
    let asked = format!(
        "{form}?check=1&code={}&date=2027-03-01&time=15:00&interviewer={who}&mode=teams",
        code.to_lowercase()
    );
    let question = browser.get(&asked).expect(200);
    assert!(
        question.text.contains("Persoon 0") && question.text.contains("15.00 – 16.00"),
        "{}",
        question.text
    );
    assert!(question.text.contains("krijgt een bevestiging"), "{}", question.text);
    assert_eq!(letters(&study).len(), before, "a question sends nothing");
    let fields = hidden(&question);
    let booked = send(&browser, &form, &fields).expect(303);
    assert_eq!(send(&browser, &form, &fields).expect(303).leads_to(), booked.leads_to(), "pressed twice");
    let interview = study.seen(study.first())["interview"].clone();
    assert_eq!(interview["starts_at"], "2027-03-01T14:00:00Z");
    let sent = letters(&study);
    assert_eq!(sent.len(), before + 2, "{sent:?}");
    assert!(sent.contains(&"confirmation".to_owned()) && sent.contains(&"interviewer_booked".to_owned()));
    assert!(browser.get(booked.leads_to()).expect(200).text.contains("Het interview is geboekt"));
    let trail = house.get(&study.owner, &study.path("audit")).expect(200).text;
    assert!(trail.contains("interview.booked") && trail.contains(&format!("\"{who}\"")), "{trail}");
}

#[test]
fn who_can_not_be_booked_for_is_told_why_and_keeps_what_was_typed() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let browser = Browser::of(&house, &study.owner);
    let form = page(&study, "/book");
    let ask = |code: &str, time: &str| {
        browser.get(&format!("{form}?check=1&code={code}&date=2027-03-03&time={time}&mode=teams&place=Zaal"))
    };
    let (first, second) = (code_of(&study, 0), code_of(&study, 1));
    let unknown = ask("R99", "10:00").expect(422);
    assert!(unknown.has_error_at("code") && unknown.text.contains("value=\"R99\""), "{}", unknown.text);
    let silent = ask(&first, "10:00").expect(200).text;
    assert!(silent.contains("nog geen toestemming") && silent.contains("value=\"Zaal\""), "{silent}");
    study.consent(study.first());
    assert!(ask(&first, "18:00").expect(200).text.contains("Valt buiten de uren"));
    assert!(ask(&first, "10:07").expect(200).text.contains("Ligt tussen twee tijden"));
    study.booked(&study.respondents[1], WEDNESDAY_TEN);
    assert!(ask(&second, "12:00").expect(200).text.contains("heeft al een interview"));
    assert!(ask(&first, "10:00").expect(200).text.contains("er al iets: een interview"));
    let gone =
        browser.get(&format!("{form}?check=1&code={first}&date=2027-02-26&time=10:00")).expect(200).text;
    assert!(gone.contains("Is al voorbij"), "{gone}");
}

#[test]
fn a_time_that_is_taken_after_the_question_books_nothing_and_says_so() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    study.consent(study.first());
    let browser = Browser::of(&house, &study.owner);
    let form = page(&study, "/book");
    let code = code_of(&study, 0);
    let question = browser.get(&format!("{form}?check=1&code={code}&date=2027-03-03&time=10:00&mode=teams"));
    let fields = hidden(&question.expect(200));
    study.booked(&study.respondents[1], WEDNESDAY_TEN);
    let refused = send(&browser, &form, &fields).expect(409);
    assert!(
        refused.text.contains("Dit kan niet") && refused.text.contains("value=\"10:00\""),
        "{}",
        refused.text
    );
    assert_eq!(study.seen(study.first())["interview"], Value::Null);
}

#[test]
fn the_api_books_for_somebody_once_and_never_in_the_past_or_without_consent() {
    let house = House::open();
    let study = house.bookable().open();
    let other = house.bookable().open_for("bert");
    let book = |who: &Researcher, respondent: &str, at: &str| {
        let body = json!({ "respondent": respondent, "starts_at": at, "mode": "teams" });
        house.post(who, &study.path("interviews"), &body)
    };
    let id = study.first().id.to_string();
    for start in [WEDNESDAY_TEN, "2027-02-26T09:00:00Z"] {
        assert_eq!(book(&study.owner, &id, start).expect(422).code(), "consent_missing", "E11");
    }
    study.consent(study.first());
    assert_eq!(book(&study.owner, &id, "2027-02-26T09:00:00Z").expect(422).code(), "too_soon");
    let foreign = other.first().id.to_string();
    assert_eq!(book(&study.owner, &foreign, WEDNESDAY_TEN).expect(422).code(), "unknown_reference");
    book(&study.member("lea", Role::Reader), &id, WEDNESDAY_TEN).expect(403);
    book(&other.owner, &id, WEDNESDAY_TEN).expect(404);
    let made = book(&study.owner, &id, WEDNESDAY_TEN).expect(201).json();
    assert_eq!((&made["starts_at"], &made["status"]), (&json!(WEDNESDAY_TEN), &json!("booked")));
    assert_eq!(book(&study.owner, &id, "2027-03-04T09:00:00Z").expect(409).code(), "already_booked");
}

#[test]
fn an_interview_moves_only_after_a_question_that_shows_old_and_new() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    study.booked(&study.respondents[1], "2027-03-04T09:00:00Z");
    let browser = Browser::of(&house, &study.owner);
    let before = letters(&study).len();
    let ask = |query: &str| browser.get(&format!("/interviews/{id}/reschedule/check?{query}"));
    let question = ask("date=2027-03-05&time=14:30").expect(200);
    let text = &question.text;
    assert!(text.contains("woensdag 3 maart 2027") && text.contains("vrijdag 5 maart 2027"), "{text}");
    assert!(text.contains("krijgt bericht met de nieuwe afspraak"), "{text}");
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], WEDNESDAY_TEN);
    assert_eq!(letters(&study).len(), before, "a question sends nothing");
    send(&browser, &format!("/interviews/{id}/reschedule"), &hidden(&question)).expect(303);
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], "2027-03-05T13:30:00Z");
    assert!(letters(&study).len() > before);

    for (query, said) in [
        ("date=2027-03-04&time=10:00", "er al iets: een interview"),
        ("date=2027-03-06&time=10:00", "Valt buiten de uren"),
        ("date=2027-02-26&time=10:00", "Is al voorbij"),
        ("date=2027-03-05&time=14:30", "Zo is het interview al gepland"),
    ] {
        let refused = ask(query).expect(200).text;
        assert!(refused.contains(said) && !refused.contains("id=\"after\""), "{query}: {refused}");
    }
    let wrong = ask("date=2027-03-28&time=02:30&mode=in_person&place=Zaal").expect(422);
    assert!(wrong.has_error_at("time") && wrong.text.contains("value=\"Zaal\""), "{}", wrong.text);
    let reader = study.member("lea", Role::Reader);
    let path = format!("/interviews/{id}/reschedule/check?date=2027-03-05&time=10:00");
    Browser::of(&house, &reader).get(&path).expect(403);
    Browser::of(&house, &house.researcher("eva")).get(&path).expect(404);
}

#[test]
fn an_interview_that_is_moved_to_a_colleague_says_who_hears_of_it() {
    let house = House::open();
    let study = house.bookable().open();
    let id = study.booked(study.first(), WEDNESDAY_TEN);
    let bob = study.member("bob", Role::Interviewer);
    let rules = json!({ "rules": crate::study::office_hours() });
    house.put(&bob, &study.path("availability"), &rules).expect(200);
    let browser = Browser::of(&house, &study.owner);
    let bobs = house.id_of(&bob);
    let query = format!("date=2027-03-03&time=10:00&interviewer={bobs}");
    let question = browser.get(&format!("/interviews/{id}/reschedule/check?{query}")).expect(200);
    assert!(question.text.contains("anna krijgt bericht dat een collega"), "{}", question.text);
    send(&browser, &format!("/interviews/{id}/reschedule"), &hidden(&question)).expect(303);
    let now = house.get(&study.owner, &format!("/api/v1/interviews/{id}")).expect(200).json();
    assert_eq!(now["interviewer"], bobs.to_string());
}

#[test]
fn hours_are_not_opened_in_an_hour_that_the_clock_skips() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().open();
    let browser = Browser::of(&house, &study.owner);
    let (who, form) = (study.owner_id.to_string(), page(&study, "/time"));
    browser.get(&form).expect(200);
    let begins = browser.post(&form, &time("open", &who, "2027-03-28", "02:30", "04:00")).expect(422);
    assert!(begins.has_error_at("from"), "{}", begins.text);
    let ends = browser.post(&form, &time("open", &who, "2027-03-28", "01:00", "02:15")).expect(422);
    assert!(ends.has_error_at("until"), "{}", ends.text);
    browser.post(&form, &time("open", &who, "2027-03-28", "03:00", "00:00")).expect(303);
}

#[test]
fn with_a_reader_nothing_is_booked_or_moved_and_the_field_says_so() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let reader = house.id_of(&study.member("rita", Role::Reader));
    study.consent(study.first());
    let browser = Browser::of(&house, &study.owner);
    let asked = format!("check=1&date=2027-03-03&time=10:00&interviewer={reader}&mode=teams");
    let form = format!("{}?code={}&{asked}", page(&study, "/book"), code_of(&study, 0));
    let refused = browser.get(&form);
    assert!(refused.text.contains("Dit bestaat niet, of u kunt er niet bij."), "{}", refused.text);
    let interview = study.booked(&study.respondents[1], WEDNESDAY_TEN);
    let refused = browser.get(&format!("/interviews/{interview}/reschedule/check?{asked}"));
    assert!(refused.text.contains("Dit bestaat niet, of u kunt er niet bij."), "{}", refused.text);
}
