//! The strata of a study and the counter of places that decides who gets the last one (R1).

use diesel::prelude::*;

use super::Tx;
use super::schema::strata;
use crate::id::{StratumId, StudyId};
use crate::problem::{Outcome, Problem};

/// A stratum's row.
#[derive(Debug, Clone, Queryable)]
pub struct Stratum {
    /// The stratum's id.
    pub id: StratumId,
    /// The researcher's key for it.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// The least number of inhabitants, inclusive.
    pub min_inhabitants: Option<i32>,
    /// The greatest number of inhabitants, inclusive.
    pub max_inhabitants: Option<i32>,
    /// How many interviews are aimed at.
    pub target: Option<i32>,
    /// How many interviews are allowed.
    pub cap: Option<i32>,
    /// How many are booked or held (E13).
    pub taken: i32,
}

/// The strata of a study in their order.
///
/// # Errors
/// Only those of the database.
pub fn of_study(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<Stratum>> {
    tx.run(|c| {
        strata::table
            .filter(strata::study.eq(study))
            .order(strata::position)
            .select((
                strata::id,
                strata::key,
                strata::label,
                strata::min_inhabitants,
                strata::max_inhabitants,
                strata::target,
                strata::cap,
                strata::taken,
            ))
            .load(c)
    })
}

/// Takes a place in a stratum. The update decides: of two that ask for the last place, one finds it gone.
///
/// # Errors
/// [`Problem::QuotaFull`] when the cap is reached.
pub fn take(tx: &mut Tx<'_>, stratum: StratumId) -> Outcome<()> {
    let taken = tx.run(|c| {
        diesel::update(
            strata::table
                .filter(strata::id.eq(stratum))
                .filter(strata::cap.is_null().or(strata::cap.assume_not_null().gt(strata::taken))),
        )
        .set(strata::taken.eq(strata::taken + 1))
        .execute(c)
    })?;
    if taken == 1 { Ok(()) } else { Err(Problem::QuotaFull) }
}

/// Gives a place back.
///
/// # Errors
/// Only those of the database.
pub fn free(tx: &mut Tx<'_>, stratum: StratumId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(strata::table.filter(strata::id.eq(stratum)).filter(strata::taken.gt(0)))
            .set(strata::taken.eq(strata::taken - 1))
            .execute(c)
    })
    .map(drop)
}

/// Whether a stratum has no place left.
///
/// # Errors
/// Only those of the database.
pub fn is_full(tx: &mut Tx<'_>, stratum: StratumId) -> Outcome<bool> {
    let (cap, taken): (Option<i32>, i32) =
        tx.run(|c| strata::table.find(stratum).select((strata::cap, strata::taken)).first(c))?;
    Ok(cap.is_some_and(|cap| taken >= cap))
}
