//! What became of an attempt, in words without addresses.
//!
//! Mail servers repeat addresses in their answers, and researchers read what they said (E3, R9). So whatever is kept
//! goes through [`said`] first. A name that the server took from elsewhere can still stand in it: whoever sees no
//! contact data is shown the codes alone.

use crate::domain::text::{EmailAddress, is_deceptive};

/// The greatest length of what is kept of an answer, in characters.
const SAID_LIMIT: usize = 300;
/// What stands in place of an address.
const MASK: &str = "***";

/// A letter that was taken over: from now on the server answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// What the server said, in one line without addresses.
    pub said: String,
}

/// A letter that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Refusal {
    /// Whether trying again can help.
    pub kind: RefusalKind,
    /// What the server said, in one line without addresses.
    pub said: String,
    /// Whether the server may have taken the letter over all the same: all of it had been handed over when the
    /// connection broke, and no answer came.
    pub in_doubt: bool,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// It can, and no letter would get through now: the server is away, overloaded or set up wrongly.
    Away,
    /// It can: the server works, but not for this letter just now.
    Passing,
    /// It cannot: this letter will never reach this recipient.
    Final,
}

impl Refusal {
    pub(super) const fn away(said: String) -> Self {
        Self { kind: RefusalKind::Away, said, in_doubt: false }
    }
}

/// An answer in one line of at most 300 characters, with every address masked, and with everything that could stem
/// from the recipient's.
pub(super) fn said(answer: &str, to: &EmailAddress) -> String {
    let telling = telling_parts(to);
    let mut out = String::new();
    for word in answer.split(|c: char| c.is_whitespace() || is_deceptive(c)).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&masked(word, &telling));
    }
    out.chars().take(SAID_LIMIT).collect()
}

/// The parts of an address by which its owner could be known, in lower case: the local part, its pieces, the domain.
fn telling_parts(to: &EmailAddress) -> Vec<String> {
    let address = to.folded();
    let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
    let pieces = local.split(|c: char| !c.is_alphanumeric());
    // Two letters tell nothing, and would mask half of an ordinary sentence.
    pieces.chain([local, domain]).filter(|part| part.chars().count() > 2).map(str::to_owned).collect()
}

fn masked(word: &str, telling: &[String]) -> String {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let folded = inner.to_lowercase();
    let tells = folded.contains('@') || telling.iter().any(|part| holds(&folded, part));
    if tells && !inner.is_empty() { word.replacen(inner, MASK, 1) } else { word.to_owned() }
}

/// Whether a word holds a part between two of its limits, so that "an" is not found in "cannot".
fn holds(word: &str, part: &str) -> bool {
    word.match_indices(part).any(|(at, _)| {
        let before = word.get(..at).and_then(|text| text.chars().next_back());
        let after = word.get(at + part.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(to: &str, answer: &str) -> String {
        said(answer, &EmailAddress::parse(to).unwrap())
    }

    #[test]
    fn addresses_are_masked_and_the_rest_of_the_answer_stays() {
        assert_eq!(
            said_of(
                "P.Jansen+w@Gemeente.example.org",
                "550 5.1.1 <p.jansen+w@gemeente.example.org>: Recipient address rejected: User unknown in local \
                 recipient table"
            ),
            "550 5.1.1 <***>: Recipient address rejected: User unknown in local recipient table"
        );
        assert_eq!(said_of("a@example.org", "blocked, ask postmaster@other.example"), "blocked, ask ***");
    }

    #[test]
    fn what_could_stem_from_the_recipient_is_masked_even_without_an_at_sign() {
        let to = "p.jansen@gemeente.example.org";
        assert_eq!(said_of(to, "550 No such user: 'Jansen'."), "550 No such user: '***'.");
        assert_eq!(said_of(to, "P.JANSEN is over quota"), "*** is over quota");
        assert_eq!(said_of(to, "bounce+p.jansen=gemeente.example.org failed"), "*** failed");
        assert_eq!(said_of(to, "mx.gemeente.example.org is greylisting"), "*** is greylisting");
        assert_eq!(said_of("an@example.org", "cannot find an answer"), "cannot find an answer");
    }

    #[test]
    fn many_lines_controls_and_endless_answers_become_one_short_line() {
        assert_eq!(
            said_of("a@example.org", "one\r\n two\u{0}\u{1B}three\u{202E}\t four "),
            "one two three four"
        );
        assert_eq!(said_of("a@example.org", &"é".repeat(5_000)).chars().count(), SAID_LIMIT);
    }
}
