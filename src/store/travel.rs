//! How long interviewers are on the way: a time that holds for each of them, and others for single municipalities.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Tx;
use super::schema::{members, travel_times};
use crate::domain::interview::Mode;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::travel::Travel;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;

/// The ways of one member of a study.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] when they are no member.
pub fn of(tx: &mut Tx<'_>, study: StudyId, interviewer: UserId) -> Outcome<Travel> {
    let minutes =
        tx.run(|c| members::table.find((study, interviewer)).select(members::travel_minutes).first(c))?;
    let single: Vec<(MunicipalityCode, i32)> = tx.run(|c| {
        travel_times::table
            .filter(travel_times::study.eq(study))
            .filter(travel_times::interviewer.eq(interviewer))
            .select((travel_times::municipality, travel_times::minutes))
            .load(c)
    })?;
    Ok(Travel { minutes, municipalities: single.into_iter().collect() })
}

/// How many minutes each member of a study travels to an interview that is held in a way: none online. Without a
/// municipality, those that hold for most.
///
/// # Errors
/// Only those of the database.
pub fn of_all(
    tx: &mut Tx<'_>,
    study: StudyId,
    mode: Mode,
    municipality: Option<MunicipalityCode>,
) -> Outcome<BTreeMap<UserId, i32>> {
    if mode == Mode::Teams {
        return Ok(BTreeMap::new());
    }
    let usual: Vec<(UserId, i32)> = tx.run(|c| {
        members::table
            .filter(members::study.eq(study))
            .select((members::user_id, members::travel_minutes))
            .load(c)
    })?;
    let mut minutes: BTreeMap<UserId, i32> = usual.into_iter().collect();
    if let Some(municipality) = municipality {
        let single: Vec<(UserId, i32)> = tx.run(|c| {
            travel_times::table
                .filter(travel_times::study.eq(study))
                .filter(travel_times::municipality.eq(municipality))
                .select((travel_times::interviewer, travel_times::minutes))
                .load(c)
        })?;
        minutes.extend(single);
    }
    Ok(minutes)
}

/// How many minutes one interviewer travels to an interview that is held in a way, in a municipality.
///
/// # Errors
/// Only those of the database.
pub fn minutes(
    tx: &mut Tx<'_>,
    study: StudyId,
    interviewer: UserId,
    (mode, municipality): (Mode, MunicipalityCode),
) -> Outcome<i32> {
    let all = of_all(tx, study, mode, Some(municipality))?;
    Ok(all.get(&interviewer).copied().unwrap_or_default())
}

/// Puts the ways of a member in place of those that they had.
///
/// # Errors
/// Only those of the database.
pub fn replace(tx: &mut Tx<'_>, study: StudyId, interviewer: UserId, ways: &Travel) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(members::table.find((study, interviewer)))
            .set(members::travel_minutes.eq(ways.minutes))
            .execute(c)
    })?;
    tx.run(|c| {
        let theirs = travel_times::table.filter(travel_times::study.eq(study));
        diesel::delete(theirs.filter(travel_times::interviewer.eq(interviewer))).execute(c)
    })?;
    for (municipality, minutes) in &ways.municipalities {
        tx.run(|c| {
            diesel::insert_into(travel_times::table)
                .values((
                    travel_times::study.eq(study),
                    travel_times::municipality.eq(*municipality),
                    travel_times::interviewer.eq(interviewer),
                    travel_times::minutes.eq(*minutes),
                ))
                .execute(c)
        })?;
    }
    Ok(())
}
