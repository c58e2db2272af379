//! Why a moment is not offered.

use serde::Serialize;
use serde_json::json;

use super::{Desk, Section, desk};
use crate::domain::availability::{Reason, ReservationKind};
use crate::domain::holiday::Holiday;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::{phrase, word};

/// A moment that is asked about, and what speaks against it. Asks with GET at `{base}/why-not`, fields `date`, `time`,
/// `mode` and `code`.
#[derive(Debug, Clone, Serialize)]
pub struct WhyNot {
    /// What surrounds it.
    pub desk: Desk,
    /// The zone that the time is in.
    pub time_zone: String,
    /// The date as it was typed.
    pub date: String,
    /// The time as it was typed.
    pub time: String,
    /// The ways in which interviews of this study are held.
    pub modes: Vec<Mode>,
    /// The way that is chosen, if any.
    pub mode: Option<Mode>,
    /// The code of the respondent as it was typed.
    pub code: String,
    /// The answer, once something was asked.
    pub answer: Option<WhyNotAnswer>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// What speaks for and against a moment.
#[derive(Debug, Clone, Serialize)]
pub struct WhyNotAnswer {
    /// The moment in full.
    pub at: String,
    /// How the interview would be held.
    pub mode: Mode,
    /// Whether it could be booked now.
    pub offered: bool,
    /// What is in the way at any time, in sentences.
    pub obstacles: Vec<String>,
    /// Each interviewer.
    pub rows: Vec<VerdictRow>,
}

impl WhyNotAnswer {
    /// The sentence about something that is in the way at any time, by its name.
    #[must_use]
    pub fn obstacle(language: Language, name: &str) -> String {
        word(language, &format!("why_not.obstacle.{name}"))
    }
}

/// An interviewer, and what speaks against the moment.
#[derive(Debug, Clone, Serialize)]
pub struct VerdictRow {
    /// The name.
    pub name: String,
    /// Every rule that refuses the moment, in sentences; none where the interviewer is free.
    pub reasons: Vec<String>,
}

impl VerdictRow {
    /// An interviewer with sentences about the rules.
    #[must_use]
    pub fn new(language: Language, name: String, reasons: &[Reason]) -> Self {
        Self { name, reasons: reasons.iter().map(|reason| sentence(language, *reason)).collect() }
    }
}

/// The sentence about a rule that refuses a moment.
fn sentence(language: Language, reason: Reason) -> String {
    let parameters = match reason {
        Reason::Holiday { holiday } => {
            json!({ "holiday": word(language, &format!("holiday.{}", holiday.as_str())) })
        }
        Reason::Taken { by }
        | Reason::Buffer { by }
        | Reason::Travel { by }
        | Reason::SecondInterviewer { by } => {
            json!({ "by": word(language, &format!("why_not.by.{by}")) })
        }
        _ => json!({}),
    };
    phrase(language, &format!("why_not.reason.{}", reason.code()), &parameters)
}

impl Sample for WhyNot {
    fn samples(language: Language) -> Vec<Self> {
        let blank = Self {
            desk: desk(Some(Section::Availability), "/why-not"),
            time_zone: "Europe/Amsterdam".to_owned(),
            date: "2027-03-03".to_owned(),
            time: "10:00".to_owned(),
            modes: Mode::ALL.to_vec(),
            mode: None,
            code: String::new(),
            answer: None,
            errors: Vec::new(),
        };
        let everything = [
            Reason::OutsideHours,
            Reason::Blocked,
            Reason::Holiday { holiday: Holiday::KingsDay },
            Reason::OffGrid,
            Reason::EndsAfterHours,
            Reason::BeforeFieldwork,
            Reason::AfterFieldwork,
            Reason::BeyondHorizon,
            Reason::Past,
            Reason::Notice,
            Reason::DayFull,
            Reason::WeekFull,
            Reason::Taken { by: ReservationKind::Interview },
            Reason::Buffer { by: ReservationKind::Hold },
            Reason::Travel { by: ReservationKind::Block },
        ];
        let obstacles = ["study_closed", "stratum_full"];
        let refused = Self {
            mode: Some(Mode::InPerson),
            code: "R07".to_owned(),
            answer: Some(WhyNotAnswer {
                at: "woensdag 3 maart 2027, 10.00 uur".to_owned(),
                mode: Mode::InPerson,
                offered: false,
                obstacles: obstacles.map(|name| WhyNotAnswer::obstacle(language, name)).into(),
                rows: vec![
                    VerdictRow::new(language, "Noor Verhoeven".to_owned(), &everything),
                    VerdictRow::new(language, "Bram Janssen".to_owned(), &[]),
                ],
            }),
            ..blank.clone()
        };
        let mut offered = refused.clone();
        if let Some(answer) = &mut offered.answer {
            answer.offered = true;
            answer.obstacles.clear();
        }
        let problems = [
            FieldProblem::new("date", FieldCode::Value),
            FieldProblem::new("code", FieldCode::UnknownReference),
        ];
        let wrong = Self { errors: FieldMessage::all(language, &problems), ..blank.clone() };
        vec![blank, refused, offered, wrong]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_sentence_and_none_is_left_with_a_gap() {
        for language in Language::ALL {
            let [_, refused, _, _] = &WhyNot::samples(language)[..] else { panic!("four samples") };
            let answer = refused.answer.as_ref().expect("an answer");
            let rules = answer.rows.iter().flat_map(|row| &row.reasons);
            for sentence in rules.chain(&answer.obstacles) {
                assert!(sentence.ends_with('.') && !sentence.starts_with("why_not"), "{sentence}");
                assert!(!sentence.contains(['{', '_']), "{sentence}");
            }
        }
    }
}
