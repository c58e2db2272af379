//! How a municipality was called in a list: it is told where that is not its own name, since a person should see what
//! was made of their words.

use super::index::NameIndex;
use super::name::lookup_key;
use super::{MunicipalityCode, fold};

/// By what somebody called a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Called {
    /// Its name or its code.
    Own,
    /// Another name of it.
    Other,
    /// The name or code of one that went up in it.
    Former,
}

impl NameIndex {
    /// How a text calls the municipality for which it was found to stand.
    #[must_use]
    pub fn called(&self, text: &str, code: MunicipalityCode) -> Called {
        let folded = fold(text);
        if let Some(written) = MunicipalityCode::from_list(&folded) {
            return if written == code { Called::Own } else { Called::Former };
        }
        let Some(place) = self.places.get(&code) else { return Called::Other };
        let key = lookup_key(&folded);
        if place.folded.first().is_some_and(|own| lookup_key(own) == key) {
            return Called::Own;
        }
        let claimed = self.claims.get(&key).into_iter().flatten();
        let mut theirs = claimed.map(|claim| claim.code == code).peekable();
        if theirs.peek().is_none() || theirs.any(|is_its_own| is_its_own) {
            Called::Other
        } else {
            Called::Former
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::municipality::{Resolution, table};

    #[test]
    fn a_name_is_told_to_be_its_own_another_one_or_that_of_a_merged_one() {
        let index = NameIndex::new(&table::shipped().unwrap());
        let called = |text: &str| match index.resolve(text) {
            Resolution::Found(code) => index.called(text, code),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!([called("Zwolle"), called("gemeente ZWOLLE"), called("GM0193")], [Called::Own; 3]);
        assert_eq!([called("Den Haag"), called("Bergen, Limburg")], [Called::Other; 2]);
        assert_eq!([called("Weesp"), called("GM0457")], [Called::Former; 2]);
    }
}
