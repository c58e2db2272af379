//! What people answered in their calendars to the invites to an interview: of each attendee the latest answer.

use diesel::dsl::{count, min};
use diesel::prelude::*;

use super::Tx;
use super::due::Waiting;
use super::letters::Recipient;
use super::schema::{attendances, interviews};
use crate::clock::Instant;
use crate::domain::attendance::{Attendance, Version};
use crate::domain::interview::InterviewStatus;
use crate::id::{InterviewId, RespondentId, StudyId};
use crate::problem::{Outcome, Problem};

/// An answer.
#[derive(Debug, Clone, Queryable)]
pub struct Answered {
    attendee: String,
    /// What it is.
    pub attendance: Attendance,
    sequence: i32,
    stamped_at: Instant,
    /// When it came in, or was noted by hand.
    pub noted_at: Instant,
    comment_sealed: Option<Vec<u8>>,
}

impl Answered {
    /// Whether it is the answer of somebody.
    #[must_use]
    pub fn is_of(&self, attendee: Recipient) -> bool {
        self.is_of_key(&attendee.key())
    }

    pub(super) fn is_of_key(&self, key: &str) -> bool {
        self.attendee == key
    }

    /// Which version of the interview it answers to, and when.
    #[must_use]
    pub const fn version(&self) -> Version {
        Version { sequence: self.sequence, stamp: self.stamped_at }
    }

    /// What was written beside it.
    ///
    /// # Errors
    /// When the seal is broken.
    pub fn comment(&self, tx: &Tx<'_>, interview: InterviewId) -> Outcome<Option<String>> {
        let Some(sealed) = &self.comment_sealed else { return Ok(None) };
        let plain = tx.keys().open(&place(interview, &self.attendee), sealed)?;
        String::from_utf8(plain).map(Some).map_err(Problem::internal)
    }
}

const COLUMNS: (
    attendances::attendee,
    attendances::attendance,
    attendances::sequence,
    attendances::stamped_at,
    attendances::noted_at,
    attendances::comment_sealed,
) = (
    attendances::attendee,
    attendances::attendance,
    attendances::sequence,
    attendances::stamped_at,
    attendances::noted_at,
    attendances::comment_sealed,
);

fn place(interview: InterviewId, attendee: &str) -> String {
    format!("calendar answer {interview} {attendee}")
}

/// The answer of one attendee.
///
/// # Errors
/// Only those of the database.
pub fn of(tx: &mut Tx<'_>, interview: InterviewId, attendee: Recipient) -> Outcome<Option<Answered>> {
    tx.maybe(|c| attendances::table.find((interview, attendee.key())).select(COLUMNS).first(c))
}

/// The answers of all attendees of an interview.
///
/// # Errors
/// Only those of the database.
pub fn all(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<Vec<Answered>> {
    let theirs = attendances::table.filter(attendances::interview.eq(interview));
    tx.run(|c| theirs.select(COLUMNS).order(attendances::attendee).load(c))
}

/// An answer as it is to be kept.
#[derive(Debug, Clone)]
pub struct NewAnswer<'a> {
    /// Whose it is.
    pub attendee: Recipient,
    /// What it is.
    pub attendance: Attendance,
    /// Which version of the interview it answers to, and when.
    pub version: Version,
    /// What was written beside it; sealed here.
    pub comment: Option<&'a str>,
}

/// Keeps an answer in the place of the earlier one of the same attendee.
///
/// # Errors
/// Only those of the database.
pub fn put(tx: &mut Tx<'_>, interview: InterviewId, new: &NewAnswer<'_>, now: Instant) -> Outcome<()> {
    let key = new.attendee.key();
    let seal = |comment: &str| tx.keys().seal(&place(interview, &key), comment.as_bytes());
    let comment = new.comment.map(seal).transpose()?;
    let values = (
        attendances::attendance.eq(new.attendance),
        attendances::sequence.eq(new.version.sequence),
        attendances::stamped_at.eq(new.version.stamp),
        attendances::noted_at.eq(now),
        attendances::comment_sealed.eq(comment),
    );
    let row = attendances::table.find((interview, key.clone()));
    if tx.run(|c| diesel::update(row).set(values.clone()).execute(c))? == 1 {
        return Ok(());
    }
    let names = (attendances::interview.eq(interview), attendances::attendee.eq(key));
    tx.run(|c| diesel::insert_into(attendances::table).values((names, values)).execute(c)).map(drop)
}

/// Planned interviews that have not begun and of which somebody who is to be there declined the time: how many, and the
/// first of them.
///
/// # Errors
/// Only those of the database.
pub fn declined(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<Waiting> {
    let ahead = interviews::table
        .inner_join(attendances::table.on(attendances::interview.eq(interviews::id)))
        .filter(interviews::study.eq(study))
        .filter(interviews::status.eq(InterviewStatus::Booked))
        .filter(interviews::starts_at.gt(now))
        .filter(attendances::attendance.eq(Attendance::Declined))
        .filter(attendances::sequence.ge(interviews::time_sequence));
    let asked = (count(interviews::id).aggregate_distinct(), min(interviews::id));
    tx.run(|c| ahead.select(asked).first(c))
}

/// Deletes the answer of one attendee: what was said from another mailbox, or before the interview was taken out of
/// their calendar, answers no invite that follows.
///
/// # Errors
/// Only those of the database.
pub fn forget(tx: &mut Tx<'_>, interview: InterviewId, attendee: Recipient) -> Outcome<()> {
    let theirs = attendances::table.find((interview, attendee.key()));
    tx.run(|c| diesel::delete(theirs).execute(c)).map(drop)
}

/// Deletes what was written beside the answers to the interviews of a respondent.
///
/// # Errors
/// Only those of the database.
pub(super) fn forget_comments(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<()> {
    let theirs = interviews::table.filter(interviews::respondent.eq(respondent)).select(interviews::id);
    let answers = attendances::table.filter(attendances::interview.eq_any(theirs));
    tx.run(|c| diesel::update(answers).set(attendances::comment_sealed.eq(None::<Vec<u8>>)).execute(c))
        .map(drop)
}
