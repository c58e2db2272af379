//! Finding municipalities by a part of what they are called (E18).

use std::collections::{BTreeMap, BTreeSet};

use super::index::{NameIndex, Right};
use super::name::lookup_key;
use super::{MunicipalityCode, fold};
use crate::domain::text::LINE_LIMIT;

impl NameIndex {
    /// Everything that a search may show, best first: by exact name, alias or code; by exact former name or seat; then
    /// where the text is part of a name; then of another name. Equally good ones stand in order of name and code. A
    /// blank text finds everything.
    ///
    /// Former municipalities are among them: who shows the division of a date keeps those that existed on it. The order
    /// is total and depends on the text alone, so the code of the last one shown says where a next page begins.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<MunicipalityCode> {
        if text.chars().count() > LINE_LIMIT {
            return Vec::new();
        }
        let folded = fold(text);
        if folded.is_empty() && !text.trim().is_empty() {
            return Vec::new();
        }
        let exact = self.exact_ranks(&folded);
        let mut found: Vec<_> = self
            .places
            .iter()
            .filter_map(|(code, place)| {
                let name = place.folded.first()?;
                let part = place.folded.iter().position(|name| name.contains(&folded));
                let part = part.map(|position| if position == 0 { 2 } else { 3 });
                let rank = exact.get(code).copied().or(part)?;
                Some((if folded.is_empty() { 0 } else { rank }, name, *code))
            })
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, _, code)| code).collect()
    }

    /// The municipalities that a text names exactly: 0 by their own name or code, 1 in another way.
    fn exact_ranks(&self, folded: &str) -> BTreeMap<MunicipalityCode, u8> {
        let mut own = BTreeSet::new();
        own.extend(MunicipalityCode::from_list(folded));
        let mut other = BTreeSet::new();
        for claim in self.claims.get(&lookup_key(folded)).into_iter().flatten() {
            if claim.right == Right::Seat {
                other.insert(claim.code)
            } else {
                own.insert(claim.code)
            };
        }
        other.extend(own.iter().filter_map(|code| self.places.get(code)).flat_map(|place| &place.present));
        let mut ranks: BTreeMap<_, _> = other.into_iter().map(|code| (code, 1)).collect();
        ranks.extend(own.into_iter().map(|code| (code, 0)));
        ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::municipality::table;

    fn found(text: &str) -> Vec<String> {
        let gazetteer = table::shipped().unwrap();
        let name = |code| gazetteer.get(code).unwrap().name.clone();
        NameIndex::new(&gazetteer).search(text).into_iter().map(name).collect()
    }

    #[test]
    fn exact_names_and_aliases_come_first_then_parts_of_names() {
        assert_eq!(found("utrecht"), ["Utrecht", "Utrechtse Heuvelrug"]);
        assert_eq!(found("Den Haag"), ["'s-Gravenhage"]);
        assert_eq!(
            found("bergen"),
            [
                "Bergen (L.)",
                "Bergen (NH.)",
                "Bergen op Zoom",
                "Haaksbergen",
                "Steenbergen",
                "Tubbergen",
                "Ubbergen",
                "Moerdijk"
            ],
            "Moerdijk comes last, for its seat Zevenbergen"
        );
        assert_eq!(found("beek")[0], "Beek");
        assert_eq!(found("BEEK")[1..4], ["Beekdaelen", "Groesbeek", "Hilvarenbeek"]);
    }

    #[test]
    fn a_code_a_former_name_and_a_seat_lead_to_the_municipality() {
        assert_eq!(found("0363")[0], "Amsterdam");
        assert_eq!(
            found("GM0457"),
            ["Weesp", "Amsterdam"],
            "Weesp for whoever asks about a date before its end"
        );
        assert_eq!(found("Weesp"), ["Weesp", "Amsterdam"]);
        assert_eq!(found("hoofddorp"), ["Haarlemmermeer"]);
    }

    #[test]
    fn a_blank_search_finds_everything_in_order_of_name_and_nonsense_finds_nothing() {
        let all = found(" ");
        assert_eq!(all.len(), 463);
        assert_eq!(all[..3], ["Aa en Hunze", "Aalburg", "Aalsmeer"]);
        assert_eq!(found("?!"), [""; 0]);
        assert_eq!(found("xyzzy"), [""; 0]);
        assert_eq!(found(&"a".repeat(201)), [""; 0]);
    }
}
