//! How a study is doing, for the first page that a researcher sees of it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::respondent::RespondentStatus;
use crate::id::{StratumId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::overview::{self, Count, SetUp, Upcoming};
use crate::store::strata::{self, Stratum};
use crate::store::{Tx, members};

/// So many planned interviews are shown.
const UPCOMING: i64 = 10;

/// How a study is doing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Overview {
    /// How many respondents there are.
    pub respondents: i64,
    /// How many respondents have each status; all are named.
    pub statuses: BTreeMap<&'static str, i64>,
    /// The strata in their order.
    pub strata: Vec<StratumOverview>,
    /// How many respondents belong to no stratum.
    pub without_stratum: i64,
    /// The next planned interviews.
    pub upcoming: Vec<Upcoming>,
    /// How many interviews are over without anybody having told what became of them.
    pub interviews_to_close: i64,
    /// How many planned online interviews have no link to join them by.
    pub interviews_without_link: i64,
    /// The outbox.
    pub letters: LettersOverview,
    /// What is still to be done, as stable codes in the order in which it is best done.
    pub next_steps: Vec<NextStep>,
}

/// How a stratum is doing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StratumOverview {
    /// The stratum's id.
    pub id: StratumId,
    /// Its name for programs.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// How many interviews the researcher wants.
    pub target: Option<i32>,
    /// How many interviews there may be.
    pub cap: Option<i32>,
    /// How many interviews are booked or held (E13).
    pub taken: i32,
    /// How many respondents there are.
    pub respondents: i64,
    /// How many respondents have each status; all are named.
    pub statuses: BTreeMap<&'static str, i64>,
}

/// How many letters are in each state.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct LettersOverview {
    /// Waiting to be sent.
    pub queued: i64,
    /// Sent.
    pub sent: i64,
    /// Failed for good.
    pub failed: i64,
    /// Called off before they were sent.
    pub cancelled: i64,
}

/// Something that is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// No consent form is published, so nobody can be invited or booked.
    PublishConsentForm,
    /// Nobody has hours in which to be booked.
    SetAvailability,
    /// There are no respondents.
    AddRespondents,
    /// Nobody was invited.
    Invite,
    /// No interview guide is published.
    PublishGuide,
    /// Letters failed for good and need somebody to look at them.
    LookAtFailedLetters,
    /// Interviews are over without anybody having told what became of them.
    CloseInterviews,
}

/// How a study is doing at a moment.
///
/// # Errors
/// Those of [`members::require`].
pub fn of(tx: &mut Tx<'_>, user: UserId, study: StudyId, now: Instant) -> Outcome<Overview> {
    members::require(tx, study, user, Right::View)?;
    let counts = overview::counts(tx, study)?;
    let strata = strata::of_study(tx, study)?.into_iter().map(|stratum| one(stratum, &counts)).collect();
    let interviews_to_close = overview::to_close(tx, study, now)?;
    let interviews_without_link = overview::without_link(tx, study, now)?;
    let letters = letters(&overview::letters(tx, study)?);
    let set_up = overview::set_up(tx, study)?;
    let statuses = by_status(counts.iter());
    Ok(Overview {
        respondents: statuses.values().sum(),
        next_steps: next_steps(set_up, &statuses, letters, interviews_to_close),
        statuses,
        strata,
        without_stratum: counts.iter().filter(|c| c.stratum.is_none()).map(|c| c.respondents).sum(),
        upcoming: overview::upcoming(tx, study, now, UPCOMING)?,
        interviews_to_close,
        interviews_without_link,
        letters,
    })
}

fn one(stratum: Stratum, counts: &[Count]) -> StratumOverview {
    let statuses = by_status(counts.iter().filter(|count| count.stratum == Some(stratum.id)));
    StratumOverview {
        id: stratum.id,
        key: stratum.key,
        label: stratum.label,
        target: stratum.target,
        cap: stratum.cap,
        taken: stratum.taken,
        respondents: statuses.values().sum(),
        statuses,
    }
}

fn by_status<'c>(counts: impl Iterator<Item = &'c Count>) -> BTreeMap<&'static str, i64> {
    let mut statuses: BTreeMap<&'static str, i64> =
        RespondentStatus::ALL.into_iter().map(|status| (status.as_str(), 0)).collect();
    for count in counts {
        *statuses.entry(count.status.as_str()).or_default() += count.respondents;
    }
    statuses
}

fn letters(counts: &[(String, i64)]) -> LettersOverview {
    let count = |state: &str| counts.iter().filter(|(of, _)| of == state).map(|(_, count)| count).sum();
    LettersOverview {
        queued: count("queued"),
        sent: count("sent"),
        failed: count("failed"),
        cancelled: count("cancelled"),
    }
}

fn next_steps(
    set_up: SetUp,
    statuses: &BTreeMap<&'static str, i64>,
    letters: LettersOverview,
    interviews_to_close: i64,
) -> Vec<NextStep> {
    let respondents: i64 = statuses.values().sum();
    let listed = statuses.get(RespondentStatus::Listed.as_str()).copied().unwrap_or_default();
    let steps = [
        (letters.failed > 0, NextStep::LookAtFailedLetters),
        (interviews_to_close > 0, NextStep::CloseInterviews),
        (!set_up.consent_form, NextStep::PublishConsentForm),
        (!set_up.availability, NextStep::SetAvailability),
        (respondents == 0, NextStep::AddRespondents),
        (respondents > 0 && listed == respondents, NextStep::Invite),
        (!set_up.guide, NextStep::PublishGuide),
    ];
    steps.into_iter().filter_map(|(is_due, step)| is_due.then_some(step)).collect()
}
