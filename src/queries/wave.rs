//! What a wave of letters came to.

use crate::id::WaveId;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::waves::{self, WaveOutcome};

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
