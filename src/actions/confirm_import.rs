//! Begins to put the people of a contact list on the list of respondents, as it was shown what becomes of each.

use super::judge_import::open_to;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::respondent::code_width;
use crate::id::{ImportId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, import_drafts, import_rows, studies};

/// Confirms a list; nobody is added yet: see [`super::continue_import::continue_import`]. A second press finds that it
/// is confirmed and changes nothing.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] for a list of somebody else, [`Problem::VersionConflict`] when it is not
/// known yet what becomes of its rows.
pub fn confirm_import(tx: &mut Tx<'_>, now: Instant, user: UserId, id: ImportId) -> Outcome<Done<()>> {
    let study = open_to(tx, now, user, id)?.study;
    // The study comes before all other locks; numbers are taken of it.
    studies::lock(tx, study)?;
    match import_drafts::lock(tx, id)?.state {
        DraftState::Judged => {}
        DraftState::Read | DraftState::Judging | DraftState::Ended => return Err(Problem::VersionConflict),
        DraftState::Importing | DraftState::Done | DraftState::Stopped => return Ok(Done::housekeeping(())),
    }
    let fresh = import_rows::counts(tx, id)?.get(Verdict::Fresh.as_str()).copied().unwrap_or_default();
    let count = u32::try_from(fresh).map_err(Problem::internal)?;
    let first = studies::take_numbers(tx, study, count)?;
    import_drafts::number(tx, id, first, code_width(first.saturating_add(count).saturating_sub(1)))?;
    import_drafts::set_state(tx, id, DraftState::Importing)?;
    let entry = Entry::new(now, Actor::User(user), "import.confirmed").study(study);
    Ok(entry.subject(id).field("people", count).with(()))
}
