//! What is done to many respondents at once: whom it is for, and what became of each.

mod people;

pub use people::{Person, counts, forget_expired, gather, page, reached, settle, waiting};

use diesel::prelude::*;

use super::Tx;
use super::dialect::Conn;
use super::schema::batches;
use crate::clock::Instant;
use crate::domain::batch::{Act, BatchState, KEPT_HOURS, TOLD_DAYS};
use crate::domain::wave::Selection;
use crate::id::{BatchId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// A batch.
#[derive(Debug, Clone, Queryable)]
pub struct Batch {
    /// The batch's id. Respondents whose id sorts behind it were added later.
    pub id: BatchId,
    /// The study.
    pub study: StudyId,
    /// Whose it is; nobody else sees it.
    pub user: UserId,
    /// What is done.
    pub act: Act,
    /// Whom it chooses as interviewer, if it chooses somebody.
    pub interviewer: Option<UserId>,
    /// How far it has come.
    pub state: BatchState,
    selection: String,
    /// When it was made.
    pub created_at: Instant,
    /// Until when it is kept.
    pub expires_at: Instant,
}

impl Batch {
    /// Whom it is for.
    ///
    /// # Errors
    /// When what is kept can't be read.
    pub fn selection(&self) -> Outcome<Selection> {
        serde_json::from_str(&self.selection).map_err(Problem::internal)
    }
}

type Columns = (
    batches::id,
    batches::study,
    batches::user_id,
    batches::act,
    batches::interviewer,
    batches::state,
    batches::selection,
    batches::created_at,
    batches::expires_at,
);

const COLUMNS: Columns = (
    batches::id,
    batches::study,
    batches::user_id,
    batches::act,
    batches::interviewer,
    batches::state,
    batches::selection,
    batches::created_at,
    batches::expires_at,
);

/// Begins a batch, for which nobody has been looked up yet.
///
/// # Errors
/// Only those of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    now: Instant,
    (study, user): (StudyId, UserId),
    (act, interviewer): (Act, Option<UserId>),
    selection: &Selection,
) -> Outcome<BatchId> {
    let id = BatchId::new();
    let selection = serde_json::to_string(selection).map_err(Problem::internal)?;
    tx.run(|c| {
        diesel::insert_into(batches::table)
            .values((
                batches::id.eq(id),
                batches::study.eq(study),
                batches::user_id.eq(user),
                batches::act.eq(act),
                batches::interviewer.eq(interviewer),
                batches::state.eq(BatchState::Gathering),
                batches::selection.eq(selection),
                batches::created_at.eq(now),
                batches::expires_at.eq(now.plus_minutes(KEPT_HOURS * 60)),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Finds a batch.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: BatchId) -> Outcome<Batch> {
    tx.run(|c| batches::table.find(id).select(COLUMNS).first(c))
}

/// Finds a batch and locks it until the transaction ends. SQLite has one writer and needs no lock.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: BatchId) -> Outcome<Batch> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            batches::table.find(id).select(batches::id).for_update().first::<BatchId>(c).map(drop)
        }
    })?;
    get(tx, id)
}

/// Notes how far a batch has come.
///
/// # Errors
/// Only those of the database.
pub fn set_state(tx: &mut Tx<'_>, id: BatchId, state: BatchState) -> Outcome<()> {
    tx.run(|c| diesel::update(batches::table.find(id)).set(batches::state.eq(state)).execute(c)).map(drop)
}

/// Notes that a batch has come to its end. From then on its people tell whom it was for.
///
/// # Errors
/// Only those of the database.
pub fn finish(tx: &mut Tx<'_>, id: BatchId, state: BatchState, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(batches::table.find(id))
            .set((batches::state.eq(state), batches::expires_at.eq(now.plus_days(TOLD_DAYS))))
            .execute(c)
    })
    .map(drop)
}

/// Throws a batch away that was not confirmed.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, id: BatchId, now: Instant) -> Outcome<()> {
    tx.run(|c| diesel::update(batches::table.find(id)).set(batches::expires_at.eq(now)).execute(c)).map(drop)
}

/// The batches that have more to do by themselves, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn under_way(tx: &mut Tx<'_>) -> Outcome<Vec<BatchId>> {
    tx.run(|c| {
        batches::table
            .filter(batches::state.eq_any([BatchState::Gathering, BatchState::Running]))
            .order(batches::id)
            .limit(20)
            .select(batches::id)
            .load(c)
    })
}
