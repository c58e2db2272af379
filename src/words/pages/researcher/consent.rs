//! Consent forms: their versions, writing one, publishing it.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::bilingual::Bilingual;
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::domain::consent_changes::FormChanges;
use crate::domain::consent_points::{Finding, Point, Verdict, examine};
use crate::domain::language::Language;
use crate::domain::study::Study;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

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

/// One of the points that belong to consent, and what was found of it.
#[derive(Debug, Clone, Serialize)]
pub struct PointRow {
    /// Its name; `consent_point.<name>` speaks of it.
    pub point: String,
    /// What became of the search.
    pub verdict: Verdict,
    /// Whether a field of the study or an item proves it.
    pub is_proven: bool,
    /// The sentence that gave it away.
    pub sign: Option<String>,
    /// The language of that sentence.
    pub sign_language: Language,
}

impl PointRow {
    /// What a form says of every point, for a reader of a language.
    #[must_use]
    pub fn all(language: Language, study: &Study, form: &ConsentForm) -> Vec<Self> {
        let terms = |point: Point, language| {
            crate::words::sentences(language, &format!("consent_point.{}.terms", point.as_str()))
        };
        let other = Language::ALL.into_iter().find(|other| *other != language).unwrap_or(language);
        let row = |finding: Finding| {
            let sign_language = if finding.signs.text(language).is_empty() { other } else { language };
            let sign = finding.signs.text(sign_language).to_owned();
            Self {
                point: finding.point.as_str().to_owned(),
                verdict: finding.verdict,
                is_proven: finding.is_proven,
                sign: Some(sign).filter(|sign| !sign.is_empty()),
                sign_language,
            }
        };
        examine(form, study, terms).into_iter().map(row).collect()
    }

    fn samples() -> Vec<Self> {
        let row = |(place, point): (usize, Point)| {
            let (verdict, sign) = match place % 3 {
                0 => (Verdict::Found, Some(word(Language::Nl, "sample.intro"))),
                1 => (Verdict::Missing, None),
                _ => (Verdict::Look, Some(word(Language::En, "sample.intro"))),
            };
            let sign_language = if place % 3 == 0 { Language::Nl } else { Language::En };
            let is_proven = point == Point::Contact;
            Self { point: point.as_str().to_owned(), verdict, is_proven, sign, sign_language }
        };
        Point::ALL.into_iter().enumerate().map(row).collect()
    }
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

/// A consent form that is being written. Posts `intro.nl`, `intro.en` and for each item `items.N.key`, `items.N.required`,
/// `items.N.text.nl`, `items.N.text.en` to its path; empty items are left out, and `act=more` asks for
/// more empty ones and `act=check` for another look at what is missing.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentEditor {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The introduction.
    pub intro: Bilingual,
    /// The items, with empty ones at the end to be filled in.
    pub items: Vec<ConsentItemRow>,
    /// What the form says of the points that belong to consent.
    pub points: Vec<PointRow>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
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
    /// The keys of the items that were agreed to.
    pub yes: Vec<String>,
    /// The keys of the others.
    pub no: Vec<String>,
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
    /// The consents, newest first.
    pub rows: Vec<GivenRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

fn both(key: &str) -> Bilingual {
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
        ];
        let mut items = items();
        items.push(ConsentItemRow::default());
        let fresh = Self {
            desk: desk(Some(Section::Consent), "/consent-forms/new"),
            action: "/studies/1/consent-forms".to_owned(),
            intro: both("sample.intro"),
            items,
            points: PointRow::samples(),
            errors: Vec::new(),
        };
        let refused = Self { errors: FieldMessage::all(language, &problems), ..fresh.clone() };
        vec![fresh, refused]
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
        vec![draft, first, page(row(Some(2), true)), page(row(Some(1), false))]
    }
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
    fn samples(_: Language) -> Vec<Self> {
        let row = |code: &str, standing: &str, no: &[&str]| GivenRow {
            code: code.to_owned(),
            href: (code != "R02").then(|| "/respondents/1".to_owned()),
            at: "12 feb 2027, 10.00".to_owned(),
            language: Language::Nl,
            standing: standing.to_owned(),
            withdrawn_at: (standing == "withdrawn").then(|| "1 mrt 2027, 09.00".to_owned()),
            yes: vec!["take_part".to_owned()],
            no: no.iter().map(|key| (*key).to_owned()).collect(),
        };
        let full = Self {
            desk: desk(Some(Section::Consent), "/consent-forms/1/given"),
            base: "/consent-forms/1".to_owned(),
            version: 2,
            stand: 8,
            rows: vec![
                row("R07", "holds", &["record"]),
                row("R02", "withdrawn", &[]),
                row("R03", "replaced", &["record", "quote"]),
            ],
            first: None,
            next: Some("/x".to_owned()),
        };
        let empty = Self { rows: Vec::new(), stand: 0, next: None, ..full.clone() };
        vec![full, empty]
    }
}
