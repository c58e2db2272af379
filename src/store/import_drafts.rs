//! Contact lists that researchers are preparing. The text of one is sealed, and gone once its people are on the list.

use diesel::prelude::*;

use super::dialect::{Conn, on_each};
use super::schema::{import_drafts as drafts, import_rows as rows};
use super::{Tx, import_rows};
use crate::clock::Instant;
use crate::domain::import_draft::{DraftState, KEPT_HOURS, TOLD_DAYS};
use crate::id::{ImportId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// How many imports that are done are told of at most.
const MOST_DONE: i64 = 20;
/// How many rows of lists that have had their time are deleted at once.
const FORGOTTEN_AT_ONCE: i64 = 2_000;

/// A contact list without its text.
#[derive(Debug, Clone, Queryable)]
pub struct Draft {
    /// The list's id.
    pub id: ImportId,
    /// The study for which it is meant.
    pub study: StudyId,
    /// Who prepares it; nobody else sees it.
    pub user: UserId,
    /// How far it has come.
    pub state: DraftState,
    /// How often its columns were chosen.
    pub revision: i32,
    /// How it is read, as [`crate::domain::contact_list::Layout`] writes it down.
    pub layout: String,
    /// The number of the next code.
    pub next_number: i32,
    /// How many digits its codes have.
    pub code_width: i32,
    /// When it came in.
    pub created_at: Instant,
    /// Until when it is kept.
    pub expires_at: Instant,
    /// How many rows it has, once they are looked at.
    pub total: i32,
}

type Columns = (
    drafts::id,
    drafts::study,
    drafts::user_id,
    drafts::state,
    drafts::revision,
    drafts::layout,
    drafts::next_number,
    drafts::code_width,
    drafts::created_at,
    drafts::expires_at,
    drafts::total,
);

const COLUMNS: Columns = (
    drafts::id,
    drafts::study,
    drafts::user_id,
    drafts::state,
    drafts::revision,
    drafts::layout,
    drafts::next_number,
    drafts::code_width,
    drafts::created_at,
    drafts::expires_at,
    drafts::total,
);

fn place(id: ImportId) -> String {
    format!("import {id}")
}

/// Keeps a list. Earlier ones of the same researcher and study that were not confirmed end now.
///
/// # Errors
/// Only those of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    now: Instant,
    (study, user): (StudyId, UserId),
    layout: &str,
    text: &str,
) -> Outcome<ImportId> {
    tx.run(|c| {
        diesel::update(
            drafts::table
                .filter(drafts::study.eq(study))
                .filter(drafts::user_id.eq(user))
                .filter(drafts::state.ne(DraftState::Importing))
                .filter(drafts::state.ne(DraftState::Done)),
        )
        .set((drafts::expires_at.eq(now), drafts::sealed.eq(None::<Vec<u8>>)))
        .execute(c)
    })?;
    let id = ImportId::new();
    let sealed = tx.keys().seal(&place(id), text.as_bytes())?;
    tx.run(|c| {
        diesel::insert_into(drafts::table)
            .values((
                drafts::id.eq(id),
                drafts::study.eq(study),
                drafts::user_id.eq(user),
                drafts::state.eq(DraftState::Read),
                drafts::revision.eq(0),
                drafts::layout.eq(layout),
                drafts::sealed.eq(Some(sealed)),
                drafts::next_number.eq(0),
                drafts::code_width.eq(0),
                drafts::created_at.eq(now),
                drafts::expires_at.eq(now.plus_minutes(KEPT_HOURS * 60)),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Finds a list.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ImportId) -> Outcome<Draft> {
    tx.run(|c| drafts::table.find(id).select(COLUMNS).first(c))
}

/// Finds a list and locks it until the transaction ends. SQLite has one writer and needs no lock.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: ImportId) -> Outcome<Draft> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            drafts::table.find(id).select(drafts::id).for_update().first::<ImportId>(c).map(drop)
        }
    })?;
    get(tx, id)
}

/// The latest list of a researcher for a study that was not confirmed and has not had its time.
///
/// # Errors
/// Only those of the database.
pub fn waiting(tx: &mut Tx<'_>, study: StudyId, user: UserId, now: Instant) -> Outcome<Option<Draft>> {
    tx.maybe(|c| {
        drafts::table
            .filter(drafts::study.eq(study))
            .filter(drafts::user_id.eq(user))
            .filter(drafts::state.ne(DraftState::Done))
            .filter(drafts::expires_at.gt(now))
            .order(drafts::id.desc())
            .select(COLUMNS)
            .first(c)
    })
}

/// The imports of a researcher into a study that are done, latest first, as long as they are told of.
///
/// # Errors
/// Only those of the database.
pub fn done(tx: &mut Tx<'_>, study: StudyId, user: UserId, now: Instant) -> Outcome<Vec<Draft>> {
    tx.run(|c| {
        drafts::table
            .filter(drafts::study.eq(study))
            .filter(drafts::user_id.eq(user))
            .filter(drafts::state.eq(DraftState::Done))
            .filter(drafts::expires_at.gt(now))
            .order(drafts::id.desc())
            .limit(MOST_DONE)
            .select(COLUMNS)
            .load(c)
    })
}

/// Whether the text of a list is still there, so that its columns can be chosen anew.
///
/// # Errors
/// Only those of the database.
pub fn has_text(tx: &mut Tx<'_>, id: ImportId) -> Outcome<bool> {
    tx.run(|c| drafts::table.find(id).select(drafts::sealed.is_not_null()).first(c))
}

/// The text of a list.
///
/// # Errors
/// [`Problem::NotFound`] when it is gone.
pub fn text(tx: &mut Tx<'_>, id: ImportId) -> Outcome<String> {
    let sealed: Option<Vec<u8>> = tx.run(|c| drafts::table.find(id).select(drafts::sealed).first(c))?;
    let plain = tx.keys().open(&place(id), &sealed.ok_or(Problem::NotFound)?)?;
    String::from_utf8(plain).map_err(Problem::internal)
}

/// Notes how a list is to be read, and counts the choice.
///
/// # Errors
/// Only those of the database.
pub fn choose(tx: &mut Tx<'_>, draft: &Draft, layout: &str) -> Outcome<i32> {
    let revision = draft.revision.saturating_add(1);
    tx.run(|c| {
        diesel::update(drafts::table.find(draft.id))
            .set((
                drafts::layout.eq(layout),
                drafts::revision.eq(revision),
                drafts::state.eq(DraftState::Judging),
                drafts::total.eq(0),
            ))
            .execute(c)
    })?;
    Ok(revision)
}

/// Notes how far a list has come.
///
/// # Errors
/// Only those of the database.
pub fn set_state(tx: &mut Tx<'_>, id: ImportId, state: DraftState) -> Outcome<()> {
    tx.run(|c| diesel::update(drafts::table.find(id)).set(drafts::state.eq(state)).execute(c)).map(drop)
}

/// Notes how many rows a list has.
///
/// # Errors
/// Only those of the database.
pub fn set_total(tx: &mut Tx<'_>, id: ImportId, total: i32) -> Outcome<()> {
    tx.run(|c| diesel::update(drafts::table.find(id)).set(drafts::total.eq(total)).execute(c)).map(drop)
}

/// Notes from which number on codes are given out, and how long they are.
///
/// # Errors
/// Only those of the database.
pub fn number(tx: &mut Tx<'_>, id: ImportId, next: u32, width: usize) -> Outcome<()> {
    let next = i32::try_from(next).map_err(Problem::internal)?;
    let width = i32::try_from(width).map_err(Problem::internal)?;
    tx.run(|c| {
        diesel::update(drafts::table.find(id))
            .set((drafts::next_number.eq(next), drafts::code_width.eq(width)))
            .execute(c)
    })
    .map(drop)
}

/// Ends a list: its text is deleted and its rows keep no values. What was wrong with them can be looked up until its
/// time is over, which is later for one whose people were added.
///
/// # Errors
/// Only those of the database.
pub fn finish(tx: &mut Tx<'_>, id: ImportId, state: DraftState, now: Instant) -> Outcome<()> {
    if state == DraftState::Done {
        let until = drafts::expires_at.eq(now.plus_days(TOLD_DAYS));
        tx.run(|c| diesel::update(drafts::table.find(id)).set(until).execute(c))?;
    }
    empty(tx, id, state)
}

/// Deletes the text of a list and what its rows say.
fn empty(tx: &mut Tx<'_>, id: ImportId, state: DraftState) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(drafts::table.find(id))
            .set((drafts::state.eq(state), drafts::sealed.eq(None::<Vec<u8>>)))
            .execute(c)
    })?;
    import_rows::empty(tx, id)
}

/// Throws a list away: its text now, the rest soon.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, id: ImportId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(drafts::table.find(id))
            .set((drafts::expires_at.eq(now), drafts::sealed.eq(None::<Vec<u8>>)))
            .execute(c)
    })
    .map(drop)
}

/// The lists that are under way in this state, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn in_state(tx: &mut Tx<'_>, state: DraftState) -> Outcome<Vec<ImportId>> {
    tx.run(|c| {
        drafts::table.filter(drafts::state.eq(state)).order(drafts::id).limit(20).select(drafts::id).load(c)
    })
}

/// Takes somebody who is erased, known by the digest of their address, out of the lists of a study: of their rows
/// nothing is left, and the text goes in which one of them stands. A list whose rows nobody has looked at yet ends as a
/// whole.
///
/// # Errors
/// Only those of the database.
pub fn forget_person(tx: &mut Tx<'_>, study: StudyId, digest: &str) -> Outcome<()> {
    for draft in import_rows::forget_person(tx, digest)? {
        tx.run(|c| {
            diesel::update(drafts::table.find(draft)).set(drafts::sealed.eq(None::<Vec<u8>>)).execute(c)
        })?;
    }
    let unread = drafts::table
        .filter(drafts::study.eq(study))
        .filter(drafts::state.eq(DraftState::Read).or(drafts::state.eq(DraftState::Judging)));
    let ids: Vec<ImportId> = tx.run(|c| unread.select(drafts::id).load(c))?;
    for id in ids {
        empty(tx, id, DraftState::Ended)?;
    }
    Ok(())
}

/// Deletes what has had its time, a stretch at once; answers whether there may be more. One that is being imported
/// is finished first.
///
/// # Errors
/// Only those of the database.
pub fn forget_expired(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    let old: Option<ImportId> = tx.maybe(|c| {
        drafts::table
            .filter(drafts::expires_at.le(now))
            .filter(drafts::state.ne(DraftState::Importing))
            .order(drafts::expires_at)
            .select(drafts::id)
            .first(c)
    })?;
    let Some(old) = old else { return Ok(false) };
    let last: Option<i32> = tx.maybe(|c| {
        rows::table
            .filter(rows::draft.eq(old))
            .order(rows::place)
            .offset(FORGOTTEN_AT_ONCE)
            .select(rows::place)
            .first(c)
    })?;
    if let Some(last) = last {
        let stretch = rows::table.filter(rows::draft.eq(old)).filter(rows::place.le(last));
        tx.run(|c| diesel::delete(stretch).execute(c))?;
    } else {
        tx.run(|c| diesel::delete(rows::table.filter(rows::draft.eq(old))).execute(c))?;
        tx.run(|c| on_each!(c, |c| diesel::delete(drafts::table.find(old)).execute(c)))?;
    }
    Ok(true)
}
