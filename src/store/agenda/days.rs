//! What lies in a stretch of days of an agenda. Each question is one statement, however many interviewers a study has.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::municipality::MunicipalityCode;
use crate::id::{BlockId, InterviewId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::blocks::Block;
use crate::store::dialect::on_each;
use crate::store::schema::{blocks, interviews, members, reservations, respondents, users};

/// The longest stretch that is reserved for one interview lasts less than so many days: 8 hours, 4 hours of rest and
/// twice 8 hours of travel.
const LONGEST_DAYS: i64 = 2;

/// An interview of the study.
#[derive(Debug, Clone, Queryable)]
pub struct Appointment {
    /// The interview's id.
    pub id: InterviewId,
    /// Who holds it.
    pub interviewer: UserId,
    /// The name of who holds it.
    pub name: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// What became of it.
    pub status: InterviewStatus,
    /// The link to join online, once it is known.
    pub join_link: Option<String>,
    /// The respondent's pseudonym.
    pub code: String,
    /// The municipality that they work for.
    pub municipality: MunicipalityCode,
}

/// The interviews of a study that touch `[from, until)` and were not called off, by their starts.
///
/// # Errors
/// Only those of the database.
pub fn appointments(
    tx: &mut Tx<'_>,
    study: StudyId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Appointment>> {
    tx.run(|c| {
        on_each!(c, |c| {
            interviews::table
                .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
                .inner_join(users::table.on(users::id.eq(interviews::interviewer)))
                .filter(interviews::study.eq(study))
                .filter(interviews::starts_at.gt(from.plus_days(-LONGEST_DAYS)))
                .filter(interviews::starts_at.lt(until))
                .filter(interviews::ends_at.gt(from))
                .filter(interviews::status.ne(InterviewStatus::Cancelled))
                .order((interviews::starts_at, interviews::id))
                .select((
                    interviews::id,
                    interviews::interviewer,
                    users::name,
                    interviews::starts_at,
                    interviews::ends_at,
                    interviews::mode,
                    interviews::status,
                    interviews::announced_link,
                    respondents::code,
                    respondents::municipality,
                ))
                .load(c)
        })
    })
}

/// What tells of a kept time; null for anything else.
type Columns = (Option<StudyId>, Option<Instant>, Option<Instant>, Option<Mode>, Option<Instant>);

/// Time of a member that is taken by something, in whatever study.
#[derive(Debug, Clone, Queryable)]
pub struct Guarded {
    /// Whose time.
    pub interviewer: UserId,
    /// For which interview.
    pub interview: Option<InterviewId>,
    /// When it begins, travel included.
    pub from: Instant,
    /// When it has ended, rest and travel included.
    pub until: Instant,
    /// The study of the respondent for whom it is kept, when the interview would begin and end, how it would be held,
    /// and until when it is kept.
    kept: Columns,
}

/// A time that is kept for a respondent.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// The respondent's study.
    pub study: StudyId,
    /// When the interview would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// How it would be held.
    pub mode: Mode,
    /// From this moment on it is no longer kept.
    pub kept_until: Instant,
}

impl Guarded {
    /// The time that is kept, if that is what it is.
    #[must_use]
    pub fn hold(&self) -> Option<Kept> {
        let (study, starts_at, ends_at, mode, kept_until) = self.kept;
        let (study, kept_until) = (study?, kept_until?);
        Some(Kept { study, starts_at: starts_at?, ends_at: ends_at?, mode: mode?, kept_until })
    }
}

/// What is reserved of the time of the members of a study and touches `[from, until)`, in all their studies.
///
/// # Errors
/// Only those of the database.
pub fn guarded(
    tx: &mut Tx<'_>,
    study: StudyId,
    (from, until): (Instant, Instant),
    now: Instant,
) -> Outcome<Vec<Guarded>> {
    tx.run(|c| {
        on_each!(c, |c| {
            reservations::table
                .inner_join(members::table.on(members::user_id.eq(reservations::interviewer)))
                .left_join(respondents::table.on(reservations::respondent.eq(respondents::id.nullable())))
                .filter(members::study.eq(study))
                .filter(reservations::active)
                .filter(reservations::expires_at.is_null().or(reservations::expires_at.gt(now)))
                .filter(reservations::guard_from.gt(from.plus_days(-LONGEST_DAYS)))
                .filter(reservations::guard_from.lt(until))
                .filter(reservations::guard_until.gt(from))
                .order((reservations::guard_from, reservations::id))
                .select((
                    reservations::interviewer,
                    reservations::interview,
                    reservations::guard_from,
                    reservations::guard_until,
                    (
                        respondents::study.nullable(),
                        reservations::starts_at,
                        reservations::ends_at,
                        reservations::mode,
                        reservations::expires_at,
                    ),
                ))
                .load(c)
        })
    })
}

/// What the members of a study keep free of `[from, until)`.
///
/// # Errors
/// Only those of the database.
pub fn blocked(
    tx: &mut Tx<'_>,
    study: StudyId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<(UserId, Block)>> {
    type Row = (UserId, (BlockId, Instant, Instant));
    let rows: Vec<Row> = tx.run(|c| {
        on_each!(c, |c| {
            blocks::table
                .inner_join(members::table.on(members::user_id.eq(blocks::interviewer)))
                .filter(members::study.eq(study))
                .filter(blocks::blocked_until.gt(from))
                .filter(blocks::blocked_from.lt(until))
                .order((blocks::blocked_from, blocks::id))
                .select((blocks::interviewer, (blocks::id, blocks::blocked_from, blocks::blocked_until)))
                .load(c)
        })
    })?;
    Ok(rows.into_iter().map(|(who, (id, from, until))| (who, Block { id, from, until })).collect())
}
