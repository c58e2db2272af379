//! Records what became of an interview, and corrects it (E10).

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::InterviewStatus;
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::Step;
use crate::id::{InterviewId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{Tx, interviews, members, proposals, respondents, strata, studies};

/// What became of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It took place.
    Held,
    /// The respondent did not come.
    NoShow,
}

/// Records an interview as held or missed. Correcting one into the other takes or frees the place in the stratum in
/// the same transaction.
///
/// # Errors
/// Those of access; [`Problem::TooSoon`] before its start, [`Problem::WrongState`] when it was cancelled,
/// [`Problem::QuotaFull`] when the place is gone, [`Problem::AlreadyBooked`] when the respondent has another interview
/// by now.
pub fn record(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
    became: Became,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = interviews::get(tx, id)?;
    members::require(tx, found.study, user, Right::Interviews)?;
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    let interview = interviews::get(tx, id)?;
    let (next, step, action) = match became {
        Became::Held => (InterviewStatus::Held, Step::Held, "interview.held"),
        Became::NoShow => (InterviewStatus::NoShow, Step::NoShow, "interview.no_show"),
    };
    interview.status.may_become(next, interview.starts_at, now)?;
    let made = Made::new(200, id);
    if interview.status == next {
        return Ok(Done::housekeeping(made));
    }
    let another = interviews::active_of(tx, respondent.id)?.is_some_and(|active| active.id != id);
    if another && next.takes_place() {
        return Err(Problem::AlreadyBooked);
    }
    if let Some(stratum) = respondent.stratum {
        match (interview.status.takes_place(), next.takes_place()) {
            (false, true) => strata::take(tx, stratum)?,
            (true, false) => strata::free(tx, stratum)?,
            (true, true) | (false, false) => {}
        }
    }
    interviews::set_status(tx, id, next, now)?;
    proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;
    if interview.has_delegate() {
        interviews::forget_delegate(tx, id)?;
    }
    let actor = Actor::User(user);
    respondents::set_status(tx, &respondent, respondent.status.after(step)?, actor, now)?;
    let entry = Entry::new(now, actor, action).study(interview.study).subject(&respondent.code);
    Ok(entry.field("interview", id).with(made))
}
