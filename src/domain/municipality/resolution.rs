//! Which municipality a text in a contact list stands for.
//!
//! A list is matched by whole names only, never by a beginning or by likeness: Utrecht and Utrechtse Heuvelrug, or
//! Beek and Hilvarenbeek, are different places. In this order:
//!
//! 1. a code, with or without `GM` and leading zeros; one that ended follows the mergers;
//! 2. the whole text among the names of present municipalities, all kinds but seats of the administration;
//! 3. the whole text among the names of former municipalities, which follow the mergers;
//! 4. the same with a province at the end (`Bergen (NH.)`, `Bergen, Limburg`), among the municipalities in it.
//!
//! Several answers are ambiguous and never guessed. The seat of an administration is a village, not a municipality, so
//! it is only suggested. Some seats are also the name of a former municipality (Sneek, Uden): that one has a legal
//! successor, so the text is matched as a former name, whatever is suggested for the seat.

use std::collections::BTreeSet;

use super::index::{NameIndex, Place, Right};
use super::name::lookup_key;
use super::{MunicipalityCode, Province, fold, suggestion};
use crate::domain::text::LINE_LIMIT;
use crate::problem::{FieldCode, FieldProblem};

/// A municipality that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// Its code.
    pub code: MunicipalityCode,
    /// Its unique name, which resolves to it when written in the list.
    pub name: String,
    /// Where it lies.
    pub province: Province,
}

/// What a text in a contact list stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Exactly one present municipality.
    Found(MunicipalityCode),
    /// Several fit; in order of name.
    Ambiguous(Vec<Candidate>),
    /// None fits; likely ones first, possibly none.
    Unknown {
        /// What a person may be asked: "did you mean …".
        suggestions: Vec<Candidate>,
    },
}

impl Resolution {
    /// The municipality, or what to answer about the field that held the text (E16).
    ///
    /// # Errors
    /// `municipality_ambiguous` with the names of the `candidates`, `municipality_unknown` with `suggestions`.
    pub fn or_problem(self, field: &str) -> Result<MunicipalityCode, FieldProblem> {
        let names = |candidates: Vec<Candidate>| candidates.into_iter().map(|c| c.name).collect::<Vec<_>>();
        match self {
            Self::Found(code) => Ok(code),
            Self::Ambiguous(candidates) => Err(FieldProblem::new(field, FieldCode::MunicipalityAmbiguous)
                .with("candidates", names(candidates))),
            Self::Unknown { suggestions } => Err(FieldProblem::new(field, FieldCode::MunicipalityUnknown)
                .with("suggestions", names(suggestions))),
        }
    }
}

impl NameIndex {
    /// What a text in a contact list stands for.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Resolution {
        if text.chars().count() > LINE_LIMIT {
            return Resolution::Unknown { suggestions: Vec::new() };
        }
        let folded = fold(text);
        if let Some(code) = MunicipalityCode::from_list(&folded) {
            let present = self.places.get(&code).map(|place| place.present.clone());
            return self.decide(present.unwrap_or_default(), Vec::new);
        }
        let key = lookup_key(&folded);
        let with_province = Province::at_end_of(&key);
        let mut meant = self.meant(&key, None);
        if let Some((name, province)) = with_province.filter(|_| meant.is_empty()) {
            meant = self.meant(name, Some(province));
        }
        self.decide(meant, || {
            let without_province = with_province.map(|(name, _)| self.known_as(name)).unwrap_or_default();
            let keys = self.claims.keys().map(String::as_str);
            let alike = suggestion::alike(&key, keys).into_iter().flat_map(|key| self.known_as(key));
            suggestion::first_few(self.known_as(&key).into_iter().chain(without_province).chain(alike))
        })
    }

    /// The present municipalities that a whole name stands for; those that bear it now before those that bore it.
    fn meant(&self, key: &str, province: Option<Province>) -> BTreeSet<MunicipalityCode> {
        let by_right = |right: Right| -> BTreeSet<MunicipalityCode> {
            let claims = self.claims.get(key).into_iter().flatten().filter(|claim| claim.right == right);
            let places = claims.filter_map(|claim| self.places.get(&claim.code));
            places.filter(|place| self.lies_in(place, province)).flat_map(|p| p.present.clone()).collect()
        };
        let present = by_right(Right::Present);
        if present.is_empty() { by_right(Right::Former) } else { present }
    }

    /// Whether a municipality, or what it became, lies in the province, if one is asked for.
    fn lies_in(&self, place: &Place, province: Option<Province>) -> bool {
        let mut provinces = place.present.iter().filter_map(|code| self.places.get(code)).map(|p| p.province);
        province.is_none_or(|asked| asked == place.province || provinces.any(|p| p == asked))
    }

    /// Every present municipality that a name has anything to do with.
    fn known_as(&self, key: &str) -> BTreeSet<MunicipalityCode> {
        let claims = self.claims.get(key).into_iter().flatten();
        claims.filter_map(|claim| self.places.get(&claim.code)).flat_map(|p| p.present.clone()).collect()
    }

    fn decide<S: IntoIterator<Item = MunicipalityCode>>(
        &self,
        meant: BTreeSet<MunicipalityCode>,
        suggest: impl FnOnce() -> S,
    ) -> Resolution {
        match (meant.first(), meant.len()) {
            (Some(code), 1) => Resolution::Found(*code),
            (Some(_), _) => {
                let mut candidates = self.candidates(meant);
                candidates.sort_by(|a, b| a.name.cmp(&b.name));
                Resolution::Ambiguous(candidates)
            }
            (None, _) => Resolution::Unknown { suggestions: self.candidates(suggest()) },
        }
    }

    fn candidates(&self, codes: impl IntoIterator<Item = MunicipalityCode>) -> Vec<Candidate> {
        let candidate = |code: MunicipalityCode| {
            let place = self.places.get(&code)?;
            Some(Candidate { code, name: place.name.clone(), province: place.province })
        };
        codes.into_iter().filter_map(candidate).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::municipality::{NameKind, table};

    fn index() -> NameIndex {
        NameIndex::new(&table::shipped().unwrap())
    }

    fn names(candidates: &[Candidate]) -> Vec<&str> {
        candidates.iter().map(|candidate| candidate.name.as_str()).collect()
    }

    #[test]
    fn every_official_name_but_bergen_resolves_to_its_municipality() {
        let gazetteer = table::shipped().unwrap();
        let index = NameIndex::new(&gazetteer);
        for row in gazetteer.municipalities().filter(|row| row.ending.is_none()) {
            let found = Resolution::Found(row.code);
            assert_eq!(index.resolve(&row.name), found, "{}", row.name);
            assert_eq!(index.resolve(&format!("GEMEENTE {}", row.name)), found, "{}", row.name);
            assert_eq!(index.resolve(&format!("{}, {}", row.name, row.province)), found, "{}", row.name);
            assert_eq!(index.resolve(&row.code.to_string()), found);
            if row.official_name != "Bergen" {
                assert_eq!(index.resolve(&row.official_name), found, "{}", row.official_name);
            }
        }
    }

    #[test]
    fn every_other_name_resolves_but_seats_which_are_suggested() {
        let gazetteer = table::shipped().unwrap();
        let index = NameIndex::new(&gazetteer);
        let mut seats_of_former_name = 0;
        for row in gazetteer.municipalities() {
            for other in &row.other_names {
                match index.resolve(&other.text) {
                    Resolution::Unknown { suggestions } => {
                        assert_eq!(other.kind, NameKind::SeatHint, "{}", other.text);
                        assert_eq!(suggestions.first().map(|c| c.code), Some(row.code), "{}", other.text);
                    }
                    found => {
                        assert_eq!(found, Resolution::Found(row.code), "{}", other.text);
                        seats_of_former_name += usize::from(other.kind == NameKind::SeatHint);
                    }
                }
            }
        }
        assert_eq!(seats_of_former_name, 20, "Sneek, Uden and others were municipalities themselves");
    }

    #[test]
    fn every_former_name_and_code_follows_the_mergers_to_one_or_several() {
        let gazetteer = table::shipped().unwrap();
        let index = NameIndex::new(&gazetteer);
        let mut split = Vec::new();
        for row in gazetteer.municipalities().filter(|row| row.ending.is_some()) {
            let present = gazetteer.present(row.code);
            for text in [row.name.clone(), row.code.to_string()] {
                match index.resolve(&text) {
                    Resolution::Found(code) => {
                        assert_eq!(present, BTreeSet::from([code]), "{text}");
                    }
                    Resolution::Ambiguous(candidates) => {
                        assert!(
                            candidates.iter().map(|c| c.code).collect::<BTreeSet<_>>() == present,
                            "{text}"
                        );
                        split.push(text);
                    }
                    unknown @ Resolution::Unknown { .. } => panic!("{text}: {unknown:?}"),
                }
            }
        }
        split.retain(|text| !text.starts_with("GM"));
        assert_eq!(split, ["Winsum", "Boarnsterhim", "Littenseradiel", "Haaren", "Maasdonk"]);
    }

    #[test]
    fn the_spellings_of_contact_lists_are_understood() {
        let index = index();
        for (text, code) in [
            ("363", "GM0363"),
            ("0363", "GM0363"),
            ("gm0363", "GM0363"),
            (" GM0363 ", "GM0363"),
            ("Bergen (NH.)", "GM0373"),
            ("Bergen NH", "GM0373"),
            ("Bergen (N.-H.)", "GM0373"),
            ("bergen, noord-holland", "GM0373"),
            ("Gemeente Bergen (L)", "GM0893"),
            ("Bergen (Limburg)", "GM0893"),
            ("Bergen L", "GM0893"),
            ("Hengelo", "GM0164"),
            ("Hengelo (O.)", "GM0164"),
            ("Hengelo (Ov)", "GM0164"),
            ("Laren NH", "GM0417"),
            ("Utrecht (gemeente)", "GM0344"),
            ("gemeente Groningen", "GM0014"),
            ("Utrecht (Utrecht)", "GM0344"),
            ("\u{2019}s-Gravenhage", "GM0518"),
            ("s Gravenhage", "GM0518"),
            ("DEN HAAG", "GM0518"),
            ("Den Bosch", "GM0796"),
            ("\u{2018}s Hertogenbosch", "GM0796"),
            ("\u{132}sselstein", "GM0353"),
            ("\u{133}sselstein", "GM0353"),
            ("Ijsselstein", "GM0353"),
            ("Oude-IJsselstreek", "GM1509"),
            ("Noord Beveland", "GM1695"),
            ("Capelle a/d \u{132}ssel", "GM0502"),
            ("Alphen a.d. Rijn", "GM0484"),
            ("Nuenen c.a.", "GM0820"),
            ("Nuenen Gerwen en Nederwetten", "GM0820"),
            ("St. Michielsgestel", "GM0845"),
            ("Su\u{301}dwest Fryslan", "GM1900"),
            ("Beek", "GM0888"),
            ("Weesp", "GM0363"),
            ("457", "GM0363"),
            ("Menaldumadeel", "GM1949"),
            ("Skarsterlân", "GM1940"),
            ("Leerdam (ZH)", "GM1961"),
            ("Leerdam (Utrecht)", "GM1961"),
        ] {
            assert_eq!(index.resolve(text), Resolution::Found(code.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_bergen_without_its_province_is_ambiguous() {
        for text in ["Bergen", "gemeente BERGEN", "Bergen (gemeente)"] {
            let Resolution::Ambiguous(candidates) = index().resolve(text) else { panic!("{text}") };
            assert_eq!(names(&candidates), ["Bergen (L.)", "Bergen (NH.)"]);
        }
        let problem = index().resolve("Bergen").or_problem("municipality").unwrap_err();
        assert_eq!(
            (problem.field.as_str(), problem.code),
            ("municipality", FieldCode::MunicipalityAmbiguous)
        );
        assert_eq!(problem.parameters["candidates"], serde_json::json!(["Bergen (L.)", "Bergen (NH.)"]));
    }

    #[test]
    fn a_name_that_is_nearly_right_is_never_matched_but_suggested() {
        for (text, likely) in [
            ("Hoofddorp", "Haarlemmermeer"),
            ("Valkenburg", "Valkenburg aan de Geul"),
            ("Hengelo (Gld)", "Bronckhorst"),
            ("Hengelo (Gelderland)", "Bronckhorst"),
            ("Hengelo (Limburg)", "Hengelo"),
            ("Bergen (Utrecht)", "Bergen (NH.)"),
            ("Utrechtse", "Utrechtse Heuvelrug"),
            ("Amsterdam Zuidoost", "Amsterdam"),
            ("Amstedam", "Amsterdam"),
            ("Alphen", "Alphen aan den Rijn"),
        ] {
            let resolution = index().resolve(text);
            let Resolution::Unknown { suggestions } = &resolution else { panic!("{text}: {resolution:?}") };
            assert!(names(suggestions).contains(&likely), "{text}: {suggestions:?}");
            let problem = resolution.or_problem("municipality").unwrap_err();
            assert_eq!(problem.code, FieldCode::MunicipalityUnknown);
        }
        for text in
            ["", " ", "?", "Utrech", "Berg", "Heemste", "Hilvaren", "9999", "36 3", "Limburg", "Atlantis"]
        {
            assert!(matches!(index().resolve(text), Resolution::Unknown { .. }), "{text}");
        }
        assert_eq!(index().resolve(&"a ".repeat(101)), Resolution::Unknown { suggestions: vec![] });
    }

    proptest! {
        #[test]
        fn no_text_makes_matching_panic(text in any::<String>()) {
            static INDEX: std::sync::LazyLock<NameIndex> = std::sync::LazyLock::new(index);
            if let Resolution::Unknown { suggestions } = INDEX.resolve(&text) {
                prop_assert!(suggestions.len() <= 5);
            }
            prop_assert!(INDEX.search(&text).len() <= 463);
        }
    }
}
