//! Moments that a respondent proposes where none that is offered fits.

use serde::Serialize;

use super::samples::{self, BASE};
use super::{Meeting, Visit};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::{phrase, word};

/// Moments of one's own. Posts `mode`, `moments.<n>.date` and `moments.<n>.time`, `place`, `remark` and `key` to
/// `{base}/propose`.
#[derive(Debug, Clone, Serialize)]
pub struct Propose {
    /// What surrounds it.
    pub visit: Visit,
    /// The ways in which interviews of this study are held.
    pub modes: Vec<Mode>,
    /// The way that is chosen, if any.
    pub mode: Option<Mode>,
    /// The interview that would move.
    pub meeting: Option<Meeting>,
    /// Where one comes from: the free times.
    pub back: String,
    /// The moments as they were typed.
    pub moments: Vec<TypedMoment>,
    /// The zone of all times.
    pub zone: String,
    /// The first and the last date that can be chosen, `2027-03-01`.
    pub dates: (String, String),
    /// The town hall where one meets in person unless another address is given.
    pub town_hall: String,
    /// The other address as it was typed.
    pub place: String,
    /// The remark as it was typed.
    pub remark: String,
    /// What was proposed before, and would be replaced.
    pub replaced: Vec<String>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// The one-shot key of this form.
    pub key: String,
}

/// A moment as it was typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TypedMoment {
    /// The date, `2027-03-01`.
    pub date: String,
    /// The time, `10:00`.
    pub time: String,
}

impl Propose {
    /// The same form after a refusal; the summary calls a moment by its number.
    #[must_use]
    pub fn refused(mut self, language: Language, problems: &[FieldProblem]) -> Self {
        self.errors = FieldMessage::all(language, problems);
        for error in &mut self.errors {
            let row = error.field.strip_prefix("moments.").and_then(|rest| rest.split('.').next());
            let number = row.and_then(|row| row.parse::<usize>().ok());
            if let Some(number) = number {
                let number = serde_json::json!({ "number": number + 1 });
                error.label = Some(phrase(language, "propose.moment", &number));
            }
        }
        self
    }
}

impl Sample for Propose {
    fn samples(language: Language) -> Vec<Self> {
        let moment = |date: &str, time: &str| TypedMoment { date: date.to_owned(), time: time.to_owned() };
        let fresh = Self {
            visit: samples::visit(language, "/propose", None),
            modes: Mode::ALL.to_vec(),
            mode: Some(Mode::Teams),
            meeting: None,
            back: format!("{BASE}/book?mode=teams"),
            moments: vec![TypedMoment::default(); 3],
            zone: samples::zone(language),
            dates: ("2027-03-01".to_owned(), "2028-02-29".to_owned()),
            town_hall: word(language, "sample.town_hall"),
            place: String::new(),
            remark: String::new(),
            replaced: Vec::new(),
            errors: Vec::new(),
            key: "3f1c".to_owned(),
        };
        let problems = [
            FieldProblem::new("mode", FieldCode::Required),
            FieldProblem::new("moments.0.time", FieldCode::Skipped),
            FieldProblem::new("moments.1.date", FieldCode::Past),
            FieldProblem::new("moments.2.date", FieldCode::TooFar).with("limit", 365),
            FieldProblem::new("remark", FieldCode::TooLong).with("limit", 1_000),
        ];
        let refused = Self {
            mode: None,
            meeting: Some(samples::meeting(language, Mode::Teams, None)),
            moments: vec![
                moment("2027-03-28", "02:30"),
                moment("2027-01-04", "10:00"),
                moment("2029-01-04", "10:00"),
            ],
            replaced: vec![samples::moment(language)],
            ..fresh.clone()
        }
        .refused(language, &problems);
        let only_in_person =
            Self { modes: vec![Mode::InPerson], mode: Some(Mode::InPerson), ..fresh.clone() };
        vec![fresh, refused, only_in_person]
    }
}
