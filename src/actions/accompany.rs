//! What moving an interview and handing it over do for its second interviewer, whose time it takes as well.

use crate::clock::Instant;
use crate::domain::availability::Reservation;
use crate::domain::interview::{Mode, Seat};
use crate::domain::municipality::MunicipalityCode;
use crate::id::{InterviewId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::interviews::{Arrangement, Interview};
use crate::store::reservations::Look;
use crate::store::studies::StudyRow;
use crate::store::{Tx, availability, reservations, travel};

/// Lets the second interviewer follow an interview to where it is moved; whoever takes the interview over is its second
/// interviewer no more. Everybody who holds it is locked, and the interviewer's own reservation has not moved yet.
///
/// # Errors
/// [`Problem::SecondInterviewerTaken`] and [`Problem::SecondInterviewerAway`].
pub(super) fn follow(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    interview: &Interview,
    to: &Arrangement,
    municipality: MunicipalityCode,
) -> Outcome<()> {
    if interview.second.is_some() && to.second.is_none() {
        return reservations::free_second(tx, interview.id);
    }
    let Some(second) = to.second else { return Ok(()) };
    let minutes = travel::minutes(tx, study.id, second, (to.mode, municipality))?;
    let taken = study.study.rules.timing().reservation(to.starts_at, minutes);
    demand_free(tx, now, interview.id, second, taken)?;
    reservations::shift(tx, second, (interview.id, Seat::Second), taken, now).map_err(named)
}

/// Reserves the time of somebody who joins an interview that stands. Whose hours they are, and how many interviews a
/// day or a week may hold, does not matter to a researcher who decides this. They are locked.
///
/// # Errors
/// As [`follow`].
pub(super) fn join(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    second: UserId,
    municipality: MunicipalityCode,
) -> Outcome<()> {
    let minutes = travel::minutes(tx, interview.study, second, (interview.mode, municipality))?;
    let taken = reservations::of_interview(tx, interview.id, Seat::First)?.travelling(minutes);
    demand_free(tx, now, interview.id, second, taken)?;
    reservations::insert(tx, second, (interview.id, Seat::Second), taken, now).map_err(named)
}

/// Lets the travel around an interview begin or end for somebody who holds it; the buffer stays as it was booked. They
/// are locked.
///
/// # Errors
/// [`Problem::SlotTaken`] when their time does not allow it.
pub(super) fn travel_anew(
    tx: &mut Tx<'_>,
    now: Instant,
    (study, interview): (StudyId, InterviewId),
    (who, seat): (UserId, Seat),
    (mode, municipality): (Mode, MunicipalityCode),
) -> Outcome<()> {
    let minutes = travel::minutes(tx, study, who, (mode, municipality))?;
    let before = reservations::of_interview(tx, interview, seat)?;
    let taken = before.travelling(minutes);
    // What was blocked after the booking does not speak against the interview, only against more time for it.
    let blocked = availability::kept_free(tx, who, (taken.from, taken.until))?;
    if blocked.into_iter().any(|block| !block.overlaps(before)) {
        return Err(match seat {
            Seat::First => Problem::SlotTaken { wanted: None },
            Seat::Second => Problem::SecondInterviewerAway,
        });
    }
    let shifted = reservations::shift(tx, who, (interview, seat), taken, now);
    if seat.is_second() { shifted.map_err(named) } else { shifted }
}

/// Demands that nothing takes some of the same time of a second interviewer.
fn demand_free(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: InterviewId,
    who: UserId,
    wanted: Reservation,
) -> Outcome<()> {
    let span: (Instant, Instant) = (wanted.from, wanted.until);
    if !reservations::taken(tx, who, span, Look::moving(now, interview))?.is_empty() {
        return Err(Problem::SecondInterviewerTaken);
    }
    if availability::kept_free(tx, who, span)?.is_empty() {
        Ok(())
    } else {
        Err(Problem::SecondInterviewerAway)
    }
}

/// What the database says about overlaps names the second interviewer here.
fn named(problem: Problem) -> Problem {
    match problem {
        Problem::SlotTaken { .. } => Problem::SecondInterviewerTaken,
        other => other,
    }
}
