//! Moments that respondents proposed, and for each of them who could hold an interview then.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::why_not::Verdict;
use crate::clock::Instant;
use crate::domain::access::{Member, Right};
use crate::domain::availability::Reason;
use crate::domain::interview::{Asker, Mode};
use crate::domain::proposal::{ProposalSource, ProposalState, may_accept};
use crate::id::{InterviewId, ProposalId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::members::MemberItem;
use crate::store::proposals::{self, Proposal, Written};
use crate::store::reservations::Look;
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, availability, interviews, members, respondents, travel};

/// Moments that a respondent proposed, as the respondent sees them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OwnProposal)]
pub struct OwnProposal {
    /// The proposal's id.
    pub id: ProposalId,
    /// The moments, the best first.
    pub moments: Vec<Instant>,
    /// How the interview would be held.
    pub mode: Mode,
    /// When it was made.
    pub made_at: Instant,
}

/// Moments that a respondent proposed, as a researcher sees them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Proposal)]
pub struct ProposalView {
    /// The proposal's id.
    pub id: ProposalId,
    /// Who proposes.
    pub respondent: RespondentId,
    /// The pseudonym of who proposes.
    pub code: String,
    /// The interview that would move; null where there is none yet.
    pub interview: Option<InterviewId>,
    /// How it came.
    pub source: ProposalSource,
    /// What became of it.
    pub state: ProposalState,
    /// The moments, the best first.
    pub moments: Vec<Instant>,
    /// How the interview would be held.
    pub mode: Mode,
    /// Where, in person, if not at the town hall; null for those who see no contact data, and once it is over.
    pub place: Option<String>,
    /// What came with it; null for those who see no contact data, and once it is over.
    pub remark: Option<String>,
    /// When it was made.
    pub made_at: Instant,
    /// When it was answered or lost its point.
    pub ended_at: Option<Instant>,
}

/// One of the moments, and who could hold an interview then.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProposedMoment)]
pub struct ProposedMoment {
    /// When the interview would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// Everybody who plans interviews, in the order in which they joined. Whoever is free can be accepted for by the
    /// caller, who is not bound by hours that they decide about themselves; these are told as reasons all the same.
    pub interviewers: Vec<Verdict>,
}

/// A proposal with what each of its moments comes to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProposalDetail)]
pub struct ProposalDetail {
    /// The proposal.
    #[serde(flatten)]
    pub proposal: ProposalView,
    /// Who holds the interview unless somebody else is named: whoever holds the one that moves, else the caller, if
    /// they plan interviews.
    pub interviewer: Option<UserId>,
    /// What each moment comes to; none once the proposal is over.
    pub verdicts: Vec<ProposedMoment>,
}

impl ProposalView {
    fn new(tx: &Tx<'_>, row: &Proposal, code: String, member: Member) -> Outcome<Self> {
        let shown = member.may(Right::Contacts);
        let Written { place, remark } = if shown { row.written(tx)? } else { Written::default() };
        Ok(Self {
            id: row.id,
            respondent: row.respondent,
            code,
            interview: row.interview,
            source: row.source,
            state: row.state,
            moments: row.moments().collect(),
            mode: row.mode,
            place,
            remark,
            made_at: row.made_at,
            ended_at: row.ended_at,
        })
    }
}

/// What a respondent proposed, while it waits; whoever asks has proved to be that respondent.
///
/// # Errors
/// Only those of the database.
pub fn waiting_of(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<OwnProposal>> {
    Ok(proposals::open_of(tx, respondent)?.as_ref().map(own))
}

/// A proposal as its respondent sees it; whoever asks has proved to be that respondent.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn own_one(tx: &mut Tx<'_>, id: ProposalId) -> Outcome<OwnProposal> {
    proposals::get(tx, id).map(|row| own(&row))
}

fn own(row: &Proposal) -> OwnProposal {
    OwnProposal { id: row.id, moments: row.moments().collect(), mode: row.mode, made_at: row.made_at }
}

/// A page of the proposals of a study in the order of their making, of one state or of all.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    (state, after): (Option<ProposalState>, Option<ProposalId>),
    limit: i64,
) -> Outcome<Vec<ProposalView>> {
    let member = members::require(tx, study, user, Right::View)?;
    let rows = proposals::page(tx, study, state, after, limit)?;
    rows.into_iter().map(|(row, code)| ProposalView::new(tx, &row, code, member)).collect()
}

/// One proposal, with what each of its moments comes to.
///
/// # Errors
/// Those of access.
pub fn one(tx: &mut Tx<'_>, user: UserId, id: ProposalId, now: Instant) -> Outcome<ProposalDetail> {
    let row = proposals::get(tx, id)?;
    let member = members::require(tx, row.study, user, Right::View)?;
    detail(tx, &row, member, now)
}

/// The study in which something was proposed; whoever asks is looked at afterwards.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn study_of(tx: &mut Tx<'_>, id: ProposalId) -> Outcome<StudyId> {
    proposals::get(tx, id).map(|row| row.study)
}

/// The proposal of a respondent that waits, for a page about them.
///
/// # Errors
/// Those of access.
pub fn about(
    tx: &mut Tx<'_>,
    user: UserId,
    respondent: RespondentId,
    now: Instant,
) -> Outcome<Option<ProposalDetail>> {
    let member = members::require_for(tx, respondent, user, Right::View)?;
    let waiting = proposals::open_of(tx, respondent)?;
    waiting.map(|row| detail(tx, &row, member, now)).transpose()
}

fn detail(tx: &mut Tx<'_>, row: &Proposal, member: Member, now: Instant) -> Outcome<ProposalDetail> {
    let study = studies::get(tx, row.study)?;
    let team = members::of_study(tx, study.id)?;
    let team: Vec<MemberItem> = team.into_iter().filter(|one| one.role.may(Right::PlanSelf)).collect();
    let holder = match row.interview {
        Some(interview) => Some(interviews::get(tx, interview)?.interviewer),
        None => None,
    };
    let usual = holder.unwrap_or(member.user());
    let verdicts = match row.state {
        ProposalState::Open => {
            let moments = row.moments().map(|moment| verdicts(tx, &study, row, &team, (member, moment), now));
            moments.collect::<Outcome<_>>()?
        }
        _ => Vec::new(),
    };
    let code = respondents::remains(tx, row.respondent)?.code;
    Ok(ProposalDetail {
        interviewer: team.iter().map(|one| one.user).find(|user| *user == usual),
        proposal: ProposalView::new(tx, row, code, member)?,
        verdicts,
    })
}

/// What a moment comes to: the same that accepting it looks at.
fn verdicts(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    row: &Proposal,
    team: &[MemberItem],
    (member, starts_at): (Member, Instant),
    now: Instant,
) -> Outcome<ProposedMoment> {
    let timing = study.study.rules.timing();
    let days = timing.days_around();
    let span = (starts_at.plus_days(-days), starts_at.plus_days(days));
    let municipality = respondents::remains(tx, row.respondent)?.municipality;
    let ways = travel::of_all(tx, study.id, row.mode, Some(municipality))?;
    let ends_at = timing.ends_at(starts_at);
    let mut interviewers = Vec::with_capacity(team.len());
    for one in team {
        let look = Look { now, moving: row.interview, holder: Some(row.respondent) };
        let diary = availability::diary(tx, study.id, timing.clone(), one.user, span, look)?;
        let mut reasons: BTreeMap<UserId, Vec<Reason>> =
            diary.travelling(&ways).reasons(starts_at, Asker::Researcher, now);
        let mut reasons = reasons.remove(&one.user).unwrap_or_default();
        if starts_at <= now {
            reasons.push(Reason::Past);
        }
        let decides_hours = one.user == member.user() || member.may(Right::PlanForOthers);
        let free = may_accept(&reasons, decides_hours).is_ok();
        interviewers.push(Verdict { interviewer: one.user, name: one.name.clone(), free, reasons });
    }
    Ok(ProposedMoment { starts_at, ends_at, interviewers })
}
