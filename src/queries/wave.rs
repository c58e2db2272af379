//! What a wave of letters came to.

use super::page::one_more;
use crate::domain::access::Right;
use crate::domain::respondent::SkipReason;
use crate::domain::wave::WaveKind;
use crate::id::{RespondentId, StudyId, UserId, WaveId};
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

/// What a wave came to, as far as a page shows it.
#[derive(Debug)]
pub struct Summary {
    /// How many got a letter.
    pub letters: i64,
    /// The first of them.
    pub written_to: Vec<RespondentId>,
    /// How many got none, by reason.
    pub reasons: Vec<(SkipReason, i64)>,
    /// A part of those who got none.
    pub skipped: Vec<WaveOutcome>,
    /// After which place to go on with them, if there are more.
    pub next: Option<i64>,
}

/// What a wave came to: in numbers, and a part of the people. It costs what is shown, however large the wave was.
///
/// # Errors
/// As [`kind`].
pub fn summary(
    tx: &mut Tx<'_>,
    (user, study): (UserId, StudyId),
    wave: WaveId,
    (after, limit): (i64, usize),
) -> Outcome<Summary> {
    kind(tx, user, study, wave)?;
    let (mut letters, mut reasons) = (0, Vec::new());
    for (reason, count) in waves::reasons(tx, wave)? {
        match reason {
            None => letters = count,
            Some(reason) => reasons.push((reason, count)),
        }
    }
    let most = one_more(limit).saturating_sub(1);
    let mut rows = waves::skipped(tx, wave, after, one_more(limit))?;
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_more).map(|(place, ..)| *place);
    let skipped = rows.into_iter().map(|(_, respondent, reason)| (respondent, reason)).collect();
    Ok(Summary { letters, written_to: waves::written_to(tx, wave, most)?, reasons, skipped, next })
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
