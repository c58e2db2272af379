//! Interview guides.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;
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
    /// The minute at which it should begin.
    pub from_minute: u64,
    /// Its questions.
    pub questions: Vec<OutlineQuestion>,
}

/// A research question: a column of the matrix.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixColumn {
    /// The name by which questions refer to it.
    pub key: String,
    /// The question itself.
    pub text: String,
    /// Whether no question of the guide contributes to it.
    pub is_gap: bool,
}

/// A question of the guide: a row of the matrix.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixRow {
    /// The question in the language of the page.
    pub text: String,
    /// `introductory`, `transition`, `key` or `closing`.
    pub kind: String,
    /// For each column in turn, whether it contributes.
    pub answers: Vec<bool>,
    /// Whether it contributes to none.
    pub is_gap: bool,
}

/// The questions of a guide against the research questions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GuideMatrix {
    /// The research questions; empty where the guide names none.
    pub columns: Vec<MatrixColumn>,
    /// The questions in the order of the conversation.
    pub rows: Vec<MatrixRow>,
}

/// What a guide asks, for what, and how long that takes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GuideOutline {
    /// Its sections.
    pub sections: Vec<OutlineSection>,
    /// Its minutes in all.
    pub minutes: u64,
    /// The minutes of an interview.
    pub available: u64,
    /// What is asked for what.
    pub matrix: GuideMatrix,
}

/// A guide as it reads. A draft is written at `{base}/edit` or `{base}/markdown` and posts to `{base}/publish`; the
/// Markdown of any is at `{base}.md`.
#[derive(Debug, Clone, Serialize)]
pub struct GuideView {
    /// What surrounds it.
    pub desk: Desk,
    /// `/guides/{id}`.
    pub base: String,
    /// Its title.
    pub title: String,
    /// `draft` or `published`.
    pub status: String,
    /// Its number; `None` for a draft.
    pub version: Option<u64>,
    /// What it says.
    pub outline: GuideOutline,
}

/// An invented question.
pub(super) fn question(language: Language, number: u64) -> OutlineQuestion {
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

fn matrix(language: Language) -> GuideMatrix {
    let column = |number, is_gap| MatrixColumn {
        key: format!("rq{number}"),
        text: word(language, &format!("sample.question_{number}")),
        is_gap,
    };
    let row = |number, answers: [bool; 2]| MatrixRow {
        text: word(language, &format!("sample.question_{number}")),
        kind: "key".to_owned(),
        is_gap: answers == [false; 2],
        answers: answers.to_vec(),
    };
    GuideMatrix {
        columns: vec![column(1, false), column(2, true)],
        rows: vec![row(1, [false, false]), row(2, [true, false])],
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

/// The outline of an invented guide that is too long.
pub(super) fn outlines(language: Language) -> GuideOutline {
    let section = |from_minute, minutes, numbers: &[u64]| OutlineSection {
        title: word(language, "sample.section"),
        minutes,
        from_minute,
        questions: numbers.iter().map(|number| question(language, *number)).collect(),
    };
    GuideOutline {
        sections: vec![section(0, 10, &[1]), section(10, 55, &[2, 3])],
        minutes: 65,
        available: 60,
        matrix: matrix(language),
    }
}

impl Sample for GuideView {
    fn samples(language: Language) -> Vec<Self> {
        let draft = Self {
            desk: desk(Some(Section::Guides), "/guides"),
            base: "/guides/1".to_owned(),
            title: "Leidraad sociaal domein".to_owned(),
            status: "draft".to_owned(),
            version: None,
            outline: outlines(language),
        };
        let published = Self {
            status: "published".to_owned(),
            version: Some(2),
            outline: GuideOutline { minutes: 50, ..draft.outline.clone() },
            ..draft.clone()
        };
        let bare = GuideOutline { available: 60, ..GuideOutline::default() };
        vec![draft.clone(), published, Self { outline: bare, ..draft }]
    }
}
