//! A study's own words for a letter.
//!
//! They are literal text with a closed list of placeholders (R10), never handed to the template engine: what a
//! researcher typed can name a respondent's facts and can do nothing else.

use serde::Serialize;

use super::{LetterKind, Placeholder};
use crate::domain::text;
use crate::problem::{FieldCode, FieldProblem};

/// The opening that marks a placeholder.
pub(super) const OPEN: &str = "{{";
/// What closes a placeholder.
pub(super) const CLOSE: &str = "}}";

/// A study's own words for one kind of letter in one language, checked against that kind's placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wording {
    subject: String,
    body: String,
}

impl Wording {
    /// Checks a subject (one line, [`text::LINE_LIMIT`]) and a body ([`text::TEXT_LIMIT`]).
    ///
    /// # Errors
    /// Everything that is wrong with `subject` and `body`; an unknown placeholder names those that are allowed.
    pub fn parse(kind: LetterKind, subject: &str, body: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        match text::line(subject) {
            Ok(line) => problems.extend(misplaced("subject", &line, kind.subject_placeholders())),
            Err(code) => problems.push(limited("subject", code, text::LINE_LIMIT)),
        }
        match text::prose(body) {
            Ok(prose) if prose.trim().is_empty() => {
                problems.push(FieldProblem::new("body", FieldCode::Required));
            }
            Ok(prose) => problems.extend(misplaced("body", &prose, kind.placeholders())),
            Err(code) => problems.push(limited("body", code, text::TEXT_LIMIT)),
        }
        if problems.is_empty() {
            Ok(Self { subject: subject.to_owned(), body: body.to_owned() })
        } else {
            Err(problems)
        }
    }

    /// The subject as it was typed.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The body as it was typed.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Whether the body names a fact.
    #[must_use]
    pub fn names(&self, placeholder: Placeholder) -> bool {
        pieces(&self.body).iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Braces(inner) => inner.trim().parse() == Ok(placeholder),
        })
    }
}

/// Puts values in place of placeholders. What is put in is not read again, and what is no known placeholder stays.
#[must_use]
pub fn fill(literal: &str, value: impl Fn(Placeholder) -> String) -> String {
    let mut filled = String::with_capacity(literal.len());
    for piece in pieces(literal) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Braces(inner) => match inner.trim().parse() {
                Ok(placeholder) => filled.push_str(&value(placeholder)),
                Err(()) => filled.extend([OPEN, inner, CLOSE]),
            },
        }
    }
    filled
}

pub(super) enum Piece<'a> {
    Text(&'a str),
    Braces(&'a str),
}

/// Cuts a text at its braces. An opening without a closing is plain text.
pub(super) fn pieces(literal: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((inner, behind)) = after.split_once(CLOSE) else { break };
        pieces.extend([Piece::Text(before), Piece::Braces(inner)]);
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What is wrong with the placeholders of a field: one that is not allowed there, or one that does not end.
fn misplaced(field: &str, literal: &str, allowed: &[Placeholder]) -> Option<FieldProblem> {
    let pieces = pieces(literal);
    if pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(OPEN))) {
        return Some(FieldProblem::new(field, FieldCode::UnclosedPlaceholder));
    }
    let stranger = pieces.iter().any(|piece| match piece {
        Piece::Text(_) => false,
        Piece::Braces(inner) => !inner.trim().parse().is_ok_and(|known| allowed.contains(&known)),
    });
    stranger.then(|| {
        let names: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        FieldProblem::new(field, FieldCode::UnknownPlaceholder).with("allowed", names)
    })
}

fn limited(field: &str, code: FieldCode, limit: usize) -> FieldProblem {
    match code {
        FieldCode::TooLong => FieldProblem::new(field, code).with("limit", limit),
        _ => FieldProblem::new(field, code),
    }
}
