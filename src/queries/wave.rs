//! What a wave of letters came to.

use crate::domain::access::Right;
use crate::domain::wave::WaveKind;
use crate::id::{StudyId, UserId, WaveId};
use crate::problem::{Outcome, Problem};
use crate::store::waves::{self, WaveOutcome};
use crate::store::{Tx, members};

/// How many outcomes one question gives.
const AT_ONCE: i64 = 5_000;

/// A stretch of what became of those whom a wave was meant for, and where to go on, until there is no more.
///
/// # Errors
/// Only those of the database.
pub fn outcomes(tx: &mut Tx<'_>, wave: WaveId, after: i64) -> Outcome<(Vec<WaveOutcome>, Option<i64>)> {
    let rows = waves::outcomes(tx, wave, after, AT_ONCE)?;
    let next = rows.last().map(|(place, ..)| *place);
    Ok((rows.into_iter().map(|(_, respondent, skipped)| (respondent, skipped)).collect(), next))
}

/// What a wave of a study brings, and whether it has more to do.
///
/// # Errors
/// Those of access, and [`Problem::NotFound`] for one of another study.
pub fn kind(tx: &mut Tx<'_>, user: UserId, study: StudyId, wave: WaveId) -> Outcome<(WaveKind, bool)> {
    members::require(tx, study, user, Right::Letters)?;
    let wave = waves::get(tx, wave)?;
    if wave.study == study { Ok((wave.kind, wave.ended_at.is_none())) } else { Err(Problem::NotFound) }
}
