//! What can be taken out of a study, described for whoever takes it out.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;
use crate::words::{phrase, word};

/// An export of a study; `exports.<name>` says what it is.
#[derive(Debug, Clone, Serialize)]
pub struct ExportRow {
    /// Its name.
    pub name: String,
    /// Where it is fetched.
    pub href: String,
    /// Where it is fetched as a file that Excel opens by itself, where it is a table.
    pub excel: Option<String>,
    /// Whether it may name people.
    pub is_personal: bool,
    /// How many rows it has, where it is a table.
    pub rows: Option<u64>,
    /// Its columns, where it is a table; `exports.column.<name>` says what each means where we named it.
    pub columns: Vec<ColumnRow>,
}

/// A column of an export.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnRow {
    /// Its heading.
    pub name: String,
    /// What stands in it.
    pub meaning: String,
}

/// What can be taken out of a study.
#[derive(Debug, Clone, Serialize)]
pub struct Exports {
    /// What surrounds it.
    pub desk: Desk,
    /// The exports that the reader may have.
    pub rows: Vec<ExportRow>,
}

impl ColumnRow {
    /// The columns of a table. Those for consent items, questions and notes are told together.
    #[must_use]
    pub fn all(language: Language, header: &[String]) -> Vec<Self> {
        let mut rows: Vec<Self> = Vec::new();
        for group in ["consent", "question", "note"] {
            let of_group = |name: &&String| group_of(name) == Some(group);
            let names: Vec<&str> = header.iter().filter(of_group).map(String::as_str).collect();
            if !names.is_empty() {
                rows.push(Self {
                    name: names.join(", "),
                    meaning: word(language, &format!("exports.columns_{group}")),
                });
            }
        }
        let single = header.iter().filter(|name| group_of(name).is_none());
        let single = single.map(|name| Self {
            name: name.clone(),
            meaning: phrase(language, &format!("exports.column.{name}"), &serde_json::Value::Null),
        });
        single.chain(rows).collect()
    }
}

/// Which group a column belongs to, of which there is one for each item or question.
fn group_of(name: &str) -> Option<&'static str> {
    if name == "consent_version" {
        return None;
    }
    ["consent", "question", "note"]
        .into_iter()
        .find(|group| name.strip_prefix(group).is_some_and(|rest| rest.starts_with('_')))
}

impl Sample for Exports {
    fn samples(language: Language) -> Vec<Self> {
        let header = ["code", "status", "consent_version", "consent_take_part", "question_role", "note_role"];
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let row = |name: &str, is_personal, rows: Option<u64>| ExportRow {
            name: name.to_owned(),
            href: "/api/v1/studies/1/export?format=csv".to_owned(),
            excel: rows.map(|_| "/api/v1/studies/1/export?format=csv_excel".to_owned()),
            is_personal,
            rows,
            columns: ColumnRow::all(language, &header),
        };
        let all = vec![
            row("table", false, Some(13)),
            row("table_with_notes", true, Some(13)),
            row("guide", false, None),
        ];
        let guide_only =
            vec![ExportRow { columns: Vec::new(), ..row("guide", false, None) }, row("audit", true, None)];
        vec![
            Self { desk: desk(Some(Section::Overview), "/exports"), rows: all },
            Self { desk: desk(Some(Section::Overview), "/exports"), rows: guide_only },
        ]
    }
}
