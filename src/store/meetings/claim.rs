//! The worker's side of meetings: who asks for one, and what came of it.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::clock::Instant;
use crate::domain::language::Language;
use crate::domain::meeting::{MeetingProblem, MeetingState, Wanted};
use crate::id::{InterviewId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::{Conn, on_each};
use crate::store::letters::lease_clock;
use crate::store::schema::{meetings, members, studies};

/// How long a server may take over one meeting, in seconds: longer than all its questions with their time-outs.
const LEASE_SECONDS: i64 = 90;

/// A meeting with its holder's fence, and the wish that the holder serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The interview.
    pub interview: InterviewId,
    /// Who holds it.
    pub interviewer: UserId,
    fence: i32,
    version: i32,
}

/// A meeting that is to be asked for now.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// What its holder shows when writing down what came of it.
    pub hold: Hold,
    /// The study.
    pub study: StudyId,
    /// The language of the study.
    pub language: Language,
    /// What is wanted.
    pub wanted: Wanted,
    /// When it is to begin.
    pub starts_at: Instant,
    /// When it is to end.
    pub ends_at: Instant,
    /// How often it was asked for, this time included.
    pub attempts: i32,
    /// Who the interviewer is to Microsoft now; `None` where nobody told, or they are no member any more.
    pub microsoft_id: Option<String>,
    /// In whose name it was asked for before, so that it may be there.
    pub organizer: Option<String>,
    /// Its id at Microsoft, where that is known.
    pub graph_id: Option<String>,
    /// Its link, where that is known.
    pub join_link: Option<String>,
}

#[derive(Queryable)]
struct Row {
    interview: InterviewId,
    interviewer: UserId,
    study: StudyId,
    wanted: Wanted,
    starts_at: Instant,
    ends_at: Instant,
    version: i32,
    attempts: i32,
    fence: i32,
    organizer: Option<String>,
    graph_id: Option<String>,
    join_link: Option<String>,
}

/// Whether a meeting is due, whoever may be asking for it already.
///
/// # Errors
/// Only those of the database.
pub fn is_due(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    let due =
        meetings::table.filter(sql::<Bool>("meetings.state = 'waiting'")).filter(meetings::due_at.le(now));
    let first: Option<InterviewId> =
        tx.maybe(|c| on_each!(c, |c| due.order(meetings::due_at).select(meetings::interview).first(c)))?;
    Ok(first.is_some())
}

/// Claims the meeting that is due longest and counts an attempt. In whose name it will be asked for is noted before
/// anybody is asked, so that it can be found again whatever happens.
///
/// # Errors
/// Only those of the database.
pub fn claim(tx: &mut Tx<'_>, now: Instant) -> Outcome<Option<Claimed>> {
    let clock = lease_clock(tx, now)?;
    let due = meetings::table
        .filter(sql::<Bool>("meetings.state = 'waiting'"))
        .filter(meetings::due_at.le(now))
        .filter(meetings::claimed_until.is_null().or(meetings::claimed_until.assume_not_null().le(clock)))
        .order((meetings::due_at, meetings::interview, meetings::interviewer))
        .limit(1)
        .select((
            meetings::interview,
            meetings::interviewer,
            meetings::study,
            meetings::wanted,
            meetings::starts_at,
            meetings::ends_at,
            meetings::version,
            meetings::attempts,
            meetings::fence,
            meetings::organizer,
            meetings::graph_id,
            meetings::join_link,
        ));
    let found: Option<Row> = tx.maybe(|c| match c {
        Conn::Sqlite(c) => due.first(c),
        Conn::Postgres(c) => due.for_update().skip_locked().first(c),
    })?;
    let Some(row) = found else { return Ok(None) };
    let (study, interviewer) = (row.study, row.interviewer);
    let known: Option<Option<String>> = tx.maybe(|c| {
        on_each!(c, |c| members::table.find((study, interviewer)).select(members::microsoft_id).first(c))
    })?;
    let microsoft_id = known.flatten();
    let language: Language =
        tx.run(|c| on_each!(c, |c| studies::table.find(study).select(studies::language).first(c)))?;
    let asked = match row.wanted {
        Wanted::Made if row.graph_id.is_none() => microsoft_id.clone().or_else(|| row.organizer.clone()),
        Wanted::Made | Wanted::Gone => row.organizer.clone(),
    };
    tx.run(|c| {
        diesel::update(meetings::table.find((row.interview, interviewer)))
            .set((
                meetings::claimed_until.eq(clock.plus_seconds(LEASE_SECONDS)),
                meetings::fence.eq(row.fence + 1),
                meetings::attempts.eq(row.attempts + 1),
                meetings::organizer.eq(&asked),
            ))
            .execute(c)
    })?;
    Ok(Some(Claimed {
        hold: Hold { interview: row.interview, interviewer, fence: row.fence + 1, version: row.version },
        study,
        language,
        wanted: row.wanted,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        attempts: row.attempts + 1,
        microsoft_id,
        organizer: asked,
        graph_id: row.graph_id,
        join_link: row.join_link,
    }))
}

/// What is known of a meeting at Microsoft after it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// In whose name it may be there.
    pub organizer: Option<String>,
    /// Its id.
    pub graph_id: Option<String>,
    /// Its link.
    pub join_link: Option<String>,
}

/// Where a meeting stands after it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is as it was wanted.
    Settled,
    /// It is to be asked for again at a moment.
    Later(Instant, MeetingProblem),
    /// It is given up until a person has it tried again.
    Failed(MeetingProblem),
}

/// Writes down what came of asking. What is known of the meeting is kept whatever is wanted by now; where it stands
/// only if the same is wanted still. Answers false to a holder whose lease ended and whose place another has taken.
///
/// # Errors
/// Only those of the database.
pub fn note(tx: &mut Tx<'_>, hold: Hold, facts: &Facts, standing: Standing) -> Outcome<bool> {
    let row = || meetings::table.find((hold.interview, hold.interviewer));
    let current = row().filter(meetings::fence.eq(hold.fence));
    let kept = tx.run(|c| {
        diesel::update(current)
            .set((
                meetings::organizer.eq(&facts.organizer),
                meetings::graph_id.eq(&facts.graph_id),
                meetings::join_link.eq(&facts.join_link),
                meetings::claimed_until.eq(None::<Instant>),
            ))
            .execute(c)
    })?;
    if kept == 0 {
        return Ok(false);
    }
    // Nobody is to be led to a meeting that is to be gone.
    let unwanted = row().filter(meetings::wanted.eq(Wanted::Gone));
    tx.run(|c| diesel::update(unwanted).set(meetings::join_link.eq(None::<String>)).execute(c))?;
    let (state, problem, due_at) = match standing {
        Standing::Settled => (MeetingState::Settled, None, None),
        Standing::Later(at, problem) => (MeetingState::Waiting, Some(problem), Some(at)),
        Standing::Failed(problem) => (MeetingState::Failed, Some(problem), None),
    };
    let wanted_still = row().filter(meetings::version.eq(hold.version));
    tx.run(|c| {
        diesel::update(wanted_still)
            .set((
                meetings::state.eq(state),
                meetings::problem.eq(problem),
                due_at.map(|at| meetings::due_at.eq(at)),
            ))
            .execute(c)
    })?;
    Ok(true)
}

/// Ends all leases on SQLite, which nobody else can hold when its one process begins.
///
/// # Errors
/// Only those of the database.
pub fn end_leases(tx: &mut Tx<'_>) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(c) => diesel::update(meetings::table)
            .filter(meetings::claimed_until.is_not_null())
            .set(meetings::claimed_until.eq(None::<Instant>))
            .execute(c)
            .map(drop),
        Conn::Postgres(_) => Ok(()),
    })
}
