//! The log of what was done with somebody's data.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;
use crate::words::{phrase, word};

/// Something that was done.
#[derive(Debug, Clone, Serialize)]
pub struct LogRow {
    /// When.
    pub at: String,
    /// What, as a sentence.
    pub what: String,
    /// Who did it.
    pub by: String,
    /// Which fields were changed, by the names that people know.
    pub fields: Vec<String>,
}

impl LogRow {
    /// An entry of the log in plain words. `by` is the kind of whoever did it, and their name where it is known.
    #[must_use]
    pub fn new(
        language: Language,
        at: String,
        action: &str,
        (kind, name): (&str, Option<String>),
        fields: &[String],
    ) -> Self {
        let known = |key: &str| Some(word(language, key)).filter(|said| said != key);
        let what = known(&format!("log.deed.{}", action.replace('.', "_")))
            .unwrap_or_else(|| phrase(language, "log.unnamed", &serde_json::json!({ "action": action })));
        let by = match (kind, name) {
            ("user", Some(name)) => name,
            _ => word(language, &format!("log.by_{kind}")),
        };
        // What else is noted beside a deed are ids, which tell nobody anything.
        let is_told = action == "respondent.corrected";
        let fields = fields
            .iter()
            .filter(|_| is_told)
            .map(|field| known(&format!("label.{field}")).unwrap_or_else(|| field.clone()));
        Self { at, what, by, fields: fields.collect() }
    }
}

/// What was done with the data of a respondent, or with an interview.
#[derive(Debug, Clone, Serialize)]
pub struct SubjectLog {
    /// What surrounds it.
    pub desk: Desk,
    /// `respondent` or `interview`.
    pub about: String,
    /// The respondent's code.
    pub code: String,
    /// The page of the thing; `None` once the person was erased.
    pub back: Option<String>,
    /// What was done, latest first.
    pub rows: Vec<LogRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

impl Sample for SubjectLog {
    fn samples(language: Language) -> Vec<Self> {
        let row = |action: &str, kind: &str, fields: &[&str]| {
            let name = (kind == "user").then(|| "Noor Verhoeven".to_owned());
            let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
            LogRow::new(language, "2 mrt 2027, 10.00".to_owned(), action, (kind, name), &fields)
        };
        let page = |about: &str, rows, is_erased: bool| Self {
            desk: desk(Some(Section::Respondents), "/respondents/1/log"),
            about: about.to_owned(),
            code: "R07".to_owned(),
            back: (!is_erased).then(|| "/respondents/1".to_owned()),
            rows,
            first: None,
            next: Some("/x".to_owned()),
        };
        let rows = vec![
            row("respondent.viewed", "user", &[]),
            row("respondent.corrected", "user", &["email", "phone"]),
            row("interview.booked", "respondent", &["interview"]),
            row("letter.queued", "system", &["kind"]),
            row("something.new", "command_line", &[]),
        ];
        vec![
            page("respondent", rows.clone(), false),
            page("respondent", rows, true),
            page("interview", Vec::new(), false),
        ]
    }
}
