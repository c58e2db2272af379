//! The question who takes over the planned interviews of somebody who leaves a study.

use serde::Serialize;

use super::{Choice, Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// Somebody leaves who has interviews planned. Posts `successor` to `action`.
#[derive(Debug, Clone, Serialize)]
pub struct MemberLeaves {
    /// What surrounds it.
    pub desk: Desk,
    /// Where it is posted to.
    pub action: String,
    /// Who leaves.
    pub name: String,
    /// How many interviews are planned.
    pub planned: u64,
    /// Who can take them over.
    pub choices: Vec<Choice>,
    /// Who was chosen.
    pub chosen: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for MemberLeaves {
    fn samples(language: Language) -> Vec<Self> {
        let choice = |name: &str| Choice { value: name.to_owned(), label: name.to_owned() };
        let page = |choices, errors| Self {
            desk: desk(Some(Section::Team), "/members"),
            action: "/studies/x/members/y/remove".to_owned(),
            name: "Bram Janssen".to_owned(),
            planned: 3,
            choices,
            chosen: String::new(),
            errors,
        };
        let wrong = [FieldProblem::new("successor", FieldCode::Required)];
        let choices = vec![choice("Noor Verhoeven"), choice("Prof. Ilse Maas")];
        vec![page(choices, FieldMessage::all(language, &wrong)), page(Vec::new(), Vec::new())]
    }
}
