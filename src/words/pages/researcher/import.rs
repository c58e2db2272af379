//! Taking respondents from a CSV file: the file, what would happen per row, and what happened.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::field_message;
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// The file to import. Posts `file` (multipart) or `csv` (pasted) to `{base}/import`, which answers with a report of
/// a dry run.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    /// What surrounds it.
    pub desk: Desk,
    /// What was pasted.
    pub csv: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// A row that is refused.
#[derive(Debug, Clone, Serialize)]
pub struct RejectedRow {
    /// The record, with the header as 1.
    pub row: u64,
    /// The column.
    pub field: String,
    /// Why.
    pub message: String,
}

/// What would happen, or what happened. A dry run posts `csv` and `confirm=1` to `{base}/import`.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// What surrounds it.
    pub desk: Desk,
    /// Whether nothing was written yet.
    pub dry_run: bool,
    /// The file as text, to be posted again; empty once it is done.
    pub csv: String,
    /// Rows that are taken.
    pub imported: u64,
    /// Rows that are refused: the first thousand of them.
    pub rejected: Vec<RejectedRow>,
    /// How many refusals there are in all.
    pub refusals: u64,
}

impl Sample for Import {
    fn samples(language: Language) -> Vec<Self> {
        let problems = [FieldProblem::new("file", FieldCode::Required)];
        let page =
            |errors| Self { desk: desk(Some(Section::Respondents), "/import"), csv: String::new(), errors };
        vec![page(Vec::new()), page(FieldMessage::all(language, &problems))]
    }
}

impl Sample for ImportReport {
    fn samples(language: Language) -> Vec<Self> {
        let rejected = |row, field: &str, code| RejectedRow {
            row,
            field: field.to_owned(),
            message: field_message(
                language,
                &FieldProblem::new(field, code).with("candidates", vec!["Bergen (L.)", "Bergen (NH.)"]),
            ),
        };
        let dry = Self {
            desk: desk(Some(Section::Respondents), "/import"),
            dry_run: true,
            csv: "name;email;municipality\n\"Jansen\";a@example.org;Enschede\n".to_owned(),
            imported: 26,
            rejected: vec![
                rejected(4, "email", FieldCode::EmailInvalid),
                rejected(9, "email", FieldCode::EmailDuplicate),
                rejected(17, "municipality", FieldCode::MunicipalityAmbiguous),
                rejected(30, "name", FieldCode::Required),
            ],
            refusals: 4,
        };
        let clean = Self { rejected: Vec::new(), refusals: 0, ..dry.clone() };
        let hopeless = Self { imported: 0, refusals: 1_404, ..dry.clone() };
        let done = Self { dry_run: false, csv: String::new(), ..dry.clone() };
        vec![dry, clean, hopeless, done]
    }
}
