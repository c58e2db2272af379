//! The outbox of a study.

use crate::domain::access::{Member, Right};
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
    found.into_iter().map(|item| as_seen_by(tx, &member, item)).collect()
}

/// One letter.
///
/// # Errors
/// Those of access; also `NotFound` for one that is unknown.
pub fn detail(tx: &mut Tx<'_>, user: UserId, letter: LetterId) -> Outcome<LetterItem> {
    let item = letters::detail(tx, letter)?;
    let member = members::require(tx, item.study, user, Right::View)?;
    as_seen_by(tx, &member, item)
}

/// Mail servers like to name the person whose mailbox they speak of. Whoever sees no contact data reads the codes alone
/// that come before, `550 5.1.1` (R11); why a letter lost its point is a word of our own.
fn as_seen_by(tx: &Tx<'_>, member: &Member, mut item: LetterItem) -> Outcome<LetterItem> {
    if member.may(Right::Contacts)
        && let Some(said) = letters::answer(tx, &item)?
    {
        item.last_error = Some(said);
    }
    Ok(item)
}
