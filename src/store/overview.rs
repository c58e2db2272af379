//! What the first page of a study needs to know, in a handful of grouped statements however large the study is.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Tx;
use super::schema::{
    availability_exceptions, availability_rules, consent_forms, guides, interviews, letters, respondents,
    users,
};
use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, RespondentId, StratumId, StudyId, UserId};
use crate::problem::Outcome;

/// How many respondents of a stratum have come how far.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Count {
    /// The stratum; `None` for those of municipalities that belong to none.
    pub stratum: Option<StratumId>,
    /// How far they have come.
    pub status: RespondentStatus,
    /// How many.
    pub respondents: i64,
}

/// An interview that is planned.
#[derive(Debug, Clone, Queryable, serde::Serialize, utoipa::ToSchema)]
#[schema(as = UpcomingInterview)]
pub struct Upcoming {
    /// The interview's id.
    pub id: InterviewId,
    /// The respondent's id.
    pub respondent: RespondentId,
    /// The respondent's code.
    pub code: String,
    /// Who holds it.
    pub interviewer: UserId,
    /// Their name.
    pub interviewer_name: String,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
}

/// The respondents of a study by stratum and status.
///
/// # Errors
/// Only those of the database.
pub fn counts(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<Count>> {
    tx.run(|c| {
        respondents::table
            .filter(respondents::study.eq(study))
            .filter(respondents::erased_at.is_null())
            .group_by((respondents::stratum, respondents::status))
            .select((respondents::stratum, respondents::status, count_star()))
            .load(c)
    })
}

/// The next planned interviews that have not ended, soonest first.
///
/// # Errors
/// Only those of the database.
pub fn upcoming(tx: &mut Tx<'_>, study: StudyId, now: Instant, limit: i64) -> Outcome<Vec<Upcoming>> {
    tx.run(|c| {
        interviews::table
            .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
            .inner_join(users::table.on(users::id.eq(interviews::interviewer)))
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.gt(now))
            .order((interviews::starts_at, interviews::id))
            .limit(limit)
            .select((
                interviews::id,
                respondents::id,
                respondents::code,
                users::id,
                users::name,
                interviews::starts_at,
                interviews::ends_at,
                interviews::mode,
            ))
            .load(c)
    })
}

/// How many interviews are over, and nobody has told what became of them.
///
/// # Errors
/// Only those of the database.
pub fn to_close(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<i64> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.le(now))
            .count()
            .get_result(c)
    })
}

/// How many planned online interviews have no link to join them by.
///
/// # Errors
/// Only those of the database.
pub fn without_link(tx: &mut Tx<'_>, study: StudyId, now: Instant) -> Outcome<i64> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::mode.eq(Mode::Teams))
            .filter(interviews::announced_link.is_null())
            .filter(interviews::ends_at.gt(now))
            .count()
            .get_result(c)
    })
}

/// How many letters of a study are in each state.
///
/// # Errors
/// Only those of the database.
pub fn letters(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<(String, i64)>> {
    tx.run(|c| {
        letters::table
            .filter(letters::study.eq(study))
            .group_by(letters::state)
            .select((letters::state, count_star()))
            .load(c)
    })
}

/// What a study has been set up with.
#[derive(Debug, Clone, Copy)]
pub struct SetUp {
    /// A published consent form.
    pub consent_form: bool,
    /// Hours in which somebody can be booked.
    pub availability: bool,
    /// A published guide.
    pub guide: bool,
}

/// What a study has been set up with.
///
/// # Errors
/// Only those of the database.
pub fn set_up(tx: &mut Tx<'_>, study: StudyId) -> Outcome<SetUp> {
    let consent_form: Option<i32> = tx.maybe(|c| {
        consent_forms::table
            .filter(consent_forms::study.eq(study))
            .filter(consent_forms::version.is_not_null())
            .select(consent_forms::version.assume_not_null())
            .first(c)
    })?;
    let rule: Option<i32> = tx.maybe(|c| {
        availability_rules::table
            .filter(availability_rules::study.eq(study))
            .select(availability_rules::weekday)
            .first(c)
    })?;
    let open_day: Option<bool> = tx.maybe(|c| {
        availability_exceptions::table
            .filter(availability_exceptions::study.eq(study))
            .filter(availability_exceptions::open)
            .select(availability_exceptions::open)
            .first(c)
    })?;
    let guide: Option<i32> = tx.maybe(|c| {
        guides::table
            .filter(guides::study.eq(study))
            .filter(guides::version.is_not_null())
            .select(guides::version.assume_not_null())
            .first(c)
    })?;
    Ok(SetUp {
        consent_form: consent_form.is_some(),
        availability: rule.is_some() || open_day.is_some(),
        guide: guide.is_some(),
    })
}
