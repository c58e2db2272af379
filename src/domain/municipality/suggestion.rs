//! Names that look like a text that named nothing. They are only ever offered to a person.

use std::collections::BTreeSet;

use super::MunicipalityCode;

/// How many suggestions a person is offered.
const OFFERED: usize = 5;
/// The shortest text for which a name that merely contains or resembles it is worth offering, in bytes.
const SHORTEST: usize = 4;
/// The longest text that is compared with every name, in bytes: twice the longest name, so that a list full of long
/// nonsense costs no more than one full of slips.
const LONGEST: usize = 80;

/// The keys that share whole words with a text, one within the other, then those that differ by a slip of the pen.
pub(super) fn alike<'a>(text: &str, keys: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    if !(SHORTEST..=LONGEST).contains(&text.len()) {
        return Vec::new();
    }
    let within = keys.clone().filter(|key| has_words(key, text) || has_words(text, key));
    within.chain(keys.filter(|key| is_slip(text, key))).collect()
}

/// The first few codes, each once.
pub(super) fn first_few(codes: impl Iterator<Item = MunicipalityCode>) -> Vec<MunicipalityCode> {
    let mut seen = BTreeSet::new();
    codes.filter(|code| seen.insert(*code)).take(OFFERED).collect()
}

/// Whether the words of `part` stand in `whole` one after another.
fn has_words(whole: &str, part: &str) -> bool {
    whole.match_indices(part).any(|(at, _)| {
        let before = whole.get(..at).unwrap_or_default();
        let after = whole.get(at + part.len()..).unwrap_or_default();
        !part.is_empty()
            && (before.is_empty() || before.ends_with(' '))
            && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether two names begin alike and differ by at most one letter, in long names two.
fn is_slip(text: &str, name: &str) -> bool {
    let allowed = if text.len() < 8 { 1 } else { 2 };
    text.chars().next() == name.chars().next()
        && text.len().abs_diff(name.len()) <= allowed
        && distance(text, name) <= allowed
}

/// How many letters must be put in, left out or replaced to turn one text into the other (Levenshtein 1966).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (1..=to.chars().count()).collect();
    for (above, a) in from.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        for (cell, b) in row.iter_mut().zip(to.chars()) {
            let replaced = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_else(|| from.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_letters_put_in_left_out_or_replaced() {
        for (from, to, letters) in [
            ("", "", 0),
            ("oss", "", 3),
            ("", "oss", 3),
            ("ede", "epe", 1),
            ("zwole", "zwolle", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(from, to), letters, "{from} {to}");
        }
    }

    #[test]
    fn whole_words_and_slips_of_the_pen_are_alike_and_beginnings_are_not() {
        let keys = ["alphen a d rijn", "utrecht", "utrechtse heuvelrug", "zwolle"];
        let alike = |text: &str| alike(text, keys.into_iter());
        assert_eq!(alike("alphen"), ["alphen a d rijn"]);
        assert_eq!(alike("utrecht stad"), ["utrecht"]);
        assert_eq!(alike("utrechtse"), ["utrechtse heuvelrug", "utrecht"]);
        assert_eq!(alike("zwole"), ["zwolle"]);
        assert_eq!(alike("utre"), [""; 0]);
        assert_eq!(alike("rij"), [""; 0]);
        assert_eq!(alike(&"utrecht ".repeat(11)), [""; 0]);
    }
}
