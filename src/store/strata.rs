//! The strata of a study and the counter of places that decides who gets the last one (R1).

use std::collections::BTreeMap;

use diesel::dsl::{count, count_star};
use diesel::prelude::*;

use super::Tx;
use super::dialect::{Conn, on_each};
use super::prepared::Prepare as _;
use super::schema::{interviews, respondents, strata};
use crate::domain::interview::InterviewStatus;
use crate::domain::stratum::{Edges, StratumPlan};
use crate::id::{StratumId, StudyId};
use crate::problem::{FieldCode, Outcome, Problem};

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

/// The stratum with a key, where one is named.
///
/// # Errors
/// [`FieldCode::UnknownReference`] at `stratum` for a key that the study does not have.
pub fn by_key(tx: &mut Tx<'_>, study: StudyId, key: Option<&str>) -> Outcome<Option<StratumId>> {
    let Some(key) = key else { return Ok(None) };
    let found = of_study(tx, study)?.into_iter().find(|stratum| stratum.key == key);
    match found {
        Some(stratum) => Ok(Some(stratum.id)),
        None => Err(Problem::field("stratum", FieldCode::UnknownReference)),
    }
}

/// Takes a place in a stratum. The update decides: of two that ask for the last place, one finds it gone.
///
/// # Errors
/// [`Problem::QuotaFull`] when the cap is reached.
pub fn take(tx: &mut Tx<'_>, stratum: StratumId) -> Outcome<()> {
    let taken = tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(
                strata::table
                    .filter(strata::id.eq(stratum))
                    .filter(strata::cap.is_null().or(strata::cap.assume_not_null().gt(strata::taken))),
            )
            .set(strata::taken.eq(strata::taken + 1))
            .prepared()
            .execute(c)
        })
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
            .prepared()
            .execute(c)
    })
    .map(drop)
}

/// Whether a stratum has no place left.
///
/// # Errors
/// Only those of the database.
pub fn is_full(tx: &mut Tx<'_>, stratum: StratumId) -> Outcome<bool> {
    let (cap, taken): (Option<i32>, i32) = tx.run(|c| {
        on_each!(c, |c| strata::table.find(stratum).select((strata::cap, strata::taken)).first(c))
    })?;
    Ok(cap.is_some_and(|cap| taken >= cap))
}

impl Stratum {
    /// The stratum as its researcher planned it.
    #[must_use]
    pub fn plan(&self) -> StratumPlan {
        let number = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
        StratumPlan {
            key: self.key.clone(),
            label: self.label.clone(),
            edges: Edges { min: number(self.min_inhabitants), max: number(self.max_inhabitants) },
            target: number(self.target),
            cap: number(self.cap),
        }
    }
}

/// A plan as columns; the limits of the domain are far below those of a column.
macro_rules! planned {
    ($plan:expr, $position:expr) => {{
        let plan = $plan;
        let number = |n: Option<u32>| n.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        (
            strata::label.eq(&plan.label),
            strata::min_inhabitants.eq(number(plan.edges.min)),
            strata::max_inhabitants.eq(number(plan.edges.max)),
            strata::target.eq(number(plan.target)),
            strata::cap.eq(number(plan.cap)),
            strata::position.eq($position),
        )
    }};
}

/// Adds a stratum at a place in the list.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, study: StudyId, plan: &StratumPlan, position: i32) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(strata::table)
            .values((
                strata::id.eq(StratumId::new()),
                strata::study.eq(study),
                strata::key.eq(&plan.key),
                planned!(plan, position),
                strata::taken.eq(0),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Changes a stratum, which keeps its key and its counter.
///
/// # Errors
/// Only those of the database.
pub fn update(tx: &mut Tx<'_>, id: StratumId, plan: &StratumPlan, position: i32) -> Outcome<()> {
    tx.run(|c| diesel::update(strata::table.find(id)).set(planned!(plan, position)).execute(c)).map(drop)
}

/// Deletes strata to which nobody belongs any more.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &mut Tx<'_>, ids: &[StratumId]) -> Outcome<()> {
    tx.run(|c| diesel::delete(strata::table.filter(strata::id.eq_any(ids.iter().copied()))).execute(c))
        .map(drop)
}

/// Locks the counters of a study's strata in one order until the transaction ends (R1).
///
/// # Errors
/// Only those of the database.
pub fn lock(tx: &mut Tx<'_>, study: StudyId) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => strata::table
            .filter(strata::study.eq(study))
            .order(strata::id)
            .select(strata::id)
            .for_update()
            .load::<StratumId>(c)
            .map(drop),
    })
}

/// How far a stratum, or what lies outside all strata, has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = StratumProgress)]
pub struct Progress {
    /// Respondents on the list, the erased among them.
    pub recruited: i64,
    /// Respondents to whom an invitation was queued at some time.
    pub invited: i64,
    /// Interviews that are planned.
    pub booked: i64,
    /// Interviews that took place.
    pub held: i64,
}

/// How far whole studies have come.
///
/// # Errors
/// Only those of the database.
pub fn progress_of_studies(tx: &mut Tx<'_>, studies: &[StudyId]) -> Outcome<BTreeMap<StudyId, Progress>> {
    let people: Vec<(StudyId, i64, i64)> = tx.run(|c| {
        respondents::table
            .filter(respondents::study.eq_any(studies.iter().copied()))
            .group_by(respondents::study)
            .select((respondents::study, count_star(), count(respondents::invited_at)))
            .load(c)
    })?;
    let planned: Vec<(StudyId, InterviewStatus, i64)> = tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq_any(studies.iter().copied()))
            .group_by((interviews::study, interviews::status))
            .select((interviews::study, interviews::status, count_star()))
            .load(c)
    })?;
    Ok(gathered(people, planned))
}

/// How many interviews are wanted in studies whose strata have targets.
///
/// # Errors
/// Only those of the database.
pub fn targets(tx: &mut Tx<'_>, studies: &[StudyId]) -> Outcome<BTreeMap<StudyId, u64>> {
    let rows: Vec<(StudyId, i32)> = tx.run(|c| {
        strata::table
            .filter(strata::study.eq_any(studies.iter().copied()))
            .filter(strata::target.is_not_null())
            .select((strata::study, strata::target.assume_not_null()))
            .load(c)
    })?;
    let mut targets = BTreeMap::new();
    for (study, target) in rows {
        *targets.entry(study).or_default() += u64::from(target.unsigned_abs());
    }
    Ok(targets)
}

/// How far the strata of a study have come; under `None` what lies outside them.
///
/// # Errors
/// Only those of the database.
pub fn progress(tx: &mut Tx<'_>, study: StudyId) -> Outcome<BTreeMap<Option<StratumId>, Progress>> {
    let people: Vec<(Option<StratumId>, i64, i64)> = tx.run(|c| {
        respondents::table
            .filter(respondents::study.eq(study))
            .group_by(respondents::stratum)
            .select((respondents::stratum, count_star(), count(respondents::invited_at)))
            .load(c)
    })?;
    let planned: Vec<(Option<StratumId>, InterviewStatus, i64)> = tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .group_by((interviews::stratum, interviews::status))
            .select((interviews::stratum, interviews::status, count_star()))
            .load(c)
    })?;
    Ok(gathered(people, planned))
}

fn gathered<K: Ord>(
    people: Vec<(K, i64, i64)>,
    planned: Vec<(K, InterviewStatus, i64)>,
) -> BTreeMap<K, Progress> {
    let mut progress: BTreeMap<_, Progress> = BTreeMap::new();
    for (key, recruited, invited) in people {
        let row = progress.entry(key).or_default();
        (row.recruited, row.invited) = (recruited, invited);
    }
    for (key, status, number) in planned {
        let row = progress.entry(key).or_default();
        match status {
            InterviewStatus::Booked => row.booked = number,
            InterviewStatus::Held => row.held = number,
            InterviewStatus::Cancelled | InterviewStatus::NoShow => {}
        }
    }
    progress
}
