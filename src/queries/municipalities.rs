//! The municipalities on a date (E18).

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::page::Page;
use crate::domain::municipality::{Municipality, MunicipalityCode, Places, Province};
use crate::domain::stratum::Edges;
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, municipalities};

/// A municipality with its inhabitants.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Municipality)]
pub struct MunicipalityItem {
    /// Its CBS code.
    pub code: MunicipalityCode,
    /// Its unique name.
    pub name: String,
    /// Where it lies.
    pub province: Province,
    /// How many people lived there.
    pub inhabitants: u32,
    /// On which 1 January.
    pub on: NaiveDate,
}

/// Which municipalities a list shows.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The date; its latest 1 January counts.
    pub on: NaiveDate,
    /// A part of a name, or a code.
    pub text: String,
    /// Only in this province.
    pub province: Option<Province>,
    /// Only with so many inhabitants.
    pub edges: Edges,
    /// Only those that come after this one in the order of the search: the cursor.
    pub after: Option<MunicipalityCode>,
}

/// The table of municipalities that holds.
///
/// # Errors
/// Only those of the database.
pub fn places(tx: &mut Tx<'_>) -> Outcome<Arc<Places>> {
    municipalities::places(tx)
}

/// A page of the municipalities that existed on the date: exact names and aliases first, then parts of names.
#[must_use]
pub fn page(places: &Places, filter: &Filter, limit: usize) -> Page<MunicipalityItem> {
    let Some(on) = places.gazetteer.reference_date(filter.on) else { return Page::whole(Vec::new()) };
    let mut found = places.index.search(&filter.text);
    if let Some(after) = filter.after {
        let shown = found.iter().position(|code| *code == after).map_or(found.len(), |at| at + 1);
        found.drain(..shown);
    }
    let items = found
        .into_iter()
        .filter_map(|code| item(places.gazetteer.get(code)?, on))
        .filter(|item| filter.province.is_none_or(|province| item.province == province))
        .filter(|item| filter.edges.contains(item.inhabitants));
    Page::cut(items.take(limit + 1).collect(), limit, |item| item.code.to_string())
}

/// One municipality of the division on a date.
///
/// # Errors
/// [`Problem::NotFound`] when it did not exist then.
pub fn get(places: &Places, code: MunicipalityCode, date: NaiveDate) -> Outcome<MunicipalityItem> {
    let on = places.gazetteer.reference_date(date);
    let row = places.gazetteer.get(code);
    row.zip(on).and_then(|(row, on)| item(row, on)).ok_or(Problem::NotFound)
}

fn item(row: &Municipality, on: NaiveDate) -> Option<MunicipalityItem> {
    let inhabitants = row.figure_of(on)?.inhabitants;
    Some(MunicipalityItem { code: row.code, name: row.name.clone(), province: row.province, inhabitants, on })
}
