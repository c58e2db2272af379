//! What became of those for whom a wave was meant: all of it, or counted and in parts.

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::domain::respondent::SkipReason;
use crate::id::{RespondentId, WaveId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::schema::wave_outcomes;

/// What became of a respondent in a wave: a letter, or a reason why not.
pub type WaveOutcome = (RespondentId, Option<SkipReason>);

/// A stretch of what became of respondents in a wave, each with its place in the order.
///
/// # Errors
/// Only those of the database.
pub fn outcomes(
    tx: &mut Tx<'_>,
    wave: WaveId,
    after: i64,
    limit: i64,
) -> Outcome<Vec<(i64, RespondentId, Option<SkipReason>)>> {
    tx.run(|c| {
        wave_outcomes::table
            .filter(wave_outcomes::wave.eq(wave))
            .filter(wave_outcomes::id.gt(after))
            .order(wave_outcomes::id)
            .limit(limit)
            .select((wave_outcomes::id, wave_outcomes::respondent, wave_outcomes::skipped))
            .load(c)
    })
}

/// How many got a letter in a wave, and how many did not for which reason.
///
/// # Errors
/// Only those of the database.
pub fn reasons(tx: &mut Tx<'_>, wave: WaveId) -> Outcome<Vec<(Option<SkipReason>, i64)>> {
    tx.run(|c| {
        wave_outcomes::table
            .filter(wave_outcomes::wave.eq(wave))
            .group_by(wave_outcomes::skipped)
            .select((wave_outcomes::skipped, count_star()))
            .load(c)
    })
}

/// The first who got a letter in a wave.
///
/// # Errors
/// Only those of the database.
pub fn written_to(tx: &mut Tx<'_>, wave: WaveId, limit: i64) -> Outcome<Vec<RespondentId>> {
    tx.run(|c| {
        wave_outcomes::table
            .filter(wave_outcomes::wave.eq(wave))
            .filter(wave_outcomes::skipped.is_null())
            .order(wave_outcomes::id)
            .limit(limit)
            .select(wave_outcomes::respondent)
            .load(c)
    })
}

/// A stretch of those who got none, each with their place in the order.
///
/// # Errors
/// Only those of the database.
pub fn skipped(
    tx: &mut Tx<'_>,
    wave: WaveId,
    after: i64,
    limit: i64,
) -> Outcome<Vec<(i64, RespondentId, Option<SkipReason>)>> {
    tx.run(|c| {
        wave_outcomes::table
            .filter(wave_outcomes::wave.eq(wave))
            .filter(wave_outcomes::skipped.is_not_null())
            .filter(wave_outcomes::id.gt(after))
            .order(wave_outcomes::id)
            .limit(limit)
            .select((wave_outcomes::id, wave_outcomes::respondent, wave_outcomes::skipped))
            .load(c)
    })
}
