//! What waits for a researcher, counted for the first page of a study. What only one interview asks for is told with
//! its id, so that a link can lead there. All of it is found by an index, however large the study is.

use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;

use super::Tx;
use super::schema::{consents, interviews, letters, meetings, respondents, sheets};
use crate::clock::Instant;
use crate::domain::delivery::LetterState;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::meeting::{MeetingState, Wanted};
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, StudyId};
use crate::problem::Outcome;

/// Interviews that wait for somebody: how many, and the first of them by its id.
#[derive(Debug, Clone, Copy, Default, Queryable)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    first: Option<InterviewId>,
}

impl Waiting {
    /// The interview, if it is only one.
    #[must_use]
    pub fn only(self) -> Option<InterviewId> {
        self.first.filter(|_| self.count == 1)
    }
}

/// Interviews that are over, and nobody has told what became of them.
///
/// # Errors
/// Only those of the database.
pub fn to_close(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<Waiting> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.le(now))
            .select((count_star(), min(interviews::id)))
            .first(c)
    })
}

/// Planned online interviews without a link to join them by, but for those whose meeting is still to come from
/// Microsoft.
///
/// # Errors
/// Only those of the database.
pub fn without_link(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<Waiting> {
    let being_made = meetings::table
        .filter(meetings::interview.eq(interviews::id))
        .filter(meetings::wanted.eq(Wanted::Made))
        .select(meetings::interview);
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.gt(now))
            .filter(interviews::mode.eq(Mode::Teams))
            .filter(interviews::announced_link.is_null())
            .filter(not(exists(being_made)))
            .select((count_star(), min(interviews::id)))
            .first(c)
    })
}

/// Interviews whose meeting is in a state: being asked for, or failed. What was to be made for an interview that is
/// over waits for nobody.
///
/// # Errors
/// Only those of the database.
pub fn meetings_in(tx: &mut Tx<'_>, study: StudyId, state: MeetingState, now: Instant) -> Outcome<Waiting> {
    tx.run(|c| {
        meetings::table
            .filter(meetings::study.eq(study))
            .filter(meetings::state.eq(state))
            .filter(meetings::wanted.eq(Wanted::Gone).or(meetings::ends_at.gt(now)))
            .select((count_star(), min(meetings::interview)))
            .first(c)
    })
}

/// Planned interviews that are not over and begin before a moment.
///
/// # Errors
/// Only those of the database.
pub fn near(tx: &mut Tx<'_>, study: StudyId, now: Instant, before: Instant) -> Outcome<Waiting> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.gt(now))
            .filter(interviews::starts_at.lt(before))
            .select((count_star(), min(interviews::id)))
            .first(c)
    })
}

/// Interviews that took place and on whose sheet nothing was written. Those with an erased respondent have no sheet.
///
/// # Errors
/// Only those of the database.
pub fn without_sheet(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Waiting> {
    let written = sheets::table.filter(sheets::interview.eq(interviews::id)).select(sheets::interview);
    let erased = respondents::table
        .filter(respondents::id.eq(interviews::respondent))
        .filter(respondents::erased_at.is_not_null())
        .select(respondents::id);
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Held))
            .filter(not(exists(written)))
            .filter(not(exists(erased)))
            .select((count_star(), min(interviews::id)))
            .first(c)
    })
}

/// How many respondents agreed to an earlier version of the consent form and have no interview: those who are asked
/// once more before they can choose a time.
///
/// # Errors
/// Only those of the database.
pub fn asked_again(tx: &mut Tx<'_>, study: StudyId, version: i32) -> Outcome<i64> {
    let to_this = || {
        consents::table
            .filter(consents::respondent.eq(respondents::id))
            .filter(consents::version.eq(version))
            .filter(consents::withdrawn_at.is_null())
            .select(consents::id)
    };
    let mut count = 0;
    for status in [RespondentStatus::Consented, RespondentStatus::NoShow] {
        count += tx.run(|c| {
            respondents::table
                .filter(respondents::study.eq(study))
                .filter(respondents::status.eq(status))
                .filter(respondents::erased_at.is_null())
                .filter(respondents::contact_removed_at.is_null())
                .filter(not(exists(to_this())))
                .count()
                .get_result::<i64>(c)
        })?;
    }
    Ok(count)
}

/// How many letters of a study failed for good.
///
/// # Errors
/// Only those of the database.
pub fn failed_letters(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    tx.run(|c| {
        letters::table
            .filter(letters::study.eq(study))
            .filter(letters::state.eq(LetterState::Failed))
            .count()
            .get_result(c)
    })
}
