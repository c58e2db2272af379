//! Takes in a contact list that a researcher wants to import: it is kept sealed, and nobody is put on the list of
//! respondents yet.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::contact_list::Layout;
use crate::id::{ImportId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::{Tx, import_drafts, members};

/// Keeps a text with a guess of how it is to be read, in place of an earlier one that was not confirmed.
///
/// # Errors
/// Those of access.
pub fn read_import(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    text: &str,
    guess: &Layout,
) -> Outcome<Done<Made<ImportId>>> {
    members::require(tx, study, user, Right::Contacts)?;
    let id = import_drafts::insert(tx, now, (study, user), &guess.to_text(), text)?;
    let entry = Entry::new(now, Actor::User(user), "import.read").study(study);
    Ok(entry.subject(id).with(Made::new(201, id)))
}
