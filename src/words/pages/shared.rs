//! What pages of both sides share: messages beside fields, notices, paging, problems.

use std::str::FromStr;

use serde::Serialize;

use super::Sample;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::words::{field_message, problem_sentence, problem_title};

/// What is wrong with one field of a form that is shown again.
#[derive(Debug, Clone, Serialize)]
pub struct FieldMessage {
    /// The name of the field, which is also the id of its control.
    pub field: String,
    /// The sentence beside it.
    pub message: String,
}

impl FieldMessage {
    /// The messages of a refused form, in the order of the problems.
    #[must_use]
    pub fn all(language: Language, problems: &[FieldProblem]) -> Vec<Self> {
        let message = |problem| Self {
            field: FieldProblem::clone(problem).field,
            message: field_message(language, problem),
        };
        problems.iter().map(message).collect()
    }
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What has just been done; the next page says so and what follows from it (`done.<name>` in the words).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Deed { $($(#[$doc])* $variant),+ }

        impl Deed {
            /// Every deed.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, as in `?done=`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

deeds! {
    /// Consent was given.
    Consented = "consented",
    /// An interview was booked.
    Booked = "booked",
    /// The interview was moved.
    Moved = "moved",
    /// The interview was called off.
    Cancelled = "cancelled",
    /// The respondent declined.
    Declined = "declined",
    /// The respondent objected to mail.
    OptedOut = "opted_out",
    /// The respondent withdrew.
    Withdrawn = "withdrawn",
}

impl FromStr for Deed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|deed| deed.as_str() == text).ok_or(())
    }
}

/// The notice at the top of the page that follows a deed.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// What was done.
    pub deed: Deed,
    /// How many things it was done to, where that matters.
    pub count: u64,
}

impl From<Deed> for Notice {
    fn from(deed: Deed) -> Self {
        Self { deed, count: 1 }
    }
}

/// Any problem as a page.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemPage {
    /// Path and query of this page without `lang`, for the language link.
    pub here: String,
    /// The stable code.
    pub code: String,
    /// The heading.
    pub title: String,
    /// What is the matter and what one can do.
    pub sentence: String,
    /// What is wrong with fields, where there is no form to show it in.
    pub fields: Vec<String>,
    /// Where to go from here: a path.
    pub back: Option<String>,
}

impl ProblemPage {
    /// The page about a problem.
    #[must_use]
    pub fn new(language: Language, problem: &Problem, here: String, back: Option<String>) -> Self {
        let fields = match problem {
            Problem::Invalid(problems) => {
                problems.iter().map(|p| format!("{}: {}", p.field, field_message(language, p))).collect()
            }
            _ => Vec::new(),
        };
        Self {
            here,
            code: problem.code().to_owned(),
            title: problem_title(language, problem),
            sentence: problem_sentence(language, problem),
            fields,
            back,
        }
    }
}

impl Sample for ProblemPage {
    fn samples(language: Language) -> Vec<Self> {
        let invalid = Problem::Invalid(vec![
            FieldProblem::new("name", FieldCode::Required),
            FieldProblem::new("place", FieldCode::TooLong).with("limit", 200),
        ]);
        [(Problem::NotFound, None), (Problem::Busy(5), Some("/p/token")), (invalid, Some("/p/token"))]
            .into_iter()
            .map(|(problem, back)| {
                Self::new(language, &problem, "/p/token".to_owned(), back.map(ToOwned::to_owned))
            })
            .collect()
    }
}
