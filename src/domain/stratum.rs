//! Strata: the classes by number of inhabitants from which a study recruits, each with its own target and cap.
//!
//! A class never belongs to a municipality as such. It follows from the inhabitants on a date and the edges that the
//! study itself has chosen, so nothing here knows a default class of any municipality.

mod doubts;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::doubts::{Doubt, doubts};

use super::language::Language;
use super::text;
use crate::problem::{FieldCode, FieldProblem};

/// The greatest number of strata of a study.
pub const STRATA_LIMIT: usize = 50;
/// The greatest edge, in inhabitants.
pub const INHABITANTS_LIMIT: u32 = 1_000_000_000;
/// The greatest target or cap, in interviews.
pub const PLACES_LIMIT: u32 = 1_000_000;

/// The least and the greatest number of inhabitants of a class, both inclusive; null is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[schema(as = StratumEdges)]
pub struct Edges {
    /// The least number of inhabitants.
    #[serde(rename = "min_inhabitants")]
    #[schema(maximum = 1_000_000_000)]
    pub min: Option<u32>,
    /// The greatest number of inhabitants.
    #[serde(rename = "max_inhabitants")]
    #[schema(maximum = 1_000_000_000)]
    pub max: Option<u32>,
}

impl Edges {
    /// Whether a municipality with so many inhabitants belongs to the class.
    #[must_use]
    pub fn contains(self, inhabitants: u32) -> bool {
        self.min.is_none_or(|min| min <= inhabitants) && self.max.is_none_or(|max| inhabitants <= max)
    }

    /// Whether the greatest number is at least the least.
    fn are_in_order(self) -> bool {
        self.min.zip(self.max).is_none_or(|(min, max)| min <= max)
    }

    /// Whether some number of inhabitants belongs to both classes. Both must be in order.
    fn overlap(self, other: Self) -> bool {
        self.contains(other.min.unwrap_or(0)) || other.contains(self.min.unwrap_or(0))
    }
}

/// A stratum as a researcher plans it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StratumPlan {
    /// Its name for programs, unique in the study.
    #[schema(max_length = 200, examples("large"))]
    pub key: String,
    /// Its name for people.
    #[schema(max_length = 200)]
    pub label: String,
    /// Which municipalities belong to it.
    #[serde(flatten)]
    pub edges: Edges,
    /// How many interviews the researcher wants.
    #[schema(maximum = 1_000_000)]
    pub target: Option<u32>,
    /// How many interviews there may be at most, booked and held together (E13); null is no limit.
    #[schema(maximum = 1_000_000)]
    pub cap: Option<u32>,
}

impl StratumPlan {
    /// The three strata of a new study: large, medium and small.
    #[must_use]
    pub fn defaults(language: Language) -> Vec<Self> {
        let labels = match language {
            Language::Nl => ["Groot", "Middelgroot", "Klein"],
            Language::En => ["Large", "Medium", "Small"],
        };
        let edges = [(Some(100_001), None), (Some(50_000), Some(100_000)), (None, Some(49_999))];
        ["large", "medium", "small"]
            .into_iter()
            .zip(labels)
            .zip(edges)
            .map(|((key, label), (min, max))| Self {
                key: key.to_owned(),
                label: label.to_owned(),
                edges: Edges { min, max },
                target: None,
                cap: None,
            })
            .collect()
    }
}

/// The stratum for a number of inhabitants, or `None` where the strata leave a gap.
#[must_use]
pub fn stratum_for(inhabitants: u32, strata: &[StratumPlan]) -> Option<&StratumPlan> {
    strata.iter().find(|stratum| stratum.edges.contains(inhabitants))
}

/// Everything that is wrong with a whole list of strata; nothing when it may be stored. Fields are named by position in
/// the list, from 0, such as `1.max_inhabitants`, and `strata` for the list itself. Of two strata that get into each
/// other's way the later one is at fault. Gaps between strata are allowed: such municipalities are not recruited.
#[must_use]
pub fn check(strata: &[StratumPlan]) -> Vec<FieldProblem> {
    if strata.is_empty() {
        return vec![FieldProblem::new("strata", FieldCode::Required)];
    }
    if strata.len() > STRATA_LIMIT {
        return vec![out_of_range("strata", 1, STRATA_LIMIT)];
    }
    let mut problems = Vec::new();
    for (position, stratum) in strata.iter().enumerate() {
        let earlier = strata.get(..position).unwrap_or_default();
        let field = |name: &str| format!("{position}.{name}");
        problems.extend(text_problem(field("key"), &stratum.key));
        problems.extend(text_problem(field("label"), &stratum.label));
        if earlier.iter().any(|other| other.key == stratum.key) {
            problems.push(FieldProblem::new(field("key"), FieldCode::Duplicate));
        }
        for (name, number, limit) in [
            ("min_inhabitants", stratum.edges.min, INHABITANTS_LIMIT),
            ("max_inhabitants", stratum.edges.max, INHABITANTS_LIMIT),
            ("target", stratum.target, PLACES_LIMIT),
            ("cap", stratum.cap, PLACES_LIMIT),
        ] {
            if number.is_some_and(|number| number > limit) {
                problems.push(out_of_range(field(name), 0, limit));
            }
        }
        problems.extend(edge_problem(stratum.edges, earlier, field));
    }
    problems
}

fn text_problem(field: String, text: &str) -> Option<FieldProblem> {
    let code = text::line(text).err()?;
    let problem = FieldProblem::new(field, code);
    Some(if code == FieldCode::TooLong { problem.with("limit", text::LINE_LIMIT) } else { problem })
}

fn edge_problem(
    edges: Edges,
    earlier: &[StratumPlan],
    field: impl Fn(&str) -> String,
) -> Option<FieldProblem> {
    if !edges.are_in_order() {
        return Some(FieldProblem::new(field("max_inhabitants"), FieldCode::Order));
    }
    let other = earlier.iter().map(|other| other.edges).find(|o| o.are_in_order() && o.overlap(edges))?;
    let begins_inside = other.contains(edges.min.unwrap_or(0));
    let edge = if begins_inside { "min_inhabitants" } else { "max_inhabitants" };
    Some(FieldProblem::new(field(edge), FieldCode::Overlap))
}

fn out_of_range(field: impl Into<String>, least: u32, most: impl std::fmt::Display) -> FieldProblem {
    FieldProblem::new(field, FieldCode::Value).with("allowed", format!("{least}–{most}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stratum(key: &str, min: Option<u32>, max: Option<u32>) -> StratumPlan {
        let edges = Edges { min, max };
        StratumPlan { key: key.to_owned(), label: key.to_owned(), edges, target: None, cap: None }
    }

    fn problems(strata: &[StratumPlan]) -> Vec<(String, FieldCode)> {
        check(strata).into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn the_default_strata_are_sound_and_leave_no_gap() {
        for language in Language::ALL {
            let strata = StratumPlan::defaults(language);
            assert_eq!(check(&strata), []);
            let key = |inhabitants| stratum_for(inhabitants, &strata).map(|s| s.key.as_str());
            for (inhabitants, expected) in [
                (0, "small"),
                (49_999, "small"),
                (50_000, "medium"),
                (100_000, "medium"),
                (100_001, "large"),
                (u32::MAX, "large"),
            ] {
                assert_eq!(key(inhabitants), Some(expected), "{inhabitants}");
            }
        }
    }

    #[test]
    fn a_gap_belongs_to_no_stratum() {
        let strata = [stratum("a", None, Some(9)), stratum("b", Some(20), None)];
        assert_eq!(check(&strata), []);
        assert_eq!(stratum_for(15, &strata), None);
    }

    #[test]
    fn every_problem_of_a_list_is_told_at_once() {
        let mut last = stratum("large", Some(30), Some(20));
        last.label = "a\nb".to_owned();
        last.cap = Some(PLACES_LIMIT + 1);
        let strata = [stratum("large", Some(100), None), stratum("", Some(50), Some(100)), last];
        assert_eq!(
            problems(&strata),
            [
                ("1.key".to_owned(), FieldCode::Required),
                ("1.label".to_owned(), FieldCode::Required),
                ("1.max_inhabitants".to_owned(), FieldCode::Overlap),
                ("2.label".to_owned(), FieldCode::ControlCharacter),
                ("2.key".to_owned(), FieldCode::Duplicate),
                ("2.cap".to_owned(), FieldCode::Value),
                ("2.max_inhabitants".to_owned(), FieldCode::Order),
            ]
        );
    }

    #[test]
    fn the_later_of_two_overlapping_strata_is_at_fault_by_the_edge_that_lies_in_the_other() {
        let overlap = |first: (Option<u32>, Option<u32>), second: (Option<u32>, Option<u32>)| {
            problems(&[stratum("a", first.0, first.1), stratum("b", second.0, second.1)]).pop().map(|p| p.0)
        };
        assert_eq!(overlap((Some(10), Some(20)), (Some(20), Some(30))).as_deref(), Some("1.min_inhabitants"));
        assert_eq!(overlap((Some(10), Some(20)), (None, Some(10))).as_deref(), Some("1.max_inhabitants"));
        assert_eq!(overlap((Some(10), Some(20)), (None, None)).as_deref(), Some("1.max_inhabitants"));
        assert_eq!(overlap((None, None), (Some(5), Some(5))).as_deref(), Some("1.min_inhabitants"));
        assert_eq!(overlap((Some(10), Some(20)), (Some(21), None)), None);
        assert_eq!(overlap((Some(10), Some(20)), (None, Some(9))), None);
    }

    #[test]
    fn a_study_has_1_to_50_strata() {
        let strata: Vec<_> = (0..51).map(|n| stratum(&n.to_string(), Some(n), Some(n))).collect();
        assert_eq!(problems(&[]), [("strata".to_owned(), FieldCode::Required)]);
        assert_eq!(problems(strata.get(..50).unwrap()), []);
        assert_eq!(problems(&strata), [("strata".to_owned(), FieldCode::Value)]);
    }

    proptest! {
        #[test]
        fn in_a_list_without_problems_no_number_belongs_to_two_strata(
            edges in prop::collection::vec((prop::option::of(0..40_u32), prop::option::of(0..40_u32)), 1..5),
            inhabitants in 0..50_u32,
        ) {
            let strata: Vec<_> =
                edges.iter().enumerate().map(|(n, (min, max))| stratum(&n.to_string(), *min, *max)).collect();
            if check(&strata).is_empty() {
                prop_assert!(strata.iter().filter(|s| s.edges.contains(inhabitants)).count() <= 1);
            }
        }
    }
}
