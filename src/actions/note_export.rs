//! Notes in the log that a study's data were taken out, before the first byte leaves.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, members};

/// Notes an export. Interviewers' notes may name people, so they are for those who may know them (R11).
///
/// # Errors
/// Those of [`members::require`].
pub fn note_export(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    with_notes: bool,
) -> Outcome<Done<()>> {
    let member = members::require(tx, study, user, Right::Export)?;
    if with_notes {
        member.require(Right::Contacts)?;
    }
    let action = if with_notes { "study.exported_with_notes" } else { "study.exported" };
    Ok(Entry::new(now, Actor::User(user), action).study(study).subject(study).with(()))
}
