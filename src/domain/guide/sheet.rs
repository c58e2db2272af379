//! The sheet of an interview: what became of each question of its guide.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Guide;

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QuestionState {
    /// It was put.
    Asked,
    /// The respondent spoke of it without being asked.
    Covered,
    /// It was left out on purpose.
    Skipped,
}

impl QuestionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Covered, Self::Skipped];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Covered => "covered",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for QuestionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for QuestionState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// How much of a guide an interview has dealt with, in numbers of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(as = SheetCounts)]
pub struct Coverage {
    /// Put to the respondent.
    pub asked: usize,
    /// Spoken of without being asked.
    pub covered: usize,
    /// Left out on purpose.
    pub skipped: usize,
    /// Nothing recorded yet.
    pub open: usize,
    /// Of those that must be asked: neither asked nor covered yet.
    pub must_ask_left: usize,
}

impl Coverage {
    /// Counts the questions of a guide by what `state` knows of their keys.
    pub fn of(guide: &Guide, state: impl Fn(&str) -> Option<QuestionState>) -> Self {
        let mut coverage = Self::default();
        for question in guide.questions() {
            let state = state(&question.key);
            let count = match state {
                Some(QuestionState::Asked) => &mut coverage.asked,
                Some(QuestionState::Covered) => &mut coverage.covered,
                Some(QuestionState::Skipped) => &mut coverage.skipped,
                None => &mut coverage.open,
            };
            *count += 1;
            if question.must_ask && matches!(state, None | Some(QuestionState::Skipped)) {
                coverage.must_ask_left += 1;
            }
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bilingual, Question, QuestionKind, Section};
    use super::*;

    #[test]
    fn a_question_that_must_be_asked_is_left_until_it_is_asked_or_covered() {
        let question = |key: &str| Question {
            key: key.to_owned(),
            kind: QuestionKind::Key,
            must_ask: key != "d",
            text: Bilingual::default(),
            probes: Vec::new(),
            answers: Vec::new(),
        };
        let section = Section {
            title: "Kern".to_owned(),
            minutes: 20,
            questions: ["a", "b", "c", "d", "e"].map(question).to_vec(),
        };
        let guide =
            Guide { title: "Gids".to_owned(), research_questions: Vec::new(), sections: vec![section] };
        let coverage = Coverage::of(&guide, |key| match key {
            "a" => Some(QuestionState::Asked),
            "b" => Some(QuestionState::Covered),
            "c" => Some(QuestionState::Skipped),
            _ => None,
        });
        assert_eq!(coverage, Coverage { asked: 1, covered: 1, skipped: 1, open: 2, must_ask_left: 2 });
    }
}
