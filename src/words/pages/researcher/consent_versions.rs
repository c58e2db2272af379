//! What changed between two versions of a consent form, and who agreed to one.

use serde::Serialize;

use super::consent::both;
use super::{Desk, Section, desk};
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::domain::consent_changes::FormChanges;
use crate::domain::language::Language;
use crate::words::pages::Sample;

/// A form that another can be compared with.
#[derive(Debug, Clone, Serialize)]
pub struct OtherForm {
    /// Its id.
    pub id: String,
    /// Its number; `None` for a draft.
    pub version: Option<u64>,
    /// When it was published, or begun.
    pub at: String,
    /// Whether it is the one that is compared with.
    pub chosen: bool,
}

/// What changed in a form, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct ChangedSide {
    /// The changes.
    pub changes: FormChanges,
    /// Whether there are none.
    pub is_none: bool,
}

impl ChangedSide {
    /// What changed, in every language.
    #[must_use]
    pub fn all(before: &ConsentForm, after: &ConsentForm) -> Vec<Self> {
        let side = |language| {
            let changes = FormChanges::between(before, after, language);
            Self { is_none: changes.is_none(), changes }
        };
        Language::ALL.map(side).to_vec()
    }
}

/// What changed between two forms of a study. With GET, `from` chooses the earlier one.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentChanges {
    /// What surrounds it.
    pub desk: Desk,
    /// `/consent-forms/{id}` of the later one.
    pub base: String,
    /// The number of the earlier one; `None` for a draft.
    pub before: Option<u64>,
    /// The number of the later one; `None` for a draft.
    pub after: Option<u64>,
    /// All that it can be compared with.
    pub others: Vec<OtherForm>,
    /// The changes in each language.
    pub sides: Vec<ChangedSide>,
}

/// A consent that was given.
#[derive(Debug, Clone, Serialize)]
pub struct GivenRow {
    /// The code of who gave it.
    pub code: String,
    /// The page of that respondent; `None` once erased.
    pub href: Option<String>,
    /// When it was given.
    pub at: String,
    /// The language in which the form was read.
    pub language: Language,
    /// `holds`, `replaced` or `withdrawn`.
    pub standing: String,
    /// When it was taken back.
    pub withdrawn_at: Option<String>,
    /// Whether each item of the form was agreed to, in the form's order.
    pub answers: Vec<bool>,
}

/// A question of the form, as the head of a column.
#[derive(Debug, Clone, Serialize)]
pub struct AskedItem {
    /// What it says.
    pub text: String,
    /// The language of the text.
    pub language: Language,
}

/// Who agreed to a version of the consent form.
#[derive(Debug, Clone, Serialize)]
pub struct GivenList {
    /// What surrounds it.
    pub desk: Desk,
    /// `/consent-forms/{id}`.
    pub base: String,
    /// The version.
    pub version: u64,
    /// How many respondents agreed to it and did not take that back.
    pub stand: u64,
    /// The questions of the form, in its order.
    pub questions: Vec<AskedItem>,
    /// The consents, newest first.
    pub rows: Vec<GivenRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

impl Sample for ConsentChanges {
    fn samples(_: Language) -> Vec<Self> {
        let item = |key: &str, required, text: &str| ConsentItem {
            key: key.to_owned(),
            required,
            text: both(&format!("sample.item_{text}")),
        };
        let before = ConsentForm {
            intro: both("sample.intro"),
            items: vec![item("take_part", false, "take_part"), item("record", false, "record")],
        };
        let after = ConsentForm {
            intro: both("sample.purpose"),
            items: vec![item("take_part", true, "take_part"), item("quote", false, "quote")],
        };
        let other = |id: &str, version, chosen| OtherForm {
            id: id.to_owned(),
            version,
            at: "11 feb 2027, 16.20".to_owned(),
            chosen,
        };
        let page = |after: &ConsentForm| Self {
            desk: desk(Some(Section::Consent), "/consent-forms/2/changes"),
            base: "/consent-forms/2".to_owned(),
            before: Some(1),
            after: Some(2),
            others: vec![other("3", None, false), other("1", Some(1), true)],
            sides: ChangedSide::all(&before, after),
        };
        vec![page(&after), page(&before)]
    }
}

impl Sample for GivenList {
    fn samples(language: Language) -> Vec<Self> {
        let asked = |key: &str| AskedItem {
            text: both(&format!("sample.item_{key}")).text(language).to_owned(),
            language,
        };
        let row = |code: &str, standing: &str, answers: [bool; 3]| GivenRow {
            code: code.to_owned(),
            href: (code != "R02").then(|| "/respondents/1".to_owned()),
            at: "12 feb 2027, 10.00".to_owned(),
            language: Language::Nl,
            standing: standing.to_owned(),
            withdrawn_at: (standing == "withdrawn").then(|| "1 mrt 2027, 09.00".to_owned()),
            answers: answers.to_vec(),
        };
        let full = Self {
            desk: desk(Some(Section::Consent), "/consent-forms/1/given"),
            base: "/consent-forms/1".to_owned(),
            version: 2,
            stand: 8,
            questions: ["take_part", "record", "quote"].map(asked).to_vec(),
            rows: vec![
                row("R07", "holds", [true, false, true]),
                row("R02", "withdrawn", [true, true, true]),
                row("R03", "replaced", [true, false, false]),
            ],
            first: None,
            next: Some("/x".to_owned()),
        };
        let empty = Self { rows: Vec::new(), stand: 0, next: None, ..full.clone() };
        vec![full, empty]
    }
}
