//! The twelve provinces, which tell municipalities of one name apart.

use std::fmt;
use std::str::FromStr;

use super::fold;

/// A Dutch province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the provinces are known by their names")]
pub enum Province {
    Groningen,
    Fryslan,
    Drenthe,
    Overijssel,
    Flevoland,
    Gelderland,
    Utrecht,
    NoordHolland,
    ZuidHolland,
    Zeeland,
    NoordBrabant,
    Limburg,
}

impl Province {
    /// Every province, in the order of CBS (PV20 to PV31).
    pub const ALL: [Self; 12] = [
        Self::Groningen,
        Self::Fryslan,
        Self::Drenthe,
        Self::Overijssel,
        Self::Flevoland,
        Self::Gelderland,
        Self::Utrecht,
        Self::NoordHolland,
        Self::ZuidHolland,
        Self::Zeeland,
        Self::NoordBrabant,
        Self::Limburg,
    ];

    /// The official name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Groningen => "Groningen",
            Self::Fryslan => "Fryslân",
            Self::Drenthe => "Drenthe",
            Self::Overijssel => "Overijssel",
            Self::Flevoland => "Flevoland",
            Self::Gelderland => "Gelderland",
            Self::Utrecht => "Utrecht",
            Self::NoordHolland => "Noord-Holland",
            Self::ZuidHolland => "Zuid-Holland",
            Self::Zeeland => "Zeeland",
            Self::NoordBrabant => "Noord-Brabant",
            Self::Limburg => "Limburg",
        }
    }

    /// How lists write the province, folded: names and the usual abbreviations.
    const fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::Groningen => &["groningen", "gr", "gn"],
            Self::Fryslan => &["fryslan", "friesland", "fr", "frl"],
            Self::Drenthe => &["drenthe", "dr"],
            Self::Overijssel => &["overijssel", "o", "ov"],
            Self::Flevoland => &["flevoland", "fl"],
            Self::Gelderland => &["gelderland", "g", "gld"],
            Self::Utrecht => &["utrecht", "u", "ut"],
            Self::NoordHolland => &["noord holland", "n h", "nh"],
            Self::ZuidHolland => &["zuid holland", "z h", "zh"],
            Self::Zeeland => &["zeeland", "z", "zld"],
            Self::NoordBrabant => &["noord brabant", "n b", "nb"],
            Self::Limburg => &["limburg", "l", "lb"],
        }
    }

    /// The province that a person means by a name or abbreviation, such as `Friesland`, `noord-holland` or `NH`.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        let folded = fold(text);
        Self::ALL.into_iter().find(|p| p.spellings().contains(&folded.as_str()))
    }

    /// Splits a folded text that ends in a province into what stands before it and the province.
    pub(super) fn at_end_of(folded: &str) -> Option<(&str, Self)> {
        Self::ALL.into_iter().find_map(|province| {
            province.spellings().iter().find_map(|spelling| {
                let before = folded.strip_suffix(spelling)?.strip_suffix(' ')?;
                Some((before, province))
            })
        })
    }
}

impl fmt::Display for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Province {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|p| p.as_str() == text).ok_or(())
    }
}

impl serde::Serialize for Province {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_province_is_recognised_by_its_own_name() {
        for province in Province::ALL {
            assert_eq!(Province::recognise(province.as_str()), Some(province));
            assert_eq!(province.as_str().parse(), Ok(province));
        }
        assert_eq!(Province::recognise("(N.-H.)"), Some(Province::NoordHolland));
        assert_eq!(Province::recognise("Friesland"), Some(Province::Fryslan));
        assert_eq!(Province::recognise("Holland"), None);
    }

    #[test]
    fn no_spelling_stands_for_two_provinces() {
        for province in Province::ALL {
            for spelling in province.spellings() {
                assert_eq!(Province::recognise(spelling), Some(province), "{spelling}");
                assert_eq!(
                    Province::at_end_of(&format!("x {spelling}")),
                    Some(("x", province)),
                    "{spelling}"
                );
            }
        }
        assert_eq!(Province::at_end_of("limburg"), None);
        assert_eq!(Province::at_end_of("xlimburg"), None);
    }
}
