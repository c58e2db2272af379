//! Taking respondents from a list of one's own: the list, its columns, what becomes of each row, and how far it is.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::field_message;
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::{phrase, word};

/// The list to import. Posts `file` (multipart) or `csv` (pasted) to `{base}/import`, which leads to its columns.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    /// What surrounds it.
    pub desk: Desk,
    /// What was pasted.
    pub csv: String,
    /// A list that still waits: its page and state.
    pub waiting: Option<(String, String)>,
    /// The imports that are done and can be looked up, latest first.
    pub earlier: Vec<EarlierImport>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// An import that is done.
#[derive(Debug, Clone, Serialize)]
pub struct EarlierImport {
    /// Its page.
    pub href: String,
    /// When the list came in.
    pub at: String,
    /// How many rows it had.
    pub rows: u64,
}

/// A column of a list.
#[derive(Debug, Clone, Serialize)]
pub struct ImportColumn {
    /// Its place, from 1.
    pub place: usize,
    /// What it calls itself, if anything.
    pub heading: String,
    /// The field that it holds, or empty.
    pub field: String,
    /// What stands in the first rows.
    pub samples: Vec<String>,
}

/// What stands in which column. Posts `header` and `column.0`, `column.1` … to `{action}/columns`.
#[derive(Debug, Clone, Serialize)]
pub struct ImportColumns {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the list.
    pub action: String,
    /// The columns.
    pub columns: Vec<ImportColumn>,
    /// What a column can hold.
    pub fields: Vec<String>,
    /// Whether the first row names the columns.
    pub has_header: bool,
    /// How many rows there are.
    pub total: u64,
    /// What was wrong with what was chosen.
    pub errors: Vec<FieldMessage>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Serialize)]
pub struct ImportFault {
    /// The column, in words.
    pub field: String,
    /// Why.
    pub message: String,
}

/// A row and what becomes of it.
#[derive(Debug, Clone, Serialize)]
pub struct ImportRow {
    /// Its number in the list.
    pub row: u64,
    /// `fresh`, `added`, `known` or `refused`.
    pub verdict: String,
    /// The name; empty once the list is done with.
    pub name: String,
    /// The mail address, likewise.
    pub email: String,
    /// The municipality.
    pub municipality: String,
    /// What was made of how it was called.
    pub note: Option<String>,
    /// What is wrong.
    pub faults: Vec<ImportFault>,
}

/// What becomes of each row, what is being done, or what was done. Posts to `{base}/confirm`, `{base}/drop` and
/// `{base}/undo`.
#[derive(Debug, Clone, Serialize)]
pub struct ImportPreview {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the list.
    pub base: String,
    /// Where another list comes in.
    pub another: String,
    /// `judging`, `judged`, `importing`, `done`, `stopped` or `ended`.
    pub state: String,
    /// How many rows there are, once that is known.
    pub total: u64,
    /// Whether its columns can be chosen anew.
    pub has_text: bool,
    /// How many will be added.
    pub fresh: u64,
    /// How many were added.
    pub added: u64,
    /// How many are on the list already.
    pub known: u64,
    /// How many cannot be added.
    pub refused: u64,
    /// How many are gone because the person was erased.
    pub erased: u64,
    /// Which of them are shown; empty for all.
    pub show: String,
    /// The part of the rows.
    pub rows: Vec<ImportRow>,
    /// The first part, unless this is it.
    pub first: Option<String>,
    /// The next part.
    pub next: Option<String>,
}

impl Sample for Import {
    fn samples(language: Language) -> Vec<Self> {
        let problems = [FieldProblem::new("file", FieldCode::Required)];
        let empty = Self {
            desk: desk(Some(Section::Respondents), "/import"),
            csv: String::new(),
            waiting: None,
            earlier: vec![EarlierImport {
                href: "/studies/study/import/list".to_owned(),
                at: "1 mrt 2027, 10.00".to_owned(),
                rows: 312,
            }],
            errors: Vec::new(),
        };
        let waiting = |state: &str| Some(("/studies/study/import/list".to_owned(), state.to_owned()));
        vec![
            Self { errors: FieldMessage::all(language, &problems), ..empty.clone() },
            Self { waiting: waiting("judged"), ..empty.clone() },
            Self { waiting: waiting("importing"), ..empty.clone() },
            Self { waiting: waiting("judging"), ..empty.clone() },
            Self { waiting: waiting("ended"), earlier: Vec::new(), ..empty.clone() },
            empty,
        ]
    }
}

impl Sample for ImportColumns {
    fn samples(language: Language) -> Vec<Self> {
        let column = |place, heading: &str, field: &str, samples: &[&str]| ImportColumn {
            place,
            heading: heading.to_owned(),
            field: field.to_owned(),
            samples: samples.iter().map(|&text| text.to_owned()).collect(),
        };
        let guessed = Self {
            desk: desk(Some(Section::Respondents), "/import/list/columns"),
            action: "/studies/study/import/list".to_owned(),
            columns: vec![
                column(1, "Naam", "name", &["Sanne de Vries", "Bram Bos"]),
                column(2, "E-mailadres", "email", &["sanne@example.org", "bram@example.org"]),
                column(3, "Gemeente", "municipality", &["Enschede", "Den Haag"]),
                column(4, "Notities", "", &[]),
            ],
            fields: ["name", "email", "name_and_email", "municipality", "role", "phone", "language"]
                .map(ToOwned::to_owned)
                .to_vec(),
            has_header: true,
            total: 31,
            errors: Vec::new(),
        };
        let error = FieldMessage {
            field: "column.0".to_owned(),
            label: None,
            message: phrase(language, "import.nowhere", &serde_json::json!({ "name": "Naam" })),
        };
        vec![Self { errors: vec![error], has_header: false, ..guessed.clone() }, guessed]
    }
}

impl Sample for ImportPreview {
    fn samples(language: Language) -> Vec<Self> {
        let fault = |field: &str, code| ImportFault {
            field: word(language, &format!("label.{field}")),
            message: field_message(
                language,
                &FieldProblem::new(field, code).with("candidates", vec!["Bergen (L.)", "Bergen (NH.)"]),
            ),
        };
        let row = |row, verdict: &str, faults| ImportRow {
            row,
            verdict: verdict.to_owned(),
            name: "Sanne de Vries".to_owned(),
            email: "sanne@example.org".to_owned(),
            municipality: "Amsterdam".to_owned(),
            note: None,
            faults,
        };
        let merged = serde_json::json!({ "written": "Weesp", "name": "Amsterdam" });
        let judged = Self {
            desk: desk(Some(Section::Respondents), "/import/list"),
            base: "/studies/study/import/list".to_owned(),
            another: "/studies/study/import".to_owned(),
            state: "judged".to_owned(),
            total: 31,
            has_text: true,
            fresh: 26,
            added: 0,
            known: 1,
            refused: 4,
            erased: 0,
            show: String::new(),
            rows: vec![
                ImportRow {
                    note: Some(phrase(language, "import.called_former", &merged)),
                    ..row(2, "fresh", Vec::new())
                },
                row(3, "known", vec![fault("email", FieldCode::EmailDuplicate)]),
                row(
                    4,
                    "refused",
                    vec![
                        fault("email", FieldCode::EmailInvalid),
                        fault("municipality", FieldCode::MunicipalityAmbiguous),
                    ],
                ),
            ],
            first: None,
            next: Some("/studies/study/import/list?cursor=4".to_owned()),
        };
        let bare = ImportRow {
            name: String::new(),
            email: String::new(),
            municipality: String::new(),
            ..row(4, "refused", vec![fault("name", FieldCode::Required)])
        };
        let done = Self {
            state: "done".to_owned(),
            fresh: 0,
            added: 26,
            rows: vec![bare.clone()],
            ..judged.clone()
        };
        vec![
            Self { state: "importing".to_owned(), fresh: 7_400, added: 2_600, ..judged.clone() },
            Self { state: "judging".to_owned(), total: 10_000, fresh: 2_500, ..judged.clone() },
            Self {
                state: "ended".to_owned(),
                has_text: false,
                rows: Vec::new(),
                next: None,
                ..judged.clone()
            },
            Self {
                has_text: false,
                erased: 1,
                rows: vec![ImportRow { verdict: "erased".to_owned(), faults: Vec::new(), ..bare.clone() }],
                ..judged.clone()
            },
            Self { state: "stopped".to_owned(), ..done.clone() },
            Self { fresh: 0, show: "fresh".to_owned(), rows: Vec::new(), next: None, ..judged.clone() },
            done,
            judged,
        ]
    }
}
