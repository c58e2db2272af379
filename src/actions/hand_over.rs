//! Hands the planned interviews of somebody who leaves a study over to somebody who stays.

use std::collections::BTreeSet;

use super::arrange;
use super::reschedule::carry_out;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Entry};
use crate::domain::interview::{InterviewStatus, Seat};
use crate::domain::municipality::MunicipalityCode;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::interviews::{Arrangement, Interview};
use crate::store::studies::StudyRow;
use crate::store::{
    Tx, accounts, availability, holds, interviews, members, reservations, respondents, studies, travel,
};

/// Gives every planned interview that is not over to the successor, at the time at which it stands. Whose hours they
/// are, and how many a day or a week may hold, does not matter to an owner who decides this; time that the successor
/// keeps free or needs to travel does. A successor who is its second interviewer is so no more. Everybody there is
/// told, and so is the one who leaves. The study is locked.
///
/// # Errors
/// [`Problem::InterviewsPlanned`] when there are some and nobody is named; a problem with the field `successor` for
/// somebody who plans no interviews in the study; [`Problem::SuccessorTaken`] when they are not free at one of the
/// times.
pub(super) fn hand_over(
    tx: &mut Tx<'_>,
    now: Instant,
    study: StudyId,
    from: UserId,
    successor: Option<UserId>,
    actor: Actor,
) -> Outcome<Vec<Entry>> {
    holds::drop_all(tx, study, Some(from))?;
    let planned = interviews::planned_of(tx, study, from, now)?;
    if planned.is_empty() {
        return Ok(Vec::new());
    }
    let to = successor.ok_or(Problem::InterviewsPlanned)?;
    if to == from || !members::interviews(tx, study, to)? {
        return Err(Problem::field("successor", FieldCode::UnknownReference));
    }
    let study = studies::get(tx, study)?;
    for who in BTreeSet::from([from, to]) {
        accounts::lock(tx, who)?;
    }
    let mut entries = Vec::with_capacity(planned.len());
    for interview in planned {
        let respondent = respondents::lock(tx, interview.respondent)?;
        // Under the lock it may have been called off by now.
        let interview = interviews::get(tx, interview.id)?;
        if interview.status == InterviewStatus::Booked && interview.interviewer == from {
            let given = give(tx, now, &study, (&interview, respondent.municipality), to, actor);
            given.map_err(|problem| match problem {
                Problem::SlotTaken { .. } => Problem::SuccessorTaken(respondent.code.clone()),
                other => other,
            })?;
            let entry = Entry::new(now, actor, "interview.handed_over").study(study.id);
            entries.push(entry.subject(&respondent.code).field("interview", interview.id));
        }
    }
    Ok(entries)
}

fn give(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    (interview, municipality): (&Interview, MunicipalityCode),
    to: UserId,
    actor: Actor,
) -> Outcome<()> {
    let minutes = travel::minutes(tx, study.id, to, (interview.mode, municipality))?;
    let taken = reservations::of_interview(tx, interview.id, Seat::First)?.travelling(minutes);
    if !availability::kept_free(tx, to, (taken.from, taken.until))?.is_empty() {
        return Err(Problem::SlotTaken { wanted: None });
    }
    if interview.second == Some(to) {
        reservations::free_second(tx, interview.id)?;
    }
    reservations::shift(tx, to, (interview.id, Seat::First), taken, now)?;
    let arrangement = Arrangement {
        interviewer: to,
        second: interview.second.filter(|second| *second != to),
        join_link: arrange::join_link(tx, study, Some(interview), (to, interview.mode))?,
        ..interview.as_it_is(tx)?
    };
    carry_out(tx, now, study, interview, &arrangement, actor).map(drop)
}
