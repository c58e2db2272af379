//! A respondent says no. They may think again by the same link.

use super::call_off::{Why, call_off};
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delivery::Dropped;
use crate::domain::respondent::{RespondentStatus, Step};
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::respondents::Respondent;
use crate::store::{Tx, letters, respondents};

/// Notes that a respondent, who is locked already, does not want to take part; an interview that was planned is
/// called off, and nothing that would remind them is sent any more.
///
/// # Errors
/// [`crate::problem::Problem::WrongState`] once the interview was held.
pub fn decline(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent) -> Outcome<Done<Made<RespondentId>>> {
    let made = Made::new(200, respondent.id);
    if respondent.status == RespondentStatus::Declined {
        return Ok(Done::housekeeping(made));
    }
    let actor = Actor::Respondent(respondent.id);
    let status = respondent.status.after(Step::Declined)?;
    let called_off = call_off(tx, now, respondent, actor, &Why::Declined)?;
    letters::stop_recruitment(tx, respondent.id, Dropped::Declined)?;
    respondents::set_status(tx, respondent, status, actor, now)?;
    let earlier = called_off.map(|done| done.into_parts().1).unwrap_or_default();
    let entry = Entry::new(now, actor, "respondent.declined").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(made).after(earlier))
}
