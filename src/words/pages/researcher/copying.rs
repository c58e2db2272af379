//! Copying a study.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

/// Something that a copy can take over; `copying.part.<name>` says what it is.
#[derive(Debug, Clone, Serialize)]
pub struct CopyPart {
    /// Its name.
    pub name: String,
    /// Its version, where it has one.
    pub version: Option<u64>,
    /// How much there is of it.
    pub count: u64,
    /// Whether it is ticked.
    pub is_chosen: bool,
}

/// A copy of a study that is to be made. Posts `title` and a `parts` for each part to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct CopyForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The new title.
    pub title: String,
    /// What there is to take over.
    pub parts: Vec<CopyPart>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for CopyForm {
    fn samples(language: Language) -> Vec<Self> {
        let part =
            |name: &str, version, count| CopyPart { name: name.to_owned(), version, count, is_chosen: true };
        let fresh = Self {
            desk: desk(Some(Section::Settings), "/copy"),
            action: "/studies/1/copy".to_owned(),
            title: word(language, "sample.study"),
            parts: vec![
                part("strata", None, 3),
                part("privacy_notice", None, 1),
                part("consent_form", Some(2), 4),
                part("guide", Some(1), 12),
                part("wordings", None, 1),
                part("availability", None, 5),
            ],
            errors: Vec::new(),
        };
        let problems = [FieldProblem::new("title", FieldCode::Required)];
        let refused = Self { errors: FieldMessage::all(language, &problems), ..fresh.clone() };
        vec![fresh, refused]
    }
}
