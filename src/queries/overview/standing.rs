//! How far a study has come: in all, in each stratum, and outside them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::attention::{self, Attention, Due};
use super::{Ground, store};
use crate::clock::Instant;
use crate::domain::interview::InterviewStatus;
use crate::domain::recruitment::{Counted, Funnel};
use crate::domain::respondent::RespondentStatus;
use crate::domain::stratum::Edges;
use crate::id::StratumId;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::overview::Tally;
use crate::store::strata::Stratum;

/// How far a study has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StudyStanding)]
pub struct Standing {
    /// How many respondents there are, the erased not among them.
    pub respondents: i64,
    /// How many respondents have each status; all are named.
    pub statuses: BTreeMap<&'static str, i64>,
    /// How many respondents came how far.
    pub funnel: Funnel,
    /// The strata in their order.
    pub strata: Vec<StratumOverview>,
    /// How many respondents belong to no stratum.
    pub without_stratum: i64,
    /// What belongs to no stratum.
    pub outside: OutsideOverview,
    /// How many interviews are over without anybody having told what became of them.
    pub interviews_to_close: i64,
    /// How many planned online interviews have no link to join them by.
    pub interviews_without_link: i64,
    /// How many interviews took place while nothing was written on their sheet.
    pub interviews_without_sheet: i64,
    /// What waits for somebody, most pressing first.
    pub attention: Vec<Attention>,
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
    /// Which municipalities belong to it.
    #[serde(flatten)]
    pub edges: Edges,
    /// How many municipalities of the division on the study's date belong to it.
    pub municipalities: usize,
    /// How many interviews the researcher wants.
    pub target: Option<i32>,
    /// How many interviews there may be.
    pub cap: Option<i32>,
    /// How many interviews are booked or held (E13).
    pub taken: i32,
    /// Interviews that are planned.
    pub booked: i64,
    /// Interviews that took place.
    pub held: i64,
    /// How many respondents there are, the erased not among them.
    pub respondents: i64,
    /// How many respondents have each status; all are named.
    pub statuses: BTreeMap<&'static str, i64>,
    /// How many respondents came how far.
    pub funnel: Funnel,
    /// How many were invited long ago and have not answered.
    #[serde(skip)]
    pub(super) unanswered: i64,
}

/// What belongs to no stratum, since the strata leave gaps.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct OutsideOverview {
    /// How many municipalities of the division on the study's date.
    pub municipalities: usize,
    /// Interviews that are planned.
    pub booked: i64,
    /// Interviews that took place.
    pub held: i64,
    /// How many respondents came how far.
    pub funnel: Funnel,
    /// How many were invited long ago and have not answered.
    #[serde(skip)]
    pub(super) unanswered: i64,
}

/// Interviews by stratum and status.
type Interviews = [(Option<StratumId>, InterviewStatus, i64)];

impl Standing {
    pub(super) fn read(tx: &mut Tx<'_>, ground: &Ground, now: Instant) -> Outcome<Self> {
        let interviews = store::interviews(tx, ground.study.id)?;
        let due = Due::read(tx, ground, now)?;
        let inhabitants = inhabitants(ground);
        let strata: Vec<StratumOverview> =
            ground.strata.iter().map(|row| one(row, ground, &interviews, &inhabitants)).collect();
        let within: usize = strata.iter().map(|stratum| stratum.municipalities).sum();
        let outside = OutsideOverview {
            municipalities: inhabitants.len().saturating_sub(within),
            booked: count(&interviews, None, InterviewStatus::Booked),
            held: count(&interviews, None, InterviewStatus::Held),
            funnel: funnel(of(ground, None)),
            unanswered: of(ground, None).map(|tally| tally.unanswered).sum(),
        };
        let statuses = by_status(ground.tallies.iter());
        Ok(Self {
            respondents: statuses.values().sum(),
            statuses,
            funnel: strata.iter().map(|stratum| stratum.funnel).fold(outside.funnel, Funnel::and),
            without_stratum: alive(of(ground, None)),
            interviews_to_close: due.to_close.count,
            interviews_without_link: due.without_link.count,
            interviews_without_sheet: due.without_sheet.count,
            attention: attention::all(ground, &due, &strata, outside.unanswered, now),
            strata,
            outside,
        })
    }
}

/// The inhabitants of the municipalities of the study's division.
fn inhabitants(ground: &Ground) -> Vec<u32> {
    let division = ground.places.gazetteer.division(ground.study.study.rules.population_on);
    division.map(|(_, figure)| figure.inhabitants).collect()
}

fn one(row: &Stratum, ground: &Ground, interviews: &Interviews, inhabitants: &[u32]) -> StratumOverview {
    let edges = row.plan().edges;
    let stratum = Some(row.id);
    StratumOverview {
        id: row.id,
        key: row.key.clone(),
        label: row.label.clone(),
        edges,
        municipalities: inhabitants.iter().filter(|number| edges.contains(**number)).count(),
        target: row.target,
        cap: row.cap,
        taken: row.taken,
        booked: count(interviews, stratum, InterviewStatus::Booked),
        held: count(interviews, stratum, InterviewStatus::Held),
        respondents: alive(of(ground, stratum)),
        statuses: by_status(of(ground, stratum)),
        funnel: funnel(of(ground, stratum)),
        unanswered: of(ground, stratum).map(|tally| tally.unanswered).sum(),
    }
}

fn of(ground: &Ground, stratum: Option<StratumId>) -> impl Iterator<Item = &Tally> {
    ground.tallies.iter().filter(move |tally| tally.stratum == stratum)
}

fn count(interviews: &Interviews, stratum: Option<StratumId>, status: InterviewStatus) -> i64 {
    let these = interviews.iter().filter(|(of, is, _)| *of == stratum && *is == status);
    these.map(|(.., count)| count).sum()
}

fn alive<'t>(tallies: impl Iterator<Item = &'t Tally>) -> i64 {
    tallies.map(|tally| tally.respondents - tally.erased).sum()
}

fn funnel<'t>(tallies: impl Iterator<Item = &'t Tally>) -> Funnel {
    let mut funnel = Funnel::default();
    for &Tally { status, respondents, invited, opened, .. } in tallies {
        funnel.add(status, Counted { respondents, invited, opened });
    }
    funnel
}

fn by_status<'t>(tallies: impl Iterator<Item = &'t Tally>) -> BTreeMap<&'static str, i64> {
    let mut statuses: BTreeMap<&'static str, i64> =
        RespondentStatus::ALL.into_iter().map(|status| (status.as_str(), 0)).collect();
    for tally in tallies {
        *statuses.entry(tally.status.as_str()).or_default() += tally.respondents - tally.erased;
    }
    statuses
}
