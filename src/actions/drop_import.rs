//! Throws a contact list away that was not imported.

use super::judge_import::open_to;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::import_draft::DraftState;
use crate::id::{ImportId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, import_drafts};

/// Throws it away; its text is deleted at once. Answers for which study it was meant.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] for a list of somebody else, [`Problem::VersionConflict`] while it is being
/// imported.
pub fn drop_import(tx: &mut Tx<'_>, now: Instant, user: UserId, id: ImportId) -> Outcome<Done<StudyId>> {
    let study = open_to(tx, now, user, id)?.study;
    if import_drafts::lock(tx, id)?.state == DraftState::Importing {
        return Err(Problem::VersionConflict);
    }
    import_drafts::end(tx, id, now)?;
    Ok(Entry::new(now, Actor::User(user), "import.dropped").study(study).subject(id).with(study))
}
