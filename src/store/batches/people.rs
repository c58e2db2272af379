//! The people of a batch, each with what becomes of them.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::domain::batch::{BatchState, Fate};
use crate::id::{BatchId, RespondentId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::{Backend, on_each};
use crate::store::schema::{batch_people as people, batches};

/// How many people of batches that have had their time are deleted at once.
const FORGOTTEN_AT_ONCE: i64 = 2_000;

/// Somebody for whom a batch is.
#[derive(Debug, Clone, Queryable)]
pub struct Person {
    /// The respondent, who may have been removed since.
    pub respondent: RespondentId,
    /// Their code; empty for somebody whom the study does not know.
    pub code: String,
    /// What becomes of them.
    pub fate: Fate,
}

/// Keeps people for whom a batch is.
///
/// # Errors
/// Only those of the database.
pub fn gather(tx: &mut Tx<'_>, batch: BatchId, some: &[Person]) -> Outcome<()> {
    let rows: Vec<_> = some
        .iter()
        .map(|person| {
            (
                people::batch.eq(batch),
                people::respondent.eq(person.respondent),
                people::code.eq(&person.code),
                people::fate.eq(person.fate),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.run(|c| on_each!(c, |c| diesel::insert_into(people::table).values(rows).execute(c))).map(drop)
}

/// The last respondent who was looked at for a batch.
///
/// # Errors
/// Only those of the database.
pub fn reached(tx: &mut Tx<'_>, batch: BatchId) -> Outcome<Option<RespondentId>> {
    tx.maybe(|c| {
        people::table
            .filter(people::batch.eq(batch))
            .order(people::respondent.desc())
            .select(people::respondent)
            .first(c)
    })
}

/// The next people to whom it is to be done.
///
/// # Errors
/// Only those of the database.
pub fn waiting(tx: &mut Tx<'_>, batch: BatchId, limit: i64) -> Outcome<Vec<Person>> {
    page(tx, batch, Some(Fate::Waiting), None, limit)
}

/// Notes what became of somebody.
///
/// # Errors
/// Only those of the database.
pub fn settle(tx: &mut Tx<'_>, batch: BatchId, respondent: RespondentId, fate: Fate) -> Outcome<()> {
    let row = people::table.find((batch.to_string(), respondent.to_string()));
    tx.run(|c| diesel::update(row).set(people::fate.eq(fate)).execute(c)).map(drop)
}

/// How many people come to what.
///
/// # Errors
/// Only those of the database.
pub fn counts(tx: &mut Tx<'_>, batch: BatchId) -> Outcome<BTreeMap<Fate, i64>> {
    let found: Vec<(Fate, i64)> = tx.run(|c| {
        people::table
            .filter(people::batch.eq(batch))
            .group_by(people::fate)
            .select((people::fate, count_star()))
            .load(c)
    })?;
    Ok(found.into_iter().collect())
}

/// A stretch of the people of a batch in the order of the list, of one fate or of all.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    batch: BatchId,
    fate: Option<Fate>,
    after: Option<RespondentId>,
    limit: i64,
) -> Outcome<Vec<Person>> {
    let mut query = people::table
        .filter(people::batch.eq(batch))
        .order(people::respondent)
        .limit(limit)
        .select((people::respondent, people::code, people::fate))
        .into_boxed::<Backend>();
    if let Some(fate) = fate {
        query = query.filter(people::fate.eq(fate));
    }
    if let Some(after) = after {
        query = query.filter(people::respondent.gt(after));
    }
    tx.run(|c| query.load(c))
}

/// Deletes what has had its time, a stretch at once; answers whether there may be more. One that is under way is
/// finished first.
///
/// # Errors
/// Only those of the database.
pub fn forget_expired(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    let old: Option<BatchId> = tx.maybe(|c| {
        batches::table
            .filter(batches::expires_at.le(now))
            .filter(batches::state.ne(BatchState::Running))
            .order(batches::expires_at)
            .select(batches::id)
            .first(c)
    })?;
    let Some(old) = old else { return Ok(false) };
    let last: Option<RespondentId> = tx.maybe(|c| {
        people::table
            .filter(people::batch.eq(old))
            .order(people::respondent)
            .offset(FORGOTTEN_AT_ONCE)
            .select(people::respondent)
            .first(c)
    })?;
    if let Some(last) = last {
        let stretch = people::table.filter(people::batch.eq(old)).filter(people::respondent.le(last));
        tx.run(|c| diesel::delete(stretch).execute(c))?;
    } else {
        tx.run(|c| diesel::delete(people::table.filter(people::batch.eq(old))).execute(c))?;
        tx.run(|c| on_each!(c, |c| diesel::delete(batches::table.find(old)).execute(c)))?;
    }
    Ok(true)
}
