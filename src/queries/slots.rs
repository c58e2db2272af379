//! What is free. Of two who are both told so, the database lets one have it (R1).

use std::collections::BTreeMap;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::availability::{Diaries, Reason, Reservation, Reservations, Slot, SlotRange};
use crate::domain::interview::{Asker, InterviewStatus, Mode};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem, Wanted};
use crate::store::interviews::Interview;
use crate::store::reservations::Look;
use crate::store::respondents::Respondent;
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, availability, interviews, members, reservations, respondents, travel};

/// How many alternatives to a taken start are named.
const ALTERNATIVES: usize = 5;
/// How far around it they are looked for.
const DAYS_AROUND: i64 = 15;

/// The slots that respondents of a study are offered, as a researcher sees them: online, where the study has that, else
/// with the interviewers' usual travel.
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
    let held = Held { mode: usual_mode(&study), municipality: None };
    Ok(diaries(tx, &study, range, Look::at(now), held)?.slots(range, Asker::Respondent, now))
}

/// The slots that a respondent can book, or move their interview to, which does not stand in its own way. Where no mode
/// is asked for, those of the interview that stands; without one, online where the study has that.
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
    let planned = planned(tx, respondent.id)?;
    let mode = mode.or(planned.as_ref().map(|found| found.mode)).unwrap_or_else(|| usual_mode(&study));
    let held = Held { mode, municipality: Some(respondent.municipality) };
    let look = look_for(&respondent, planned.as_ref(), now);
    let mut slots = diaries(tx, &study, range, look, held)?.slots(range, Asker::Respondent, now);
    // One that stands is moved with whoever can; who is to hold the next one may be chosen.
    if let (None, Some(chosen)) = (&planned, respondent.interviewer) {
        slots.retain(|slot| slot.interviewer == chosen);
    }
    with_second(tx, &study, (planned.as_ref(), now), held, slots)
}

/// The slots that a researcher can move an interview to in the same mode. It does not stand in its own way, and the
/// notice does not bind them (E9).
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
    let municipality = respondents::remains(tx, interview.respondent)?.municipality;
    let held = Held { mode: interview.mode, municipality: Some(municipality) };
    let slots = diaries(tx, &study, range, Look::moving(now, id), held)?.slots(range, Asker::Researcher, now);
    with_second(tx, &study, (Some(&interview), now), held, slots)
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
    let (mut moving, mut municipality, mut chosen) = (None, None, None);
    let mut look = Look::at(now);
    if let Some(respondent) = wanted.respondent {
        let respondent = respondents::get(tx, respondent)?;
        moving = planned(tx, respondent.id)?;
        look = look_for(&respondent, moving.as_ref(), now);
        municipality = Some(respondent.municipality);
        chosen = respondent.interviewer.filter(|_| moving.is_none());
    }
    let held = Held { mode: if wanted.in_person { Mode::InPerson } else { Mode::Teams }, municipality };
    let slots = diaries(tx, &study, range, look, held)?.slots(range, asker, now);
    let mut slots = with_second(tx, &study, (moving.as_ref(), now), held, slots)?;
    slots.retain(|slot| chosen.is_none_or(|chosen| slot.interviewer == chosen));
    let by_start: BTreeMap<Instant, Slot> =
        slots.into_iter().rev().map(|slot| (slot.starts_at, slot)).collect();
    let mut nearest: Vec<Slot> = by_start.into_values().collect();
    nearest.sort_by_key(|slot| slot.starts_at.unix().abs_diff(wanted.starts_at.unix()));
    nearest.truncate(ALTERNATIVES);
    Ok(nearest)
}

/// Of the slots to which an interview can move those at which its second interviewer is free as well.
fn with_second(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    (moving, now): (Option<&Interview>, Instant),
    held: Held,
    mut slots: Vec<Slot>,
) -> Outcome<Vec<Slot>> {
    let second = moving.and_then(|interview| Some((interview.id, interview.second?)));
    let (Some((id, second)), Some(first), Some(last)) = (second, slots.first(), slots.last()) else {
        return Ok(slots);
    };
    let minutes = minutes_of(tx, study, second, held)?;
    let timing = study.study.rules.timing();
    let span = (
        timing.reservation(first.starts_at, minutes).from,
        timing.reservation(last.starts_at, minutes).until,
    );
    let taken = Reservations::new(taken_of_second(tx, second, span, Look::moving(now, id))?);
    slots.retain(|slot| {
        let wanted = timing.reservation(slot.starts_at, minutes);
        slot.interviewer != second && taken.is_free(wanted.from, wanted.until)
    });
    Ok(slots)
}

/// What keeps the second interviewer of an interview from a start to which it would move.
///
/// # Errors
/// Only those of the database.
pub(super) fn second_at(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    (interview, second): (InterviewId, UserId),
    held: Held,
    (start, now): (Instant, Instant),
) -> Outcome<Vec<Reason>> {
    let wanted = study.study.rules.timing().reservation(start, minutes_of(tx, study, second, held)?);
    let taken = taken_of_second(tx, second, (wanted.from, wanted.until), Look::moving(now, interview))?;
    Ok(against_second(&taken, wanted))
}

/// What of their time keeps a second interviewer from what they would take. Neither hours nor caps bind them.
pub(super) fn against_second(taken: &[Reservation], wanted: Reservation) -> Vec<Reason> {
    let against = taken.iter().filter(|taken| taken.overlaps(wanted));
    let mut reasons: Vec<Reason> =
        against.map(|taken| Reason::SecondInterviewer { by: taken.kind }).collect();
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

fn taken_of_second(
    tx: &mut Tx<'_>,
    second: UserId,
    span: (Instant, Instant),
    look: Look,
) -> Outcome<Vec<Reservation>> {
    let mut taken = reservations::taken(tx, second, span, look)?;
    taken.extend(availability::kept_free(tx, second, span)?);
    Ok(taken)
}

fn minutes_of(tx: &mut Tx<'_>, study: &StudyRow, who: UserId, held: Held) -> Outcome<i32> {
    let ways = travel::of_all(tx, study.id, held.mode, held.municipality)?;
    Ok(ways.get(&who).copied().unwrap_or_default())
}

/// How somebody looks who plans for a respondent: neither the interview that would move nor the time that is kept for
/// them is in the way.
pub(super) fn look_for(respondent: &Respondent, planned: Option<&Interview>, now: Instant) -> Look {
    Look { now, moving: planned.map(|found| found.id), holder: Some(respondent.id) }
}

pub(super) fn planned(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Interview>> {
    let active = interviews::active_of(tx, respondent)?;
    Ok(active.filter(|found| found.status == InterviewStatus::Booked))
}

/// The mode that is meant where none is said: online, unless the study has only the other.
pub(super) fn usual_mode(study: &StudyRow) -> Mode {
    study.study.rules.modes.first().copied().unwrap_or(Mode::Teams)
}

/// How and where an interview would be held, which decides the travel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) mode: Mode,
    /// `None` where it is not known yet.
    pub(super) municipality: Option<MunicipalityCode>,
}

/// The diaries with what touches a range, and as many days more on either side as the rules look at.
pub(super) fn diaries(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    range: SlotRange,
    look: Look,
    held: Held,
) -> Outcome<Diaries> {
    let timing = study.study.rules.timing();
    let days = timing.days_around();
    let span = (range.from().plus_days(-days), range.until().plus_days(days));
    let diaries = availability::diaries(tx, study.id, timing, span, look)?;
    Ok(diaries.travelling(&travel::of_all(tx, study.id, held.mode, held.municipality)?))
}
