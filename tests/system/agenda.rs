//! The agenda of a study: what it tells to whom, on days of 23 and 25 hours too, and how much of it stands on one page.

use serde_json::{Value, json};
use veldwerk::domain::access::Role;

use crate::browser::Browser;
use crate::house::{House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN, office_hours};

/// The week of Monday 1 March 2027.
const WEEK: &str = "agenda?date=2027-03-03";

fn agenda(study: &Study<'_>, who: &Researcher, query: &str) -> Value {
    study.house.get(who, &study.path(query)).expect(200).json()
}

/// The entries of the interviewer with a name.
fn entries(agenda: &Value, name: &str) -> Vec<Value> {
    let diaries = agenda["interviewers"].as_array().unwrap();
    let found = diaries.iter().find(|diary| diary["name"] == name).unwrap();
    found["entries"].as_array().unwrap().clone()
}

/// Two studies that share an interviewer, who has an interview in person in the other one and keeps an hour free.
fn shared(house: &House) -> (Study<'_>, Study<'_>) {
    let study = house.bookable().respondents(2).open();
    let other = house.bookable().open_for("bert");
    let member = json!({ "email": study.owner.email, "role": "interviewer" });
    house.post(&other.owner, &other.path("members"), &member).expect(201);
    house.put(&other.owner, &other.path("availability"), &json!({ "rules": [] })).expect(200);
    house.put(&study.owner, &other.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    let block = json!({ "from": "2027-03-04T12:00:00Z", "until": "2027-03-04T13:00:00Z" });
    house.post(&study.owner, "/api/v1/me/blocks", &block).expect(201);
    other.booked(other.first(), "2027-03-04T09:00:00Z");
    (study, other)
}

#[test]
fn a_week_tells_hours_interviews_and_travel_and_of_other_studies_only_that_the_time_is_taken() {
    let house = House::open();
    let (study, other) = shared(&house);
    let travel = study.path(&format!("members/{}/travel", study.owner_id));
    house.put(&study.owner, &travel, &json!({ "minutes": 30 })).expect(200);
    study.consent(study.first());
    let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person" });
    study.press(study.first(), "interview", &wish).expect(201);

    let week = agenda(&study, &study.owner, WEEK);
    assert_eq!((&week["week"], &week["time_zone"]), (&json!(9), &json!("Europe/Amsterdam")));
    let days: Vec<&Value> = week["days"].as_array().unwrap().iter().map(|day| &day["date"]).collect();
    assert_eq!((days.len(), days[0], days[6]), (7, &json!("2027-03-01"), &json!("2027-03-07")));
    let openings = week["interviewers"][0]["openings"].as_array().unwrap();
    assert_eq!(openings.len(), 5, "Monday to Friday: {week}");
    assert_eq!(openings[0], json!({ "from": "2027-03-01T08:00:00Z", "until": "2027-03-01T16:00:00Z" }));

    let own = entries(&week, "anna");
    let kinds: Vec<&str> = own.iter().map(|entry| entry["what"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["interview", "busy", "block"], "{week}");
    let interview = &own[0];
    let person = format!("/api/v1/respondents/{}", study.first().id);
    let person = house.get(&study.owner, &person).expect(200).json();
    assert_eq!(interview["what"]["code"], person["code"]);
    assert_eq!(
        (&interview["what"]["mode"], &interview["what"]["status"]),
        (&json!("in_person"), &json!("booked"))
    );
    assert_eq!(
        (&interview["taken_from"], &interview["from"], &interview["taken_until"]),
        (&json!("2027-03-03T08:30:00Z"), &json!(WEDNESDAY_TEN), &json!("2027-03-03T10:45:00Z"))
    );
    assert_eq!(own[1]["what"].get("code"), None, "another study's interview has no code");
    let seen_by_bert = entries(&agenda(&other, &other.owner, WEEK), "anna");
    let kinds: Vec<&str> = seen_by_bert.iter().map(|entry| entry["what"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["busy", "interview", "busy"], "what a colleague keeps free is only taken");
}

#[test]
fn a_reader_sees_the_week_without_acts_and_a_stranger_nothing() {
    let house = House::open();
    let study = house.bookable().open();
    study.booked(study.first(), WEDNESDAY_TEN);
    let (reader, stranger) = (study.member("lea", Role::Reader), house.researcher("eva"));
    house.get(&stranger, &study.path(WEEK)).expect(404);
    assert_eq!(entries(&agenda(&study, &reader, WEEK), "anna").len(), 1);
    let page = |who: &Researcher, query: &str| {
        Browser::of(&house, who).get(&format!("/studies/{}/{query}", study.id))
    };
    page(&stranger, WEEK).expect(404);
    let seen = page(&reader, "agenda?date=2027-03-03&who=all").expect(200).text;
    assert!(seen.contains("10.00–11.00") && seen.contains("agenda-booked"), "{seen}");
    for act in ["/agenda/time", "/reschedule", "Persoon 0", "gemeente.example.org"] {
        assert!(!seen.contains(act), "{act}: {seen}");
    }
    let own = page(&study.owner, WEEK).expect(200).text;
    assert!(own.contains("/agenda/time?who=") && own.contains("/reschedule/check"), "{own}");
    assert!(!own.contains("Persoon 0"), "codes only: {own}");
    assert!(own.contains("week 9") && own.contains("Nederlandse tijd"), "{own}");
}

#[test]
fn days_of_23_and_25_hours_are_told_and_ten_o_clock_stays_ten_o_clock() {
    for (now, date, hours, note, ten) in [
        ("2027-03-22T08:00:00Z", "2027-03-28", 23, "een uur vooruit", "2027-03-28T08:00:00Z"),
        ("2027-10-25T08:00:00Z", "2027-10-31", 25, "een uur terug", "2027-10-31T09:00:00Z"),
    ] {
        let house = House::open_at(now);
        let sundays = json!([{ "weekday": "sun", "from": "09:00", "until": "17:00" }]);
        let study = house.bookable().hours(sundays).open();
        study.booked(study.first(), ten);
        let week = agenda(&study, &study.owner, &format!("agenda?date={date}"));
        let sunday = &week["days"][6];
        let at = |name: &str| veldwerk::clock::Instant::parse(sunday[name].as_str().unwrap()).unwrap().unix();
        assert_eq!(at("ends_at") - at("begins_at"), hours * 3_600, "{sunday}");
        assert_eq!(entries(&week, "anna")[0]["from"], ten);
        let page = format!("/studies/{}/agenda?date={date}", study.id);
        let text = Browser::of(&house, &study.owner).get(&page).expect(200).text;
        assert!(text.contains(note) && text.contains("10.00–11.00"), "{date}: {text}");
        // The place on the page: two hours below eight.
        assert!(text.contains("agenda-booked from-h2 from-m0 long-h1 long-m0"), "{date}: {text}");
    }
}

#[test]
fn a_holiday_and_the_end_of_the_fieldwork_are_named_and_closed() {
    let house = House::open_at("2027-03-22T08:00:00Z");
    let study = house.bookable().with("window_until", "2027-03-27").with("public_holidays", true).open();
    let week = agenda(&study, &study.owner, "agenda?date=2027-03-26");
    assert_eq!(week["days"][4]["holiday"], "good_friday");
    assert_eq!(week["days"][6]["in_fieldwork"], false);
    assert_eq!(week["interviewers"][0]["openings"].as_array().unwrap().len(), 4, "not on Good Friday");
    let page = format!("/studies/{}/agenda?date=2027-03-26", study.id);
    let text = Browser::of(&house, &study.owner).get(&page).expect(200).text;
    assert!(text.contains("Goede Vrijdag") && text.contains("Buiten het veldwerk"), "{text}");
}

#[test]
fn what_is_asked_wrongly_is_told_and_the_agenda_shown_all_the_same() {
    let house = House::open();
    let study = house.bookable().open();
    let wrong = house.get(&study.owner, &study.path("agenda?date=x&extent=year")).expect(422).json();
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2, "{wrong}");
    let eva = house.id_of(&house.researcher("eva"));
    let unknown = house.get(&study.owner, &study.path(&format!("agenda?interviewer={eva}"))).expect(422);
    assert_eq!(unknown.code(), "unknown_reference");
    let browser = Browser::of(&house, &study.owner);
    for (query, field) in [("date=31-03-2027", "date"), ("who=x", "who")] {
        let page = browser.get(&format!("/studies/{}/agenda?{query}", study.id)).expect(422);
        assert!(page.has_error_at(field) && page.text.contains("agenda-grid"), "{query}: {}", page.text);
    }
    let named = browser.get(&format!("/studies/{}/agenda?who={eva}", study.id)).expect(422);
    assert!(named.has_error_at("who"), "{}", named.text);
}

#[test]
fn a_full_week_of_more_interviewers_than_fit_stays_below_100_kb_and_says_what_is_left_out() {
    let house = House::open();
    let study =
        house.bookable().respondents(40).with("interview_minutes", 15).with("buffer_minutes", 0).open();
    for name in ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
        let who = study.member(name, Role::Interviewer);
        house.put(&who, &study.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    }
    let mut at = veldwerk::clock::Instant::parse("2027-03-03T08:00:00Z").unwrap();
    for (i, who) in study.respondents.iter().enumerate() {
        study.booked(who, &at.to_string());
        at = if i % 10 == 9 { at.plus_minutes(15) } else { at };
    }
    let browser = Browser::of(&house, &study.owner);
    for view in ["week&who=all", "day&who=all&date=2027-03-03", "week&date=2027-03-03"] {
        let page = browser.get(&format!("/studies/{}/agenda?view={view}", study.id)).expect(200).text;
        assert!(page.len() < 100_000, "{view}: {} bytes", page.len());
        assert_eq!(page.contains("Nog 2 interviewers"), view.contains("all"), "{view}");
    }
}
