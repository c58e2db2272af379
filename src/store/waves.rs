//! Waves of letters: whom each was meant for, and what became of them.

mod outcomes;
mod people;

pub use outcomes::{WaveOutcome, outcomes, reasons, skipped, written_to};
pub use people::{Among, Known, approached, known, mark_invited};

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{wave_outcomes, waves};
use crate::clock::Instant;
use crate::domain::wave::{Selection, WaveKind};
use crate::id::{RespondentId, StudyId, UserId, WaveId};
use crate::problem::{Outcome, Problem};

/// A wave.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Wave {
    /// The wave's id. Respondents whose id sorts behind it were added later.
    pub id: WaveId,
    /// The study.
    pub study: StudyId,
    /// What it brings.
    pub kind: WaveKind,
    /// Who began it.
    pub by: UserId,
    /// Since when nothing is left to do.
    pub ended_at: Option<Instant>,
}

/// Begins a wave.
///
/// # Errors
/// Only those of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    study: StudyId,
    (kind, selection): (WaveKind, &Selection),
    by: UserId,
    now: Instant,
) -> Outcome<WaveId> {
    let id = WaveId::new();
    let selection = serde_json::to_string(selection).map_err(Problem::internal)?;
    tx.run(|c| {
        diesel::insert_into(waves::table)
            .values((
                waves::id.eq(id),
                waves::study.eq(study),
                waves::kind.eq(kind),
                waves::created_by.eq(by),
                waves::created_at.eq(now),
                waves::selection.eq(Some(selection)),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Finds a wave and locks those of its study until the transaction ends: they take turns, so that each sees whom the
/// others have written to.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: WaveId) -> Outcome<Wave> {
    let wave = get(tx, id)?;
    if tx.locks_rows() {
        let first: WaveId = tx.run(|c| {
            let all = waves::table.filter(waves::study.eq(wave.study));
            all.order(waves::id).select(waves::id).first(c)
        })?;
        tx.run(|c| diesel::update(waves::table.find(first)).set(waves::id.eq(first)).execute(c))?;
    }
    Ok(wave)
}

/// Finds a wave.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: WaveId) -> Outcome<Wave> {
    tx.run(|c| {
        waves::table
            .find(id)
            .select((waves::id, waves::study, waves::kind, waves::created_by, waves::ended_at))
            .first(c)
    })
}

/// The waves that have more to do, oldest first, each with whom it is meant for.
///
/// # Errors
/// Only those of the database.
pub fn under_way(tx: &mut Tx<'_>) -> Outcome<Vec<(WaveId, Selection)>> {
    let rows: Vec<(WaveId, Option<String>)> = tx.run(|c| {
        waves::table
            .filter(waves::ended_at.is_null())
            .filter(waves::selection.is_not_null())
            .order(waves::id)
            .limit(20)
            .select((waves::id, waves::selection))
            .load(c)
    })?;
    let read = |(id, text): (WaveId, Option<String>)| {
        let selection = serde_json::from_str(&text.unwrap_or_default()).map_err(Problem::internal)?;
        Ok((id, selection))
    };
    rows.into_iter().map(read).collect()
}

/// Notes that a wave has nothing left to do. Whom it was meant for is told by its outcomes from then on.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, id: WaveId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(waves::table.find(id))
            .set((waves::ended_at.eq(Some(now)), waves::selection.eq(None::<String>)))
            .execute(c)
    })
    .map(drop)
}

/// The last respondent that a wave has dealt with.
///
/// # Errors
/// Only those of the database.
pub fn reached(tx: &mut Tx<'_>, wave: WaveId) -> Outcome<Option<RespondentId>> {
    tx.maybe(|c| {
        wave_outcomes::table
            .filter(wave_outcomes::wave.eq(wave))
            .order(wave_outcomes::id.desc())
            .select(wave_outcomes::respondent)
            .first(c)
    })
}

/// Writes down what became of respondents, in their order.
///
/// # Errors
/// Only those of the database.
pub fn note(tx: &mut Tx<'_>, wave: WaveId, outcomes: &[WaveOutcome]) -> Outcome<()> {
    let rows: Vec<_> = outcomes
        .iter()
        .map(|(respondent, skipped)| {
            (
                wave_outcomes::wave.eq(wave),
                wave_outcomes::respondent.eq(*respondent),
                wave_outcomes::skipped.eq(*skipped),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.run(|c| on_each!(c, |c| diesel::insert_into(wave_outcomes::table).values(rows).execute(c))).map(drop)
}
