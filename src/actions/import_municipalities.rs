//! Takes over a newer table of municipalities.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::municipality::table;
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, municipalities, studies};

use super::assign_strata::assign_strata;

/// Puts a table in the place of the one that held, and moves the respondents of all studies to their strata in the
/// same transaction; answers how many were moved.
///
/// # Errors
/// A fault in words: the line and the reason, or the municipalities that respondents work for and that are missing.
pub fn import_municipalities(tx: &mut Tx<'_>, now: Instant, text: &str) -> Outcome<Done<usize>> {
    let gazetteer = table::parse(text).map_err(Problem::internal)?;
    let studies = studies::dates(tx)?;
    for (study, _) in &studies {
        studies::lock(tx, *study)?;
    }
    let missing = municipalities::missing(tx, &gazetteer)?;
    if !missing.is_empty() {
        return Err(Problem::internal(format!(
            "respondents work for municipalities that are not in this table: {}",
            missing.join(", ")
        )));
    }
    municipalities::replace(tx, text)?;
    let mut moved = 0;
    for (study, date) in studies {
        moved += assign_strata(tx, study, date, &[])?;
    }
    let entry = Entry::new(now, Actor::CommandLine, "municipalities.imported");
    Ok(entry.field("source", gazetteer.source()).with(moved))
}
