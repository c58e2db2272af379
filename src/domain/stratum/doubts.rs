//! What may be meant in a list of strata, and often is not: it is stored all the same, but a person is asked about it.

use serde::Serialize;

use super::StratumPlan;

/// Something in a sound list of strata that its researcher may not have meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Doubt {
    /// Municipalities with so many inhabitants belong to no stratum; both numbers are inclusive, `None` is open.
    Gap {
        /// The fewest inhabitants.
        from: Option<u32>,
        /// The most inhabitants.
        until: Option<u32>,
    },
    /// More interviews are wanted than there may be.
    TargetAboveCap {
        /// The stratum.
        label: String,
        /// How many are wanted.
        target: u32,
        /// How many there may be.
        cap: u32,
    },
}

/// All doubts about strata that [`super::check`] finds nothing wrong with: first the gaps, the smallest municipalities
/// first, then the targets in the order of the list.
#[must_use]
pub fn doubts(strata: &[StratumPlan]) -> Vec<Doubt> {
    let mut doubts = gaps(strata);
    doubts.extend(strata.iter().filter_map(|stratum| {
        let (target, cap) = stratum.target.zip(stratum.cap).filter(|(target, cap)| target > cap)?;
        Some(Doubt::TargetAboveCap { label: stratum.label.clone(), target, cap })
    }));
    doubts
}

fn gaps(strata: &[StratumPlan]) -> Vec<Doubt> {
    let mut edges: Vec<(u32, Option<u32>)> =
        strata.iter().map(|stratum| (stratum.edges.min.unwrap_or(0), stratum.edges.max)).collect();
    edges.sort_unstable();
    let mut gaps = Vec::new();
    // The fewest inhabitants that no class so far has reached, of which every municipality has one; `None` once a class
    // has no end.
    let mut free = Some(1);
    for (min, max) in edges {
        let Some(begins) = free else { break };
        if begins < min {
            gaps.push(Doubt::Gap { from: (begins > 1).then_some(begins), until: Some(min - 1) });
        }
        free = max.map(|max| begins.max(max.saturating_add(1)));
    }
    if let Some(from) = free {
        gaps.push(Doubt::Gap { from: Some(from), until: None });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::super::Edges;
    use super::*;
    use crate::domain::language::Language;

    fn stratum(min: Option<u32>, max: Option<u32>) -> StratumPlan {
        let (key, edges) = ("a".to_owned(), Edges { min, max });
        StratumPlan { label: key.clone(), key, edges, target: None, cap: None }
    }

    fn found(edges: &[(Option<u32>, Option<u32>)]) -> Vec<(Option<u32>, Option<u32>)> {
        let strata: Vec<StratumPlan> = edges.iter().map(|(min, max)| stratum(*min, *max)).collect();
        let gap = |doubt| match doubt {
            Doubt::Gap { from, until } => (from, until),
            Doubt::TargetAboveCap { .. } => panic!("no targets here"),
        };
        doubts(&strata).into_iter().map(gap).collect()
    }

    #[test]
    fn the_usual_strata_raise_no_doubt() {
        assert_eq!(doubts(&StratumPlan::defaults(Language::Nl)), []);
    }

    #[test]
    fn every_gap_is_found_below_between_and_above_in_any_order() {
        assert_eq!(found(&[(None, None)]), []);
        assert_eq!(
            found(&[(Some(100_000), Some(200_000)), (Some(10), Some(49_999))]),
            [(None, Some(9)), (Some(50_000), Some(99_999)), (Some(200_001), None)]
        );
        assert_eq!(found(&[(Some(1), None)]), []);
        assert_eq!(found(&[(None, Some(4)), (Some(5), None)]), []);
    }

    #[test]
    fn a_target_that_its_cap_keeps_out_of_reach_is_doubted() {
        let plan = |target, cap| StratumPlan { target, cap, ..stratum(None, None) };
        let above = Doubt::TargetAboveCap { label: "a".to_owned(), target: 3, cap: 2 };
        assert_eq!(doubts(&[plan(Some(3), Some(2))]), [above]);
        for plan in [plan(Some(2), Some(2)), plan(Some(3), None), plan(None, Some(0))] {
            assert_eq!(doubts(&[plan]), []);
        }
    }
}
