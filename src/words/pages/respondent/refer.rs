//! Naming a colleague in one's own place.

use serde::Serialize;

use super::Visit;
use super::samples;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// A colleague in one's own place. Posts `email`, `name`, `role`, `named` and `key` to `{base}/colleague`.
#[derive(Debug, Clone, Serialize)]
pub struct Refer {
    /// What surrounds it.
    pub visit: Visit,
    /// The municipality that the colleague is taken to work for.
    pub municipality: String,
    /// The mail address as it was typed.
    pub email: String,
    /// The name as it was typed.
    pub name: String,
    /// The job title as it was typed.
    pub role: String,
    /// Whether the colleague may be told who named them.
    pub named: bool,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// The one-shot key of this form.
    pub key: String,
}

impl Sample for Refer {
    fn samples(language: Language) -> Vec<Self> {
        let fresh = Self {
            visit: samples::visit(language, "/colleague", None),
            municipality: "Delft".to_owned(),
            email: String::new(),
            name: String::new(),
            role: String::new(),
            named: false,
            errors: Vec::new(),
            key: "3f1c".to_owned(),
        };
        let problems = [FieldProblem::new("email", FieldCode::EmailInvalid)];
        let refused = Self {
            email: "omer@example".to_owned(),
            name: "Ömer Yıldız".to_owned(),
            named: true,
            errors: FieldMessage::all(language, &problems),
            ..fresh.clone()
        };
        vec![fresh, refused]
    }
}
