//! The page on which a programmer reads the API. What the API says of itself is in English; the page around it speaks
//! the reader's language.

use serde::Serialize;

use super::Sample;
use crate::domain::language::Language;

/// The whole reference.
#[derive(Debug, Clone, Serialize)]
pub struct Reference {
    /// Path of this page without `lang`, for the language link.
    pub here: String,
    /// What the API is, in a paragraph.
    pub about: String,
    /// The operations by subject.
    pub groups: Vec<Group>,
    /// Everything that can be refused.
    pub problems: Vec<Refusal>,
    /// The shapes that operations take and give.
    pub schemas: Vec<Schema>,
}

/// Something that can be refused.
#[derive(Debug, Clone, Serialize)]
pub struct Refusal {
    /// The stable code.
    pub code: String,
    /// The status.
    pub status: String,
    /// The sentence that comes with it.
    pub about: String,
}

/// What can be done about one subject.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// The heading.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// What can be done.
    pub operations: Vec<Operation>,
}

/// A method on a path.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// The name by which to link to it.
    pub id: String,
    /// `GET`, `POST` …
    pub method: String,
    /// The path with its names in braces.
    pub path: String,
    /// What it does, in a line.
    pub summary: String,
    /// What else there is to know.
    pub about: String,
    /// Whether anybody may ask without signing in.
    pub is_open: bool,
    /// What is taken from the path, the query and the headers.
    pub parameters: Vec<Field>,
    /// What the body can be, if there is one.
    pub bodies: Vec<Kind>,
    /// Whether the body may be left out.
    pub may_be_empty: bool,
    /// What can come back.
    pub answers: Vec<Answer>,
}

/// A value by its name.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// The name.
    pub name: String,
    /// `path`, `query` or `header`; empty for a field of an object.
    pub place: String,
    /// What the value is.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub about: String,
}

/// What a value is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Kind {
    /// In words, such as `array of` before the name of a shape.
    pub text: String,
    /// The name of a shape on this page.
    pub schema: Option<String>,
}

/// What can come back.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The status, or `default`.
    pub status: String,
    /// When and what.
    pub about: String,
    /// What the body can be.
    pub bodies: Vec<Kind>,
    /// The headers that come with it.
    pub headers: Vec<String>,
    /// The codes of problems, of which it is one.
    pub problems: Vec<String>,
}

/// A shape.
#[derive(Debug, Clone, Serialize)]
pub struct Schema {
    /// The name by which others point to it.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What it is, where it has no fields: one of these.
    pub kinds: Vec<Kind>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Examples of it, as JSON.
    pub examples: Vec<String>,
}

impl Sample for Reference {
    fn samples(_: Language) -> Vec<Self> {
        let kind = |text: &str, schema: Option<&str>| Kind {
            text: text.to_owned(),
            schema: schema.map(ToOwned::to_owned),
        };
        let field = |name: &str, place: &str, required| Field {
            name: name.to_owned(),
            place: place.to_owned(),
            kind: kind("string (uuid)", None),
            required,
            about: "What it means.".to_owned(),
        };
        let answer = |status: &str, about: &str, bodies, headers: &[&str], problems: &[&str]| Answer {
            status: status.to_owned(),
            about: about.to_owned(),
            bodies,
            headers: headers.iter().map(ToString::to_string).collect(),
            problems: problems.iter().map(ToString::to_string).collect(),
        };
        let operation = Operation {
            id: "studies_one".to_owned(),
            method: "PUT".to_owned(),
            path: "/api/v1/studies/{study}".to_owned(),
            summary: "One study.".to_owned(),
            about: "Only an owner changes it.".to_owned(),
            is_open: false,
            parameters: vec![field("study", "path", true), field("If-Match", "header", false)],
            bodies: vec![kind("", Some("Study")), kind("text/markdown", None)],
            may_be_empty: false,
            answers: vec![
                answer("200", "The study.", vec![kind("array of", Some("Study"))], &["ETag"], &[]),
                answer("204", "Nothing to say.", Vec::new(), &[], &[]),
                answer("404", "", Vec::new(), &[], &["not_found"]),
            ],
        };
        let open = Operation {
            is_open: true,
            bodies: vec![kind("", Some("Study"))],
            may_be_empty: true,
            parameters: Vec::new(),
            ..operation.clone()
        };
        let group = Group {
            name: "Studies".to_owned(),
            about: "What is studied.".to_owned(),
            operations: vec![operation, Operation { id: "studies_open".to_owned(), ..open }],
        };
        let schemas = vec![
            Schema {
                name: "Study".to_owned(),
                about: "A study.".to_owned(),
                kinds: vec![kind("object", None)],
                fields: vec![field("id", "", true)],
                examples: vec!["{ \"id\": 1 }".to_owned()],
            },
            Schema {
                name: "Status".to_owned(),
                about: "How far it is.".to_owned(),
                kinds: vec![kind("one of open, closed", None), kind("", Some("Study"))],
                fields: Vec::new(),
                examples: Vec::new(),
            },
        ];
        let problems = vec![Refusal {
            code: "not_found".to_owned(),
            status: "404".to_owned(),
            about: "Nothing is here.".to_owned(),
        }];
        let here = "/api/docs".to_owned();
        vec![Self { here, about: "About the API.".to_owned(), groups: vec![group], problems, schemas }]
    }
}
