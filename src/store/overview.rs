//! What the first page of a study needs to know, in a handful of grouped statements however large the study is.

use diesel::dsl::{case_when, count, count_star};
use diesel::prelude::*;

use super::Tx;
use super::interviews::earliest_start;
use super::schema::{
    availability_exceptions, availability_rules, consent_forms, guides, interviews, letters, respondents,
    users,
};
use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, RespondentId, StratumId, StudyId, UserId};
use crate::problem::Outcome;

/// How many respondents of a municipality and stratum have come how far.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Tally {
    /// The municipality that they work for.
    pub municipality: MunicipalityCode,
    /// The stratum; `None` for those of municipalities that belong to none.
    pub stratum: Option<StratumId>,
    /// How far they have come.
    pub status: RespondentStatus,
    /// How many, the erased among them.
    pub respondents: i64,
    /// How many of them were erased.
    pub erased: i64,
    /// How many were invited or used their page.
    pub invited: i64,
    /// How many used their page.
    pub opened: i64,
    /// How many were invited long ago and have not answered.
    pub unanswered: i64,
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

/// The respondents of a study by municipality, stratum and status. Invitations from before a moment that were not
/// answered are counted apart. One walk along the index `respondents_reach`, whose order is that of the groups.
///
/// # Errors
/// Only those of the database.
pub fn tallies(tx: &mut Tx<'_>, study: StudyId, before: Instant) -> Outcome<Vec<Tally>> {
    let approached = respondents::invited_at.is_not_null().or(respondents::opened_at.is_not_null());
    let waits = respondents::status
        .eq(RespondentStatus::Invited)
        .and(respondents::erased_at.is_null())
        .and(respondents::invited_at.assume_not_null().lt(before));
    tx.run(|c| {
        respondents::table
            .filter(respondents::study.eq(study))
            .group_by((respondents::municipality, respondents::stratum, respondents::status))
            .select((
                respondents::municipality,
                respondents::stratum,
                respondents::status,
                count_star(),
                count(respondents::erased_at),
                count(case_when(approached, respondents::study)),
                count(respondents::opened_at),
                count(case_when(waits, respondents::study)),
            ))
            .load(c)
    })
}

/// The interviews of a study by stratum and status.
///
/// # Errors
/// Only those of the database.
pub fn interviews(
    tx: &mut Tx<'_>,
    study: StudyId,
) -> Outcome<Vec<(Option<StratumId>, InterviewStatus, i64)>> {
    tx.run(|c| {
        interviews::table
            .filter(interviews::study.eq(study))
            .group_by((interviews::stratum, interviews::status))
            .select((interviews::stratum, interviews::status, count_star()))
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
            .filter(interviews::starts_at.gt(earliest_start(now)))
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
