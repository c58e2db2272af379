//! Consent forms: their versions, writing one, publishing it.

use serde::Serialize;
use serde_json::json;

use super::consent_points::PointRow;
use super::{Desk, Section, desk};
use crate::domain::bilingual::Bilingual;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::{FieldMessage, Seen};
use crate::words::{phrase, word};

/// A version of the consent form.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentFormRow {
    /// Its page.
    pub href: String,
    /// Its number; `None` for a draft.
    pub version: Option<u64>,
    /// `draft` or `published`.
    pub status: String,
    /// When it was published.
    pub published_at: Option<String>,
    /// How many consents to it stand.
    pub given: u64,
    /// Whether it is the one that respondents see now.
    pub current: bool,
}

/// The consent forms of a study.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentForms {
    /// What surrounds it.
    pub desk: Desk,
    /// The versions, latest first.
    pub rows: Vec<ConsentFormRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// An item as it is typed, or shown.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentItemRow {
    /// The key.
    pub key: String,
    /// Whether one can only take part with a yes.
    pub required: bool,
    /// The text.
    pub text: Bilingual,
}

/// What publishing a draft means for those who agreed to the version before.
#[derive(Debug, Clone, Serialize)]
pub struct ReplacingNotice {
    /// The version that respondents see until then.
    pub version: u64,
    /// How many agreed to it.
    pub agreed: u64,
    /// How many of them are asked once more.
    pub asked_again: u64,
    /// How many of them have an interview planned.
    pub planned: u64,
}

/// A consent form that is being written. Posts `intro.nl`, `intro.en` and for each item `items.N.key`,
/// `items.N.required`, `items.N.text.nl`, `items.N.text.en` to its path; empty items are left out, and `act=more` asks
/// for more empty ones and `act=check` for another look at what is missing.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentEditor {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// `/consent-forms/{id}`; `None` for a new form.
    pub base: Option<String>,
    /// What the form was opened with.
    pub seen: Seen,
    /// The introduction.
    pub intro: Bilingual,
    /// The items, with empty ones at the end to be filled in.
    pub items: Vec<ConsentItemRow>,
    /// What the form says of the points that belong to consent.
    pub points: Vec<PointRow>,
    /// The number of the published version of which this is a copy that is not kept yet.
    pub copied: Option<u64>,
    /// The id of the control at which one goes on.
    pub focus: Option<String>,
    /// Whether the fields hold what is kept nowhere yet.
    pub unsaved: bool,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// What is wrong with a consent form; what is wrong with an item is named by its number and language.
#[must_use]
pub fn consent_messages(language: Language, problems: &[FieldProblem]) -> Vec<FieldMessage> {
    let placed = |message: FieldMessage| {
        let place = message.field.strip_prefix("items.").and_then(|rest| rest.split_once('.'));
        let item = place.and_then(|(number, name)| Some((number.parse::<u64>().ok()?, name)));
        let label = item.map(|(number, name)| {
            let name = word(language, &format!("consent_forms.of_item.{name}"));
            let parameters = json!({ "number": number.saturating_add(1), "name": name });
            phrase(language, "consent_forms.at_item", &parameters)
        });
        FieldMessage { label: label.or(message.label), ..message }
    };
    FieldMessage::all(language, problems).into_iter().map(placed).collect()
}

/// One consent form. A draft posts to `{action}/publish`.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentView {
    /// What surrounds it.
    pub desk: Desk,
    /// `/consent-forms/{id}`.
    pub base: String,
    /// Which it is.
    pub form: ConsentFormRow,
    /// The introduction.
    pub intro: Bilingual,
    /// The items.
    pub items: Vec<ConsentItemRow>,
    /// The digest of the exact text, Dutch and English.
    pub sha256: Bilingual,
    /// What the form says of the points that belong to consent.
    pub points: Vec<PointRow>,
    /// What publishing it would mean, for a draft where a version is in use.
    pub replacing: Option<ReplacingNotice>,
    /// Whether there is an earlier version to compare it with.
    pub comparable: bool,
}

pub(super) fn both(key: &str) -> Bilingual {
    Bilingual { nl: word(Language::Nl, key), en: word(Language::En, key) }
}

fn items() -> Vec<ConsentItemRow> {
    let item = |key: &str, required| ConsentItemRow {
        key: key.to_owned(),
        required,
        text: both(&format!("sample.item_{key}")),
    };
    vec![item("take_part", true), item("record", false), item("quote", false)]
}

fn row(version: Option<u64>, current: bool) -> ConsentFormRow {
    ConsentFormRow {
        href: "/consent-forms/1".to_owned(),
        version,
        status: if version.is_some() { "published" } else { "draft" }.to_owned(),
        published_at: version.map(|_| "11 feb 2027, 16.20".to_owned()),
        given: if current { 8 } else { 0 },
        current,
    }
}

impl Sample for ConsentForms {
    fn samples(_: Language) -> Vec<Self> {
        let page = |rows, next: Option<&str>| Self {
            desk: desk(Some(Section::Consent), "/consent-forms"),
            rows,
            first: None,
            next: next.map(ToOwned::to_owned),
        };
        let rows = vec![row(None, false), row(Some(2), true), row(Some(1), false)];
        vec![page(rows, Some("/x")), page(Vec::new(), None)]
    }
}

impl Sample for ConsentEditor {
    fn samples(language: Language) -> Vec<Self> {
        let problems = [
            FieldProblem::new("intro.en", FieldCode::Required),
            FieldProblem::new("items.1.key", FieldCode::Duplicate),
            FieldProblem::new("items.2.text.en", FieldCode::Required),
        ];
        let mut items = items();
        items.push(ConsentItemRow::default());
        let fresh = Self {
            desk: desk(Some(Section::Consent), "/consent-forms/new"),
            action: "/studies/1/consent-forms".to_owned(),
            base: None,
            seen: Seen::default(),
            intro: both("sample.intro"),
            items,
            points: PointRow::samples(),
            copied: None,
            focus: Some("items.3.key".to_owned()),
            unsaved: true,
            errors: Vec::new(),
        };
        let refused = Self { focus: None, errors: consent_messages(language, &problems), ..fresh.clone() };
        let copied = Self { focus: None, copied: Some(2), unsaved: false, ..fresh.clone() };
        let overtaken = Self {
            base: Some("/consent-forms/1".to_owned()),
            seen: Seen { now: Some(Vec::new()), ..Seen::default() },
            ..fresh.clone()
        };
        vec![fresh, refused, copied, overtaken]
    }
}

impl Sample for ConsentView {
    fn samples(_: Language) -> Vec<Self> {
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned();
        let page = |form| Self {
            desk: desk(Some(Section::Consent), "/consent-forms"),
            base: "/consent-forms/1".to_owned(),
            form,
            intro: both("sample.intro"),
            items: items(),
            sha256: Bilingual { nl: digest.clone(), en: digest.clone() },
            points: PointRow::samples(),
            replacing: None,
            comparable: true,
        };
        let replacing = ReplacingNotice { version: 2, agreed: 8, asked_again: 3, planned: 1 };
        let draft = Self { replacing: Some(replacing), ..page(row(None, false)) };
        let first = Self { points: Vec::new(), comparable: false, ..page(row(None, false)) };
        let mut optional = items();
        optional.retain(|item| !item.required);
        let optional = Self { items: optional, ..page(row(None, false)) };
        vec![draft, first, optional, page(row(Some(2), true)), page(row(Some(1), false))]
    }
}
