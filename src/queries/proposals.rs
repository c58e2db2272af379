//! Moments that respondents proposed, and for each of them who could hold an interview then.

mod verdicts;

use serde::Serialize;
use utoipa::ToSchema;

use self::verdicts::{Judge, Whose};
use super::why_not::{Obstacle, Verdict, obstacles};
use crate::clock::Instant;
use crate::domain::access::{Member, Right};
use crate::domain::interview::Mode;
use crate::domain::proposal::{ProposalSource, ProposalState};
use crate::id::{InterviewId, ProposalId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::members::MemberItem;
use crate::store::proposals::{self, Proposal, Written};
use crate::store::studies;
use crate::store::{Tx, interviews, members, respondents};

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
    /// What is in the way at any time; none once the proposal is over.
    pub obstacles: Vec<Obstacle>,
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
/// [`Problem::NotFound`].
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
/// [`Problem::NotFound`].
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

/// A page of the proposals of a study that wait, with what their moments come to.
///
/// # Errors
/// Those of access.
pub fn waiting(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    after: Option<ProposalId>,
    limit: i64,
    now: Instant,
) -> Outcome<Vec<ProposalDetail>> {
    let member = members::require(tx, study, user, Right::View)?;
    let rows = proposals::page(tx, study, Some(ProposalState::Open), after, limit)?;
    let rows: Vec<Proposal> = rows.into_iter().map(|(row, _)| row).collect();
    details(tx, study, &rows, member, now)
}

fn detail(tx: &mut Tx<'_>, row: &Proposal, member: Member, now: Instant) -> Outcome<ProposalDetail> {
    let mut found = details(tx, row.study, std::slice::from_ref(row), member, now)?;
    found.pop().ok_or(Problem::NotFound)
}

/// Proposals of one study, with what their moments come to.
fn details(
    tx: &mut Tx<'_>,
    study: StudyId,
    rows: &[Proposal],
    member: Member,
    now: Instant,
) -> Outcome<Vec<ProposalDetail>> {
    let study = studies::get(tx, study)?;
    let team = members::of_study(tx, study.id)?;
    let team: Vec<MemberItem> = team.into_iter().filter(|one| one.role.may(Right::PlanSelf)).collect();
    let waiting = rows.iter().filter(|row| row.state == ProposalState::Open);
    let mut judge = Judge::new(tx, &study, &team, member, waiting, now)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let moving = row.interview.map(|interview| interviews::get(tx, interview)).transpose()?;
        let usual = moving.as_ref().map_or(member.user(), |moving| moving.interviewer);
        let code = respondents::remains(tx, row.respondent)?.code;
        let mut detail = ProposalDetail {
            interviewer: team.iter().map(|one| one.user).find(|user| *user == usual),
            proposal: ProposalView::new(tx, row, code, member)?,
            obstacles: Vec::new(),
            verdicts: Vec::new(),
        };
        if row.state == ProposalState::Open {
            let respondent = respondents::get(tx, row.respondent)?;
            detail.obstacles = obstacles(tx, &study, Some((&respondent, moving.as_ref())), row.mode, now)?;
            // No notice binds researchers.
            detail.obstacles.retain(|obstacle| *obstacle != Obstacle::TooLateToMove);
            let whose = Whose {
                municipality: respondent.municipality,
                second: moving.and_then(|moving| moving.second),
                hindered: !detail.obstacles.is_empty(),
            };
            detail.verdicts = judge.judge(tx, row, &whose)?;
        }
        found.push(detail);
    }
    Ok(found)
}
