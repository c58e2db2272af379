//! Interview guides, and the sheet that is kept during a talk.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::EvidenceItem;
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

/// A version of a guide.
#[derive(Debug, Clone, Serialize)]
pub struct GuideRow {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its number; `None` for a draft.
    pub version: Option<u64>,
    /// `draft` or `published`.
    pub status: String,
    /// How many questions it has.
    pub questions: u64,
    /// Its minutes in all.
    pub minutes: u64,
}

/// The guides of a study.
#[derive(Debug, Clone, Serialize)]
pub struct Guides {
    /// What surrounds it.
    pub desk: Desk,
    /// The versions, latest first.
    pub rows: Vec<GuideRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// A question in the outline of a guide.
#[derive(Debug, Clone, Serialize)]
pub struct OutlineQuestion {
    /// `introductory`, `transition`, `key` or `closing`.
    pub kind: String,
    /// Whether it has to be asked.
    pub must_ask: bool,
    /// The text in the language of the page.
    pub text: String,
    /// What to ask on with.
    pub probes: Vec<String>,
}

/// A section in the outline of a guide.
#[derive(Debug, Clone, Serialize)]
pub struct OutlineSection {
    /// Its title.
    pub title: String,
    /// Its minutes.
    pub minutes: u64,
    /// Its questions.
    pub questions: Vec<OutlineQuestion>,
}

/// A guide as it reads.
#[derive(Debug, Clone, Serialize)]
pub struct GuideOutline {
    /// Its sections.
    pub sections: Vec<OutlineSection>,
    /// Its minutes in all.
    pub minutes: u64,
    /// The minutes of an interview.
    pub available: u64,
}

/// A guide. A draft posts `markdown` to `{base}/guides` when new, else to its own path, and is published at
/// `{base}/publish`; the Markdown of any is at `{base}.md`.
#[derive(Debug, Clone, Serialize)]
pub struct GuideEditor {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// `/guides/{id}`; `None` for a new one.
    pub base: Option<String>,
    /// Its title.
    pub title: String,
    /// `draft` or `published`.
    pub status: String,
    /// Its number; `None` for a draft.
    pub version: Option<u64>,
    /// The guide as Markdown.
    pub markdown: String,
    /// What was last seen of the draft; goes back with it in the field `revision`, empty for a new one.
    pub revision: String,
    /// Whether somebody else changed the draft meanwhile: what was typed still stands in the form.
    pub overtaken: bool,
    /// The guide as it reads; `None` as long as the Markdown breaks a rule.
    pub outline: Option<GuideOutline>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// What was noted about a question.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SheetAnswer {
    /// `asked`, `covered`, `skipped`, or empty.
    pub state: String,
    /// The note.
    pub note: String,
}

/// A question of a sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetQuestion {
    /// Its key.
    pub key: String,
    /// What is asked.
    pub question: OutlineQuestion,
    /// What was noted.
    pub answer: SheetAnswer,
}

/// A section of a sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetSection {
    /// Its title.
    pub title: String,
    /// Its minutes.
    pub minutes: u64,
    /// The minute at which it should begin.
    pub from_minute: u64,
    /// Its questions.
    pub questions: Vec<SheetQuestion>,
}

/// The sheet of an interview. Posts `state.<key>` and `note.<key>` of every question and `revision` to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct SheetPage {
    /// What surrounds it.
    pub desk: Desk,
    /// `/interviews/{id}`.
    pub base: String,
    /// The respondent's code.
    pub code: String,
    /// When the interview is.
    pub at: String,
    /// The guide and its version.
    pub guide: String,
    /// What the respondent agreed to, and what not.
    pub consent: Vec<EvidenceItem>,
    /// The sections; empty if no guide is published.
    pub sections: Vec<SheetSection>,
    /// Questions that were asked or covered.
    pub touched: u64,
    /// Questions in all.
    pub questions: u64,
    /// Questions that have to be asked and are still open.
    pub must_ask_left: u64,
    /// Minutes since the sheet was first written on; `None` before that.
    pub elapsed: Option<u64>,
    /// How often the sheet was changed, posted back in `revision`.
    pub revision: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

fn question(language: Language, number: u64) -> OutlineQuestion {
    OutlineQuestion {
        kind: if number == 1 { "introductory" } else { "key" }.to_owned(),
        must_ask: number != 3,
        text: word(language, &format!("sample.question_{number}")),
        probes: vec![word(language, "sample.probe_1"), word(language, "sample.probe_2")],
    }
}

fn guide(version: Option<u64>) -> GuideRow {
    GuideRow {
        href: "/guides/1".to_owned(),
        title: "Leidraad sociaal domein".to_owned(),
        version,
        status: if version.is_some() { "published" } else { "draft" }.to_owned(),
        questions: 3,
        minutes: 50,
    }
}

impl Sample for Guides {
    fn samples(_: Language) -> Vec<Self> {
        let page = |rows, next: Option<&str>| Self {
            desk: desk(Some(Section::Guides), "/guides"),
            rows,
            first: None,
            next: next.map(ToOwned::to_owned),
        };
        vec![page(vec![guide(None), guide(Some(1))], Some("/x")), page(Vec::new(), None)]
    }
}

impl Sample for GuideEditor {
    fn samples(language: Language) -> Vec<Self> {
        let section = |minutes, numbers: &[u64]| OutlineSection {
            title: word(language, "sample.section"),
            minutes,
            questions: numbers.iter().map(|number| question(language, *number)).collect(),
        };
        let draft = Self {
            desk: desk(Some(Section::Guides), "/guides"),
            action: "/guides/1".to_owned(),
            base: Some("/guides/1".to_owned()),
            title: "Leidraad sociaal domein".to_owned(),
            status: "draft".to_owned(),
            version: None,
            markdown: "# Leidraad sociaal domein\n\n## Begin (10 min)\n".to_owned(),
            revision: "3".to_owned(),
            overtaken: false,
            outline: Some(GuideOutline {
                sections: vec![section(10, &[1]), section(55, &[2, 3])],
                minutes: 65,
                available: 60,
            }),
            errors: Vec::new(),
        };
        let broken =
            [FieldProblem::new("markdown", FieldCode::Syntax).with("line", 3).with("reason", "minutes")];
        let new =
            Self { base: None, outline: None, errors: FieldMessage::all(language, &broken), ..draft.clone() };
        let published = Self {
            status: "published".to_owned(),
            version: Some(2),
            outline: draft.outline.clone().map(|outline| GuideOutline { minutes: 50, ..outline }),
            ..draft.clone()
        };
        let overtaken = Self { overtaken: true, outline: None, ..draft.clone() };
        vec![draft, new, overtaken, published]
    }
}

impl Sample for SheetPage {
    fn samples(language: Language) -> Vec<Self> {
        let asked = |number, state: &str, note: &str| SheetQuestion {
            key: format!("q{number}"),
            question: question(language, number),
            answer: SheetAnswer { state: state.to_owned(), note: note.to_owned() },
        };
        let item =
            |key: &str, agreed| EvidenceItem { text: word(language, &format!("sample.item_{key}")), agreed };
        let section = |from_minute, questions| SheetSection {
            title: word(language, "sample.section"),
            minutes: 20,
            from_minute,
            questions,
        };
        let full = Self {
            desk: desk(Some(Section::Interviews), "/interviews"),
            base: "/interviews/1".to_owned(),
            code: "R07".to_owned(),
            at: "di 2 mrt 2027, 10.00".to_owned(),
            guide: "Leidraad sociaal domein, versie 2".to_owned(),
            consent: vec![item("take_part", true), item("record", false), item("quote", true)],
            sections: vec![
                section(0, vec![asked(1, "asked", "Werkt er sinds 2019.")]),
                section(20, vec![asked(2, "covered", ""), asked(3, "", "")]),
            ],
            touched: 2,
            questions: 3,
            must_ask_left: 1,
            elapsed: Some(25),
            revision: "4".to_owned(),
            errors: Vec::new(),
        };
        let none = Self {
            sections: Vec::new(),
            questions: 0,
            touched: 0,
            must_ask_left: 0,
            elapsed: None,
            ..full.clone()
        };
        vec![full, none]
    }
}
