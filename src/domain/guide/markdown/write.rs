//! A guide, written as Markdown.

use std::fmt::Write;

use super::escape::escape;
use super::keywords;
use crate::domain::guide::{Guide, Question};
use crate::domain::language::Language;

/// The document of a guide, as the [module](super) describes it, ended by a line feed.
#[must_use]
pub fn write(guide: &Guide) -> String {
    let mut document = format!("# {}\n", escape(&guide.title));
    // Writing to a String cannot fail.
    if !guide.research_questions.is_empty() {
        document.push_str("\nResearch questions:\n\n");
        for question in &guide.research_questions {
            write_block(&mut document, &format!("- {}: ", question.key), "  ", &question.text);
        }
    }
    for section in &guide.sections {
        let _ = write!(document, "\n## {} ({} min)\n", escape(&section.title), section.minutes);
        for question in &section.questions {
            write_question(&mut document, question);
        }
    }
    document
}

fn write_question(document: &mut String, question: &Question) {
    let mut attributes = vec![question.kind.to_string()];
    if question.must_ask {
        attributes.push("must ask".to_owned());
    }
    if !question.answers.is_empty() {
        attributes.push(format!("answers {}", question.answers.join(", ")));
    }
    let _ = write!(document, "\n### {}\n\n*{}*\n", question.key, attributes.join("; "));
    for language in Language::ALL {
        let text = question.text.text(language);
        if !text.is_empty() {
            document.push('\n');
            write_block(document, &format!("**{}:** ", language.as_str().to_uppercase()), "", text);
        }
    }
    if !question.probes.is_empty() {
        document.push('\n');
    }
    for probe in &question.probes {
        write_block(document, "- ", "  ", probe);
    }
}

/// Writes a text after `lead`; its further lines are indented.
fn write_block(document: &mut String, lead: &str, indent: &str, text: &str) {
    document.push_str(lead);
    for (i, line) in lines(text).iter().enumerate() {
        if i > 0 && !line.is_empty() {
            document.push_str(indent);
        }
        document.push_str(line);
        document.push('\n');
    }
}

/// The lines of Markdown for a text. One line feed between two lines becomes a hard break, two become a blank line;
/// line feeds at the edges, or more than two together, are written by their number.
fn lines(text: &str) -> Vec<String> {
    let inner = text.trim_matches('\n');
    let before = text.len() - text.trim_start_matches('\n').len();
    let after = text.len() - before - inner.len();
    let mut lines = Vec::new();
    let mut line = "&#10;".repeat(before);
    let mut rest = inner;
    while let Some((shown, following)) = rest.split_once('\n') {
        line.push_str(&escape(shown));
        rest = following.trim_start_matches('\n');
        let more = following.len() - rest.len();
        if more == 0 {
            line.push('\\');
        }
        lines.push(line);
        if more > 0 {
            lines.push(String::new());
        }
        line = "&#10;".repeat(more.saturating_sub(1));
    }
    line.push_str(&escape(rest));
    line.push_str(&"&#10;".repeat(after));
    lines.push(line);
    for line in lines.iter_mut().skip(1).filter(|line| keywords::heads_probes(line)) {
        line.insert(line.len() - 1, '\\');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_feeds_become_breaks_blank_lines_or_numbers() {
        for (text, expected) in [
            ("a", vec!["a"]),
            ("a\nb", vec!["a\\", "b"]),
            ("a\n\nb", vec!["a", "", "b"]),
            ("a\n\n\n\nb", vec!["a", "", "&#10;&#10;b"]),
            ("\na\n\n", vec!["&#10;a&#10;&#10;"]),
            ("\n\n", vec!["&#10;&#10;"]),
            ("a\\\nb", vec!["a\\\\\\", "b"]),
            ("a\r\nb", vec!["a&#13;\\", "b"]),
        ] {
            assert_eq!(lines(text), expected, "{text:?}");
        }
    }
}
