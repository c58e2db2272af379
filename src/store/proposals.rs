//! Moments that respondents proposed. Of one respondent at most one proposal is open, which the database holds. What
//! they wrote with it is sealed, and gone as soon as it is not open any more.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::Tx;
use super::dialect::{Backend, on_each};
use super::prepared::Prepare as _;
use super::schema::{proposals, respondents};
use crate::clock::Instant;
use crate::domain::interview::Mode;
use crate::domain::proposal::{ProposalOrigin, ProposalSource, ProposalState, Proposing};
use crate::id::{DelegateId, InterviewId, ProposalId, RespondentId, StudyId};
use crate::problem::{Outcome, Problem};

/// A proposal's row.
#[derive(Debug, Clone, Queryable)]
pub struct Proposal {
    /// The proposal's id.
    pub id: ProposalId,
    /// The study.
    pub study: StudyId,
    /// Who proposes.
    pub respondent: RespondentId,
    /// The interview that would move; `None` where there is none yet.
    pub interview: Option<InterviewId>,
    /// How it came.
    pub source: ProposalSource,
    /// How the interview is to be held.
    pub mode: Mode,
    /// What became of it.
    pub state: ProposalState,
    /// When it was made.
    pub made_at: Instant,
    /// When it was answered or lost its point.
    pub ended_at: Option<Instant>,
    /// When the respondent asked, by the clock of the calendar where one asked for them.
    pub asked_at: Instant,
    /// Who proposes for the respondent, where somebody does.
    pub delegate: Option<DelegateId>,
    first_at: Instant,
    second_at: Option<Instant>,
    third_at: Option<Instant>,
    sealed: Option<Vec<u8>>,
}

type Columns = (
    proposals::id,
    proposals::study,
    proposals::respondent,
    proposals::interview,
    proposals::source,
    proposals::mode,
    proposals::state,
    proposals::made_at,
    proposals::ended_at,
    proposals::asked_at,
    proposals::delegate,
    proposals::first_at,
    proposals::second_at,
    proposals::third_at,
    proposals::sealed,
);

const COLUMNS: Columns = (
    proposals::id,
    proposals::study,
    proposals::respondent,
    proposals::interview,
    proposals::source,
    proposals::mode,
    proposals::state,
    proposals::made_at,
    proposals::ended_at,
    proposals::asked_at,
    proposals::delegate,
    proposals::first_at,
    proposals::second_at,
    proposals::third_at,
    proposals::sealed,
);

/// What a respondent wrote with a proposal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Where the interview is to be held in person; `None` for the town hall.
    pub place: Option<String>,
    /// What the researcher should know.
    pub remark: Option<String>,
}

fn place_of(id: ProposalId) -> String {
    format!("proposal {id}")
}

impl Proposal {
    /// When the interview could begin, the best first.
    pub fn moments(&self) -> impl Iterator<Item = Instant> + use<> {
        [Some(self.first_at), self.second_at, self.third_at].into_iter().flatten()
    }

    /// What came with it; nothing once it is not open any more.
    ///
    /// # Errors
    /// When the seal is broken.
    pub fn written(&self, tx: &Tx<'_>) -> Outcome<Written> {
        let Some(sealed) = &self.sealed else { return Ok(Written::default()) };
        let plain = tx.keys().open(&place_of(self.id), sealed)?;
        serde_json::from_slice(&plain).map_err(Problem::internal)
    }
}

/// Finds a proposal.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ProposalId) -> Outcome<Proposal> {
    tx.run(|c| proposals::table.find(id).select(COLUMNS).first(c))
}

/// The proposal of a respondent that waits, if there is one.
///
/// # Errors
/// Only those of the database.
pub fn open_of(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Proposal>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            proposals::table
                .filter(proposals::respondent.eq(respondent))
                .filter(proposals::state.eq(ProposalState::Open))
                .select(COLUMNS)
                .first(c)
        })
    })
}

/// The latest proposal of a respondent, whatever became of it.
///
/// # Errors
/// Only those of the database.
pub fn latest_of(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Proposal>> {
    let theirs = proposals::table.filter(proposals::respondent.eq(respondent));
    tx.maybe(|c| theirs.select(COLUMNS).order(proposals::id.desc()).first(c))
}

/// What a new proposal is made of.
#[derive(Debug, Clone)]
pub struct NewProposal<'a> {
    /// The study.
    pub study: StudyId,
    /// Who proposes.
    pub respondent: RespondentId,
    /// The interview that would move.
    pub interview: Option<InterviewId>,
    /// How it came.
    pub origin: ProposalOrigin,
    /// What is proposed, with one to three moments.
    pub proposing: &'a Proposing,
}

/// Adds an open proposal.
///
/// # Errors
/// A fault when the respondent has an open one, or it has no moment.
pub fn insert(tx: &mut Tx<'_>, new: &NewProposal<'_>, now: Instant) -> Outcome<ProposalId> {
    let id = ProposalId::new();
    let mut moments = new.proposing.moments.iter().copied();
    let first = moments.next().ok_or_else(|| Problem::internal("a proposal has no moment"))?;
    let written = Written { place: new.proposing.place.clone(), remark: new.proposing.remark.clone() };
    let sealed = if written == Written::default() {
        None
    } else {
        let plain = serde_json::to_vec(&written).map_err(Problem::internal)?;
        Some(tx.keys().seal(&place_of(id), &plain)?)
    };
    let row = (
        proposals::id.eq(id),
        proposals::study.eq(new.study),
        proposals::respondent.eq(new.respondent),
        proposals::interview.eq(new.interview),
        proposals::source.eq(new.origin.source()),
        proposals::mode.eq(new.proposing.mode),
        proposals::first_at.eq(first),
        proposals::second_at.eq(moments.next()),
        proposals::third_at.eq(moments.next()),
        proposals::sealed.eq(sealed),
        proposals::state.eq(ProposalState::Open),
        proposals::made_at.eq(now),
        proposals::asked_at.eq(new.origin.asked_at().unwrap_or(now)),
        proposals::delegate.eq(new.origin.delegate()),
    );
    tx.run(|c| on_each!(c, |c| diesel::insert_into(proposals::table).values(row).execute(c)))?;
    Ok(id)
}

/// Ends the open proposal of a respondent, if there is one; what came with it is deleted. Answers whether there was
/// one.
///
/// # Errors
/// Only those of the database.
pub fn end_of(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    state: ProposalState,
    now: Instant,
) -> Outcome<bool> {
    let ended =
        (proposals::state.eq(state), proposals::ended_at.eq(now), proposals::sealed.eq(None::<Vec<u8>>));
    let theirs = proposals::table
        .filter(proposals::respondent.eq(respondent))
        .filter(proposals::state.eq(ProposalState::Open));
    let changed = tx.run(|c| on_each!(c, |c| diesel::update(theirs).set(ended).prepared().execute(c)))?;
    Ok(changed > 0)
}

/// Ends the proposals of which every moment has passed; what came with them is deleted.
///
/// # Errors
/// Only those of the database.
pub fn end_passed(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let ended = (
        proposals::state.eq(ProposalState::Ended),
        proposals::ended_at.eq(now),
        proposals::sealed.eq(None::<Vec<u8>>),
    );
    let passed = proposals::table
        .filter(proposals::state.eq(ProposalState::Open))
        .filter(proposals::first_at.le(now))
        .filter(proposals::second_at.is_null().or(proposals::second_at.le(now)))
        .filter(proposals::third_at.is_null().or(proposals::third_at.le(now)));
    tx.run(|c| diesel::update(passed).set(ended).execute(c)).map(drop)
}

/// Notes of one proposal how it ended, whether or not it is open still.
///
/// # Errors
/// Only those of the database.
pub fn close(tx: &mut Tx<'_>, id: ProposalId, state: ProposalState, now: Instant) -> Outcome<()> {
    let ended =
        (proposals::state.eq(state), proposals::ended_at.eq(now), proposals::sealed.eq(None::<Vec<u8>>));
    tx.run(|c| diesel::update(proposals::table.find(id)).set(ended).execute(c)).map(drop)
}

/// Ends every open proposal of a study, as it closes.
///
/// # Errors
/// Only those of the database.
pub fn end_all(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<usize> {
    let theirs =
        proposals::table.filter(proposals::study.eq(study)).filter(proposals::state.eq(ProposalState::Open));
    tx.run(|c| {
        diesel::update(theirs)
            .set((
                proposals::state.eq(ProposalState::Ended),
                proposals::ended_at.eq(now),
                proposals::sealed.eq(None::<Vec<u8>>),
            ))
            .execute(c)
    })
}

/// How many proposals of a study wait.
///
/// # Errors
/// Only those of the database.
pub fn waiting(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    tx.run(|c| {
        proposals::table
            .filter(proposals::study.eq(study))
            .filter(proposals::state.eq(ProposalState::Open))
            .count()
            .get_result(c)
    })
}

/// A page of the proposals of a study in the order of their making, each with the code of its respondent.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    study: StudyId,
    state: Option<ProposalState>,
    after: Option<ProposalId>,
    limit: i64,
) -> Outcome<Vec<(Proposal, String)>> {
    let mut query = proposals::table
        .inner_join(respondents::table.on(respondents::id.eq(proposals::respondent)))
        .into_boxed::<Backend>()
        .filter(proposals::study.eq(study))
        .select((COLUMNS, respondents::code))
        .order(proposals::id)
        .limit(limit);
    if let Some(state) = state {
        query = query.filter(proposals::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(proposals::id.gt(after));
    }
    tx.run(|c| query.load(c))
}
