//! Why a moment is not offered: the answer agrees with what is offered and what can be booked, and tells no secrets.

use serde_json::{Value, json};
use veldwerk::clock::Instant;
use veldwerk::domain::access::Role;

use crate::browser::Browser;
use crate::fieldwork::execute;
use crate::house::House;
use crate::study::{Respondent, Study, WEDNESDAY_TEN};

fn ask(study: &Study<'_>, query: &str) -> Value {
    study.house.get(&study.owner, &study.path(&format!("why-not?{query}"))).expect(200).json()
}

/// The codes of the rules that refuse a moment with the first interviewer.
fn codes(answer: &Value) -> Vec<&str> {
    let reasons = answer["interviewers"][0]["reasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

/// A study in which every kind of rule refuses something around Easter 2027.
fn strict(house: &House) -> Study<'_> {
    let hours = json!([
        { "weekday": "wed", "from": "09:00", "until": "15:00" },
        { "weekday": "fri", "from": "09:00", "until": "15:00" },
        { "weekday": "sun", "from": "00:00", "until": "06:00" },
        { "weekday": "mon", "from": "09:00", "until": "15:00" },
    ]);
    let draft = house.bookable().respondents(4).hours(hours).with("slot_step_minutes", 30);
    let study = draft.with("max_per_day", 2).with("max_per_week", 3).with("public_holidays", true).open();
    let body = json!({
        "rules": [
            { "weekday": "wed", "from": "09:00", "until": "15:00" },
            { "weekday": "fri", "from": "09:00", "until": "15:00" },
            { "weekday": "sun", "from": "00:00", "until": "06:00" },
            { "weekday": "mon", "from": "09:00", "until": "15:00" },
        ],
        "exceptions": [
            { "date": "2027-03-24", "open": false, "from": "09:00", "until": "10:30" },
            { "date": "2027-03-29", "open": true, "from": "12:00", "until": "14:00" },
        ],
    });
    house.put(&study.owner, &study.path("availability"), &body).expect(200);
    let ways = json!({ "minutes": 45 });
    house.put(&study.owner, &study.path(&format!("members/{}/travel", study.owner_id)), &ways).expect(200);
    study
}

fn consents_and_books(study: &Study<'_>, who: &Respondent, start: &str, mode: &str) {
    study.consent(who);
    study.press(who, "interview", &json!({ "starts_at": start, "mode": mode })).expect(201);
}

#[test]
fn what_is_called_free_is_offered_and_nothing_else_and_what_is_offered_can_be_booked() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = strict(&house);
    let [first, second, who, _] = &study.respondents[..] else { panic!("four") };
    consents_and_books(&study, first, "2027-03-24T10:00:00Z", "in_person");
    consents_and_books(&study, second, "2027-03-28T02:00:00Z", "teams");
    study.consent(who);
    let (from, until) = ("2027-03-23T22:00:00Z", "2027-03-29T22:00:00Z");
    let mut free_of_both = 0;
    for mode in ["teams", "in_person"] {
        let range = format!("slots?from={from}&until={until}&mode={mode}");
        let slots = house.get_openly(&who.path(&range)).expect(200).json();
        let offered: Vec<&str> =
            slots["items"].as_array().unwrap().iter().map(|s| s["starts_at"].as_str().unwrap()).collect();
        let mut free = Vec::new();
        let mut at = Instant::parse(from).unwrap();
        while at < Instant::parse(until).unwrap() {
            let answer = ask(&study, &format!("at={at}&mode={mode}&respondent={}", who.id));
            let reasons = answer["interviewers"][0]["reasons"].as_array().unwrap();
            assert_eq!(answer["offered"], json!(reasons.is_empty()), "{answer}");
            if reasons.is_empty() {
                free.push(at.to_string());
            }
            at = at.plus_minutes(30);
        }
        assert_eq!(free, offered, "{mode}");
        free_of_both += free.len();
        for start in &free {
            let body = json!({ "starts_at": start, "mode": mode });
            study.press(who, "interview", &body).expect(201);
            study.press(who, "interview/cancel", &json!({})).expect(200);
            // One link does not usually write so often.
            execute(&house, "DELETE FROM throttles");
        }
    }
    assert!(free_of_both > 10, "{free_of_both}");
}

#[test]
fn each_rule_is_named_where_it_refuses() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = strict(&house);
    let [first, second, third, fourth] = &study.respondents[..] else { panic!("four") };
    consents_and_books(&study, first, "2027-03-24T10:00:00Z", "in_person");
    let cases = [
        ("at=2027-03-23T09:00:00Z", vec!["outside_hours"]),
        ("at=2027-03-24T08:00:00Z", vec!["blocked"]),
        ("at=2027-03-24T10:10:00Z", vec!["off_grid", "taken"]),
        ("at=2027-03-24T13:30:00Z", vec!["ends_after_hours"]),
        ("at=2027-03-24T11:30:00Z", vec!["travel"]),
        ("at=2027-03-24T12:00:00Z&mode=teams", vec![]),
        ("at=2027-03-24T12:00:00Z&mode=in_person", vec!["travel"]),
        ("at=2027-03-26T09:00:00Z", vec!["holiday"]),
        ("at=2027-03-29T08:00:00Z", vec!["holiday"]),
        ("at=2027-03-29T10:30:00Z", vec![]),
        ("at=2027-03-22T10:00:00Z", vec!["notice"]),
        ("at=2027-03-19T10:00:00Z", vec!["past"]),
        ("at=2027-05-26T10:00:00Z", vec!["beyond_horizon"]),
        // In the night of 28 March three o'clock follows two o'clock.
        ("at=2027-03-28T01:00:00Z", vec![]),
        // In the night of 31 October each time between two and three comes twice; both are hours like any other.
        ("at=2027-10-31T00:30:00Z", vec!["beyond_horizon"]),
        ("at=2027-10-31T01:30:00Z", vec!["beyond_horizon"]),
    ];
    for (query, expected) in cases {
        assert_eq!(codes(&ask(&study, query)), expected, "{query}");
    }
    assert_eq!(
        ask(&study, "at=2027-03-26T09:00:00Z")["interviewers"][0]["reasons"][0]["holiday"],
        "good_friday"
    );
    assert_eq!(ask(&study, "at=2027-03-24T10:00:00Z")["interviewers"][0]["reasons"][0]["by"], "interview");

    consents_and_books(&study, second, "2027-03-24T12:30:00Z", "teams");
    assert_eq!(codes(&ask(&study, "at=2027-03-24T08:00:00Z")), ["blocked", "day_full"]);
    assert_eq!(codes(&ask(&study, "at=2027-03-24T11:30:00Z")), ["day_full", "buffer", "travel"]);
    consents_and_books(&study, third, "2027-03-28T02:00:00Z", "teams");
    assert_eq!(codes(&ask(&study, "at=2027-03-28T00:00:00Z")), ["week_full"]);
    assert_eq!(codes(&ask(&study, "at=2027-03-29T10:30:00Z")), [""; 0], "the next week");
    // Who asks for themselves does not stand in their own way.
    let own = format!("at=2027-03-28T00:00:00Z&respondent={}", third.id);
    assert_eq!(ask(&study, &own)["offered"], json!(true));
    assert_eq!(
        codes(&ask(&study, &format!("at=2027-03-28T00:00:00Z&respondent={}", fourth.id))),
        ["week_full"]
    );
}

#[test]
fn what_is_in_the_way_of_the_respondent_or_the_study_is_named() {
    let house = House::open();
    let study = house.bookable().respondents(4).cap(2).with("move_notice_minutes", 1_440).open();
    let [first, second, third, fourth] = &study.respondents[..] else { panic!("four") };
    let obstacles = |who: &Respondent, more: &str| {
        let answer = ask(&study, &format!("at={WEDNESDAY_TEN}&respondent={}{more}", who.id));
        assert!(answer["obstacles"] == json!([]) || answer["offered"] == json!(false), "{answer}");
        answer["obstacles"].clone()
    };
    assert_eq!(obstacles(first, ""), json!(["consent_missing"]));
    study.consent(third);
    assert_eq!(obstacles(third, ""), json!([]));
    study.booked(first, "2027-03-02T09:00:00Z");
    study.booked(second, "2027-03-02T12:00:00Z");
    assert_eq!(obstacles(third, ""), json!(["stratum_full"]));
    assert_eq!(study.book(third, WEDNESDAY_TEN).expect(409).code(), "quota_full");
    assert_eq!(obstacles(first, ""), json!([]), "their interview has its place");
    study.press(fourth, "withdraw", &json!({})).expect(200);
    assert_eq!(obstacles(fourth, ""), json!(["withdrawn", "stratum_full"]));
    house.at("2027-03-01T09:00:01Z");
    assert_eq!(obstacles(first, ""), json!(["too_late_to_move"]));
    let body = json!({ "modes": ["teams"] });
    house.patch(&study.owner, &format!("/api/v1/studies/{}", study.id), &body).expect(200);
    assert_eq!(obstacles(second, "&mode=in_person"), json!(["mode_not_offered"]));
    house.post(&study.owner, &study.path("close"), &json!({})).expect(200);
    assert_eq!(obstacles(second, ""), json!(["study_closed"]));
    let unwritten = house.bookable().without_form().open_for("berta");
    assert_eq!(ask(&unwritten, &format!("at={WEDNESDAY_TEN}"))["obstacles"], json!(["no_consent_form"]));
}

#[test]
fn what_takes_the_time_in_another_study_is_told_by_its_kind_alone() {
    let house = House::open();
    let study = house.bookable().open();
    let other = house.bookable().open_for("bert");
    let bert = other.member("tiny", Role::Interviewer);
    let shared = json!({ "email": bert.email, "role": "interviewer" });
    house.post(&study.owner, &study.path("members"), &shared).expect(201);
    for path in [study.path("availability"), other.path("availability")] {
        let rules = json!({ "rules": crate::study::office_hours() });
        house.put(&bert, &path, &rules).expect(200);
    }
    let who = other.first();
    other.consent(who);
    let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "Geheime Steeg 7",
                       "interviewer": house.id_of(&bert) });
    other.press(who, "interview", &wish).expect(201);
    let rik = study.member("rik", Role::Reader);
    let answer = house.get(&rik, &study.path(&format!("why-not?at={WEDNESDAY_TEN}"))).expect(200);
    let json = answer.json();
    let of = |name| json["interviewers"].as_array().unwrap().iter().find(|who| who["name"] == name).unwrap();
    assert_eq!(of("tiny")["reasons"], json!([{ "code": "taken", "by": "interview" }]), "{json}");
    assert_eq!((&of("anna")["free"], &json["offered"]), (&json!(true), &json!(true)));
    for secret in ["Persoon", "Geheime", "R01", other.id.as_str(), &who.id.to_string(), "gemeente.example"] {
        assert!(!answer.text.contains(secret), "{secret}: {}", answer.text);
    }
}

#[test]
fn a_question_is_answered_to_members_only_and_about_their_own_respondents() {
    let house = House::open();
    let study = house.bookable().open();
    let other = house.bookable().open_for("bert");
    let path = |query: &str| study.path(&format!("why-not{query}"));
    let at = format!("?at={WEDNESDAY_TEN}");
    house.get(&other.owner, &path(&at)).expect(404);
    house.get(&other.owner, &path("")).expect(404);
    let foreign = format!("{at}&respondent={}", other.first().id);
    assert_eq!(house.get(&study.owner, &path(&foreign)).expect(422).code(), "unknown_reference");
    let wrong = house.get(&study.owner, &path("?at=soon&mode=phone&respondent=x")).expect(422).json();
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 3, "{wrong}");
    let missing = house.get(&study.owner, &path("")).expect(422).json();
    assert_eq!(missing["errors"][0]["code"], "required");
}

#[test]
fn the_page_answers_in_sentences_and_says_what_is_wrong_with_the_question() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = strict(&house);
    let browser = Browser::of(&house, &study.owner);
    let base = format!("/studies/{}", study.id);
    assert!(
        browser.get(&format!("{base}/availability")).expect(200).text.contains(&format!("{base}/why-not"))
    );
    let page = |query: &str| browser.get(&format!("{base}/why-not{query}"));
    assert!(page("").expect(200).text.contains("value=\"2027-03-22\""));
    let friday = page("?date=2027-03-26&time=10:00&mode=&code=").expect(200).text;
    assert!(friday.contains("Feestdag: Goede Vrijdag.") && friday.contains("anna"), "{friday}");
    study.consent(study.first());
    let free = page("?date=2027-03-24&time=13:00&mode=in_person&code=R01").expect(200).text;
    assert!(free.contains("Een respondent kan dit moment nu kiezen."), "{free}");
    let gap = page("?date=2027-03-28&time=02:30").expect(422);
    assert!(
        gap.has_error_at("time") && gap.text.contains("Deze tijd bestaat niet op die dag"),
        "{}",
        gap.text
    );
    let wrong = page("?date=2027-02-30&time=x&code=R99").expect(422);
    assert!(wrong.has_error_at("date") && wrong.has_error_at("time") && wrong.text.contains("value=\"R99\""));
    assert!(page("?date=2027-03-24&time=13:00&code=R99").expect(422).has_error_at("code"));
    Browser::of(&house, &house.researcher("eva")).get(&format!("{base}/why-not")).expect(404);
}
