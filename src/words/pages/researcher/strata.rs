//! The strata of a study: size classes with their targets and caps.

use serde::Serialize;
use serde_json::json;

use super::{Desk, Section, desk, desk_of_archive, edges};
use crate::domain::language::Language;
use crate::domain::stratum::{Doubt, Edges, StratumPlan};
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::{FieldMessage, Seen};
use crate::words::phrases::grouped;
use crate::words::{phrase, word};

/// A stratum as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StratumInput {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: String,
    /// The fewest inhabitants, or empty.
    pub min_inhabitants: String,
    /// The most inhabitants, or empty.
    pub max_inhabitants: String,
    /// How many interviews are wanted, or empty.
    pub target: String,
    /// How many there may be, or empty.
    pub cap: String,
}

/// The strata. Posts for each `N.key`, `N.label`, `N.min_inhabitants`, `N.max_inhabitants`, `N.target` and `N.cap` to
/// `{base}/strata`; empty rows are left out, and `act=more` asks for an empty one.
#[derive(Debug, Clone, Serialize)]
pub struct StrataForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The strata, with an empty row at the end to be filled in.
    pub rows: Vec<StratumInput>,
    /// What holds, and may not have been meant.
    pub doubts: Vec<Doubt>,
    /// How many municipalities belong to no stratum.
    pub outside: u64,
    /// What the form was opened with.
    pub seen: Seen,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl StrataForm {
    /// A stratum as it is told where others replaced those that were seen.
    #[must_use]
    pub fn told(language: Language, plan: &StratumPlan) -> String {
        let places = |number: Option<u32>| {
            number.map_or_else(|| word(language, "form.nothing"), |number| grouped(language, number.into()))
        };
        let facts = json!({
            "label": plan.label,
            "key": plan.key,
            "edges": edges(language, plan.edges),
            "target": places(plan.target),
            "cap": places(plan.cap),
        });
        phrase(language, "strata.told", &facts)
    }
}

impl Sample for StrataForm {
    fn samples(language: Language) -> Vec<Self> {
        let row = |key: &str, min: &str, max: &str| StratumInput {
            key: key.to_owned(),
            label: word(language, &format!("sample.stratum_{key}")),
            min_inhabitants: min.to_owned(),
            max_inhabitants: max.to_owned(),
            target: "1".to_owned(),
            cap: String::new(),
        };
        let fresh = Self {
            desk: desk(Some(Section::Settings), "/strata"),
            rows: vec![
                row("large", "100001", ""),
                row("medium", "50000", "100000"),
                row("small", "", "49999"),
                StratumInput::default(),
            ],
            doubts: Vec::new(),
            outside: 0,
            seen: Seen::default(),
            errors: Vec::new(),
        };
        let gap = |from, until| Doubt::Gap { from, until };
        let label = word(language, "sample.stratum_large");
        let doubtful = Self {
            doubts: vec![
                gap(None, Some(9_999)),
                gap(Some(50_001), Some(99_999)),
                gap(Some(200_001), None),
                Doubt::TargetAboveCap { label: label.clone(), target: 11, cap: 9 },
            ],
            outside: 68,
            ..fresh.clone()
        };
        let problems = [FieldProblem::new("1.min_inhabitants", FieldCode::Overlap)];
        let refused = Self { errors: FieldMessage::all(language, &problems), ..fresh.clone() };
        let edges = Edges { min: Some(100_001), max: None };
        let plan = StratumPlan { key: "large".to_owned(), label, edges, target: Some(11), cap: None };
        let now = Some(vec![Self::told(language, &plan)]);
        let overtaken = Self { seen: Seen { now, ..Seen::default() }, ..fresh.clone() };
        let archived = Self { desk: desk_of_archive(Section::Settings, "/strata"), ..fresh.clone() };
        vec![fresh, doubtful, refused, overtaken, archived]
    }
}
