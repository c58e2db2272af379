//! The list of respondents, page by page under any filter. Each filter has an index in the order of the list, so that a
//! page of a large study costs what one of a small study does.

use diesel::prelude::*;

use super::{COLUMNS, Respondent};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::RespondentStatus;
use crate::id::{ImportId, RespondentId, StratumId, StudyId, WaveId};
use crate::problem::{Outcome, Problem};
use crate::store::Tx;
use crate::store::dialect::Backend;
use crate::store::schema::{respondents, wave_outcomes};

/// Which respondents a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only with this status.
    pub status: Option<RespondentStatus>,
    /// Only of this stratum.
    pub stratum: Option<StratumId>,
    /// Only who works for this municipality.
    pub municipality: Option<MunicipalityCode>,
    /// Only those for whom this wave was meant.
    pub wave: Option<WaveId>,
    /// Only those who came by this import.
    pub import: Option<ImportId>,
    /// Only this one.
    pub only: Option<RespondentId>,
    /// Only those after this one: the cursor.
    pub after: Option<RespondentId>,
}

/// Narrows a query of respondents as a filter says, but for the wave.
macro_rules! narrowed {
    ($query:expr, $study:expr, $filter:expr) => {{
        let mut query = $query
            .into_boxed::<Backend>()
            .filter(respondents::study.eq($study))
            .filter(respondents::erased_at.is_null());
        if let Some(status) = $filter.status {
            query = query.filter(respondents::status.eq(status));
        }
        if let Some(stratum) = $filter.stratum {
            query = query.filter(respondents::stratum.eq(stratum));
        }
        if let Some(municipality) = $filter.municipality {
            query = query.filter(respondents::municipality.eq(municipality));
        }
        if let Some(import) = $filter.import {
            query = query.filter(respondents::import.eq(import));
        }
        if let Some(only) = $filter.only {
            query = query.filter(respondents::id.eq(only));
        }
        query
    }};
}

/// The respondents for whom a wave was meant. It is walked along its own index, which is in the order of respondents:
/// a small wave in a large study costs what it holds.
#[expect(clippy::let_with_type_underscore, reason = "the type is worked out from what stands there")]
#[diesel::dsl::auto_type(no_type_alias)]
fn meant(wave: WaveId) -> _ {
    let joined: _ =
        wave_outcomes::table.inner_join(respondents::table.on(respondents::id.eq(wave_outcomes::respondent)));
    joined.filter(wave_outcomes::wave.eq::<String>(wave.to_string()))
}

/// A page of the respondents of a study in the order of their making.
///
/// # Errors
/// Only those of the database.
pub fn page(tx: &mut Tx<'_>, study: StudyId, filter: Filter, limit: i64) -> Outcome<Vec<Respondent>> {
    let Some(wave) = filter.wave else {
        let mut query = narrowed!(respondents::table, study, filter);
        if let Some(after) = filter.after {
            query = query.filter(respondents::id.gt(after));
        }
        let query = query.select(COLUMNS).order(respondents::id).limit(limit);
        return tx.run(|c| query.load(c));
    };
    let mut query = narrowed!(meant(wave), study, filter);
    if let Some(after) = filter.after {
        query = query.filter(wave_outcomes::respondent.gt(after));
    }
    let query = query.select(COLUMNS).order(wave_outcomes::respondent).limit(limit);
    tx.run(|c| query.load(c))
}

/// How many respondents of a study a filter leaves, but for its wave.
///
/// # Errors
/// Only those of the database.
pub fn count(tx: &mut Tx<'_>, study: StudyId, filter: Filter) -> Outcome<i64> {
    let query = narrowed!(respondents::table, study, filter).count();
    tx.run(|c| query.get_result(c))
}

/// How many respondents of a study with a status may be written to, and how many objected to it.
///
/// # Errors
/// Only those of the database.
pub fn waiting(tx: &mut Tx<'_>, study: StudyId, status: RespondentStatus) -> Outcome<(i64, i64)> {
    let filter = Filter { status: Some(status), ..Filter::default() };
    let all = count(tx, study, filter)?;
    let query = narrowed!(respondents::table, study, filter).filter(respondents::opted_out_at.is_not_null());
    let silent: i64 = tx.run(|c| query.count().get_result(c))?;
    Ok((all - silent, silent))
}

/// How many respondents of a study a filter leaves, counted up to a limit: to count all of a large study would cost
/// more than the page on which the number stands.
///
/// # Errors
/// Only those of the database.
pub fn count_up_to(tx: &mut Tx<'_>, study: StudyId, filter: Filter, limit: i64) -> Outcome<i64> {
    let found: Vec<RespondentId> = match filter.wave {
        None => {
            let query = narrowed!(respondents::table, study, filter);
            let query = query.select(respondents::id).order(respondents::id).limit(limit);
            tx.run(|c| query.load(c))?
        }
        Some(wave) => {
            let query = narrowed!(meant(wave), study, filter);
            let query = query.select(respondents::id).order(wave_outcomes::respondent).limit(limit);
            tx.run(|c| query.load(c))?
        }
    };
    i64::try_from(found.len()).map_err(Problem::internal)
}
