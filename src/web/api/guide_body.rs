//! A guide as callers send it: as JSON or as a Markdown document.

use rocket::Request;
use rocket::data::{self, Data, FromData};
use serde_json::Value;

use crate::domain::guide::{Guide, GuideDraft, QuestionDraft, ResearchQuestion, SectionDraft, markdown};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::web::guards;
use crate::web::input::{self, BODY_LIMIT, Body, Fault, Fields, read_bytes};

/// The most members of a list that are looked at; how many a guide may have is the domain's business.
const LIST_LIMIT: usize = 1_000;

/// A guide, not read yet.
#[derive(Debug)]
pub enum GuideBody {
    /// As JSON.
    Json(Body),
    /// As Markdown, with its bytes for recognising a repeat.
    Markdown(Vec<u8>),
}

#[rocket::async_trait]
impl<'r> FromData<'r> for GuideBody {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        if !request.content_type().is_some_and(|kind| kind.is_markdown()) {
            return Body::from_data(request, data).await.map(Self::Json);
        }
        match read_bytes(request, data, BODY_LIMIT).await {
            Ok(bytes) => data::Outcome::Success(Self::Markdown(bytes)),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

impl GuideBody {
    /// The bytes as they came.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        match self {
            Self::Json(body) => &body.raw,
            Self::Markdown(bytes) => bytes,
        }
    }

    /// The guide.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with everything that is wrong; of Markdown each problem has its line.
    pub fn guide(&self) -> Outcome<Guide> {
        match self {
            Self::Json(body) => from_json(body),
            Self::Markdown(bytes) => {
                let text = std::str::from_utf8(bytes)
                    .map_err(|error| Problem::Malformed(format!("not UTF-8: {error}")))?;
                markdown::read(text).map_err(Problem::Invalid)
            }
        }
    }
}

/// Reads the types of all fields, then the rules. What is wrong with a field's type is not said once more as a rule.
fn from_json(body: &Body) -> Outcome<Guide> {
    let mut fields = body.fields();
    let draft = GuideDraft {
        title: fields.optional("title", input::text).unwrap_or_default(),
        research_questions: fields.list("research_questions", LIST_LIMIT, |f| Some(research_question(f))),
        sections: fields.list("sections", LIST_LIMIT, |f| Some(section(f))),
    };
    let checked = draft.check();
    match (fields.finish(|| Some(())), checked) {
        (Ok(()), checked) => checked.map_err(Problem::Invalid),
        (Err(Problem::Invalid(mut found)), Err(rules)) => {
            let more: Vec<FieldProblem> =
                rules.into_iter().filter(|rule| found.iter().all(|p| p.field != rule.field)).collect();
            found.extend(more);
            Err(Problem::Invalid(found))
        }
        (Err(problem), _) => Err(problem),
    }
}

fn research_question(fields: &mut Fields) -> ResearchQuestion {
    ResearchQuestion {
        key: fields.optional("key", input::text).unwrap_or_default(),
        text: fields.optional("text", input::text).unwrap_or_default(),
    }
}

fn section(fields: &mut Fields) -> SectionDraft {
    SectionDraft {
        title: fields.optional("title", input::text).unwrap_or_default(),
        minutes: fields.optional("minutes", input::integer(i64::MIN, i64::MAX)).unwrap_or_default(),
        questions: fields.list("questions", LIST_LIMIT, |f| Some(question(f))),
    }
}

fn question(fields: &mut Fields) -> QuestionDraft {
    QuestionDraft {
        key: fields.optional("key", input::text).unwrap_or_default(),
        kind: fields.optional("kind", input::text).unwrap_or_default(),
        must_ask: fields.optional("must_ask", input::boolean).unwrap_or_default(),
        text: fields.bilingual("text"),
        probes: fields.optional("probes", texts).unwrap_or_default(),
        answers: fields.optional("answers", texts).unwrap_or_default(),
    }
}

fn texts(value: &Value) -> Result<Vec<String>, Fault> {
    let list =
        value.as_array().ok_or_else(|| FieldProblem::new("", FieldCode::Type).with("expected", "array"))?;
    list.iter().map(input::text).collect()
}
