use super::*;
use crate::domain::availability::{ReservationKind, parse_date};

const NOW: &str = "2027-03-01T08:00:00Z";

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn rules() -> StudyRules {
    let rules = StudyRules::usual(parse_date("2027-01-01").unwrap());
    StudyRules { window_until: parse_date("2027-06-30"), ..rules }
}

fn found(proposing: &Proposing) -> Vec<(String, FieldCode)> {
    match proposing.check(&rules(), at(NOW)) {
        Err(Problem::Invalid(problems)) => {
            problems.into_iter().map(|problem| (problem.field, problem.code)).collect()
        }
        _ => Vec::new(),
    }
}

fn proposing(moments: &[&str]) -> Proposing {
    let moments = moments.iter().map(|moment| at(moment)).collect();
    Proposing { mode: Mode::Teams, place: None, moments, remark: None }
}

#[test]
fn a_moment_in_the_evening_or_within_the_notice_may_be_proposed() {
    assert_eq!(found(&proposing(&["2027-03-01T19:00:00Z", "2027-03-06T19:07:00Z"])), []);
}

#[test]
fn each_moment_that_can_not_be_is_named_by_its_number() {
    let late = ["2027-03-01T08:00:00Z", "2027-07-01T08:00:00Z", "2028-03-02T08:00:00Z"];
    let named = |number: usize, code| (format!("moments.{number}"), code);
    assert_eq!(
        found(&proposing(&late)),
        [named(0, FieldCode::Past), named(1, FieldCode::OutsideFieldwork), named(2, FieldCode::TooFar)]
    );
    let twice = ["2027-03-03T08:00:00Z", "2027-03-03T08:00:30Z", "2027-03-03T08:00:00Z"];
    assert_eq!(found(&proposing(&twice)), [named(1, FieldCode::Value), named(2, FieldCode::Duplicate)]);
    assert_eq!(found(&proposing(&[])), [("moments".to_owned(), FieldCode::Required)]);
    let four =
        ["2027-03-03T08:00:00Z", "2027-03-04T08:00:00Z", "2027-03-05T08:00:00Z", "2027-03-08T08:00:00Z"];
    assert_eq!(found(&proposing(&four)), [("moments".to_owned(), FieldCode::Value)]);
}

#[test]
fn a_remark_is_bounded_and_an_address_goes_with_an_interview_in_person() {
    let wordy = Proposing {
        remark: Some("a".repeat(REMARK_LIMIT + 1)),
        place: Some("Markt 1".to_owned()),
        ..proposing(&["2027-03-03T08:00:00Z"])
    };
    assert_eq!(
        found(&wordy),
        [("remark".to_owned(), FieldCode::TooLong), ("place".to_owned(), FieldCode::Value)]
    );
    let hidden = Proposing { remark: Some("a\u{202E}b".to_owned()), ..proposing(&["2027-03-03T08:00:00Z"]) };
    assert_eq!(found(&hidden), [("remark".to_owned(), FieldCode::ControlCharacter)]);
}

#[test]
fn hours_bind_those_who_do_not_decide_them_and_what_is_planned_binds_everybody() {
    let code = |reasons: &[Reason], decides| {
        may_accept(reasons, decides).map_or_else(|problem| problem.code(), |()| "accepted")
    };
    let evening = [Reason::OutsideHours, Reason::Notice];
    assert_eq!((code(&evening, true), code(&evening, false)), ("accepted", "too_soon"));
    assert_eq!(
        code(&[Reason::Holiday { holiday: crate::domain::holiday::Holiday::KingsDay }], false),
        "outside_availability"
    );
    let taken = [Reason::OutsideHours, Reason::DayFull, Reason::Taken { by: ReservationKind::Interview }];
    assert_eq!(code(&taken, true), "slot_taken");
    assert_eq!(code(&[Reason::WeekFull], true), "week_full");
    assert_eq!(code(&[Reason::AfterFieldwork], true), "outside_window");
    assert_eq!(code(&[Reason::Past], true), "too_soon");
}
