//! How full each stratum is, as a bar whose units are interviews.

use serde::Serialize;
use serde_json::json;

use super::share;
use crate::domain::language::Language;
use crate::domain::stratum::Edges;
use crate::words::phrases::grouped;
use crate::words::{phrase, word};

/// Up to so many interviews a bar shows each as a unit of its own.
const UNITS: u64 = 40;

/// The edges of a stratum in words: `more than 100,000 inhabitants`.
#[must_use]
pub fn edges(language: Language, edges: Edges) -> String {
    let number = |edge: Option<u32>| grouped(language, u64::from(edge.unwrap_or_default()));
    let key = match (edges.min, edges.max) {
        (Some(_), Some(_)) => "edges.between",
        (Some(_), None) => "edges.from",
        (None, Some(_)) => "edges.until",
        (None, None) => "edges.all",
    };
    phrase(language, key, &json!({ "min": number(edges.min), "max": number(edges.max) }))
}

/// What belongs to no stratum, in words.
#[must_use]
pub fn outside_strata(language: Language) -> String {
    word(language, "edges.outside")
}

/// A stratum with what is held, planned and wanted.
#[derive(Debug, Clone, Serialize)]
pub struct StratumFill {
    /// Its name.
    pub label: String,
    /// Its edges in words; empty for what lies outside all strata.
    pub edges: String,
    /// Municipalities in it.
    pub municipalities: u64,
    /// Interviews that took place.
    pub held: u64,
    /// Interviews that are planned.
    pub booked: u64,
    /// How many are wanted.
    pub target: Option<u64>,
    /// How many there may be.
    pub cap: Option<u64>,
    /// The bar; none without target and cap, where it would be full from the first interview on.
    pub bar: Option<Bar>,
}

impl StratumFill {
    /// A stratum with what is held and planned, what is wanted and what there may be; without edges and municipalities.
    #[must_use]
    pub fn new(label: String, (held, booked): (u64, u64), (target, cap): (Option<u64>, Option<u64>)) -> Self {
        let bar = Bar::of(held, booked, target, cap);
        Self { label, edges: String::new(), municipalities: 0, held, booked, target, cap, bar }
    }

    /// All of these as one, under a name of its own: what is held, planned and wanted together.
    #[must_use]
    pub fn together(label: String, rows: &[Self]) -> Self {
        let sum = |part: fn(&Self) -> u64| rows.iter().map(part).sum();
        let target = rows.iter().filter_map(|row| row.target).reduce(|all, target| all + target);
        Self::new(label, (sum(|row| row.held), sum(|row| row.booked)), (target, None))
    }
}

/// The measures of a bar, in per cent of its width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Held.
    pub held: String,
    /// Planned, behind held.
    pub booked: String,
    /// Where the target stands, unless it is the end of the bar.
    pub target: Option<String>,
    /// Where one interview ends and the next begins.
    pub units: Vec<String>,
}

impl Bar {
    /// The bar for these counts: its whole width is the target, the cap or the count, whichever is most.
    #[must_use]
    pub fn of(held: u64, booked: u64, target: Option<u64>, cap: Option<u64>) -> Option<Self> {
        let whole = target.max(cap)?.max(booked + held).max(1);
        let units = if whole <= UNITS { 1..whole } else { 0..0 };
        Some(Self {
            held: share(held, whole),
            booked: share(booked, whole),
            target: target.filter(|target| *target < whole).map(|target| share(target, whole)),
            units: units.map(|unit| share(unit, whole)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_wide_as_the_greatest_of_target_cap_and_count() {
        let bar = Bar::of(2, 4, Some(8), Some(10)).expect("a bar");
        assert_eq!((bar.held.as_str(), bar.booked.as_str(), bar.target.as_deref()), ("20", "40", Some("80")));
        assert_eq!(bar.units.len(), 9, "ten interviews have nine borders between them");
        let over = Bar::of(3, 3, Some(2), None).expect("a bar");
        assert_eq!((over.held.as_str(), over.target.as_deref()), ("50", Some("33.3")));
        assert_eq!(Bar::of(0, 1, None, None), None);
    }

    #[test]
    fn strata_together_want_the_sum_of_their_targets_and_nothing_if_none_has_one() {
        let row = |counts, target| StratumFill::new(String::new(), counts, (target, None));
        let all = StratumFill::together("all".to_owned(), &[row((5, 3), Some(11)), row((0, 1), None)]);
        assert_eq!((all.held, all.booked, all.target), (5, 4, Some(11)));
        assert_eq!(StratumFill::together(String::new(), &[row((1, 0), None)]).target, None);
    }

    #[test]
    fn a_target_that_is_the_whole_bar_needs_no_mark_and_many_interviews_have_no_borders() {
        let bar = Bar::of(10, 5, Some(500), None).expect("a bar");
        assert_eq!((bar.target, bar.units), (None, Vec::new()));
    }
}
