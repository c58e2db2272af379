//! The municipalities of today as a list to search: how large each is, how far recruitment has come there, and how many
//! respondents work for it. There are a few hundred of them, so they are sorted out in memory.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;

use super::Ground;
use super::map::{self, Place, RecruitmentMap};
use crate::clock::Instant;
use crate::domain::municipality::{Called, MunicipalityCode, Places, Province};
use crate::domain::recruitment::Reach;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;

/// In which order the list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The best finds first; by name where nothing is searched for.
    #[default]
    Name,
    /// The largest first.
    Inhabitants,
    /// Those with the most respondents first.
    Respondents,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Name, Self::Inhabitants, Self::Respondents];

    /// The name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Inhabitants => "inhabitants",
            Self::Respondents => "respondents",
        }
    }
}

impl FromStr for Order {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|order| order.as_str() == text).ok_or(())
    }
}

/// Which municipalities somebody wants to see.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// A part of a name, also a former one.
    pub text: String,
    /// Only in this province.
    pub province: Option<Province>,
    /// Only of the stratum with this key.
    pub stratum: Option<String>,
    /// Only where recruitment has come so far.
    pub reach: Option<Reach>,
    /// In which order.
    pub order: Order,
}

/// A municipality in the list.
#[derive(Debug, Clone)]
pub struct RegisterItem {
    /// What the map knows of it.
    pub place: Place,
    /// The label of its stratum, if it belongs to one.
    pub stratum: Option<String>,
    /// The former municipality, now a part of it, whose name was searched for.
    pub formerly: Option<String>,
}

/// The municipalities that a wish leaves.
#[derive(Debug, Clone)]
pub struct Register {
    /// All of them in their order.
    pub items: Vec<RegisterItem>,
    /// The 1 January whose numbers of inhabitants are shown.
    pub counted_on: Option<NaiveDate>,
    /// The strata to choose from: key and label.
    pub strata: Vec<(String, String)>,
}

/// The municipalities that a wish leaves.
///
/// # Errors
/// Those of access.
pub fn of(tx: &mut Tx<'_>, user: UserId, study: StudyId, now: Instant, wish: &Wish) -> Outcome<Register> {
    let ground = Ground::read(tx, user, study, now)?;
    let RecruitmentMap { places, counted_on, .. } = map::of(&ground);
    let strata: Vec<(String, String)> =
        ground.strata.iter().map(|row| (row.key.clone(), row.plan().label)).collect();
    let found = found(&ground.places, &wish.text);
    let mut kept: Vec<(usize, RegisterItem)> = Vec::new();
    for place in places {
        let Some((rank, formerly)) = found.get(&place.code) else { continue };
        let stratum = place.stratum.and_then(|at| strata.get(at));
        let fits = wish.province.is_none_or(|province| province == place.province)
            && wish.reach.is_none_or(|reach| reach == place.reach)
            && wish.stratum.as_ref().is_none_or(|key| stratum.is_some_and(|(known, _)| known == key));
        if fits {
            let stratum = stratum.map(|(_, label)| label.clone());
            kept.push((*rank, RegisterItem { place, stratum, formerly: formerly.clone() }));
        }
    }
    kept.sort_by_key(|(rank, item)| match wish.order {
        Order::Name => (0, *rank),
        Order::Inhabitants => (-item.place.inhabitants.map_or(-1, i64::from), *rank),
        Order::Respondents => (-item.place.respondents, *rank),
    });
    Ok(Register { items: kept.into_iter().map(|(_, item)| item).collect(), counted_on, strata })
}

/// The municipalities of today that a text finds, each with its place in the order and, if only a former one bears
/// that name, which.
fn found(places: &Places, text: &str) -> BTreeMap<MunicipalityCode, (usize, Option<String>)> {
    let mut found = BTreeMap::new();
    for (rank, code) in places.index.search(text).into_iter().enumerate() {
        let former = places.gazetteer.get(code).filter(|row| row.ending.is_some());
        match former {
            None => {
                let place = found.entry(code).or_insert((rank, None));
                if places.index.called(text, code) != Called::Former {
                    place.1 = None;
                }
            }
            Some(_) if text.trim().is_empty() => {}
            Some(row) => {
                for today in places.gazetteer.present(code) {
                    found.entry(today).or_insert_with(|| (rank, Some(row.name.clone())));
                }
            }
        }
    }
    found
}
