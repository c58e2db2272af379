//! The outbox of a study.

use crate::domain::access::Right;
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
    members::require(tx, study, user, Right::View)?;
    letters::page(tx, study, filter, limit)
}

/// One letter.
///
/// # Errors
/// Those of access; also `NotFound` for one that is unknown.
pub fn detail(tx: &mut Tx<'_>, user: UserId, letter: LetterId) -> Outcome<LetterItem> {
    let item = letters::detail(tx, letter)?;
    members::require(tx, item.study, user, Right::View)?;
    Ok(item)
}
