//! Cancels an interview. The respondent stays in the study and can book another.

use super::call_off::{Why, call_off};
use super::demand_notice::demand_notice;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done};
use crate::domain::interview::InterviewStatus;
use crate::domain::notice::Alteration;
use crate::id::{InterviewId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::respondents::Respondent;
use crate::store::{Tx, interviews, members, respondents, studies};

/// A respondent cancels their interview; one that is cancelled already stays so (E14).
///
/// # Errors
/// [`Problem::NoInterview`] when there is none, [`Problem::TooLateToCancel`] when the study's notice has begun or the
/// interview is over.
pub fn cancel(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    reason: Option<&str>,
) -> Outcome<Done<Made<InterviewId>>> {
    let active = interviews::active_of(tx, respondent.id)?;
    if let Some(planned) = active.filter(|found| found.status == InterviewStatus::Booked) {
        let study = studies::get(tx, planned.study)?;
        demand_notice(tx, now, &study, &planned, Alteration::Cancel)?;
    }
    let why = Why::Cancelled(reason.map(str::to_owned));
    if let Some(done) = call_off(tx, now, respondent, Actor::Respondent(respondent.id), &why)? {
        return Ok(done.map(|id| Made::new(200, id)));
    }
    let latest = interviews::latest_of(tx, respondent.id)?;
    let cancelled = latest.filter(|interview| interview.status == InterviewStatus::Cancelled);
    cancelled.map(|interview| Done::housekeeping(Made::new(200, interview.id))).ok_or(Problem::NoInterview)
}

/// A researcher cancels an interview, which no notice keeps them from; one that is cancelled already stays so (E14).
///
/// # Errors
/// Those of access, [`Problem::WrongState`] when it was held or nobody came.
pub fn cancel_interview(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
    reason: Option<&str>,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = interviews::get(tx, id)?;
    members::require(tx, found.study, user, Right::Interviews)?;
    if found.status == InterviewStatus::Cancelled {
        return Ok(Done::housekeeping(Made::new(200, id)));
    }
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    let interview = interviews::get(tx, id)?;
    if interview.status == InterviewStatus::Cancelled {
        // Cancelled while this waited. What is planned now is another interview, which nobody spoke of.
        return Ok(Done::housekeeping(Made::new(200, id)));
    }
    interview.status.may_become(InterviewStatus::Cancelled, interview.starts_at, now)?;
    let why = Why::Cancelled(reason.map(str::to_owned));
    let done = call_off(tx, now, &respondent, Actor::User(user), &why)?;
    Ok(done.unwrap_or(Done::housekeeping(id)).map(|id| Made::new(200, id)))
}
