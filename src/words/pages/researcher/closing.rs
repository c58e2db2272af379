//! Closing a study.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;

/// Respondents to whom the same happens.
#[derive(Debug, Clone, Serialize)]
pub struct ClosingGroup {
    /// How many they are.
    pub count: u64,
    /// The codes of the first of them.
    pub codes: Vec<String>,
    /// How many are not named.
    pub more: u64,
}

/// What is left to do, as the next press says it.
#[derive(Debug, Clone, Serialize)]
pub struct ClosingLeft {
    /// How far the letters are.
    pub letters: String,
    /// How far the calling off is.
    pub interviews: String,
}

/// What closing a study means for whom. Posts `letters` and `interviews`, each `yes` or `no`, to its action.
#[derive(Debug, Clone, Serialize)]
pub struct Closing {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The page of the letter to those who wait.
    pub letter: String,
    /// The page of the letter to those who are called off.
    pub cancel_letter: String,
    /// Those who are told.
    pub waiting: ClosingGroup,
    /// Those who wait and objected to mail.
    pub silent: u64,
    /// Those with an interview ahead.
    pub planned: ClosingGroup,
    /// What is left to do, where a press did not do all of it.
    pub left: Option<ClosingLeft>,
}

impl Sample for Closing {
    fn samples(_: Language) -> Vec<Self> {
        let group = |count: u64, more| ClosingGroup {
            count,
            codes: if count > 0 { vec!["R03".to_owned(), "R07".to_owned()] } else { Vec::new() },
            more,
        };
        let page = |planned, closed: bool, left| {
            let mut around = desk(Some(Section::Settings), "/closing");
            if let Some(study) = around.study.as_mut().filter(|_| closed) {
                study.closed_at = Some("11 feb 2027, 16.20".to_owned());
            }
            Self {
                desk: around,
                action: "/studies/1/close".to_owned(),
                letter: "/studies/1/wordings/study_closed".to_owned(),
                cancel_letter: "/studies/1/wordings/cancelled".to_owned(),
                waiting: group(120, 118),
                silent: 1,
                planned,
                left,
            }
        };
        let left = ClosingLeft { letters: "no".to_owned(), interviews: "yes".to_owned() };
        vec![
            page(group(2, 0), false, None),
            page(group(0, 0), false, None),
            page(group(2, 0), true, Some(left)),
            page(group(2, 0), true, None),
        ]
    }
}
