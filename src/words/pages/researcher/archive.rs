//! Putting a study into the archive.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

/// What archiving a study means. Posts `exported` to `{base}/archive`, or nothing to `{base}/unarchive`.
#[derive(Debug, Clone, Serialize)]
pub struct Archive {
    /// What surrounds it.
    pub desk: Desk,
    /// How long which data are kept, as respondents were told.
    pub retention: Option<String>,
    /// How many interviews are still ahead, which keeps a study out of the archive.
    pub planned: u64,
    /// Of how many respondents there are contact data.
    pub contacts: u64,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for Archive {
    fn samples(language: Language) -> Vec<Self> {
        let page = |closed: bool, archived: bool, planned| {
            let mut around = desk(Some(Section::Settings), "/archive");
            if let Some(study) = around.study.as_mut() {
                study.closed_at = closed.then(|| "11 feb 2027, 16.20".to_owned());
                study.archived_at = archived.then(|| "1 mrt 2027, 10.00".to_owned());
            }
            Self {
                desk: around,
                retention: Some(word(language, "sample.retention")),
                planned,
                contacts: if archived { 0 } else { 13 },
                errors: Vec::new(),
            }
        };
        let problems = [FieldProblem::new("exported", FieldCode::Required)];
        let refused = Self { errors: FieldMessage::all(language, &problems), ..page(true, false, 0) };
        let silent = Self { retention: None, ..page(true, false, 0) };
        vec![silent, refused, page(true, false, 2), page(false, false, 0), page(true, true, 0)]
    }
}
