//! What the one who runs the installation is written about.

use minijinja::context;
use serde_json::json;

use super::letters::Rendered;
use super::{phrase, press, word};
use crate::domain::language::Language;
use crate::problem::Outcome;

/// The page around the text.
pub(super) const TEMPLATE: &str = "letters/note.html";

/// The head of the log of changes, for safe keeping.
///
/// # Errors
/// [`crate::problem::Problem::Internal`] when the template is at fault.
pub fn audit_head(language: Language, head: &str) -> Outcome<Rendered> {
    let text = phrase(language, "operator.head_text", &json!({ "head": head }));
    let html = page(language, &text)?;
    Ok(Rendered { subject: word(language, "operator.head_subject"), text, html })
}

/// A letter that only shows that letters arrive.
///
/// # Errors
/// [`crate::problem::Problem::Internal`] when the template is at fault.
pub fn test_letter(language: Language) -> Outcome<Rendered> {
    let text = word(language, "operator.test_text");
    let html = page(language, &text)?;
    Ok(Rendered { subject: word(language, "operator.test_subject"), text, html })
}

/// A plain text on the page of a note.
pub(super) fn page(language: Language, text: &str) -> Outcome<String> {
    press::print(language, TEMPLATE, context! { text })
}
