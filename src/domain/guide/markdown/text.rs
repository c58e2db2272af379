//! A text that is being read line by line.

use super::escape::unescape;

/// The text so far, and how its last line ended.
#[derive(Debug)]
pub(super) struct OpenText {
    text: String,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Nothing was read yet.
    Nothing,
    /// A line that the next one continues.
    Soft,
    /// A backslash, which is a hard break if another line follows.
    Backslash,
    /// Two spaces, likewise.
    Spaces,
}

impl OpenText {
    /// A text that begins with a line, which may be empty.
    pub fn begin(first: &str, ends_in_spaces: bool) -> Self {
        let mut text = Self { text: String::new(), ending: Ending::Nothing };
        if !first.is_empty() {
            text.go_on(first, ends_in_spaces, false);
        }
        text
    }

    /// Adds a line; `after_blank` if a blank line stands before it.
    pub fn go_on(&mut self, line: &str, ends_in_spaces: bool, after_blank: bool) {
        self.text.push_str(match self.ending {
            Ending::Nothing => "",
            Ending::Backslash if after_blank => "\\\n\n",
            _ if after_blank => "\n\n",
            Ending::Soft => " ",
            Ending::Backslash | Ending::Spaces => "\n",
        });
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        let (line, ending) = match line.strip_suffix('\\') {
            Some(line) if backslashes % 2 == 1 => (line, Ending::Backslash),
            _ if ends_in_spaces => (line, Ending::Spaces),
            _ => (line, Ending::Soft),
        };
        self.text.push_str(&unescape(line));
        self.ending = ending;
    }

    /// The whole text.
    pub fn end(mut self) -> String {
        if self.ending == Ending::Backslash {
            self.text.push('\\');
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_lines_are_spaces_breaks_or_paragraphs() {
        let mut text = OpenText::begin("een", false);
        text.go_on("twee\\", false, false);
        text.go_on("drie", true, false);
        text.go_on("vier", false, false);
        text.go_on("vijf", false, true);
        assert_eq!(text.end(), "een twee\ndrie\nvier\n\nvijf");
    }

    #[test]
    fn a_backslash_that_breaks_nothing_is_a_backslash() {
        let mut text = OpenText::begin("a\\", false);
        text.go_on("b\\\\", false, true);
        text.go_on("c\\", false, false);
        assert_eq!(text.end(), "a\\\n\nb\\ c\\");
    }
}
