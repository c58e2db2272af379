//! Puts the next people of a confirmed contact list on the list of respondents.
//!
//! One step is one transaction, in which the rows that it deals with are settled too: whoever goes on after a broken
//! connection, a second press or a stop of the machine goes on where the last step ended, and nobody is added twice.

use super::add_respondent::{Enlisting, Recruit};
use super::judge_import::already_there;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::respondent::code;
use crate::id::ImportId;
use crate::problem::{Outcome, Problem};
use crate::store::contacts::Contact;
use crate::store::import_drafts::Draft;
use crate::store::import_rows::Written;
use crate::store::{Tx, contacts, import_drafts, import_rows, members, studies};

/// The most people that one transaction adds: few, since on SQLite everybody else who writes waits for it.
const AT_ONCE: i64 = 100;

/// Goes on with an import. True when there is more to do. Somebody who may not see contacts any more adds nobody: the
/// list then ends where it is.
///
/// # Errors
/// Only those of the database.
pub fn continue_import(tx: &mut Tx<'_>, now: Instant, id: ImportId) -> Outcome<Done<bool>> {
    let study = import_drafts::get(tx, id)?.study;
    studies::hold(tx, study)?;
    let draft = import_drafts::lock(tx, id)?;
    if draft.state != DraftState::Importing {
        return Ok(Done::housekeeping(false));
    }
    match members::require(tx, draft.study, draft.user, Right::Contacts) {
        Ok(_) => {}
        Err(Problem::NotFound | Problem::Forbidden | Problem::StudyArchived) => {
            return ended(tx, now, &draft, DraftState::Stopped);
        }
        Err(problem) => return Err(problem),
    }
    let rows = import_rows::next(tx, id, AT_ONCE)?;
    if rows.is_empty() {
        return ended(tx, now, &draft, DraftState::Done);
    }
    let entries = add(tx, now, &draft, rows)?;
    Ok(Done::noted(true, entries))
}

fn ended(tx: &mut Tx<'_>, now: Instant, draft: &Draft, state: DraftState) -> Outcome<Done<bool>> {
    import_drafts::finish(tx, draft.id, state, now)?;
    let entry = Entry::new(now, Actor::User(draft.user), "import.ended").study(draft.study);
    Ok(entry.subject(draft.id).result(state.as_str()).with(false))
}

fn add(tx: &mut Tx<'_>, now: Instant, draft: &Draft, rows: Vec<(i32, Written)>) -> Outcome<Vec<Entry>> {
    let enlisting = Enlisting::of(tx, now, Actor::User(draft.user), draft.study)?;
    let width = usize::try_from(draft.code_width).map_err(Problem::internal)?;
    let mut number = u32::try_from(draft.next_number).map_err(Problem::internal)?;
    let mut entries = Vec::with_capacity(rows.len());
    for (place, written) in rows {
        let recruit = match recruit(written, draft.id) {
            Ok(recruit) => recruit,
            Err(Problem::Invalid(reasons)) => {
                import_rows::settle(tx, draft.id, place, Verdict::Refused, &reasons)?;
                continue;
            }
            Err(problem) => return Err(problem),
        };
        // Somebody may have added them since the list was looked at.
        let digest = contacts::email_digest(tx, draft.study, &recruit.contact.email);
        if let Some(code) = contacts::known(tx, draft.study, std::slice::from_ref(&digest))?.get(&digest) {
            import_rows::settle(tx, draft.id, place, Verdict::Known, &[already_there(code)])?;
            continue;
        }
        let code = code(number, width);
        let (_, entry) = enlisting.enlist(tx, &recruit, &code)?;
        number = number.saturating_add(1);
        import_rows::settle(tx, draft.id, place, Verdict::Added, &[])?;
        entries.push(entry);
    }
    import_drafts::number(tx, draft.id, number, width)?;
    Ok(entries)
}

fn recruit(written: Written, import: ImportId) -> Outcome<Recruit> {
    let municipality = written.code;
    let person = written.draft().check().map_err(Problem::Invalid)?;
    let contact = Contact { name: person.name, email: person.email, role: person.role, phone: person.phone };
    let municipality =
        municipality.ok_or_else(|| Problem::internal("a row to be added has no municipality"))?;
    Ok(Recruit { contact, municipality, language: person.language, import: Some(import) })
}
