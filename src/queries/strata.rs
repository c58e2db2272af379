//! The strata of a study with live counts.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::Right;
use crate::domain::stratum::StratumPlan;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::strata::Progress;
use crate::store::{Tx, members, municipalities, strata, studies};

/// A stratum with how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Stratum)]
pub struct StratumItem {
    /// The plan.
    #[serde(flatten)]
    pub plan: StratumPlan,
    /// How many municipalities of the division on the study's date belong to it.
    pub municipalities: usize,
    /// Who was recruited, invited, booked and held.
    #[serde(flatten)]
    pub progress: Progress,
    /// Places that are taken: booked and held (E13).
    pub taken: i32,
    /// Places that are taken beyond the cap.
    pub overrun: i32,
}

/// What belongs to no stratum, since the strata leave gaps.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OutsideStrata)]
pub struct Outside {
    /// How many municipalities.
    pub municipalities: usize,
    /// Who was recruited, invited, booked and held there.
    #[serde(flatten)]
    pub progress: Progress,
}

/// All strata of a study, and what lies outside them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Strata)]
pub struct StrataView {
    /// The strata in their order.
    pub items: Vec<StratumItem>,
    /// Always null: a study has few strata.
    pub next: Option<String>,
    /// The rest.
    pub outside: Outside,
}

/// The keys and labels of the strata of a study in their order, without counting anybody.
///
/// # Errors
/// Those of access.
pub fn labels(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Vec<(String, String)>> {
    members::require(tx, study, user, Right::View)?;
    let label = |row: strata::Stratum| {
        let plan = row.plan();
        (plan.key, plan.label)
    };
    Ok(strata::of_study(tx, study)?.into_iter().map(label).collect())
}

/// The strata of a study.
///
/// # Errors
/// Those of access.
pub fn all(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<StrataView> {
    members::require(tx, study, user, Right::View)?;
    let date = studies::get(tx, study)?.study.rules.population_on;
    let places = municipalities::places(tx)?;
    let inhabitants: Vec<u32> =
        places.gazetteer.division(date).map(|(_, figure)| figure.inhabitants).collect();
    let progress = strata::progress(tx, study)?;
    let of = |stratum| progress.get(&stratum).copied().unwrap_or_default();
    let items: Vec<StratumItem> = strata::of_study(tx, study)?
        .into_iter()
        .map(|row| {
            let plan = row.plan();
            StratumItem {
                municipalities: inhabitants.iter().filter(|number| plan.edges.contains(**number)).count(),
                plan,
                progress: of(Some(row.id)),
                taken: row.taken,
                overrun: row.cap.map_or(0, |cap| (row.taken - cap).max(0)),
            }
        })
        .collect();
    let within: usize = items.iter().map(|item| item.municipalities).sum();
    let outside = Outside { municipalities: inhabitants.len().saturating_sub(within), progress: of(None) };
    Ok(StrataView { items, next: None, outside })
}
