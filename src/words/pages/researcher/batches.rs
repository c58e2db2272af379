//! What is done to many respondents at once: to whom, to whom not and why, how far it is, and what became of each.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::batch::{Act, Fate};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// Somebody for whom it is.
#[derive(Debug, Clone, Serialize)]
pub struct BatchRow {
    /// The respondent's page, as long as there is one.
    pub href: Option<String>,
    /// The code; the id for somebody whom the study does not know.
    pub code: String,
    /// The name, or empty.
    pub name: String,
    /// The municipality, or empty.
    pub municipality: String,
    /// The status of E1.
    pub status: Option<String>,
    /// What becomes of them: `waiting`, `done` or a reason, `batch.fate.<name>` in the words.
    pub fate: String,
}

/// What is done to many respondents at once. Posts to `{base}/confirm`, with `count` where it is final, and to
/// `{base}/drop`; filters with GET by `show`.
#[derive(Debug, Clone, Serialize)]
pub struct BatchPage {
    /// What surrounds it.
    pub desk: Desk,
    /// The path of this page.
    pub base: String,
    /// The list of respondents.
    pub list: String,
    /// What is done: `batch.title.<name>` in the words.
    pub act: String,
    /// The name of the interviewer whom it chooses.
    pub interviewer: Option<String>,
    /// `gathering`, `prepared`, `running`, `done` or `stopped`.
    pub state: String,
    /// To how many it is still to be done.
    pub waiting: u64,
    /// To how many it was done.
    pub done: u64,
    /// To how many it is not done, by reason.
    pub reasons: Vec<(String, u64)>,
    /// Whether it can't be mended, so that the number of people is typed.
    pub is_final: bool,
    /// What was typed.
    pub typed: String,
    /// What was wrong with it.
    pub errors: Vec<FieldMessage>,
    /// Which people are shown: one of their fates, or empty for all.
    pub show: String,
    /// A part of the people.
    pub rows: Vec<BatchRow>,
    /// The first part, unless this is it.
    pub first: Option<String>,
    /// The next part.
    pub next: Option<String>,
}

impl Sample for BatchPage {
    fn samples(language: Language) -> Vec<Self> {
        let row = |code: &str, fate: &str| BatchRow {
            href: Some("/respondents/1".to_owned()),
            code: code.to_owned(),
            name: "Fatima el Amrani".to_owned(),
            municipality: "Enschede".to_owned(),
            status: Some("invited".to_owned()),
            fate: fate.to_owned(),
        };
        let gone = BatchRow {
            href: None,
            name: String::new(),
            municipality: String::new(),
            status: None,
            ..row("R04", "gone")
        };
        let reasons = || Fate::ALL.iter().filter(|fate| fate.is_skipped()).map(|fate| fate.as_str());
        let start = Self {
            desk: desk(Some(Section::Respondents), "/batches/1"),
            base: "/studies/study/batches/1".to_owned(),
            list: "/studies/study/respondents".to_owned(),
            act: "erase".to_owned(),
            interviewer: None,
            state: "prepared".to_owned(),
            waiting: 312,
            done: 0,
            reasons: reasons().map(|reason| (reason.to_owned(), 2)).collect(),
            is_final: true,
            typed: String::new(),
            errors: Vec::new(),
            show: String::new(),
            rows: [row("R01", "waiting")].into_iter().chain(reasons().map(|fate| row("R02", fate))).collect(),
            first: None,
            next: Some("/studies/study/batches/1?cursor=1".to_owned()),
        };
        let wrong = Self {
            typed: "12".to_owned(),
            errors: FieldMessage::all(language, &[FieldProblem::new("count", FieldCode::Value)]),
            ..start.clone()
        };
        let of = |act: &Act| Self {
            act: act.as_str().to_owned(),
            interviewer: (*act == Act::ChooseInterviewer).then(|| "Noor Verhoeven".to_owned()),
            is_final: act.is_final(),
            ..start.clone()
        };
        let state =
            |state: &str, waiting, done| Self { state: state.to_owned(), waiting, done, ..start.clone() };
        let nobody = Self { waiting: 0, reasons: Vec::new(), rows: Vec::new(), next: None, ..start.clone() };
        let finished =
            Self { rows: vec![row("R01", "done"), gone], show: "done".to_owned(), ..state("done", 0, 312) };
        let others = [
            wrong,
            nobody,
            state("gathering", 500, 0),
            state("running", 300, 12),
            finished,
            state("stopped", 300, 12),
        ];
        Act::ALL.iter().map(of).chain(others).collect()
    }
}
