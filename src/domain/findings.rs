//! What is wrong with an input, field by field, gathered until all of it is known.

use serde_json::Value;

use super::text;
use crate::problem::{FieldCode, FieldProblem};

/// The greatest length of a key that a person gives to something, in characters.
pub const KEY_LIMIT: usize = 100;

/// The problems that were found in an input so far, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Findings(Vec<FieldProblem>);

impl Findings {
    /// Notes a problem whose sentence needs no parameters.
    pub fn add(&mut self, field: impl Into<String>, code: FieldCode) {
        self.0.push(FieldProblem::new(field, code));
    }

    /// Notes a problem as it was found elsewhere.
    pub fn note(&mut self, problem: FieldProblem) {
        self.0.push(problem);
    }

    /// Notes that a value is not one of those allowed, such as `0–200` or `nl, en`.
    pub fn not_allowed(&mut self, field: impl Into<String>, allowed: impl Into<Value>) {
        self.0.push(FieldProblem::new(field, FieldCode::Value).with("allowed", allowed));
    }

    /// Reads a value out of text that must be there.
    pub fn value<T>(
        &mut self,
        field: impl Into<String>,
        text: &str,
        allowed: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if text.is_empty() {
            self.add(field, FieldCode::Required);
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.not_allowed(field, allowed);
        }
        value
    }

    /// Checks a number against its range, both ends included.
    pub fn range(&mut self, field: impl Into<String>, number: i64, allowed: (i64, i64)) -> Option<i32> {
        let (least, greatest) = allowed;
        if !(least..=greatest).contains(&number) {
            self.not_allowed(field, format!("{least}–{greatest}"));
            return None;
        }
        i32::try_from(number).ok()
    }

    /// Checks how many things a list holds; answers whether they can be looked at.
    pub fn count(&mut self, field: impl Into<String>, number: usize, limit: usize) -> bool {
        if number > limit {
            self.not_allowed(field, format!("0–{limit}"));
        }
        number <= limit
    }

    /// Checks a one-line field that must be there.
    pub fn line(&mut self, field: impl Into<String>, line: &str) {
        if let Err(code) = text::line(line) {
            self.refuse(field, code, text::LINE_LIMIT);
        }
    }

    /// Checks a longer text, which may be empty.
    pub fn prose(&mut self, field: impl Into<String>, prose: &str) {
        if let Err(code) = text::prose(prose) {
            self.refuse(field, code, text::TEXT_LIMIT);
        }
    }

    /// Checks a longer text that must be there.
    pub fn required_prose(&mut self, field: impl Into<String>, prose: &str) {
        if prose.trim().is_empty() {
            self.add(field, FieldCode::Required);
        } else {
            self.prose(field, prose);
        }
    }

    /// Checks a key: letters `a`–`z` and `A`–`Z`, digits, `_`, `-` and `.`, beginning with a letter or digit, at most
    /// 100 characters. Such keys are read again from the Markdown of a guide and head the columns of an export.
    pub fn key(&mut self, field: impl Into<String>, key: &str) {
        if key.is_empty() {
            self.add(field, FieldCode::Required);
        } else if !is_key(key) {
            self.not_allowed(field, "a–z, A–Z, 0–9, _, -, .");
        } else if key.len() > KEY_LIMIT {
            self.refuse(field, FieldCode::TooLong, KEY_LIMIT);
        }
    }

    /// Notes a code, with the limit where its sentence names one.
    pub fn refuse(&mut self, field: impl Into<String>, code: FieldCode, limit: usize) {
        let problem = FieldProblem::new(field, code);
        self.0.push(if code == FieldCode::TooLong { problem.with("limit", limit) } else { problem });
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that was found.
    #[must_use]
    pub fn into_problems(self) -> Vec<FieldProblem> {
        self.0
    }

    /// The value, if nothing was found.
    ///
    /// # Errors
    /// All that was found.
    pub fn outcome<T>(self, value: T) -> Result<T, Vec<FieldProblem>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphanumeric())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_short_word_without_blanks_or_accents() {
        let code = |key: &str| {
            let mut findings = Findings::default();
            findings.key("key", key);
            findings.into_problems().first().map(|problem| problem.code)
        };
        for good in ["take_part-2", "Q1", "use.audio"] {
            assert_eq!(code(good), None, "{good}");
        }
        assert_eq!(code(""), Some(FieldCode::Required));
        for bad in ["_a", "-a", ".a", ":a", "a b", "a/b", "a:b", "é", "a\n"] {
            assert_eq!(code(bad), Some(FieldCode::Value), "{bad}");
        }
        assert_eq!(code(&"a".repeat(100)), None);
        assert_eq!(code(&"a".repeat(101)), Some(FieldCode::TooLong));
    }

    #[test]
    fn a_limit_is_named_where_a_text_is_too_long() {
        let mut findings = Findings::default();
        findings.line("title", &"a".repeat(201));
        findings.line("name", "a\nb");
        let problems = findings.outcome(()).unwrap_err();
        assert_eq!(
            problems.first(),
            Some(&FieldProblem::new("title", FieldCode::TooLong).with("limit", 200))
        );
        assert_eq!(problems.last(), Some(&FieldProblem::new("name", FieldCode::ControlCharacter)));
    }
}
