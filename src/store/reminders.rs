//! Which interviews are to be reminded of, and which reminders were made.
//!
//! A planned interview bears the moment at which the worker has to look at it next, under a partial index: a look that
//! finds nothing costs one step into it, however many interviews there are. That a reminder goes once is held twice
//! over: the moment moves on in the transaction that queues the letters, and of one lead before one start a recipient
//! gets one letter ([`occasion`]).

use diesel::prelude::*;

use super::Tx;
use super::schema::{interviews, letters};
use crate::clock::Instant;
use crate::domain::delivery::LetterState;
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::id::{InterviewId, RespondentId, StudyId};
use crate::problem::Outcome;

/// An interview that has to be looked at.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Due {
    /// The interview.
    pub interview: InterviewId,
    /// Its study.
    pub study: StudyId,
    /// Who is interviewed.
    pub respondent: RespondentId,
}

/// The interviews that have to be looked at, those first that wait longest.
///
/// # Errors
/// Only those of the database.
pub fn due(tx: &mut Tx<'_>, now: Instant, limit: i64) -> Outcome<Vec<Due>> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::remind_at.assume_not_null().le(now))
            .order(interviews::remind_at)
            .limit(limit)
            .select((interviews::id, interviews::study, interviews::respondent))
            .load(c)
    })
}

/// Sets the moment at which an interview has to be looked at next, if there is one.
///
/// # Errors
/// Only those of the database.
pub fn look_at(tx: &mut Tx<'_>, id: InterviewId, next: Option<Instant>) -> Outcome<()> {
    tx.run(|c| diesel::update(interviews::table.find(id)).set(interviews::remind_at.eq(next)).execute(c))
        .map(drop)
}

/// Has every planned interview of a study looked at again under the rules that hold from now on. One that is due by
/// the former rules stays so.
///
/// # Errors
/// Only those of the database.
pub fn look_again(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<()> {
    let ahead = interviews::table
        .filter(interviews::study.eq(study))
        .filter(interviews::starts_at.gt(now))
        .filter(interviews::status.eq(InterviewStatus::Booked))
        .filter(interviews::remind_at.is_null().or(interviews::remind_at.assume_not_null().gt(now)));
    tx.run(|c| diesel::update(ahead).set(interviews::remind_at.eq(now.plus_seconds(1))).execute(c)).map(drop)
}

/// The occasion of a reminder: a lead before a start. An interview that is moved is another occasion, one that only
/// changes its place is not.
#[must_use]
pub fn occasion(interview: InterviewId, starts_at: Instant, lead_minutes: i32) -> String {
    format!("{interview}:{starts_at}:{lead_minutes}")
}

/// A reminder that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// To whom: [`LetterKind::AppointmentReminder`] or [`LetterKind::InterviewerReminder`].
    pub kind: LetterKind,
    /// Before which start; an interview may have been moved since.
    pub starts_at: Instant,
    /// How long before it, in minutes.
    pub lead_minutes: i32,
    /// Where its letter stands.
    pub state: LetterState,
    /// When it was sent or, before that, when it may leave.
    pub at: Instant,
}

/// The reminders of an interview that were made, in the order of their making.
///
/// # Errors
/// Only those of the database.
pub fn made(tx: &mut Tx<'_>, id: InterviewId) -> Outcome<Vec<Made>> {
    type Row = (LetterKind, String, LetterState, Instant, Option<Instant>);
    let rows: Vec<Row> = tx.run(|c| {
        letters::table
            .filter(letters::interview.eq(id))
            .order(letters::id)
            .select((letters::kind, letters::occasion, letters::state, letters::due_at, letters::sent_at))
            .load(c)
    })?;
    let reminders = rows.into_iter().filter(|(kind, ..)| kind.is_appointment_reminder());
    let read = |(kind, occasion, state, due_at, sent_at): Row| {
        let (_, rest) = occasion.split_once(':')?;
        let (start, lead) = rest.rsplit_once(':')?;
        let (starts_at, lead_minutes) = (Instant::parse(start)?, lead.parse().ok()?);
        Some(Made { kind, starts_at, lead_minutes, state, at: sent_at.unwrap_or(due_at) })
    };
    Ok(reminders.filter_map(read).collect())
}
