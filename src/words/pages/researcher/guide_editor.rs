//! A guide as it is being written: in the fields of a form, or as Markdown.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::guides::{GuideOutline, outlines};
use super::{Desk, Section, desk};
use crate::domain::bilingual::Bilingual;
use crate::domain::guide::ResearchQuestion;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::{phrase, word};

/// A question as it stands in the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionFields {
    /// Its key; empty as long as nobody gave it one.
    pub key: String,
    /// `introductory`, `transition`, `key` or `closing`.
    pub kind: String,
    /// Whether it must be asked.
    pub must_ask: bool,
    /// How it is put.
    pub text: Bilingual,
    /// The probes, one on a line; a line that begins with two spaces belongs to the one above.
    pub probes: String,
    /// The places, from 0, of the research questions to which it contributes.
    pub answers: Vec<usize>,
}

/// A section as it stands in the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionFields {
    /// Its title.
    pub title: String,
    /// Its minutes as they were typed.
    pub minutes: String,
    /// Its questions.
    pub questions: Vec<QuestionFields>,
}

/// A guide as it stands in the fields, finished or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GuideFields {
    /// Its title.
    pub title: String,
    /// The research questions.
    pub research_questions: Vec<ResearchQuestion>,
    /// The sections.
    pub sections: Vec<SectionFields>,
}

/// Some questions of a section that stand together, open or folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The place of the first one, from 0.
    pub from: usize,
    /// The place behind the last one.
    pub until: usize,
    /// Whether they are open.
    pub open: bool,
}

/// Where a guide that is not kept yet comes from, and what else there is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GuideOrigin {
    /// Whether it began as a copy.
    pub is_copy: bool,
    /// The number of the version of which it is a copy; `None` for a copy of a draft.
    pub version: Option<u64>,
    /// The page of the newest draft, which one may go on with instead.
    pub draft: Option<String>,
}

/// A guide in the fields of a form. It posts `title`, `research_questions.N.key` and `.text`, `sections.N.title` and
/// `.minutes`, and for each question `sections.N.questions.M.key`, `.kind`, `.must_ask`, `.text.nl`, `.text.en`,
/// `.probes` and `.answers`. Without `act` it is kept; `act` asks for something else and gets the form back:
/// `look`, `add:LIST`, `open:SECTION`, `up:PLACE`, `down:PLACE`, `remove:PLACE`, `sure:PLACE` or `stay:PLACE`.
#[derive(Debug, Clone, Serialize)]
pub struct GuideEditor {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// `/guides/{id}`; `None` for a new one.
    pub base: Option<String>,
    /// Where it is written as Markdown.
    pub markdown: String,
    /// What stands in the fields.
    pub guide: GuideFields,
    /// The place, from 0, of the only section that is open; `None` while all are. Goes back in the field `open`, with
    /// the place of the first question that is.
    pub open: Option<usize>,
    /// The questions of that section in runs, of which one is open.
    pub runs: Vec<Run>,
    /// The sections and questions that are not open, packed; they go back in the field `folded`.
    pub folded: String,
    /// Where a new one comes from.
    pub origin: GuideOrigin,
    /// The guide as it reads by now.
    pub outline: GuideOutline,
    /// What was last seen of the draft; goes back with it in the field `revision`, empty for a new one.
    pub revision: String,
    /// Whether somebody else changed the draft meanwhile: what was typed still stands in the form.
    pub overtaken: bool,
    /// The place of what is about to be removed, when that has to be asked once more.
    pub asked: Option<String>,
    /// The id of the control at which one goes on.
    pub focus: Option<String>,
    /// Whether the fields hold what is kept nowhere yet.
    pub unsaved: bool,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// A guide as Markdown. A draft posts `markdown`, with `revision` once it is kept.
#[derive(Debug, Clone, Serialize)]
pub struct GuideMarkdown {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// `/guides/{id}`; `None` for a new one.
    pub base: Option<String>,
    /// Where it is written in fields.
    pub fields: String,
    /// The guide as Markdown.
    pub markdown: String,
    /// What was last seen of the draft, as in [`GuideEditor`].
    pub revision: String,
    /// Whether somebody else changed the draft meanwhile.
    pub overtaken: bool,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// What is wrong with a guide, each beside the control that it is about, and named by the number of its block. A
/// control says only the first thing that is wrong with it.
#[must_use]
pub fn guide_messages(language: Language, problems: &[FieldProblem]) -> Vec<FieldMessage> {
    let mut messages: Vec<FieldMessage> = Vec::new();
    for problem in problems {
        let message = guide_message(language, problem);
        if messages.iter().all(|other| other.field != message.field) {
            messages.push(message);
        }
    }
    messages
}

/// The same where one section is open: what is wrong with what is folded stands where that is.
#[must_use]
pub fn folded_messages(messages: Vec<FieldMessage>, open: Option<usize>, runs: &[Run]) -> Vec<FieldMessage> {
    let folded = |mut message: FieldMessage| {
        let parts: Vec<&str> = message.field.split('.').collect();
        let place = match parts.as_slice() {
            ["sections", section, ..] if open.is_some() && section.parse().ok() != open => {
                Some(format!("sections.{section}"))
            }
            ["sections", section, "questions", question, ..] => {
                let question: usize = question.parse().unwrap_or_default();
                let run = runs.iter().find(|run| !run.open && (run.from..run.until).contains(&question));
                run.map(|run| format!("sections.{section}.questions.{}", run.from))
            }
            _ => None,
        };
        message.field = place.unwrap_or(message.field);
        message
    };
    messages.into_iter().map(folded).collect()
}

fn guide_message(language: Language, problem: &FieldProblem) -> FieldMessage {
    let plain = FieldMessage::all(language, std::slice::from_ref(problem)).into_iter().next();
    let message = plain.map(|plain| plain.message).unwrap_or_default();
    let parts: Vec<&str> = problem.field.split('.').collect();
    let number = |place: &str| place.parse::<u64>().unwrap_or_default().saturating_add(1);
    let label = |key: &str, parameters| Some(phrase(language, key, &parameters));
    match parts.as_slice() {
        ["research_questions", place, field] => {
            let name = word(language, &format!("guide.of_research.{field}"));
            let parameters = json!({ "number": number(place), "name": name });
            let label = label("guide.at_research", parameters);
            FieldMessage { field: problem.field.clone(), label, message }
        }
        ["sections", section, field] => {
            let name = word(language, &format!("guide.of_section.{field}"));
            let parameters = json!({ "section": number(section), "name": name });
            FieldMessage {
                field: problem.field.clone(),
                label: label("guide.at_section", parameters),
                message,
            }
        }
        ["sections", section, "questions", place, field, rest @ ..] => {
            let (control, message) = match (*field, rest) {
                ("text", []) => ("text.nl".to_owned(), word(language, "guide.text_missing")),
                ("text", [side, ..]) => (format!("text.{side}"), message),
                ("probes", [line, ..]) => {
                    let parameters = json!({ "line": number(line), "message": message });
                    ("probes".to_owned(), phrase(language, "guide.at_line", &parameters))
                }
                _ => ((*field).to_owned(), message),
            };
            let name = word(language, &format!("guide.of_question.{control}"));
            let parameters = json!({ "section": number(section), "number": number(place), "name": name });
            let field = format!("sections.{section}.questions.{place}.{control}");
            FieldMessage { field, label: label("guide.at_question", parameters), message }
        }
        _ => {
            let label = Some(word(language, &format!("guide.of.{}", problem.field)));
            FieldMessage { field: problem.field.clone(), label, message }
        }
    }
}

fn fields(language: Language) -> GuideFields {
    let question = |number: u64, answers: &[usize]| QuestionFields {
        key: format!("q{number}"),
        kind: if number == 1 { "introductory" } else { "key" }.to_owned(),
        must_ask: number != 3,
        text: super::consent::both(&format!("sample.question_{number}")),
        probes: format!("{}\n{}", word(language, "sample.probe_1"), word(language, "sample.probe_2")),
        answers: answers.to_vec(),
    };
    let section = |minutes: &str, questions| SectionFields {
        title: word(language, "sample.section"),
        minutes: minutes.to_owned(),
        questions,
    };
    let research = |number: u64| ResearchQuestion {
        key: format!("rq{number}"),
        text: word(language, &format!("sample.question_{number}")),
    };
    GuideFields {
        title: "Leidraad sociaal domein".to_owned(),
        research_questions: vec![research(1), research(2)],
        sections: vec![
            section("10", vec![question(1, &[])]),
            section("55", vec![question(2, &[0]), question(3, &[]), QuestionFields::default()]),
        ],
    }
}

impl Sample for GuideEditor {
    fn samples(language: Language) -> Vec<Self> {
        let draft = Self {
            desk: desk(Some(Section::Guides), "/guides"),
            action: "/guides/1/edit".to_owned(),
            base: Some("/guides/1".to_owned()),
            markdown: "/guides/1/markdown".to_owned(),
            guide: fields(language),
            open: None,
            runs: Vec::new(),
            folded: String::new(),
            origin: GuideOrigin::default(),
            outline: outlines(language),
            revision: "3".to_owned(),
            overtaken: false,
            asked: None,
            focus: Some("sections.1.questions.2.text.nl".to_owned()),
            unsaved: true,
            errors: Vec::new(),
        };
        let wrong = [
            FieldProblem::new("title", FieldCode::Required),
            FieldProblem::new("research_questions.1.text", FieldCode::Required),
            FieldProblem::new("sections.0.minutes", FieldCode::Type).with("expected", "integer"),
            FieldProblem::new("sections.1.questions.0.text", FieldCode::Required),
            FieldProblem::new("sections.1.questions.0.probes.1", FieldCode::TooLong).with("limit", 10_000),
            FieldProblem::new("sections.1.questions.1.key", FieldCode::Duplicate),
        ];
        let refused = Self { focus: None, errors: guide_messages(language, &wrong), ..draft.clone() };
        let origin = GuideOrigin { is_copy: true, version: Some(2), draft: Some("/guides/3".to_owned()) };
        let copy = Self {
            base: None,
            origin,
            revision: String::new(),
            focus: None,
            unsaved: false,
            ..draft.clone()
        };
        let asked = Some("sections.0.questions.0".to_owned());
        let asking = Self { asked, focus: None, ..draft.clone() };
        let overtaken = Self { overtaken: true, focus: None, ..draft.clone() };
        let empty = Self {
            base: None,
            guide: GuideFields::default(),
            outline: GuideOutline { available: 60, ..GuideOutline::default() },
            ..copy.clone()
        };
        let run = |from, until, open| Run { from, until, open };
        let folded = Self {
            open: Some(1),
            runs: vec![run(0, 1, false), run(1, 3, true)],
            folded: "q1YqzFayUkpOL".to_owned(),
            ..draft.clone()
        };
        let errors = folded_messages(refused.errors.clone(), Some(1), &folded.runs);
        let folded_refused = Self { focus: None, errors, ..folded.clone() };
        vec![draft, refused, copy, asking, overtaken, empty, folded, folded_refused]
    }
}

impl Sample for GuideMarkdown {
    fn samples(language: Language) -> Vec<Self> {
        let draft = Self {
            desk: desk(Some(Section::Guides), "/guides"),
            action: "/guides/1/markdown".to_owned(),
            base: Some("/guides/1".to_owned()),
            fields: "/guides/1/edit".to_owned(),
            markdown: "# Leidraad sociaal domein\n\n## Begin (10 min)\n".to_owned(),
            revision: "3".to_owned(),
            overtaken: false,
            errors: Vec::new(),
        };
        let broken =
            [FieldProblem::new("markdown", FieldCode::Syntax).with("line", 3).with("reason", "minutes")];
        let new = Self { base: None, errors: FieldMessage::all(language, &broken), ..draft.clone() };
        let overtaken = Self { overtaken: true, ..draft.clone() };
        vec![draft, new, overtaken]
    }
}
