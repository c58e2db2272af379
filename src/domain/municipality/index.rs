//! Every name of every municipality, folded, with who goes by it and by what right.

use std::collections::{BTreeMap, BTreeSet};

use super::name::lookup_key;
use super::{Gazetteer, Municipality, MunicipalityCode, NameKind, Province, fold};

/// The names of all municipalities, built once and kept in memory.
///
/// It answers two questions: [`NameIndex::resolve`] and [`NameIndex::search`].
#[derive(Debug, Clone)]
pub struct NameIndex {
    pub(super) places: BTreeMap<MunicipalityCode, Place>,
    pub(super) claims: BTreeMap<String, Vec<Claim>>,
}

#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) province: Province,
    /// Itself, or where the mergers lead.
    pub(super) present: BTreeSet<MunicipalityCode>,
    /// Every name, folded; the first is the unique name.
    pub(super) folded: Vec<String>,
}

/// A municipality that goes by a name, and by what right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) code: MunicipalityCode,
    pub(super) right: Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// Its name.
    Present,
    /// Its name until it ended.
    Former,
    /// The name of the place where its administration sits.
    Seat,
}

impl NameIndex {
    /// Indexes every name of a gazetteer.
    #[must_use]
    pub fn new(gazetteer: &Gazetteer) -> Self {
        let mut index = Self { places: BTreeMap::new(), claims: BTreeMap::new() };
        for row in gazetteer.municipalities() {
            index.add(row, gazetteer.present(row.code));
        }
        index
    }

    fn add(&mut self, row: &Municipality, present: BTreeSet<MunicipalityCode>) {
        let own = if row.ending.is_none() { Right::Present } else { Right::Former };
        let names =
            [(&row.name, own), (&row.official_name, own)].into_iter().chain(row.other_names.iter().map(
                |other| (&other.text, if other.kind == NameKind::SeatHint { Right::Seat } else { own }),
            ));
        let mut folded = Vec::new();
        for (name, right) in names {
            let name = fold(name);
            let claims = self.claims.entry(lookup_key(&name)).or_default();
            let claim = Claim { code: row.code, right };
            if !claims.contains(&claim) {
                claims.push(claim);
            }
            if !folded.contains(&name) {
                folded.push(name);
            }
        }
        let place = Place { name: row.name.clone(), province: row.province, present, folded };
        self.places.insert(row.code, place);
    }
}
