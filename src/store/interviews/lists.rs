//! Interviews in lists: of a study, of a respondent, of an interviewer.

use diesel::prelude::*;

use super::{COLUMNS, Interview};
use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::study::LONGEST_INTERVIEW;
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::Backend;
use crate::store::schema::{interviews, respondents};

/// The interviews of a respondent, latest first: at most 50.
///
/// # Errors
/// Only those of the database.
pub fn of_respondent(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Vec<Interview>> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::respondent.eq(respondent))
            .select(COLUMNS)
            .order((interviews::starts_at.desc(), interviews::id.desc()))
            .limit(50)
            .load(c)
    })
}

/// Which interviews a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only with this status.
    pub status: Option<InterviewStatus>,
    /// Only those that begin at this moment or later.
    pub from: Option<Instant>,
    /// Only those after this start and id: the cursor.
    pub after: Option<(Instant, InterviewId)>,
}

/// A page of the interviews of a study by their starts, each with the code of its respondent.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    study: StudyId,
    filter: Filter,
    limit: i64,
) -> Outcome<Vec<(Interview, String)>> {
    let mut query = interviews::table
        .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
        .into_boxed::<Backend>()
        .filter(interviews::study.eq(study))
        .select((COLUMNS, respondents::code))
        .order((interviews::starts_at, interviews::id))
        .limit(limit);
    if let Some(status) = filter.status {
        query = query.filter(interviews::status.eq(status));
    }
    if let Some(from) = filter.from {
        query = query.filter(interviews::starts_at.ge(from));
    }
    if let Some((start, id)) = filter.after {
        query = query.filter(interviews::starts_at.ge(start)).filter(
            interviews::starts_at.gt(start).or(interviews::starts_at.eq(start).and(interviews::id.gt(id))),
        );
    }
    tx.run(|c| query.load(c))
}

/// The planned online interviews of a study that have not begun, of one interviewer or of all.
///
/// # Errors
/// Only those of the database.
pub fn online_ahead(
    tx: &mut Tx<'_>,
    study: StudyId,
    interviewer: Option<UserId>,
    now: Instant,
) -> Outcome<Vec<Interview>> {
    let mut query = interviews::table
        .into_boxed::<Backend>()
        .filter(interviews::study.eq(study))
        .filter(interviews::starts_at.gt(now))
        .filter(interviews::status.eq(InterviewStatus::Booked))
        .filter(interviews::mode.eq(Mode::Teams))
        .select(COLUMNS)
        .order((interviews::starts_at, interviews::id));
    if let Some(interviewer) = interviewer {
        query = query.filter(interviews::interviewer.eq(interviewer));
    }
    tx.run(|c| query.load(c))
}

/// When the longest interview began that ends at a moment. Those that end after it began after this: said beside it, a
/// walk in the order of starts begins here and not with the first interview of the study.
pub(in crate::store) fn earliest_start(end: Instant) -> Instant {
    end.plus_minutes(-LONGEST_INTERVIEW)
}

/// The planned interviews of an interviewer in a study that are not over.
///
/// # Errors
/// Only those of the database.
pub fn planned_of(
    tx: &mut Tx<'_>,
    study: StudyId,
    interviewer: UserId,
    now: Instant,
) -> Outcome<Vec<Interview>> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::ends_at.gt(now))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::interviewer.eq(interviewer))
            .order((interviews::starts_at, interviews::id))
            .select(COLUMNS)
            .load(c)
    })
}

/// The planned interviews in a study that are not over and that somebody holds as the second interviewer.
///
/// # Errors
/// Only those of the database.
pub fn accompanied_by(
    tx: &mut Tx<'_>,
    study: StudyId,
    second: UserId,
    now: Instant,
) -> Outcome<Vec<Interview>> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::ends_at.gt(now))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::second_interviewer.eq(second))
            .order((interviews::starts_at, interviews::id))
            .select(COLUMNS)
            .load(c)
    })
}

/// How many interviews of a study are planned and still ahead, and the codes of the first respondents among them.
///
/// # Errors
/// Only those of the database.
pub fn ahead(tx: &mut Tx<'_>, study: StudyId, now: Instant, limit: i64) -> Outcome<(i64, Vec<String>)> {
    let count = tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::starts_at.gt(now))
            .count()
            .get_result(c)
    })?;
    let codes = tx.run(|c| {
        interviews::table
            .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::starts_at.gt(now))
            .order(interviews::starts_at)
            .limit(limit)
            .select(respondents::code)
            .load(c)
    })?;
    Ok((count, codes))
}
