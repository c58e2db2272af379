//! All municipalities together, checked against each other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Figure, Inconsistency, Municipality, MunicipalityCode};

/// Every municipality, present and former, with the mergers that lead from one to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gazetteer {
    source: String,
    rows: BTreeMap<MunicipalityCode, Municipality>,
    /// The days of all counts.
    dates: BTreeSet<NaiveDate>,
}

impl Gazetteer {
    /// Puts municipalities together. `source` says where the facts come from and under which licence, for readers.
    ///
    /// # Errors
    /// The first contradiction between them.
    pub fn new(source: String, municipalities: Vec<Municipality>) -> Result<Self, Inconsistency> {
        let mut rows = BTreeMap::new();
        for row in municipalities {
            let code = row.code;
            if rows.insert(code, row).is_some() {
                return Err(Inconsistency::Duplicate(code));
            }
        }
        let dates = rows.values().flat_map(|row| &row.figures).map(|figure| figure.on).collect();
        let gazetteer = Self { source, rows, dates };
        gazetteer.check()?;
        Ok(gazetteer)
    }

    /// Where the facts come from and under which licence.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All municipalities, present and former, in order of code.
    pub fn municipalities(&self) -> impl Iterator<Item = &Municipality> {
        self.rows.values()
    }

    /// The municipality with this code.
    #[must_use]
    pub fn get(&self, code: MunicipalityCode) -> Option<&Municipality> {
        self.rows.get(&code)
    }

    /// The 1 January whose counts hold on a date: the latest one at or before it (E18).
    #[must_use]
    pub fn reference_date(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.dates.range(..=date).next_back().copied()
    }

    /// The first 1 January for which there are counts.
    #[must_use]
    pub fn first_date(&self) -> Option<NaiveDate> {
        self.rows.values().filter_map(|row| row.figures.first()).map(|figure| figure.on).min()
    }

    /// The municipalities of the division that holds on a date, with their inhabitants, in order of code. Nothing
    /// before the first count of the table.
    pub fn division(&self, date: NaiveDate) -> impl Iterator<Item = (&Municipality, Figure)> {
        let reference_date = self.reference_date(date);
        self.rows.values().filter_map(move |row| Some((row, row.figure_of(reference_date?)?)))
    }

    /// The present municipalities that a code leads to through the mergers: itself while it exists, none for a code
    /// that is not known, several where an area was split.
    #[must_use]
    pub fn present(&self, code: MunicipalityCode) -> BTreeSet<MunicipalityCode> {
        let mut present = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![code];
        while let Some(code) = open.pop() {
            if !seen.insert(code) {
                continue;
            }
            match self.rows.get(&code).map(|row| &row.ending) {
                Some(None) => {
                    present.insert(code);
                }
                Some(Some(ending)) => open.extend(&ending.successors),
                None => {}
            }
        }
        present
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::municipality::table;
    use crate::domain::stratum::Edges;

    const COUNTS: &str = include_str!("../../../tests/data/municipality_counts.txt");

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn code(text: &str) -> MunicipalityCode {
        text.parse().unwrap()
    }

    /// Whether a municipality belongs to a group of the file with expected counts.
    fn belongs(row: &Municipality, inhabitants: u32, group: &str) -> bool {
        let edges = |min, max| Edges { min, max }.contains(inhabitants);
        match group {
            "total" => true,
            "large" => edges(Some(100_001), None),
            "medium" => edges(Some(50_000), Some(100_000)),
            "small" => edges(None, Some(49_999)),
            "cbs1" => edges(None, Some(4_999)),
            "cbs2" => edges(Some(5_000), Some(9_999)),
            "cbs3" => edges(Some(10_000), Some(19_999)),
            "cbs4" => edges(Some(20_000), Some(49_999)),
            "cbs5" => edges(Some(50_000), Some(99_999)),
            "cbs6" => edges(Some(100_000), Some(149_999)),
            "cbs7" => edges(Some(150_000), Some(249_999)),
            "cbs8" => edges(Some(250_000), None),
            province => row.province == province.parse().unwrap(),
        }
    }

    #[test]
    fn counts_per_year_and_class_and_province_equal_those_of_cbs() {
        let gazetteer = table::shipped().unwrap();
        let mut compared = 0;
        for line in COUNTS.lines().filter(|line| !line.starts_with('#')) {
            let [year, group, municipalities, inhabitants] =
                line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let members: Vec<u32> = gazetteer
                .division(day(&format!("{year}-01-01")))
                .filter(|(row, figure)| belongs(row, figure.inhabitants, group))
                .map(|(_, figure)| figure.inhabitants)
                .collect();
            assert_eq!(members.len().to_string(), municipalities, "{line}");
            assert_eq!(members.iter().sum::<u32>().to_string(), inhabitants, "{line}");
            compared += 1;
        }
        assert_eq!(compared, 10 * (3 + 8 + 12 + 1));
    }

    #[test]
    fn a_date_takes_the_latest_1_january_at_or_before_it() {
        let gazetteer = table::shipped().unwrap();
        for (date, reference) in [
            ("2016-12-31", None),
            ("2017-01-01", Some("2017-01-01")),
            ("2021-12-31", Some("2021-01-01")),
            ("2022-01-01", Some("2022-01-01")),
            ("2031-06-01", Some("2026-01-01")),
        ] {
            assert_eq!(gazetteer.reference_date(day(date)), reference.map(day), "{date}");
        }
        assert_eq!(gazetteer.division(day("2016-12-31")).count(), 0);
    }

    #[test]
    fn a_merger_changes_nothing_about_an_earlier_count() {
        let gazetteer = table::shipped().unwrap();
        let on = |municipality: &str, date: &str| {
            gazetteer
                .division(day(date))
                .find(|(row, _)| row.code == code(municipality))
                .map(|(_, figure)| figure.inhabitants)
        };
        assert_eq!(on("GM0363", "2022-02-01"), Some(882_633));
        assert!(on("GM0457", "2022-12-31").is_some(), "Weesp on the count of 1 January 2022");
        assert_eq!(on("GM0457", "2023-01-01"), None);
        assert_eq!(on("GM1992", "2022-12-31"), None, "Voorne aan Zee did not exist");
        assert_eq!(on("GM1992", "2026-05-05"), Some(75_012));
    }

    #[test]
    fn mergers_are_followed_to_the_present() {
        let gazetteer = table::shipped().unwrap();
        let present =
            |text: &str| gazetteer.present(code(text)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(present("GM0363"), ["GM0363"]);
        assert_eq!(present("GM0083"), ["GM1949"], "Menaldumadeel, renumbered, then merged");
        assert_eq!(present("GM0055"), ["GM0074", "GM0080", "GM1900", "GM1940"], "Boarnsterhim, split");
        assert_eq!(present("GM9999"), [""; 0]);
    }

    #[test]
    fn the_shipped_table_holds_every_merger_since_2010_and_a_tile_for_every_present_municipality() {
        let gazetteer = table::shipped().unwrap();
        let (former, present): (Vec<_>, Vec<_>) =
            gazetteer.municipalities().partition(|row| row.ending.is_some());
        assert_eq!((former.len(), present.len()), (121, 342));
        assert!(present.iter().all(|row| row.tile.is_some()));
        assert!(gazetteer.source().contains("CC BY 4.0"));
    }
}
