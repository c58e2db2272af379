use serde_json::{Value, json};

use super::*;

fn today() -> NaiveDate {
    parse_date("2026-11-22").unwrap()
}

fn patch(body: Value) -> StudyPatch {
    serde_json::from_value(body).unwrap()
}

fn study() -> Study {
    Study::create(&patch(json!({ "title": "Sociaal domein", "contact_email": "a@example.org" })), today())
        .unwrap()
}

fn codes(outcome: Result<Study, Vec<FieldProblem>>) -> Vec<(String, &'static str)> {
    outcome.unwrap_err().into_iter().map(|p| (p.field, p.code.as_str())).collect()
}

#[test]
fn a_title_and_a_contact_address_make_a_study() {
    assert_eq!(
        serde_json::to_value(study()).unwrap(),
        json!({
            "title": "Sociaal domein",
            "organisation": "",
            "contact_email": "a@example.org",
            "privacy_notice": {
                "purpose": { "nl": "", "en": "" },
                "address_source": { "nl": "", "en": "" },
                "legal_basis": { "nl": "", "en": "" },
                "retention": { "nl": "", "en": "" },
            },
            "time_zone": "Europe/Amsterdam",
            "language": "nl",
            "population_on": "2026-11-22",
            "interview_minutes": 60,
            "slot_step_minutes": 15,
            "buffer_minutes": 15,
            "min_notice_minutes": 1440,
            "move_notice_minutes": 0,
            "cancel_notice_minutes": 0,
            "horizon_days": 60,
            "window_from": null,
            "window_until": null,
            "modes": ["teams", "in_person"],
            "teams_link": null,
            "teams_link_source": "fixed",
            "ethics": null,
            "max_per_day": null,
            "max_per_week": null,
            "public_holidays": false,
            "max_reminders": 2,
            "min_reminder_days": 3,
            "reminder_lead_minutes": [1440],
            "quiet_from": "21:00",
            "quiet_until": "08:00",
        })
    );
    let missing = codes(Study::create(&StudyPatch::default(), today()));
    assert_eq!(missing, [("title".to_owned(), "required"), ("contact_email".to_owned(), "required")]);
}

#[test]
fn every_wrong_field_is_named() {
    let wrong = patch(json!({
        "title": "a\nb",
        "organisation": "x".repeat(201),
        "contact_email": "nobody",
        "privacy_notice": { "retention": { "en": "\u{0}" } },
        "time_zone": "Europe/Enschede",
        "language": "fy",
        "population_on": "1-1-2026",
        "interview_minutes": 4,
        "slot_step_minutes": 241,
        "buffer_minutes": -1,
        "min_notice_minutes": 43_201,
        "horizon_days": 0,
        "window_from": "2027-03-02",
        "window_until": "2027-03-01",
        "modes": ["phone", "teams", "teams"],
        "teams_link": "http://example.org",
        "teams_link_source": "zoom",
        "ethics": "\u{0}",
        "max_per_day": 51,
        "max_reminders": 11,
    }));
    let expected = [
        ("title", "control_character"),
        ("organisation", "too_long"),
        ("contact_email", "email_invalid"),
        ("privacy_notice.retention.en", "control_character"),
        ("time_zone", "value"),
        ("language", "value"),
        ("population_on", "value"),
        ("interview_minutes", "value"),
        ("slot_step_minutes", "value"),
        ("buffer_minutes", "value"),
        ("min_notice_minutes", "value"),
        ("horizon_days", "value"),
        ("max_reminders", "value"),
        ("window_until", "order"),
        ("modes.0", "value"),
        ("modes.2", "duplicate"),
        ("teams_link", "value"),
        ("teams_link_source", "value"),
        ("ethics", "control_character"),
        ("max_per_day", "value"),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(field, code)| (field.to_owned(), code)).collect();
    assert_eq!(codes(Study::create(&wrong, today())), expected);
}

#[test]
fn a_change_keeps_what_it_does_not_name_and_clears_what_it_names_as_null_or_empty() {
    let before = study()
        .change(&patch(json!({
            "window_from": "2027-01-04", "max_per_day": 3, "ethics": "BMS 27", "modes": ["in_person"],
        })))
        .unwrap();
    let after =
        before.change(&patch(json!({ "max_per_day": null, "ethics": "", "horizon_days": 90 }))).unwrap();
    assert_eq!(after.rules.window_from, parse_date("2027-01-04"));
    assert_eq!((after.rules.max_per_day, &after.rules.ethics), (None, &None));
    assert_eq!((after.rules.horizon_days, after.rules.modes.as_slice()), (90, &[Mode::InPerson][..]));
    assert_eq!(after.title, before.title);
}

#[test]
fn the_window_is_checked_against_the_end_that_stays() {
    let windowed = study().change(&patch(json!({ "window_from": "2027-01-04" }))).unwrap();
    let backwards = windowed.change(&patch(json!({ "window_until": "2027-01-03" })));
    assert_eq!(codes(backwards), [("window_until".to_owned(), "order")]);
    assert!(windowed.change(&patch(json!({ "window_until": "2027-01-04" }))).is_ok());
}

#[test]
fn at_least_one_mode_stays() {
    assert_eq!(codes(study().change(&patch(json!({ "modes": [] })))), [("modes".to_owned(), "required")]);
    let in_person = study().change(&patch(json!({ "modes": ["in_person"] }))).unwrap();
    assert!(in_person.rules.check_mode(Mode::InPerson).is_ok());
    assert_eq!(in_person.rules.check_mode(Mode::Teams).unwrap_err().field, "mode");
}
