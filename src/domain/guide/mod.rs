//! An interview guide: the questions of a semi-structured interview in sections, what each is for, and how to probe.
//!
//! The kinds of questions are those of Castillo-Montoya's interview protocol refinement (2016), and the links from
//! questions to research questions are its matrix. Whether a guide is a draft, and its version, are kept beside it. As
//! Markdown a guide is a document that can be read, discussed and taken back in; see [`markdown`].

mod alignment;
mod draft;
pub mod markdown;
mod sheet;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use alignment::{Alignment, AlignmentRow, AlignmentWarning};
pub use draft::{GuideDraft, QuestionDraft, SectionDraft};
pub use sheet::{Coverage, QuestionState};

use super::bilingual::Bilingual;

/// A guide whose every field was checked by [`GuideDraft::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GuideContent)]
pub struct Guide {
    /// The name of the guide.
    pub title: String,
    /// What the study wants to know, where the questions are linked to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub research_questions: Vec<ResearchQuestion>,
    /// The parts of the conversation in their order.
    pub sections: Vec<Section>,
}

/// Something that the study wants to know.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResearchQuestion {
    /// The name by which questions refer to it.
    pub key: String,
    /// The question itself.
    pub text: String,
}

/// A part of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GuideSection)]
pub struct Section {
    /// The name of the part.
    pub title: String,
    /// How many minutes are planned for it; 0 where nothing is planned.
    pub minutes: i32,
    /// Its questions in their order.
    pub questions: Vec<Question>,
}

/// A question to the respondent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GuideQuestion)]
pub struct Question {
    /// The name of the question in sheets and exports, once in a guide.
    pub key: String,
    /// What it does in the conversation.
    pub kind: QuestionKind,
    /// Whether an interview is incomplete without it.
    pub must_ask: bool,
    /// How it is put; at least one language has words.
    pub text: Bilingual,
    /// What to ask further, in the order of asking.
    pub probes: Vec<String>,
    /// The keys of the research questions to which it contributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
}

impl Guide {
    /// All questions in the order of the conversation.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// The minutes that are planned for all sections.
    #[must_use]
    pub fn minutes(&self) -> i32 {
        self.sections.iter().map(|section| section.minutes).sum()
    }
}

/// What a question does in the conversation (E28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    /// Opens the conversation with something easy to tell.
    Introductory,
    /// Leads from one subject to the next.
    Transition,
    /// Goes to the heart of a research question.
    Key,
    /// Rounds the conversation off.
    Closing,
}

impl QuestionKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Introductory, Self::Transition, Self::Key, Self::Closing];

    /// The name in JSON, in Markdown and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Introductory => "introductory",
            Self::Transition => "transition",
            Self::Key => "key",
            Self::Closing => "closing",
        }
    }
}

impl fmt::Display for QuestionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for QuestionKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}
