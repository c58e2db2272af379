//! Which stratum respondents and their interviews belong to, changed for many at once (E15).
//!
//! Whoever changes it locks the study first ([`super::studies::lock`]); whoever acts on the stratum of one respondent
//! holds the study ([`super::studies::hold`]), so that a booking never takes a place in a stratum that its respondent
//! has just left.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Tx;
use super::schema::{interviews, respondents, strata};
use crate::domain::interview::InterviewStatus;
use crate::domain::municipality::MunicipalityCode;
use crate::id::{RespondentId, StratumId, StudyId};
use crate::problem::Outcome;

/// The municipalities that respondents of a study, or of all studies, work for. The erased count: their places stay.
///
/// # Errors
/// Only those of the database.
pub fn municipalities(tx: &mut Tx<'_>, study: Option<StudyId>) -> Outcome<Vec<MunicipalityCode>> {
    let all = respondents::table.select(respondents::municipality).distinct();
    match study {
        Some(study) => tx.run(|c| all.filter(respondents::study.eq(study)).load(c)),
        None => tx.run(|c| all.load(c)),
    }
}

/// Moves everybody of these municipalities, with their interviews, to a stratum; answers how many it moved.
///
/// # Errors
/// Only those of the database.
pub fn assign(
    tx: &mut Tx<'_>,
    study: StudyId,
    codes: &[MunicipalityCode],
    stratum: Option<StratumId>,
) -> Outcome<usize> {
    let those = respondents::study.eq(study).and(respondents::municipality.eq_any(codes.iter().copied()));
    let moved = tx.run(|c| {
        let change = (respondents::stratum.eq(stratum), respondents::revision.eq(respondents::revision + 1));
        let those = respondents::table.filter(those.clone());
        match stratum {
            Some(s) => {
                let elsewhere = respondents::stratum.is_null().or(respondents::stratum.ne(s));
                diesel::update(those.filter(elsewhere)).set(change).execute(c)
            }
            None => diesel::update(those.filter(respondents::stratum.is_not_null())).set(change).execute(c),
        }
    })?;
    if moved > 0 {
        let them = respondents::table.filter(those).select(respondents::id);
        tx.run(|c| {
            diesel::update(interviews::table.filter(interviews::respondent.eq_any(them)))
                .set(interviews::stratum.eq(stratum))
                .execute(c)
        })?;
    }
    Ok(moved)
}

/// Moves the interviews of one respondent to a stratum.
///
/// # Errors
/// Only those of the database.
pub fn assign_interviews(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    stratum: Option<StratumId>,
) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(interviews::table.filter(interviews::respondent.eq(respondent)))
            .set(interviews::stratum.eq(stratum))
            .execute(c)
    })
    .map(drop)
}

/// Counts anew how many places are taken in each stratum of a study: booked and held interviews (E13).
///
/// # Errors
/// Only those of the database.
pub fn recount(tx: &mut Tx<'_>, study: StudyId) -> Outcome<()> {
    let taken: Vec<(Option<StratumId>, i64)> = tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq_any([InterviewStatus::Booked, InterviewStatus::Held]))
            .group_by(interviews::stratum)
            .select((interviews::stratum, count_star()))
            .load(c)
    })?;
    let all: Vec<StratumId> =
        tx.run(|c| strata::table.filter(strata::study.eq(study)).select(strata::id).load(c))?;
    for id in all {
        let counted = taken.iter().find(|(stratum, _)| *stratum == Some(id)).map_or(0, |(_, n)| *n);
        let counted = i32::try_from(counted).unwrap_or(i32::MAX);
        tx.run(|c| diesel::update(strata::table.find(id)).set(strata::taken.eq(counted)).execute(c))?;
    }
    Ok(())
}
