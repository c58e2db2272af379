//! Meetings that are made through Microsoft Graph: what is wanted of each, and how far that has come.
//!
//! There is one row for an interview and whoever holds it: a meeting can't change its organizer, so an interview that
//! goes to somebody else leaves one row behind that is to be gone and gets another. Whatever changes an interview says
//! what it wants in the same transaction; the worker reads rows that wait, asks Microsoft and writes down what came
//! back.

mod claim;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Tx;
use super::dialect::on_each;
use super::interviews::Interview;
use super::schema::{interviews, meetings};
use crate::clock::Instant;
use crate::domain::meeting::{MeetingProblem, MeetingState, Wanted};
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;

pub use self::claim::{Claimed, Facts, Hold, Standing, claim, end_leases, is_due, note};

/// A meeting, as its researchers see it.
#[derive(Debug, Clone, Queryable)]
pub struct MeetingRow {
    /// Who is to hold it, or held it.
    pub interviewer: UserId,
    /// What is wanted of it.
    pub wanted: Wanted,
    /// How far that has come.
    pub state: MeetingState,
    /// Why it has come no further.
    pub problem: Option<MeetingProblem>,
    /// How often it was asked for.
    pub attempts: i32,
    /// When it is asked for next, while it waits.
    pub due_at: Instant,
}

/// The meetings of an interview.
///
/// # Errors
/// Only those of the database.
pub fn of_interview(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<Vec<MeetingRow>> {
    tx.run(|c| {
        on_each!(c, |c| {
            meetings::table
                .filter(meetings::interview.eq(interview))
                .order(meetings::interviewer)
                .select((
                    meetings::interviewer,
                    meetings::wanted,
                    meetings::state,
                    meetings::problem,
                    meetings::attempts,
                    meetings::due_at,
                ))
                .load(c)
        })
    })
}

/// The link of the meeting that an interviewer holds for an interview, once it is known and while it is wanted.
///
/// # Errors
/// Only those of the database.
pub fn link(tx: &mut Tx<'_>, interview: InterviewId, interviewer: UserId) -> Outcome<Option<String>> {
    let found: Option<Option<String>> = tx.maybe(|c| {
        on_each!(c, |c| {
            meetings::table
                .find((interview, interviewer))
                .filter(meetings::wanted.eq(Wanted::Made))
                .select(meetings::join_link)
                .first(c)
        })
    })?;
    Ok(found.flatten())
}

/// Wants a meeting for an interview at the time that it has, held by whoever holds it. What is wanted so already stays
/// as it is.
///
/// # Errors
/// Only those of the database.
pub fn want(tx: &mut Tx<'_>, interview: &Interview, now: Instant) -> Outcome<()> {
    let row = || meetings::table.find((interview.id, interview.interviewer));
    let found: Option<(Wanted, Instant, Instant)> = tx.maybe(|c| {
        on_each!(c, |c| row().select((meetings::wanted, meetings::starts_at, meetings::ends_at)).first(c))
    })?;
    let wanted = (Wanted::Made, interview.starts_at, interview.ends_at);
    let wish = (
        meetings::wanted.eq(Wanted::Made),
        meetings::starts_at.eq(interview.starts_at),
        meetings::ends_at.eq(interview.ends_at),
        meetings::state.eq(MeetingState::Waiting),
        meetings::due_at.eq(now),
    );
    if found == Some(wanted) {
        return Ok(());
    }
    if found.is_none() {
        let row = (
            meetings::interview.eq(interview.id),
            meetings::interviewer.eq(interview.interviewer),
            meetings::study.eq(interview.study),
            wish,
        );
        tx.run(|c| on_each!(c, |c| diesel::insert_into(meetings::table).values(row).execute(c)))?;
        return Ok(());
    }
    let wish = (wish, meetings::version.eq(meetings::version + 1), ANEW);
    tx.run(|c| diesel::update(row()).set(wish).execute(c)).map(drop)
}

/// Wants the meetings of an interview gone, but for that of whoever keeps one.
///
/// # Errors
/// Only those of the database.
pub fn unwant(tx: &mut Tx<'_>, interview: InterviewId, keeps: Option<UserId>, now: Instant) -> Outcome<()> {
    let wanted: Vec<UserId> = tx.run(|c| {
        on_each!(c, |c| {
            meetings::table
                .filter(meetings::interview.eq(interview))
                .filter(meetings::wanted.eq(Wanted::Made))
                .select(meetings::interviewer)
                .load(c)
        })
    })?;
    for interviewer in wanted.into_iter().filter(|who| keeps != Some(*who)) {
        let row = || meetings::table.find((interview, interviewer));
        let wish = (
            meetings::wanted.eq(Wanted::Gone),
            meetings::state.eq(MeetingState::Waiting),
            meetings::due_at.eq(now),
            meetings::join_link.eq(None::<String>),
        );
        let wish = (wish, meetings::version.eq(meetings::version + 1), ANEW);
        tx.run(|c| diesel::update(row()).set(wish).execute(c))?;
        // Microsoft was never asked for it.
        let unasked = row().filter(meetings::organizer.is_null());
        tx.run(|c| diesel::update(unasked).set(meetings::state.eq(MeetingState::Settled)).execute(c))?;
    }
    Ok(())
}

/// Wants every meeting with a respondent gone, also those that took place.
///
/// # Errors
/// Only those of the database.
pub fn unwant_all_of(tx: &mut Tx<'_>, respondent: RespondentId, now: Instant) -> Outcome<()> {
    let theirs: Vec<InterviewId> = tx.run(|c| {
        meetings::table
            .inner_join(interviews::table.on(interviews::id.eq(meetings::interview)))
            .filter(interviews::respondent.eq(respondent))
            .filter(meetings::wanted.eq(Wanted::Made))
            .select(meetings::interview)
            .load(c)
    })?;
    for interview in theirs {
        unwant(tx, interview, None, now)?;
    }
    Ok(())
}

/// Asks again for the meetings of an interview that are not as they are wanted; answers how many there are.
///
/// # Errors
/// Only those of the database.
pub fn retry(tx: &mut Tx<'_>, interview: InterviewId, now: Instant) -> Outcome<usize> {
    let open = meetings::table
        .filter(meetings::interview.eq(interview))
        .filter(meetings::state.ne(MeetingState::Settled));
    let again = (meetings::state.eq(MeetingState::Waiting), meetings::due_at.eq(now));
    tx.run(|c| {
        diesel::update(open).set((again, meetings::version.eq(meetings::version + 1), ANEW)).execute(c)
    })
}

/// Asks again for what failed because of who an interviewer is to Microsoft.
///
/// # Errors
/// Only those of the database.
pub fn retry_of_member(tx: &mut Tx<'_>, study: StudyId, interviewer: UserId, now: Instant) -> Outcome<()> {
    let theirs = meetings::table
        .filter(meetings::study.eq(study))
        .filter(meetings::interviewer.eq(interviewer))
        .filter(meetings::state.eq(MeetingState::Failed));
    let again = (meetings::state.eq(MeetingState::Waiting), meetings::due_at.eq(now));
    tx.run(|c| {
        diesel::update(theirs).set((again, meetings::version.eq(meetings::version + 1), ANEW)).execute(c)
    })
    .map(drop)
}

/// Asks again for what failed while the installation had no access to Microsoft.
///
/// # Errors
/// Only those of the database.
pub fn retry_all_not_set_up(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let theirs = meetings::table
        .filter(sql::<Bool>("state = 'failed'"))
        .filter(meetings::problem.eq(MeetingProblem::NotSetUp));
    let again = (meetings::state.eq(MeetingState::Waiting), meetings::due_at.eq(now));
    tx.run(|c| {
        diesel::update(theirs).set((again, meetings::version.eq(meetings::version + 1), ANEW)).execute(c)
    })
    .map(drop)
}

/// How the meetings are doing, for supervisors.
#[derive(Debug, Clone, Copy, Default)]
pub struct MeetingFigures {
    /// Those that wait.
    pub waiting: i64,
    /// Those that failed.
    pub failed: i64,
    /// How long the one that is due longest has waited, in seconds.
    pub oldest_due_seconds: i64,
}

/// Counts what waits and what failed.
///
/// # Errors
/// Only those of the database.
pub fn figures(tx: &mut Tx<'_>, now: Instant) -> Outcome<MeetingFigures> {
    let waiting = meetings::table.filter(sql::<Bool>("state = 'waiting'"));
    let (count, oldest): (i64, Option<i64>) =
        tx.run(|c| waiting.select((diesel::dsl::count_star(), diesel::dsl::min(meetings::due_at))).first(c))?;
    let failed = meetings::table.filter(sql::<Bool>("state = 'failed'"));
    let failed: i64 = tx.run(|c| failed.count().get_result(c))?;
    let oldest_due_seconds = oldest.map_or(0, |due| (now.unix() - due).max(0));
    Ok(MeetingFigures { waiting: count, failed, oldest_due_seconds })
}

/// What begins anew with another wish. Who asks at this moment keeps its lease: nobody else may ask meanwhile, and what
/// comes back belongs to the former wish by its version.
#[derive(AsChangeset)]
#[diesel(table_name = meetings, treat_none_as_null = true)]
struct Anew {
    attempts: i32,
    problem: Option<MeetingProblem>,
}

const ANEW: Anew = Anew { attempts: 0, problem: None };
