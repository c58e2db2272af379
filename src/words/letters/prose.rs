//! Plain text as it stands in mail: calm spacing, and HTML paragraphs with links that can be pressed.

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
