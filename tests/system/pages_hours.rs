//! The page of an interviewer's hours: a week, the dates that differ from it, and what else decides the times (R11).

use serde_json::{Value, json};
use veldwerk::domain::access::Role;

use crate::browser::{Browser, field};
use crate::house::{Answer, House};
use crate::study::Study;

/// The page of hours of a study, and one's own id.
fn page_of(study: &Study<'_>) -> (String, String) {
    (format!("/studies/{}/availability", study.id), study.owner_id.to_string())
}

/// The hours that are kept of one interviewer.
fn kept(study: &Study<'_>, list: &str, of: &str) -> Vec<Value> {
    let all = study.house.get(&study.owner, &study.path("availability")).expect(200).json();
    let all = all[list].as_array().unwrap().clone();
    all.into_iter().filter(|row| row["interviewer"] == of).collect()
}

fn post(browser: &Browser<'_>, path: &str, whose: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(path, &[&[("interviewer", whose)], fields].concat())
}

#[test]
fn every_day_of_the_week_is_a_line_and_saving_the_week_leaves_the_dates_that_differ() {
    let house = House::open();
    let study = house.bookable().hours(json!([])).open();
    let (page, me) = page_of(&study);
    let browser = Browser::of(&house, &study.owner);
    let empty = browser.get(&page).expect(200).text;
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        for place in ["0.from", "0.until", "1.from", "1.until"] {
            assert!(empty.contains(&format!("name=\"{day}.{place}\" value=\"\"")), "{day}.{place}");
        }
    }
    post(&browser, &format!("{page}/exceptions"), &me, &[("date", "2027-03-08"), ("open", "false")])
        .expect(303);
    let week =
        [("mon.0.from", "9"), ("mon.0.until", "12.30 uur"), ("mon.1.from", "1300"), ("mon.1.until", "17")];
    let saved = post(&browser, &page, &me, &week).expect(303);
    assert_eq!(saved.leads_to(), format!("{page}?interviewer={me}&done=saved"));
    let rules: Vec<_> = kept(&study, "rules", &me)
        .iter()
        .map(|rule| format!("{} {} {}", rule["weekday"], rule["from"], rule["until"]).replace('"', ""))
        .collect();
    assert_eq!(rules, ["mon 09:00 12:30", "mon 13:00 17:00"]);
    assert_eq!(kept(&study, "exceptions", &me).len(), 1, "it is no part of a week");
    post(&browser, &page, &me, &[("mon.0.from", "")]).expect(303);
    assert_eq!((kept(&study, "rules", &me).len(), kept(&study, "exceptions", &me).len()), (0, 1));
}

#[test]
fn more_hours_than_two_on_a_day_stay_and_there_is_room_for_more() {
    let house = House::open();
    let rule = |from, until| json!({ "weekday": "thu", "from": from, "until": until });
    let hours = [rule("08:00", "09:30"), rule("10:00", "12:00"), rule("13:00", "15:00")];
    let study = house.bookable().hours(json!(hours)).open();
    let (page, me) = page_of(&study);
    let browser = Browser::of(&house, &study.owner);
    let shown = browser.get(&page).expect(200).text;
    assert!(shown.contains("name=\"thu.2.until\" value=\"15:00\"") && !shown.contains("thu.3.from"));
    assert!(!shown.contains("data-unsaved"));
    let typed =
        [("mon.0.from", "9:00"), ("mon.0.until", "12:00"), ("thu.0.from", "8:00"), ("thu.0.until", "9:30")];
    let more = post(&browser, &page, &me, &[&typed[..], &[("act", "more")]].concat()).expect(200).text;
    assert!(more.contains("name=\"mon.2.from\"") && more.contains("name=\"sun.2.from\""), "{more}");
    assert!(more.contains("name=\"thu.0.from\" value=\"08:00\"") && more.contains(" data-unsaved"));
    let alike = post(&browser, &page, &me, &[&typed[..], &[("act", "workdays")]].concat()).expect(200).text;
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        assert!(alike.contains(&format!("name=\"{day}.0.from\" value=\"09:00\"")), "{day}");
    }
    assert!(alike.contains("name=\"sat.0.from\" value=\"\""));
    assert_eq!(kept(&study, "rules", &me).len(), 3, "nothing is kept by either");
}

#[test]
fn a_date_is_closed_or_opened_by_one_press_and_follows_the_week_again_after_another() {
    let house = House::open();
    let study = house.bookable().hours(json!([])).open();
    let (page, me) = page_of(&study);
    let browser = Browser::of(&house, &study.owner);
    browser.get(&page).expect(200);
    let except = |date, open, from, until| {
        let fields = [("date", date), ("open", open), ("from", from), ("until", until)];
        post(&browser, &format!("{page}/exceptions"), &me, &fields)
    };
    for (date, open, from, until, field) in [
        ("", "false", "", "", "date"),
        ("2027-02-26", "false", "", "", "date"),
        ("2027-03-08", "true", "", "", "from"),
        ("2027-03-08", "true", "18", "17", "until"),
        ("2027-03-08", "false", "9", "", "until"),
    ] {
        let refused = except(date, open, from, until).expect(422);
        assert!(refused.has_error_at(field), "{date} {open} {from} {until}: {}", refused.text);
        assert!(refused.text.contains(&format!("name=\"date\" value=\"{date}\"")), "the input stays");
    }
    except("2027-03-08", "true", "18", "20.30").expect(303);
    assert!(except("2027-03-08", "true", "20:00", "21:00").expect(422).has_error_at("from"), "they overlap");
    except("2027-03-08", "false", "9", "12").expect(303);
    let saved = except("2027-03-09", "false", "", "").expect(303);
    except("2027-03-09", "false", "", "").expect(303);
    let shown = browser.get(saved.leads_to()).expect(200).text;
    for row in [
        "maandag 8 maart 2027: gesloten van 09:00 tot 12:00",
        "maandag 8 maart 2027: open van 18:00 tot 20:30",
        "dinsdag 9 maart 2027: gesloten<form",
    ] {
        assert!(shown.contains(row), "{row}: {shown}");
    }
    assert_eq!(kept(&study, "exceptions", &me).len(), 3, "a second press is the same");
    let back = [("date", "2027-03-08"), ("open", "true"), ("from", "18:00"), ("until", "20:30")];
    post(&browser, &format!("{page}/exceptions/remove"), &me, &back).expect(303);
    post(&browser, &format!("{page}/exceptions/remove"), &me, &back).expect(303);
    let left = kept(&study, "exceptions", &me);
    assert_eq!((left.len(), left.iter().all(|row| row["open"] == false)), (2, true), "{left:?}");
    house.at("2027-03-10T08:00:00Z");
    let browser = Browser::of(&house, &study.owner);
    let later = browser.get(&page).expect(200).text;
    assert!(later.contains("2 dagen die voorbij zijn") && later.contains("dinsdag 9 maart 2027: gesloten"));
    let past = [("date", "2027-03-09"), ("open", "false"), ("from", ""), ("until", "")];
    post(&browser, &format!("{page}/exceptions/remove"), &me, &past).expect(303);
    assert_eq!(kept(&study, "exceptions", &me).len(), 1);
}

#[test]
fn only_an_owner_sets_the_hours_of_somebody_else_and_a_reader_or_stranger_those_of_nobody() {
    let house = House::open();
    let study = house.bookable().hours(json!([])).open();
    let (page, owner) = page_of(&study);
    let bert = study.member("bert", Role::Interviewer);
    let berts = house.id_of(&bert).to_string();
    let closed = [("date", "2027-03-08"), ("open", "false")];
    let forms: [(&str, &[(&str, &str)]); 3] = [
        ("", &[("mon.0.from", "9"), ("mon.0.until", "12")]),
        ("/exceptions", &closed),
        ("/exceptions/remove", &closed),
    ];
    let browser = Browser::of(&house, &study.owner);
    for (below, fields) in forms {
        post(&browser, &format!("{page}{below}"), &berts, fields).expect(303);
    }
    assert_eq!(kept(&study, "rules", &berts).len(), 1);
    let reader = study.member("rik", Role::Reader);
    let readers = house.id_of(&reader).to_string();
    let carla = house.researcher("carla");
    for (who, status) in [(&bert, 403), (&reader, 403), (&carla, 404)] {
        let browser = Browser::of(&house, who);
        for (below, fields) in forms {
            let refused = post(&browser, &format!("{page}{below}"), &owner, fields);
            assert_eq!(refused.status, status, "{} {below}: {}", who.email, refused.text);
        }
    }
    for (below, fields) in forms {
        let answer = post(&browser, &format!("{page}{below}"), &readers, fields);
        assert!(matches!(answer.status, 404 | 422), "a reader plans nothing: {below} {}", answer.status);
    }
    assert!(field(&browser.get(&page).expect(200).text, "interviewer").is_some());
}

#[test]
fn the_page_tells_what_the_study_says_about_everybodys_times() {
    let house = House::open();
    let study = house.bookable().with("max_per_day", 2).with("max_per_week", 1).open();
    let (page, _) = page_of(&study);
    let shown = Browser::of(&house, &study.owner).get(&page).expect(200).text;
    assert!(shown.contains("2 interviews per dag, 1 interview per week"), "{shown}");
    assert!(shown.contains("60 minuten, en daarna 15 minuten rust"));
    assert!(shown.contains(&format!("href=\"/studies/{}/settings/times\"", study.id)));
    let bert = study.member("bert", Role::Interviewer);
    let theirs = Browser::of(&house, &bert).get(&page).expect(200).text;
    assert!(theirs.contains("2 interviews per dag") && !theirs.contains("/settings/times"));
}
