//! What must hold between the municipalities of one table, so that a newer one can't quietly lose places or people.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::name::lookup_key;
use super::{EndingKind, Gazetteer, MunicipalityCode, fold};

/// Rows that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Inconsistency {
    /// There is nothing to choose from.
    #[error("no municipality exists at present")]
    Empty,
    /// A code names one municipality only.
    #[error("{0} stands twice")]
    Duplicate(MunicipalityCode),
    /// Two present municipalities whose unique names are the same to a reader.
    #[error("the name of {0} is that of {1} too")]
    SameName(MunicipalityCode, MunicipalityCode),
    /// A tile holds one municipality.
    #[error("{0} lies on the tile of {1}")]
    SameTile(MunicipalityCode, MunicipalityCode),
    /// A present municipality without a count on the latest 1 January of the table.
    #[error("{0} has no inhabitants on {1}")]
    FigureMissing(MunicipalityCode, NaiveDate),
    /// A count on a day on which the municipality did not exist any more.
    #[error("{0} has inhabitants on {1}, when it had ended")]
    FigureTooLate(MunicipalityCode, NaiveDate),
    /// A split has several successors, every other ending has one.
    #[error("the number of successors of {0} does not fit the way it ended")]
    SuccessorCount(MunicipalityCode),
    /// A successor that is not in the table.
    #[error("{1}, a successor of {0}, is not in the table")]
    UnknownSuccessor(MunicipalityCode, MunicipalityCode),
    /// The successors lead in a circle.
    #[error("the successors of {0} lead to no present municipality")]
    NoPresentSuccessor(MunicipalityCode),
}

impl Inconsistency {
    /// The row at fault.
    #[must_use]
    pub const fn code(&self) -> Option<MunicipalityCode> {
        match self {
            Self::Empty => None,
            Self::Duplicate(code)
            | Self::SameName(code, _)
            | Self::SameTile(code, _)
            | Self::FigureMissing(code, _)
            | Self::FigureTooLate(code, _)
            | Self::SuccessorCount(code)
            | Self::UnknownSuccessor(code, _)
            | Self::NoPresentSuccessor(code) => Some(*code),
        }
    }
}

impl Gazetteer {
    /// Looks for the first contradiction.
    pub(super) fn check(&self) -> Result<(), Inconsistency> {
        self.check_present()?;
        self.check_endings()
    }

    fn check_present(&self) -> Result<(), Inconsistency> {
        let latest = self.municipalities().flat_map(|row| &row.figures).map(|figure| figure.on).max();
        let latest = latest.ok_or(Inconsistency::Empty)?;
        let mut names = BTreeMap::new();
        let mut tiles = BTreeMap::new();
        for row in self.municipalities().filter(|row| row.ending.is_none()) {
            if let Some(other) = names.insert(lookup_key(&fold(&row.name)), row.code) {
                return Err(Inconsistency::SameName(row.code, other));
            }
            if let Some(other) = row.tile.and_then(|tile| tiles.insert(tile, row.code)) {
                return Err(Inconsistency::SameTile(row.code, other));
            }
            if row.figure_of(latest).is_none() {
                return Err(Inconsistency::FigureMissing(row.code, latest));
            }
        }
        if names.is_empty() { Err(Inconsistency::Empty) } else { Ok(()) }
    }

    fn check_endings(&self) -> Result<(), Inconsistency> {
        for row in self.municipalities() {
            let Some(ending) = &row.ending else { continue };
            if let Some(late) = row.figures.iter().find(|figure| figure.on >= ending.on) {
                return Err(Inconsistency::FigureTooLate(row.code, late.on));
            }
            let several = ending.successors.len() > 1;
            if ending.successors.is_empty() || several != (ending.kind == EndingKind::Split) {
                return Err(Inconsistency::SuccessorCount(row.code));
            }
            if let Some(unknown) = ending.successors.iter().find(|code| self.get(**code).is_none()) {
                return Err(Inconsistency::UnknownSuccessor(row.code, *unknown));
            }
            if self.present(row.code).is_empty() {
                return Err(Inconsistency::NoPresentSuccessor(row.code));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::municipality::{Ending, Figure, Municipality, table};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn code(text: &str) -> MunicipalityCode {
        text.parse().unwrap()
    }

    #[test]
    fn rows_that_contradict_each_other_are_refused() {
        let row = |text: &str| table::shipped().unwrap().get(code(text)).unwrap().clone();
        let refused = |rows: Vec<Municipality>| Gazetteer::new(String::new(), rows).unwrap_err();
        let (amsterdam, weesp) = (row("GM0363"), row("GM0457"));

        assert_eq!(refused(vec![]), Inconsistency::Empty);
        assert_eq!(refused(vec![weesp.clone()]), Inconsistency::Empty);
        assert_eq!(
            refused(vec![amsterdam.clone(), amsterdam.clone()]),
            Inconsistency::Duplicate(amsterdam.code)
        );
        let namesake = Municipality { code: code("GM0364"), tile: None, ..amsterdam.clone() };
        assert_eq!(
            refused(vec![amsterdam.clone(), namesake.clone()]),
            Inconsistency::SameName(namesake.code, amsterdam.code)
        );
        let neighbour = Municipality { name: "X".to_owned(), tile: amsterdam.tile, ..namesake };
        assert_eq!(
            refused(vec![amsterdam.clone(), neighbour.clone()]),
            Inconsistency::SameTile(neighbour.code, amsterdam.code)
        );
        let uncounted = Municipality { figures: vec![], tile: None, ..neighbour };
        assert_eq!(
            refused(vec![amsterdam.clone(), uncounted.clone()]),
            Inconsistency::FigureMissing(uncounted.code, day("2026-01-01"))
        );
        assert_eq!(
            refused(vec![row("GM0344"), weesp.clone()]),
            Inconsistency::UnknownSuccessor(weesp.code, amsterdam.code)
        );
        let ending = |kind, successors| {
            let ending = weesp.ending.clone().map(|ending| Ending { kind, successors, ..ending });
            vec![amsterdam.clone(), Municipality { ending, ..weesp.clone() }]
        };
        for faulty in [
            ending(EndingKind::Absorbed, vec![]),
            ending(EndingKind::Split, vec![amsterdam.code]),
            ending(EndingKind::Absorbed, vec![amsterdam.code, weesp.code]),
        ] {
            assert_eq!(refused(faulty), Inconsistency::SuccessorCount(weesp.code));
        }
        assert_eq!(
            refused(ending(EndingKind::Absorbed, vec![weesp.code])),
            Inconsistency::NoPresentSuccessor(weesp.code)
        );
        let mut counted_too_late = weesp.clone();
        counted_too_late.figures.push(Figure { on: day("2023-01-01"), inhabitants: 1 });
        assert_eq!(
            refused(vec![amsterdam, counted_too_late]),
            Inconsistency::FigureTooLate(weesp.code, day("2023-01-01"))
        );
    }
}
