//! Takes somebody off the list who should never have come onto it: their import is undone. Nobody has written to them
//! and they did nothing, so nothing is left of them but the entries of the log.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::problem::Outcome;
use crate::store::respondents::Respondent;
use crate::store::{Tx, erasure, respondents};

/// Removes a respondent who is locked and [may be removed](crate::domain::batch::Act::spares).
///
/// # Errors
/// Only those of the database: whoever left traces can't be removed.
pub(super) fn remove_respondent(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    respondent: &Respondent,
) -> Outcome<Done<()>> {
    erasure::erase_salts(tx, respondent.id, &respondent.code)?;
    respondents::remove(tx, respondent.id)?;
    let entry = Entry::new(now, actor, "respondent.removed").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(()))
}
