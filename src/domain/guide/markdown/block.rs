//! What a single line of the document is, by its first characters.

use crate::domain::language::Language;

/// The white space of Markdown; other blanks, such as the no-break space, are text.
pub(super) const SPACE: [char; 2] = [' ', '\t'];

/// A line that is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'d> {
    /// Without the white space around it.
    pub text: &'d str,
    /// Whether it stands two columns in or more, as what belongs to a list item does.
    pub is_indented: bool,
    /// Whether two spaces or more end it, which is a hard break.
    pub ends_in_spaces: bool,
}

impl<'d> Line<'d> {
    /// The line, or `None` if it is blank.
    pub fn of(raw: &'d str) -> Option<Self> {
        let text = raw.trim_matches(SPACE);
        let indent = raw.len() - raw.trim_start_matches(SPACE).len();
        let is_indented = indent >= 2 || raw.starts_with('\t');
        (!text.is_empty()).then_some(Self { text, is_indented, ends_in_spaces: raw.ends_with("  ") })
    }

    /// The level and the content of a heading.
    pub fn heading(self) -> Option<(usize, &'d str)> {
        let rest = self.text.trim_start_matches('#');
        let level = self.text.len() - rest.len();
        let content = rest.trim_matches(SPACE);
        if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with(SPACE)) {
            return None;
        }
        // A heading may be closed by more of the same sign, set apart by a space.
        let open = content.trim_end_matches('#');
        let is_closed = open.is_empty() || open.ends_with(SPACE);
        Some((level, if is_closed { open.trim_end_matches(SPACE) } else { content }))
    }

    /// The content of a list item.
    pub fn item(self) -> Option<&'d str> {
        let rest = self.text.strip_prefix(['-', '*', '+'])?;
        (rest.is_empty() || rest.starts_with(SPACE)).then(|| rest.trim_start_matches(SPACE))
    }

    /// The language of a text that begins, and its first line.
    pub fn label(self) -> Option<(Language, &'d str)> {
        let (tag, first) = self.text.strip_prefix("**")?.split_once(":**")?;
        let language =
            Language::ALL.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(tag))?;
        Some((language, first.trim_start_matches(SPACE)))
    }

    /// The words of a line in emphasis.
    pub fn emphasis(self) -> Option<&'d str> {
        let inner = self.text.strip_prefix('*')?.strip_suffix('*')?;
        (!inner.starts_with('*')).then_some(inner)
    }

    /// Whether Markdown would take it for a block that no guide has: a quote, table, code, HTML, rule, underline or
    /// numbered list.
    pub fn is_foreign(self) -> bool {
        let text = self.text;
        let after_number = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = after_number.len() < text.len()
            && after_number
                .strip_prefix(['.', ')'])
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(SPACE));
        let is_rule = ['-', '=', '_', '*'].into_iter().any(|sign| {
            let signs = text.chars().filter(|c| *c == sign).count();
            text.chars().all(|c| c == sign || c == ' ') && (signs >= 2 || sign == '=')
        });
        text.starts_with(['>', '|', '<'])
            || text.starts_with("```")
            || text.starts_with("~~~")
            || is_numbered
            || is_rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(raw: &str) -> Line<'_> {
        Line::of(raw).unwrap()
    }

    #[test]
    fn a_heading_has_a_space_after_its_signs_and_may_be_closed() {
        assert_eq!(line("## Opening (5 min) ##").heading(), Some((2, "Opening (5 min)")));
        assert_eq!(line("#").heading(), Some((1, "")));
        assert_eq!(line(r"# C\#").heading(), Some((1, r"C\#")));
        assert_eq!(line("#tag").heading(), None);
        assert_eq!(line("####### x").heading(), None);
    }

    #[test]
    fn items_labels_and_emphasis_are_told_apart() {
        assert_eq!(line("* a").item(), Some("a"));
        assert_eq!(line("-").item(), Some(""));
        assert_eq!(line("-a").item(), None);
        assert_eq!(line("**nl:** Wat?").label(), Some((Language::Nl, "Wat?")));
        assert_eq!(line("**FR:** Quoi?").label(), None);
        assert_eq!(line("*key; must ask*").emphasis(), Some("key; must ask"));
        assert_eq!(line("**EN:** a *").emphasis(), None);
    }

    #[test]
    fn blocks_that_no_guide_has_are_foreign() {
        for text in ["> a", "| a |", "```", "~~~", "<b>", "---", "- - -", "===", "***", "1. a", "2)"] {
            assert!(line(text).is_foreign(), "{text}");
        }
        for text in ["12.5 a", "1 a", "a - b", r"\> a", "-5 graden"] {
            assert!(!line(text).is_foreign(), "{text}");
        }
    }

    #[test]
    fn white_space_around_a_line_is_no_part_of_it() {
        assert_eq!(Line::of(" \t "), None);
        assert_eq!(line("  a  "), Line { text: "a", is_indented: true, ends_in_spaces: true });
        assert_eq!(line(" a "), Line { text: "a", is_indented: false, ends_in_spaces: false });
        assert_eq!(line("\u{a0}a").text, "\u{a0}a");
    }
}
