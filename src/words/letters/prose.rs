//! Plain text as it stands in mail: calm spacing, and HTML paragraphs with links that can be pressed.

use serde::Serialize;

/// The most characters of a line above the personal link that still fits on a button.
const BUTTON_LIMIT: usize = 60;

/// A stretch of a letter, up to its end or to a line that is the personal link and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::words) struct Passage {
    /// What it says before the link.
    text: String,
    /// What the button says in the place of the link, empty for our own words; `None` at the end of the letter.
    button: Option<String>,
}

/// Cuts a text at each line that is the personal link. A short line right above it that ends in a colon is what the
/// button says; it has no other use once the address below it is not to be seen.
pub(in crate::words) fn passages(text: &str, link: &str) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if link.is_empty() || line.trim() != link {
            lines.push(line);
            continue;
        }
        let label = lines.last().and_then(|line| label(line));
        if label.is_some() {
            lines.pop();
        }
        passages.push(Passage { text: lines.join("\n"), button: Some(label.unwrap_or_default()) });
        lines.clear();
    }
    passages.push(Passage { text: lines.join("\n"), button: None });
    passages
}

fn label(line: &str) -> Option<String> {
    let label = line.trim().strip_suffix(':')?.trim_end();
    let fits = !label.is_empty() && label.chars().count() <= BUTTON_LIMIT && !label.contains("://");
    fits.then(|| label.to_owned())
}

/// At most one empty line in a row, none at the edges, and no spaces before a line break.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Text as HTML: an empty line parts paragraphs, a line break stays one, a web address becomes a link whose text is
/// the address itself, and everything else is escaped.
pub(in crate::words) fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for paragraph in tidy(text).split("\n\n") {
        let lines: Vec<String> = paragraph.lines().map(linked).collect();
        if !lines.is_empty() {
            html.push_str("<p>");
            html.push_str(&lines.join("<br>\n"));
            html.push_str("</p>\n");
        }
    }
    html
}

fn linked(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let (before, address, after) = address_in(word);
        if address.is_empty() {
            escaped(word)
        } else {
            let address = escaped(address);
            format!("{}<a href=\"{address}\">{address}</a>{}", escaped(before), escaped(after))
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Parts a word into what stands before a web address, the address, and the punctuation behind it.
fn address_in(word: &str) -> (&str, &str, &str) {
    let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| word.find(scheme)).min() else {
        return (word, "", "");
    };
    let (before, rest) = word.split_at(start);
    let address = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '>', '"', '\'']);
    let (address, after) = rest.split_at(address.len());
    (before, address, after)
}

pub(in crate::words) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_becomes_a_link_without_the_full_stop_behind_it() {
        assert_eq!(
            paragraphs("See (https://a.example/b?c=1&d=2).\nBye\n\n\n\nNext"),
            "<p>See (<a href=\"https://a.example/b?c=1&amp;d=2\">https://a.example/b?c=1&amp;d=2</a>).<br>\nBye</p>\n\
             <p>Next</p>\n"
        );
    }

    #[test]
    fn the_personal_link_on_a_line_of_its_own_is_a_button_that_says_what_stands_above_it() {
        let link = "https://a.example/p/x";
        let cut = |text: &str| -> Vec<(String, Option<String>)> {
            let text = text.replace('@', link);
            passages(&text, link).into_iter().map(|passage| (passage.text, passage.button)).collect()
        };
        let part = |text: &str, button: Option<&str>| (text.to_owned(), button.map(ToOwned::to_owned));
        assert_eq!(cut("Hi\n\nJoin in:\n@\n\nBye"), [part("Hi\n", Some("Join in")), part("\nBye", None)]);
        assert_eq!(cut("Hi\n\n @ \nBye"), [part("Hi\n", Some("")), part("Bye", None)]);
        assert_eq!(cut("See @ or @\n@/more"), [part(&format!("See {link} or {link}\n{link}/more"), None)]);
        let long = format!("{}:", "word ".repeat(20));
        assert_eq!(cut(&format!("{long}\n@"))[0], part(&long, Some("")));
        assert_eq!(passages("", ""), [Passage { text: String::new(), button: None }]);
    }

    #[test]
    fn markup_and_other_schemes_stay_text() {
        assert_eq!(
            paragraphs("<script>alert('x')</script> javascript:alert(1)"),
            "<p>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; javascript:alert(1)</p>\n"
        );
        assert_eq!(
            paragraphs("https://a.example/\"onmouseover=\"x"),
            "<p><a href=\"https://a.example/&quot;onmouseover=&quot;x\">\
             https://a.example/&quot;onmouseover=&quot;x</a></p>\n"
        );
    }
}
