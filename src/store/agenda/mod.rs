//! The interviews of a study as an agenda: what comes, and what was; and what lies in some of its days.

pub mod days;

use diesel::prelude::*;

use super::Tx;
use super::interviews::earliest_start;
use super::schema::{interviews, respondents};
use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::municipality::MunicipalityCode;
use crate::id::{InterviewId, RespondentId, StudyId};
use crate::problem::Outcome;

/// An interview in the agenda.
#[derive(Debug, Clone, Queryable)]
pub struct Engagement {
    /// The interview's id.
    pub id: InterviewId,
    /// When it begins.
    pub starts_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// What became of it.
    pub status: InterviewStatus,
    /// The link to join online, once it is known.
    pub join_link: Option<String>,
    /// Who is interviewed.
    pub respondent: RespondentId,
    /// Their pseudonym.
    pub code: String,
    /// The municipality that they work for.
    pub municipality: MunicipalityCode,
}

/// A part of the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Planned interviews that are not over, soonest first.
    Ahead,
    /// All others, latest first.
    Behind,
}

/// A page of a part of the agenda, from behind a start and id.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    study: StudyId,
    part: Part,
    now: Instant,
    after: Option<(Instant, InterviewId)>,
    limit: i64,
) -> Outcome<Vec<Engagement>> {
    let mut query = interviews::table
        .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
        .into_boxed::<super::dialect::Backend>()
        .filter(interviews::study.eq(study))
        .select((
            interviews::id,
            interviews::starts_at,
            interviews::mode,
            interviews::status,
            interviews::announced_link,
            respondents::id,
            respondents::code,
            respondents::municipality,
        ))
        .limit(limit);
    let start = interviews::starts_at;
    query = match part {
        Part::Ahead => query
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.gt(now))
            .filter(interviews::starts_at.gt(earliest_start(now)))
            .order((start, interviews::id)),
        Part::Behind => query
            .filter(interviews::status.ne(InterviewStatus::Booked).or(interviews::ends_at.le(now)))
            .order((start.desc(), interviews::id.desc())),
    };
    if let Some((from, id)) = after {
        query = match part {
            Part::Ahead => query.filter(start.gt(from).or(start.eq(from).and(interviews::id.gt(id)))),
            Part::Behind => query.filter(start.lt(from).or(start.eq(from).and(interviews::id.lt(id)))),
        };
    }
    tx.run(|c| query.load(c))
}
