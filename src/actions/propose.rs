//! A respondent proposes moments where none that is offered fits. Nothing is reserved: a researcher accepts one of them
//! ([`super::accept_proposal`]) or none ([`super::decline_proposal`]).

use super::book::check_may_book;
use super::pace::demand_pace;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{About, LetterFacts, Proposed};
use crate::domain::proposal::{ProposalOrigin, ProposalState, Proposing};
use crate::id::{InterviewId, ProposalId, UserId};
use crate::keys;
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::interviews::Interview;
use crate::store::letters::{NewLetter, Recipient};
use crate::store::proposals::{self, NewProposal};
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{Tx, interviews, letters, members, strata, studies, throttles};

/// How many proposals a respondent may make in a window, since each of them is a letter to a researcher.
pub const PROPOSALS: i32 = 10;
/// How long that window is, in seconds.
pub const WINDOW_SECONDS: i64 = 86_400;

/// Keeps what a respondent, who is locked already, proposes; it takes the place of what they proposed before. Where an
/// interview stands it is about moving that: a calendar that speaks of another one is out of date. Whoever holds the
/// interview is told, else the owner of the study.
///
/// # Errors
/// In the order of E11: [`Problem::StudyClosed`], [`Problem::Withdrawn`], [`Problem::ConsentMissing`],
/// [`Problem::AlreadyBooked`] once the interview was held, [`Problem::NoInterview`] when it has begun or is not the one
/// that stands, [`Problem::Invalid`], [`Problem::QuotaFull`], [`Problem::Throttled`].
pub fn propose(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    origin: ProposalOrigin,
    proposing: &Proposing,
) -> Outcome<Done<Made<ProposalId>>> {
    let study = studies::get(tx, respondent.study)?;
    let planned = may_propose(tx, now, &study, respondent, origin.interview())?;
    proposing.check(&study.study.rules, now)?;
    if let Some(stratum) = respondent.stratum.filter(|_| planned.is_none())
        && strata::is_full(tx, stratum)?
    {
        return Err(Problem::QuotaFull);
    }
    let subject = tx.keys().digest(keys::About::Guess, &[b"proposal", respondent.id.as_str().as_bytes()]);
    demand_pace(throttles::count(tx, &subject, now, PROPOSALS, WINDOW_SECONDS)?, now)?;
    proposals::end_of(tx, respondent.id, ProposalState::Replaced, now)?;
    let interview = planned.as_ref().map(|planned| planned.id);
    let new = NewProposal { study: study.id, respondent: respondent.id, interview, origin, proposing };
    let id = proposals::insert(tx, &new, now)?;
    let holder = match planned.map(|planned| planned.interviewer).or(respondent.interviewer) {
        Some(holder) => Some(holder),
        None => members::senior_owner(tx, study.id)?,
    };
    if let Some(holder) = holder {
        tell_researcher(tx, now, respondent, holder, (id, interview), proposing)?;
    }
    let actor = Actor::Respondent(respondent.id);
    let entry = Entry::new(now, actor, "proposal.made").study(study.id).subject(&respondent.code);
    Ok(entry.field("proposal", id).field("source", origin.source().as_str()).with(Made::new(201, id)))
}

/// The interview that would move, if one stands.
fn may_propose(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    respondent: &Respondent,
    about: Option<InterviewId>,
) -> Outcome<Option<Interview>> {
    let planned = interviews::active_of(tx, respondent.id)?;
    let planned = planned.filter(|found| found.status == InterviewStatus::Booked);
    if about.is_some() && about != planned.as_ref().map(|planned| planned.id) {
        return Err(Problem::NoInterview);
    }
    match &planned {
        None => check_may_book(tx, study, respondent)?,
        Some(_) if study.closed_at.is_some() => return Err(Problem::StudyClosed),
        Some(planned) if planned.starts_at <= now => return Err(Problem::NoInterview),
        Some(_) => {}
    }
    Ok(planned)
}

fn tell_researcher(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    researcher: UserId,
    (id, interview): (ProposalId, Option<InterviewId>),
    proposing: &Proposing,
) -> Outcome<()> {
    let proposed = Proposed {
        respondent: respondent.id,
        moments: proposing.moments.clone(),
        mode: proposing.mode,
        moves: interview.is_some(),
        counter: None,
    };
    let letter = NewLetter {
        study: respondent.study,
        recipient: Recipient::User(researcher),
        respondent: Some(respondent.id),
        kind: LetterKind::InterviewerProposal,
        occasion: id.to_string(),
        interview: None,
        facts: LetterFacts::about(About::Proposal(proposed)),
        due_at: now,
    };
    letters::put(tx, &letter, now).map(drop)
}
