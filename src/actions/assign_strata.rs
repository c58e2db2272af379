//! Puts respondents into the stratum that their municipality belongs to on the study's date: one when they are added
//! or corrected, all when strata, date or the table of municipalities change (E15).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::municipality::{MunicipalityCode, Places};
use crate::domain::stratum::{StratumPlan, stratum_for};
use crate::id::{StratumId, StudyId};
use crate::problem::Outcome;
use crate::store::{Tx, assignment, municipalities, strata, studies};

/// The size classes of a study as they hold in a transaction.
pub(super) struct Classes {
    /// The municipalities.
    pub(super) places: Arc<Places>,
    date: NaiveDate,
    plans: Vec<StratumPlan>,
    ids: Vec<StratumId>,
}

impl Classes {
    /// Reads them. The study must be held or locked, so that they stay.
    pub(super) fn of(tx: &mut Tx<'_>, study: StudyId, date: NaiveDate) -> Outcome<Self> {
        let places = municipalities::places(tx)?;
        let rows = strata::of_study(tx, study)?;
        let (ids, plans) = rows.iter().map(|row| (row.id, row.plan())).unzip();
        Ok(Self { places, date, plans, ids })
    }

    /// The same classes without some of the strata.
    fn without(mut self, ended: &[StratumId]) -> Self {
        let (ids, plans) = self.ids.into_iter().zip(self.plans).filter(|(id, _)| !ended.contains(id)).unzip();
        (self.ids, self.plans) = (ids, plans);
        self
    }

    /// The stratum of a municipality; `None` where the strata leave a gap or nothing is known on the date.
    pub(super) fn stratum(&self, code: MunicipalityCode) -> Option<StratumId> {
        let plan = stratum_for(self.places.inhabitants(code, self.date)?, &self.plans)?;
        let position = self.plans.iter().position(|other| other.key == plan.key)?;
        self.ids.get(position).copied()
    }
}

/// Moves every respondent of a study to the right stratum, none of them `ended`, and counts the places anew; answers
/// how many were moved. Locks the study and the counters of its strata, in this order.
///
/// # Errors
/// Only those of the database.
pub(super) fn assign_strata(
    tx: &mut Tx<'_>,
    study: StudyId,
    date: NaiveDate,
    ended: &[StratumId],
) -> Outcome<usize> {
    studies::lock(tx, study)?;
    strata::lock(tx, study)?;
    let classes = Classes::of(tx, study, date)?.without(ended);
    let mut members: BTreeMap<Option<StratumId>, Vec<MunicipalityCode>> = BTreeMap::new();
    for code in assignment::municipalities(tx, Some(study))? {
        members.entry(classes.stratum(code)).or_default().push(code);
    }
    let mut moved = 0;
    for (stratum, codes) in members {
        moved += assignment::assign(tx, study, &codes, stratum)?;
    }
    assignment::recount(tx, study)?;
    Ok(moved)
}
