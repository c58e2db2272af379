//! The facts of letters about moments that a respondent proposed.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::StudyFace;
use super::facts::Facts;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::letter::Placeholder;

/// Facts of the letter about moments that a respondent proposed and that can't be.
#[derive(Debug, Clone, Serialize)]
pub struct Regret {
    /// The study.
    pub study: StudyFace,
    /// The respondent's name.
    pub name: String,
    /// The moments, the best first: `dinsdag 2 maart 2027, 10.00 uur`.
    pub moments: Vec<String>,
    /// Whether an interview stands, which would have moved.
    pub moves: bool,
    /// The personal link.
    pub link: String,
}

impl Facts for Regret {
    fn value(&self, _language: Language, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.clone(),
            Placeholder::Link => self.link.clone(),
            other => self.study.value(other),
        }
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Facts of the letter to a researcher about moments that a respondent proposes.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// The study.
    pub study: StudyFace,
    /// The researcher's name.
    pub name: String,
    /// The respondent's code, `R07`.
    pub code: String,
    /// The moments, the best first.
    pub moments: Vec<String>,
    /// The name of the zone in which they are told.
    pub zone: String,
    /// How the interview would be held.
    pub mode: Mode,
    /// Whether an interview stands that would move.
    pub moves: bool,
    /// The page on which the answer is given.
    pub link: String,
}

impl Facts for Request {
    fn value(&self, _language: Language, _placeholder: Placeholder) -> String {
        String::new()
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}
