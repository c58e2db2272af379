//! The table of municipalities and the names in it, as one thing that is built once and shared.

use chrono::NaiveDate;

use super::{Gazetteer, MunicipalityCode, NameIndex};

/// The municipalities with their names ready to be looked up.
#[derive(Debug, Clone)]
pub struct Places {
    /// What is known of each municipality.
    pub gazetteer: Gazetteer,
    /// What they are called.
    pub index: NameIndex,
}

impl Places {
    /// Indexes a gazetteer.
    #[must_use]
    pub fn new(gazetteer: Gazetteer) -> Self {
        let index = NameIndex::new(&gazetteer);
        Self { gazetteer, index }
    }

    /// The name of a municipality, or its code where the table does not know it.
    #[must_use]
    pub fn name(&self, code: MunicipalityCode) -> String {
        self.gazetteer.get(code).map_or_else(|| code.to_string(), |row| row.name.clone())
    }

    /// The inhabitants that decide the size class on a date of somebody who works for this municipality.
    ///
    /// They are those of the latest 1 January at or before the date (E18). A municipality that had ended by then is
    /// counted as the one that it went up in. One that did not exist yet is counted as the sum of those that went up
    /// in it wholly. Nothing is known before the first count, or where an area was split.
    #[must_use]
    pub fn inhabitants(&self, code: MunicipalityCode, date: NaiveDate) -> Option<u32> {
        let on = self.gazetteer.reference_date(date)?;
        let count = |code: MunicipalityCode| Some(self.gazetteer.get(code)?.figure_of(on)?.inhabitants);
        if let Some(inhabitants) = count(code) {
            return Some(inhabitants);
        }
        let only = |code: MunicipalityCode| {
            let present = self.gazetteer.present(code);
            present.first().copied().filter(|_| present.len() == 1)
        };
        let row = self.gazetteer.get(code)?;
        if row.ending.as_ref().is_some_and(|ending| ending.on <= on) {
            return count(only(code)?);
        }
        let parts = self.gazetteer.municipalities().filter(|part| only(part.code) == Some(code));
        parts.filter_map(|part| count(part.code)).reduce(u32::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::municipality::table;

    #[test]
    fn whoever_works_for_a_municipality_is_counted_on_any_date_by_what_it_was_or_became() {
        let places = Places::new(table::shipped().unwrap());
        let on = |code: &str, date: &str| places.inhabitants(code.parse().unwrap(), date.parse().unwrap());
        assert_eq!(on("GM0363", "2022-06-01"), Some(882_633));
        let parts = ["GM0501", "GM0530", "GM0614"].map(|code| on(code, "2022-01-01").unwrap());
        assert_eq!(on("GM1992", "2022-01-01"), Some(parts.iter().sum()), "Voorne aan Zee before it was made");
        assert_eq!(on("GM0457", "2022-01-01"), Some(20_766), "Weesp while it existed");
        assert_eq!(on("GM0457", "2026-01-01"), on("GM0363", "2026-01-01"), "Weesp within Amsterdam");
        assert_eq!(on("GM0055", "2026-01-01"), None, "Boarnsterhim was split");
        assert_eq!(on("GM0363", "2016-12-31"), None);
        assert_eq!(on("GM9999", "2026-01-01"), None);
    }
}
