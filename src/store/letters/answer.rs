//! What a mail server said to a letter. It may name the recipient (R6), so the words are sealed, and only the codes
//! before them stand in clear: `550 5.1.1` (RFC 5321 4.2, RFC 3463 2).

use super::list::LetterItem;
use crate::id::LetterId;
use crate::problem::{Outcome, Problem};
use crate::store::Tx;

/// An answer as it is kept.
pub(super) struct Answer {
    pub(super) codes: Option<String>,
    pub(super) sealed: Vec<u8>,
}

impl Answer {
    /// # Errors
    /// When it can't be sealed.
    pub(super) fn to(tx: &Tx<'_>, letter: LetterId, said: &str) -> Outcome<Self> {
        let sealed = tx.keys().seal(&place(letter), said.as_bytes())?;
        Ok(Self { codes: codes(said), sealed })
    }
}

/// The whole of what the mail server said last, for those who may see contact data.
///
/// # Errors
/// When the seal is broken.
pub fn answer(tx: &Tx<'_>, letter: &LetterItem) -> Outcome<Option<String>> {
    let Some(sealed) = &letter.answer else { return Ok(None) };
    let said = tx.keys().open(&place(letter.id), sealed)?;
    String::from_utf8(said).map(Some).map_err(Problem::internal)
}

/// The place that an answer is sealed for.
fn place(letter: LetterId) -> String {
    format!("letter answer {letter}")
}

/// The codes before what a mail server said, which name nobody.
pub(in crate::store) fn codes(said: &str) -> Option<String> {
    let is_code = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let codes = said.split_whitespace().take_while(is_code).collect::<Vec<_>>().join(" ");
    Some(codes).filter(|codes| !codes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn only_the_codes_of_what_a_mail_server_said_stand_in_clear() {
        assert_eq!(codes("550 5.1.1 Mailbox of Z. Kwakkelstein disabled").as_deref(), Some("550 5.1.1"));
        assert_eq!(codes("Z. Kwakkelstein moved"), None);
    }
}
