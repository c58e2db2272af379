//! The hours in which an interviewer's interviews can be booked.

use serde::Serialize;

use super::{Choice, Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// A stretch of a weekday, as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleRow {
    /// `mon` to `sun`, or empty.
    pub weekday: String,
    /// `09:00`, or empty.
    pub from: String,
    /// `12:00`, or empty.
    pub until: String,
}

/// A day that differs from its week, as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExceptionRow {
    /// `2027-03-02`, or empty.
    pub date: String,
    /// Whether it is open then; else closed.
    pub open: bool,
    /// `09:00`, or empty for a closed day as a whole.
    pub from: String,
    /// `12:00`, or empty.
    pub until: String,
}

/// The hours of one interviewer. Posts `interviewer`, for each rule `rules.N.weekday`, `rules.N.from`, `rules.N.until`
/// and for each exception `exceptions.N.date`, `.open` (`true` or `false`), `.from`, `.until` to
/// `{base}/availability`; empty rows are left out, and `act=more` asks for more empty ones.
#[derive(Debug, Clone, Serialize)]
pub struct AvailabilityForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The interviewers whose hours the reader may change; fewer than two are not offered as a choice.
    pub interviewers: Vec<Choice>,
    /// The id of the interviewer whose hours are shown.
    pub interviewer: String,
    /// The zone that the times are in.
    pub time_zone: String,
    /// The weekly hours, with empty rows at the end to be filled in.
    pub rules: Vec<RuleRow>,
    /// The exceptions, with empty rows at the end to be filled in.
    pub exceptions: Vec<ExceptionRow>,
    /// How many times can be booked in the coming two weeks.
    pub free: u64,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for AvailabilityForm {
    fn samples(language: Language) -> Vec<Self> {
        let rule = |weekday: &str, from: &str, until: &str| RuleRow {
            weekday: weekday.to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
        };
        let exception = |date: &str, open, from: &str, until: &str| ExceptionRow {
            date: date.to_owned(),
            open,
            from: from.to_owned(),
            until: until.to_owned(),
        };
        let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
        let full = Self {
            desk: desk(Some(Section::Availability), "/availability"),
            interviewers: vec![choice("1", "Noor Verhoeven"), choice("2", "Bram Janssen")],
            interviewer: "1".to_owned(),
            time_zone: "Europe/Amsterdam".to_owned(),
            rules: vec![
                rule("mon", "09:00", "12:00"),
                rule("tue", "09:00", "12:00"),
                rule("thu", "13:00", "17:00"),
                RuleRow::default(),
            ],
            exceptions: vec![
                exception("2027-03-29", false, "", ""),
                exception("2027-03-31", true, "18:00", "20:00"),
                ExceptionRow::default(),
            ],
            free: 42,
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("rules.1.until", FieldCode::Order),
            FieldProblem::new("exceptions.0.date", FieldCode::Duplicate),
        ];
        let refused = Self {
            interviewers: vec![choice("1", "Noor Verhoeven")],
            free: 0,
            errors: FieldMessage::all(language, &problems),
            ..full.clone()
        };
        vec![full, refused]
    }
}
