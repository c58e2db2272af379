//! Every municipality of today with its size class and how far recruitment has come there, for the tile map and the
//! table that says the same.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Ground, Tally};
use crate::domain::municipality::{MunicipalityCode, Province, Tile};
use crate::domain::recruitment::Reach;

/// The municipalities of today.
#[derive(Debug, Clone)]
pub struct RecruitmentMap {
    /// In order of code.
    pub places: Vec<Place>,
    /// How many respondents work for a municipality that has no single successor today, so that no place shows them.
    pub elsewhere: i64,
    /// The 1 January whose numbers of inhabitants decide the size classes.
    pub counted_on: Option<NaiveDate>,
}

/// A municipality of today.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its code.
    pub code: MunicipalityCode,
    /// Where it lies.
    pub province: Province,
    /// Its unique name.
    pub name: String,
    /// Its inhabitants on the study's date, where they are known.
    pub inhabitants: Option<u32>,
    /// The place of its stratum in the study's list.
    pub stratum: Option<usize>,
    /// Where it stands on the map; a table that was imported may not say.
    pub tile: Option<Tile>,
    /// How far recruitment has come.
    pub reach: Reach,
    /// How many respondents work for it.
    pub respondents: i64,
}

pub(super) fn of(ground: &Ground) -> RecruitmentMap {
    let gazetteer = &ground.places.gazetteer;
    let mut reached: BTreeMap<MunicipalityCode, (Reach, i64)> = BTreeMap::new();
    let mut elsewhere = 0;
    for tally in &ground.tallies {
        let today = gazetteer.present(tally.municipality);
        match today.first().filter(|_| today.len() == 1) {
            Some(code) => add(reached.entry(*code).or_default(), tally),
            None => elsewhere += tally.respondents - tally.erased,
        }
    }
    let date = ground.study.study.rules.population_on;
    let on_date: BTreeMap<MunicipalityCode, u32> =
        gazetteer.division(date).map(|(row, figure)| (row.code, figure.inhabitants)).collect();
    let edges: Vec<_> = ground.strata.iter().map(|stratum| stratum.plan().edges).collect();
    let today = gazetteer.municipalities().filter(|row| row.ending.is_none());
    let places = today.map(|row| {
        let inhabitants = on_date.get(&row.code).copied();
        let inhabitants = inhabitants.or_else(|| ground.places.inhabitants(row.code, date));
        let (reach, respondents) = reached.get(&row.code).copied().unwrap_or_default();
        Place {
            code: row.code,
            province: row.province,
            name: row.name.clone(),
            stratum: inhabitants.and_then(|number| edges.iter().position(|edges| edges.contains(number))),
            inhabitants,
            tile: row.tile,
            reach,
            respondents,
        }
    });
    let counted_on = gazetteer.reference_date(date);
    RecruitmentMap { places: places.collect(), elsewhere, counted_on }
}

/// Counts those who are still there: of a small town even the mark of somebody who is erased would tell of them.
fn add((reach, respondents): &mut (Reach, i64), tally: &Tally) {
    let remain = tally.respondents - tally.erased;
    if remain > 0 {
        *reach = (*reach).max(Reach::of(tally.status));
        *respondents += remain;
    }
}
