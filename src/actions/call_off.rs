//! Calls off the interview that a respondent has planned, for whatever reason: its time and its place are free again,
//! and both sides are told.

use super::tell::tell_all;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{Change, Ending};
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::Step;
use crate::id::InterviewId;
use crate::problem::Outcome;
use crate::store::respondents::Respondent;
use crate::store::{Tx, holds, interviews, meetings, proposals, reservations, respondents, strata, studies};

/// Why an interview is called off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Either side can't make it; in their own words, if they gave any.
    Cancelled(Option<String>),
    /// The respondent said no to the study.
    Declined,
    /// The respondent took consent back.
    Withdrawn,
    /// The person is being erased; their letter is readdressed afterwards.
    Erased,
    /// The study takes no more interviews.
    StudyClosed,
}

/// Calls off the planned interview of a respondent; `None` when there is none. What they proposed ends with it, and
/// without one too where they leave, as does the time that is kept for them. Their status follows where calling off
/// is all that happens; otherwise whoever calls sets it.
///
/// # Errors
/// Only those of the database.
pub fn call_off(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    actor: Actor,
    why: &Why,
) -> Outcome<Option<Done<InterviewId>>> {
    studies::hold(tx, respondent.study)?;
    let respondent = &respondents::lock(tx, respondent.id)?;
    if !matches!(why, Why::Cancelled(_)) {
        proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;
        holds::drop_of(tx, respondent.id)?;
    }
    let planned = interviews::active_of(tx, respondent.id)?;
    let Some(planned) = planned.filter(|found| found.status == InterviewStatus::Booked) else {
        return Ok(None);
    };
    if let Some(stratum) = respondent.stratum {
        strata::free(tx, stratum)?;
    }
    reservations::release(tx, planned.id)?;
    proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;
    let (reason, ending) = match why {
        Why::Cancelled(reason) => (reason.clone(), None),
        Why::Declined => (None, Some(Ending::Declined)),
        Why::Withdrawn => (None, Some(Ending::Withdrawn)),
        Why::Erased => (None, Some(Ending::Erased)),
        Why::StudyClosed => (None, Some(Ending::StudyClosed)),
    };
    let interview = interviews::cancel(tx, &planned, &actor.to_string(), reason.as_deref(), now)?;
    meetings::unwant(tx, interview.id, None, now)?;

    let to_respondent = if *why == Why::Withdrawn { LetterKind::Withdrawn } else { LetterKind::Cancelled };
    let change = Change { by_respondent: actor.is_respondent(), reason, ending, ..Change::default() };
    let kinds = (to_respondent, LetterKind::InterviewerCancelled);
    tell_all(tx, now, &interview, kinds, Some(&change))?;
    if interview.has_delegate() {
        interviews::forget_delegate(tx, interview.id)?;
    }

    if matches!(why, Why::Cancelled(_) | Why::StudyClosed) {
        let status = respondent.status.after(Step::InterviewCancelled)?;
        respondents::set_status(tx, respondent, status, actor, now)?;
    }
    let entry = Entry::new(now, actor, "interview.cancelled").study(respondent.study);
    let entry = entry.subject(&respondent.code).field("interview", interview.id);
    Ok(Some(entry.with(interview.id)))
}
