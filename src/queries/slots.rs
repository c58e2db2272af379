//! What is free. Of two who are both told so, the database lets one have it (R1).

use std::collections::BTreeMap;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::availability::{Diaries, Slot, SlotRange};
use crate::domain::interview::{Asker, InterviewStatus, Mode};
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem, Wanted};
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, availability, interviews, members, respondents};

/// How many alternatives to a taken start are named.
const ALTERNATIVES: usize = 5;
/// How far around it they are looked for.
const DAYS_AROUND: i64 = 15;

/// The slots that respondents of a study are offered, as a researcher sees them.
///
/// # Errors
/// Those of access, and what is wrong with the range (E8).
pub fn of_study(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    (from, until): (Option<Instant>, Option<Instant>),
    now: Instant,
) -> Outcome<Vec<Slot>> {
    members::require(tx, study, user, Right::View)?;
    let range = SlotRange::asked(from, until, now)?;
    let study = studies::get(tx, study)?;
    Ok(diaries(tx, &study, range, None)?.slots(range, Asker::Respondent, now))
}

/// The slots that a respondent can book, or move their interview to, which does not stand in its own way.
///
/// # Errors
/// [`Problem::NotFound`], [`Problem::Withdrawn`], [`Problem::StudyClosed`]; a mode that the study does not have, and
/// what is wrong with the range (E8).
pub fn of_link(
    tx: &mut Tx<'_>,
    digest: &str,
    mode: Option<Mode>,
    (from, until): (Option<Instant>, Option<Instant>),
    now: Instant,
) -> Outcome<Vec<Slot>> {
    let respondent = respondents::by_link(tx, digest)?;
    if respondent.status == RespondentStatus::Withdrawn {
        return Err(Problem::Withdrawn);
    }
    let study = studies::get(tx, respondent.study)?;
    if study.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    if let Some(mode) = mode {
        study.study.rules.check_mode(mode).map_err(|problem| Problem::Invalid(vec![problem]))?;
    }
    let range = SlotRange::asked(from, until, now)?;
    let moving = planned(tx, respondent.id)?;
    Ok(diaries(tx, &study, range, moving)?.slots(range, Asker::Respondent, now))
}

/// The slots that a researcher can move an interview to, which does not stand in its own way. The notice does not
/// bind them (E9).
///
/// # Errors
/// Those of access, and what is wrong with the range (E8).
pub fn to_move(
    tx: &mut Tx<'_>,
    user: UserId,
    id: InterviewId,
    (from, until): (Instant, Instant),
    now: Instant,
) -> Outcome<Vec<Slot>> {
    let interview = interviews::get(tx, id)?;
    members::require(tx, interview.study, user, Right::Interviews)?;
    let range = SlotRange::asked(Some(from), Some(until), now)?;
    let study = studies::get(tx, interview.study)?;
    Ok(diaries(tx, &study, range, Some(id))?.slots(range, Asker::Researcher, now))
}

/// The free slots nearest to a start that was taken, one for each start, the nearest first.
///
/// # Errors
/// Only those of the database.
pub fn near(tx: &mut Tx<'_>, wanted: Wanted, asker: Asker, now: Instant) -> Outcome<Vec<Slot>> {
    let study = studies::get(tx, wanted.study)?;
    let from = wanted.starts_at.plus_days(-DAYS_AROUND).max(now);
    let until = wanted.starts_at.plus_days(DAYS_AROUND).max(from);
    let range = SlotRange::asked(Some(from), Some(until), now)?;
    let moving = match wanted.respondent {
        Some(respondent) => planned(tx, respondent)?,
        None => None,
    };
    let slots = diaries(tx, &study, range, moving)?.slots(range, asker, now);
    let by_start: BTreeMap<Instant, Slot> =
        slots.into_iter().rev().map(|slot| (slot.starts_at, slot)).collect();
    let mut nearest: Vec<Slot> = by_start.into_values().collect();
    nearest.sort_by_key(|slot| slot.starts_at.unix().abs_diff(wanted.starts_at.unix()));
    nearest.truncate(ALTERNATIVES);
    Ok(nearest)
}

fn planned(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<InterviewId>> {
    let active = interviews::active_of(tx, respondent)?;
    Ok(active.filter(|found| found.status == InterviewStatus::Booked).map(|found| found.id))
}

/// The diaries with what touches a range, and a day more on either side for the greatest number a day.
fn diaries(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    range: SlotRange,
    moving: Option<InterviewId>,
) -> Outcome<Diaries> {
    let span = (range.from().plus_days(-1), range.until().plus_days(1));
    availability::diaries(tx, study.id, study.study.rules.timing(), span, moving)
}
