//! A researcher takes one of the moments that a respondent proposed: it becomes an interview, or moves the one that
//! stands, in the same way as if the respondent had chosen it from what is offered.

use std::collections::BTreeSet;

use super::arrange;
use super::book::{check_may_book, establish, wanted};
use super::reschedule::{complete, shift};
use crate::clock::Instant;
use crate::domain::access::{Member, Right};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::{Asker, InterviewStatus, Mode};
use crate::domain::proposal::{ProposalState, may_accept};
use crate::id::{InterviewId, ProposalId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::interviews::{Arrangement, Interview};
use crate::store::proposals::Proposal;
use crate::store::reservations::Look;
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{
    Tx, accounts, availability, interviews, members, proposals, respondents, strata, studies, travel,
};

/// Which moment is taken.
#[derive(Debug, Clone, Copy, utoipa::ToSchema)]
#[schema(as = ProposalAcceptance)]
pub struct Acceptance {
    /// One of the moments of the proposal.
    pub starts_at: Instant,
    /// Who is to hold the interview: whoever holds the one that moves, else the caller, when left out.
    #[schema(nullable = false)]
    pub interviewer: Option<UserId>,
}

/// Plans the interview at one of the proposed moments, whatever the hours: a researcher who accepts decides about their
/// own, and an owner about those of others. What is planned already, the caps, the fieldwork and the time to travel
/// bind them as always. `mail_domain` is what identifiers in calendars end in (E20).
///
/// # Errors
/// Those of access; [`Problem::ProposalOver`] when the proposal was answered or lost its point, [`Problem::Invalid`]
/// for another moment (`starts_at`) or somebody who plans no interviews (`interviewer`); those of booking a moment, in
/// their order: [`Problem::StudyClosed`], [`Problem::ConsentMissing`], [`Problem::AlreadyBooked`],
/// [`Problem::QuotaFull`], [`Problem::ModeNotOffered`] when the study dropped the mode, what speaks against the time,
/// [`Problem::SlotTaken`].
pub fn accept_proposal(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: ProposalId,
    acceptance: Acceptance,
    mail_domain: &str,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = proposals::get(tx, id)?;
    let member = members::require(tx, found.study, user, Right::Interviews)?;
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    // Under the lock somebody else may have answered it, or booked.
    let proposal = proposals::get(tx, id)?;
    proposal.state.demand_open()?;
    if !proposal.moments().any(|moment| moment == acceptance.starts_at) {
        return Err(Problem::field("starts_at", FieldCode::Value));
    }
    let study = studies::get(tx, proposal.study)?;
    let moving = standing(tx, now, &study, &respondent, &proposal)?;
    let interviewer = interviewer(tx, &study, member, (moving.as_ref(), respondent.interviewer), acceptance)?;
    if let Some(stratum) = respondent.stratum.filter(|_| moving.is_none()) {
        strata::take(tx, stratum)?;
    }
    let arranging = Arranging { study: &study, respondent: &respondent, proposal: &proposal, member };
    let arrangement = arranging.settle(tx, now, interviewer, acceptance.starts_at, moving.as_ref())?;
    let done = match moving {
        None => {
            establish(tx, now, &study, &respondent, &arrangement, mail_domain, (Actor::User(user), None))?
        }
        Some(before) => {
            shift(tx, now, &study, &respondent, &before, &arrangement)?;
            complete(tx, now, &study, &respondent, &before, &arrangement, Actor::User(user))?
        }
    };
    // Booking and moving end what was proposed; here it is known how.
    proposals::close(tx, id, ProposalState::Accepted, now)?;
    let entry = Entry::new(now, Actor::User(user), "proposal.accepted").study(study.id);
    Ok(done.and(entry.subject(&respondent.code).field("proposal", id)))
}

/// The interview that is to move, as it stands now.
fn standing(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    respondent: &Respondent,
    proposal: &Proposal,
) -> Outcome<Option<Interview>> {
    let Some(interview) = proposal.interview else {
        return check_may_book(tx, study, respondent).map(|()| None);
    };
    if study.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    let interview = interviews::get(tx, interview)?;
    interview.status.may_become(InterviewStatus::Booked, interview.starts_at, now)?;
    Ok(Some(interview))
}

fn interviewer(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    member: Member,
    (moving, chosen): (Option<&Interview>, Option<UserId>),
    acceptance: Acceptance,
) -> Outcome<UserId> {
    let usual = moving.map(|interview| interview.interviewer).or(chosen).unwrap_or(member.user());
    let interviewer = acceptance.interviewer.unwrap_or(usual);
    if members::interviews(tx, study.id, interviewer)? {
        Ok(interviewer)
    } else {
        Err(Problem::field("interviewer", FieldCode::UnknownReference))
    }
}

/// What an acceptance is about.
struct Arranging<'a> {
    study: &'a StudyRow,
    respondent: &'a Respondent,
    proposal: &'a Proposal,
    member: Member,
}

impl Arranging<'_> {
    /// The arrangement at a moment, if the interviewer can hold it then; whoever holds it stays locked (R1).
    fn settle(
        &self,
        tx: &mut Tx<'_>,
        now: Instant,
        interviewer: UserId,
        starts_at: Instant,
        moving: Option<&Interview>,
    ) -> Outcome<Arrangement> {
        let second = moving.and_then(|moving| moving.second).filter(|second| *second != interviewer);
        let planned: BTreeSet<UserId> = second.into_iter().chain([interviewer]).collect();
        for who in planned {
            accounts::lock(tx, who)?;
        }
        let (study, mode) = (self.study, self.proposal.mode);
        let rules = &study.study.rules;
        rules.check_mode(mode).map_err(|_| Problem::ModeNotOffered)?;
        let (timing, days) = (rules.timing(), rules.timing().days_around());
        let span = (starts_at.plus_days(-days), starts_at.plus_days(days));
        let moving_id = moving.map(|moving| moving.id);
        let look = Look { now, moving: moving_id, holder: Some(self.respondent.id) };
        let diary = availability::diary(tx, study.id, timing, interviewer, span, look)?;
        let ways = travel::of_all(tx, study.id, mode, Some(self.respondent.municipality))?;
        let mut reasons = diary.travelling(&ways).reasons(starts_at, Asker::Researcher, now);
        let decides_hours = interviewer == self.member.user() || self.member.may(Right::PlanForOthers);
        if starts_at <= now {
            return Err(Problem::TooSoon);
        }
        let reasons = reasons.remove(&interviewer).unwrap_or_default();
        may_accept(&reasons, decides_hours).map_err(self.wanted(starts_at))?;
        Ok(Arrangement {
            interviewer,
            second,
            starts_at,
            ends_at: rules.timing().ends_at(starts_at),
            mode,
            place: self.place(tx, moving)?,
            join_link: arrange::join_link(tx, study, moving, (interviewer, mode))?,
            outlook: Some(rules.reminding().outlook(starts_at, now)),
        })
    }

    /// The address that was proposed, else that of the interview as it stands.
    fn place(&self, tx: &mut Tx<'_>, moving: Option<&Interview>) -> Outcome<Option<String>> {
        if self.proposal.mode == Mode::Teams {
            return Ok(None);
        }
        match (self.proposal.written(tx)?.place, moving) {
            (None, Some(interview)) => interview.place(tx),
            (place, _) => Ok(place),
        }
    }

    fn wanted(&self, starts_at: Instant) -> impl Fn(Problem) -> Problem + use<> {
        wanted(self.respondent, self.proposal.mode, starts_at)
    }
}
