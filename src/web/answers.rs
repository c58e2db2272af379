//! Answers: a problem becomes a status with a sentence in the caller's language (RFC 9457), everything else becomes
//! JSON or a page.

use std::io::Cursor;

use rocket::Request;
use rocket::http::{ContentType, Header, Status};
use rocket::response::{self, Responder, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::guards;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::store::idempotency::Made;
use crate::words;

/// The status that a problem is answered with. 500 and 503 are ours; all others say what the caller can do.
#[must_use]
pub const fn status(problem: &Problem) -> Status {
    match problem {
        Problem::Malformed(_) => Status::BadRequest,
        Problem::Unauthenticated
        | Problem::SignInRefused
        | Problem::SecondFactorMissing
        | Problem::SecondFactorWrong => Status::Unauthorized,
        Problem::Forbidden | Problem::CrossSite => Status::Forbidden,
        Problem::NotFound => Status::NotFound,
        Problem::MethodNotAllowed => Status::MethodNotAllowed,
        Problem::NotAcceptable => Status::NotAcceptable,
        Problem::AlreadyBooked
        | Problem::ContactRemoved
        | Problem::NoInterview
        | Problem::QuotaFull
        | Problem::SlotTaken { .. }
        | Problem::SecondInterviewerTaken
        | Problem::SecondInterviewerAway
        | Problem::DayFull
        | Problem::WeekFull
        | Problem::VersionConflict
        | Problem::Published
        | Problem::WrongState(_)
        | Problem::Exists(_)
        | Problem::LastOwner
        | Problem::InterviewsPlanned
        | Problem::SuccessorTaken(_)
        | Problem::ProposalOver
        | Problem::EnoughColleagues
        | Problem::StudyClosed
        | Problem::StudyArchived
        | Problem::InProgress => Status::Conflict,
        Problem::Withdrawn => Status::Gone,
        Problem::PreconditionFailed => Status::PreconditionFailed,
        Problem::TooLarge(_) => Status::PayloadTooLarge,
        Problem::UnsupportedMediaType => Status::UnsupportedMediaType,
        Problem::Invalid(_)
        | Problem::ConsentMissing
        | Problem::ModeNotOffered
        | Problem::OutsideAvailability
        | Problem::OutsideWindow
        | Problem::TooSoon
        | Problem::TooLateToMove(_)
        | Problem::TooLateToCancel(_)
        | Problem::RangeTooWide
        | Problem::IdempotencyMismatch => Status::UnprocessableEntity,
        Problem::Throttled(_) => Status::TooManyRequests,
        Problem::Busy(_) => Status::ServiceUnavailable,
        Problem::Internal(_) => Status::InternalServerError,
    }
}

/// A problem with members of its own beside the usual ones, such as the alternatives to a taken slot.
#[derive(Debug)]
pub struct Refused {
    problem: Problem,
    members: Map<String, Value>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, members: Map::new() }
    }
}

impl Refused {
    /// The same refusal with one more member in its JSON.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }
}

impl<'r> Responder<'r, 'static> for Refused {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        log(&self.problem);
        let mut body = problem_json(guards::language_of(request), &self.problem);
        if let Value::Object(body) = &mut body {
            body.extend(self.members);
        }
        let mut answer = Response::build();
        answer.status(status(&self.problem)).header(ContentType::new("application", "problem+json"));
        if let Problem::Throttled(seconds) | Problem::Busy(seconds) = &self.problem {
            answer.header(Header::new("Retry-After", seconds.to_string()));
        }
        if matches!(self.problem, Problem::Unauthenticated) {
            answer.header(Header::new("WWW-Authenticate", "Bearer"));
        }
        let body = body.to_string();
        answer.sized_body(body.len(), Cursor::new(body)).ok()
    }
}

/// A problem as it is answered, without the members of its own.
pub(super) fn problem_json(language: Language, problem: &Problem) -> Value {
    let code = code(problem);
    let status = status(problem);
    let mut body = json!({
        "type": format!("urn:veldwerk:problem:{code}"),
        "title": status.reason_lossy(),
        "status": status.code,
        "code": code,
        "detail": words::problem_sentence(language, problem),
    });
    if let (Value::Object(body), Problem::Invalid(fields)) = (&mut body, problem) {
        body.insert("errors".to_owned(), fields.iter().map(|field| field_json(language, field)).collect());
    }
    body
}

/// The code of a refusal. Rules that stand under a code of their own (E12, E29, E30) keep it when nothing else is
/// wrong.
pub(super) fn code(problem: &Problem) -> &'static str {
    let Problem::Invalid(fields) = problem else { return problem.code() };
    let mut codes = fields.iter().map(|field| field.code);
    let rules = [FieldCode::ConsentRequired, FieldCode::UnknownReference, FieldCode::TooLong];
    match codes.next().filter(|first| rules.contains(first)) {
        Some(first) if codes.all(|code| code == first) => first.as_str(),
        _ => problem.code(),
    }
}

/// One field's problem as it stands in `errors`.
fn field_json(language: Language, problem: &FieldProblem) -> Value {
    let mut entry = Map::from_iter([
        ("field".to_owned(), json!(problem.field)),
        ("code".to_owned(), json!(problem.code.as_str())),
        ("message".to_owned(), json!(words::field_message(language, problem))),
    ]);
    // Where in a document it is, for a program that marks the line.
    for name in ["line", "reason"] {
        if let Some(value) = problem.parameters.get(name) {
            entry.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(entry)
}

impl<'r> Responder<'r, 'static> for Problem {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        if request.uri().path().starts_with("/api") {
            Refused::from(self).respond_to(request)
        } else {
            super::pages::problem_page(request, &self)
        }
    }
}

/// Faults of ours go to the log with their whole chain of causes, once, here.
pub(super) fn log(problem: &Problem) {
    if let Problem::Internal(cause) = problem {
        let mut chain = cause.to_string();
        let mut next = cause.source();
        while let Some(cause) = next {
            chain.push_str(": ");
            chain.push_str(&cause.to_string());
            next = cause.source();
        }
        tracing::error!(cause = %chain, "internal fault");
    }
}

/// A JSON answer with a status and, when it is a repeat of an earlier one, the mark of that.
#[derive(Debug)]
pub struct Answer {
    status: Status,
    body: Value,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    /// A JSON answer with status 200.
    ///
    /// # Errors
    /// When the value can't be written as JSON, which is a fault of ours.
    pub fn ok(value: impl Serialize) -> Result<Self, Problem> {
        Self::with_status(200, value)
    }

    /// A JSON answer with another status.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn with_status(status: u16, value: impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_value(value).map_err(Problem::internal)?;
        Ok(Self { status: Status::new(status), body, headers: Vec::new() })
    }

    /// The answer to something that was made, or made before by the same key.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn made<R>(made: &Made<R>, value: impl Serialize) -> Result<Self, Problem> {
        let answer = Self::with_status(made.status, value)?;
        Ok(if made.replayed { answer.header("Idempotent-Replayed", "true".to_owned()) } else { answer })
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.status(self.status);
        for (name, value) in self.headers {
            answer.header(Header::new(name, value));
        }
        if self.status != Status::NoContent {
            let body = self.body.to_string();
            answer.header(ContentType::JSON).sized_body(body.len(), Cursor::new(body));
        }
        answer.ok()
    }
}
