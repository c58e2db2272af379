//! The outbox of a study.

use crate::domain::access::{Member, Right};
use crate::domain::delivery::LetterState;
use crate::id::{LetterId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::letters::{self, Filter, LetterItem};
use crate::store::{Tx, members};

/// A page of a study's letters, newest first.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    filter: Filter,
    limit: i64,
) -> Outcome<Vec<LetterItem>> {
    let member = members::require(tx, study, user, Right::View)?;
    let found = letters::page(tx, study, filter, limit)?;
    Ok(found.into_iter().map(|item| as_seen_by(&member, item)).collect())
}

/// One letter.
///
/// # Errors
/// Those of access; also `NotFound` for one that is unknown.
pub fn detail(tx: &mut Tx<'_>, user: UserId, letter: LetterId) -> Outcome<LetterItem> {
    let item = letters::detail(tx, letter)?;
    let member = members::require(tx, item.study, user, Right::View)?;
    Ok(as_seen_by(&member, item))
}

/// Mail servers like to name the person whose mailbox they speak of. Whoever sees no contact data reads the codes alone
/// that come before, `550 5.1.1` (R11); why a letter lost its point is a word of our own.
fn as_seen_by(member: &Member, mut item: LetterItem) -> LetterItem {
    if !member.may(Right::Contacts) && item.state != LetterState::Cancelled {
        item.last_error = item.last_error.map(|said| codes(&said));
    }
    item
}

fn codes(said: &str) -> String {
    let is_code = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    said.split_whitespace().take_while(is_code).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn only_the_codes_of_what_a_mail_server_said_are_left() {
        assert_eq!(codes("550 5.1.1 Mailbox of Z. Kwakkelstein disabled"), "550 5.1.1");
        assert_eq!(codes("Z. Kwakkelstein moved"), "");
    }
}
