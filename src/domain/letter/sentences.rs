//! A study's own words of a letter, filled in sentence by sentence: one with nothing to tell is left out.
//!
//! Our own words do that by a condition in the template. Without it, a study that has no ethics approval would write
//! that it was approved, and name nothing.

use super::Placeholder;
use super::wording::{CLOSE, OPEN, Piece, pieces};

/// Puts values in place of placeholders, as [`super::fill`] does. A sentence in which a value is empty is left out: it
/// ends at a full stop, question or exclamation mark with a blank behind it, or with its line.
#[must_use]
pub fn fill_sentences(literal: &str, value: impl Fn(Placeholder) -> String) -> String {
    let mut page = Page::default();
    for piece in pieces(literal) {
        match piece {
            Piece::Text(text) => text.chars().for_each(|c| page.write(c)),
            Piece::Braces(inner) => match inner.trim().parse() {
                Ok(placeholder) => page.put(&value(placeholder)),
                Err(()) => page.put(&[OPEN, inner, CLOSE].concat()),
            },
        }
    }
    page.end_sentence();
    page.told
}

#[derive(Default)]
struct Page {
    told: String,
    sentence: String,
    lacks_something: bool,
    /// The character before this one, if it was literal.
    before: Option<char>,
}

impl Page {
    /// A character of the literal text; only there does a sentence end, never in what is put in.
    fn write(&mut self, c: char) {
        let is_over = c == '\n' || c == ' ' && matches!(self.before, Some('.' | '?' | '!'));
        self.before = Some(c);
        if c != '\n' {
            self.sentence.push(c);
        }
        if is_over {
            self.end_sentence();
        }
        if c == '\n' {
            self.told.truncate(self.told.trim_end_matches(' ').len());
            self.told.push(c);
        }
    }

    fn put(&mut self, value: &str) {
        self.before = None;
        self.lacks_something |= value.trim().is_empty();
        self.sentence.push_str(value);
    }

    fn end_sentence(&mut self) {
        if !self.lacks_something {
            self.told.push_str(&self.sentence);
        }
        self.sentence.clear();
        self.lacks_something = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(literal: &str) -> String {
        fill_sentences(literal, |placeholder| match placeholder {
            Placeholder::Name => "P. de Wit. Prof.".to_owned(),
            _ => String::new(),
        })
    }

    #[test]
    fn a_sentence_that_would_name_nothing_is_left_out_and_its_neighbours_stay() {
        let literal =
            "Dear {{name}},\n\nWe ask you. It was approved: {{ethics}}. Thank you!\n{{ethics}}\nBye";
        assert_eq!(filled(literal), "Dear P. de Wit. Prof.,\n\nWe ask you. Thank you!\n\nBye");
    }

    #[test]
    fn what_is_put_in_ends_no_sentence_and_unknown_braces_stay() {
        assert_eq!(
            filled("{{name}} of {{ethics}} is it. {{unknown}}  {{name}}"),
            "{{unknown}}  P. de Wit. Prof."
        );
        assert_eq!(filled("Approved: {{ethics}}."), "");
    }
}
