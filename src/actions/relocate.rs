//! Lets a planned interview follow its respondent to another municipality, where it is held at the town hall.

use super::accompany::travel_anew;
use super::reschedule::tell_of_move;
use crate::clock::Instant;
use crate::domain::audit::Actor;
use crate::domain::interview::{InterviewStatus, Mode, Seat};
use crate::domain::municipality::MunicipalityCode;
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::{Tx, accounts, interviews};

/// Where the next interview of a respondent is held at a town hall, it is held at that of another one from now on:
/// calendars get the new place under the next sequence, and the way there takes the time that it takes. An interview
/// online or at an address of its own stays where it is. The respondent's new municipality is written already.
///
/// # Errors
/// [`crate::problem::Problem::SlotTaken`] when the interviewer's time does not allow the other way.
pub(super) fn relocate(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: RespondentId,
    municipality: MunicipalityCode,
    actor: Actor,
) -> Outcome<()> {
    let Some(interview) = interviews::active_of(tx, respondent)? else { return Ok(()) };
    let is_ahead = interview.status == InterviewStatus::Booked && interview.starts_at > now;
    if !is_ahead || interview.mode != Mode::InPerson || interview.place(tx)?.is_some() {
        return Ok(());
    }
    for who in interview.holders() {
        accounts::lock(tx, who)?;
    }
    let (which, how) = ((interview.study, interview.id), (interview.mode, municipality));
    travel_anew(tx, now, which, (interview.interviewer, Seat::First), how)?;
    if let Some(second) = interview.second {
        travel_anew(tx, now, which, (second, Seat::Second), how)?;
    }
    let as_it_is = interview.as_it_is(tx)?;
    let moved = interviews::rearrange(tx, &interview, &as_it_is, now)?;
    tell_of_move(tx, now, &interview, &moved, actor)
}
