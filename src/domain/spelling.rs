//! When two spellings are the same words, whatever they name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text without what spellings differ in: case, accents and punctuation. What remains are words of letters and digits
/// with one space between. Folding twice changes nothing.
///
/// The ligature of IJ (U+0132, U+0133) becomes two letters, and every kind of apostrophe separates words.
#[must_use]
pub fn fold(text: &str) -> String {
    let letters = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() && !is_apostrophe_like(c) { c } else { ' ' });
    let mut folded = String::with_capacity(text.len());
    for c in letters {
        if c != ' ' || !(folded.is_empty() || folded.ends_with(' ')) {
            folded.push(c);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Marks where a line may break, which text copied from a page carries unseen.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// The spacing modifier letters, among them U+02BC, which Unicode counts as letters.
const fn is_apostrophe_like(c: char) -> bool {
    matches!(c, '\u{2B0}'..='\u{2FF}')
}
