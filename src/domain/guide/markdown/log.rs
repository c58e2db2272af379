//! What was met on which line of a document, and what is wrong with it.

use std::collections::HashMap;

use crate::problem::{FieldCode, FieldProblem};

/// After this many problems with its syntax a document is not read on.
const PROBLEMS_LIMIT: usize = 100;

/// Why a line cannot be read as part of a guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A second heading of level 1.
    SecondTitle,
    /// A heading below level 3.
    HeadingLevel,
    /// A question before the first section.
    QuestionWithoutSection,
    /// Text or a list where nothing is open to take it.
    TextOutside,
    /// A second text in the same language.
    LanguageTwice,
    /// A word beside the kind that is neither `must ask` nor `answers`.
    UnknownAttribute,
    /// A research question without a key and a colon.
    ResearchQuestion,
    /// A quote, table, rule, code, HTML, numbered or nested list.
    ForeignBlock,
}

impl Reason {
    /// Every reason, for the test that asks for a sentence in each language.
    pub const ALL: [Self; 8] = [
        Self::SecondTitle,
        Self::HeadingLevel,
        Self::QuestionWithoutSection,
        Self::TextOutside,
        Self::LanguageTwice,
        Self::UnknownAttribute,
        Self::ResearchQuestion,
        Self::ForeignBlock,
    ];

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SecondTitle => "second_title",
            Self::HeadingLevel => "heading_level",
            Self::QuestionWithoutSection => "question_without_section",
            Self::TextOutside => "text_outside",
            Self::LanguageTwice => "language_twice",
            Self::UnknownAttribute => "unknown_attribute",
            Self::ResearchQuestion => "research_question",
            Self::ForeignBlock => "foreign_block",
        }
    }
}

/// The lines that were read so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The number of the line that is being read, from 1 on.
    number: usize,
    /// On which line each field begins.
    fields: HashMap<String, usize>,
    problems: Vec<(usize, FieldProblem)>,
}

impl Log {
    pub fn next_line(&mut self) {
        self.number += 1;
    }

    /// Whether reading on would not help anybody.
    pub fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_LIMIT
    }

    /// Notes that a field begins on this line.
    pub fn found(&mut self, field: String) {
        self.fields.insert(field, self.number);
    }

    /// Whether the field was met.
    pub fn knows(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// Notes that this line cannot be read.
    pub fn refuse(&mut self, reason: Reason) {
        let problem = FieldProblem::new(format!("lines.{}", self.number), FieldCode::Syntax)
            .with("line", self.number)
            .with("reason", reason.as_str());
        self.problems.push((self.number, problem));
    }

    /// The value, unless something is wrong; all problems in the order of the document.
    pub fn outcome<T>(mut self, checked: Result<T, Vec<FieldProblem>>) -> Result<T, Vec<FieldProblem>> {
        let value = checked.map_err(|found| {
            for problem in found {
                let line = self.line_of(&problem.field);
                self.problems.push((line, problem.with("line", line)));
            }
        });
        self.problems.sort_by_key(|(line, _)| *line);
        match value {
            Ok(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems.into_iter().map(|(_, problem)| problem).collect()),
        }
    }

    /// The line of a field, or of the nearest thing around it; the first line where there is none.
    fn line_of(&self, field: &str) -> usize {
        let mut around =
            std::iter::successors(Some(field), |path| path.rsplit_once('.').map(|(around, _)| around));
        around.find_map(|path| self.fields.get(path)).copied().unwrap_or(1)
    }
}
