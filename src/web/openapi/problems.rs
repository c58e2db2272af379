//! What an operation can refuse: the codes that its file names, and those that follow from how it is asked.
//!
//! A handler lists its own codes under `x-problems`. Their statuses and sentences come from the catalogue, so that they
//! can't differ from what is answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::complete::takes;
use crate::domain::language::Language;
use crate::problem::{AskInstead, FieldCode, Problem};
use crate::web::answers;
use crate::web::input::BODY_LIMIT;

/// Where a handler lists its codes.
const OWN: &str = "x-problems";

/// Whom an example names.
fn ask() -> AskInstead {
    AskInstead { researcher: "Noor Verhoeven".to_owned(), contact: "onderzoek@example.org".to_owned() }
}

/// One of every refusal that an operation can name.
fn catalogue() -> Vec<Problem> {
    vec![
        Problem::Malformed(String::new()),
        Problem::Unauthenticated,
        Problem::SignInRefused,
        Problem::SecondFactorMissing,
        Problem::SecondFactorWrong,
        Problem::Forbidden,
        Problem::CrossSite,
        Problem::NotFound,
        Problem::AlreadyBooked,
        Problem::ContactRemoved,
        Problem::NoInterview,
        Problem::QuotaFull,
        Problem::SlotTaken { wanted: None },
        Problem::SecondInterviewerTaken,
        Problem::SecondInterviewerAway,
        Problem::ModeNotOffered,
        Problem::DayFull,
        Problem::WeekFull,
        Problem::VersionConflict,
        Problem::Published,
        Problem::WrongState("held"),
        Problem::Exists("email"),
        Problem::LastOwner,
        Problem::InterviewsPlanned,
        Problem::SuccessorTaken("R07".to_owned()),
        Problem::ProposalOver,
        Problem::EnoughColleagues,
        Problem::StudyClosed,
        Problem::StudyArchived,
        Problem::InProgress,
        Problem::Withdrawn,
        Problem::PreconditionFailed,
        Problem::TooLarge(BODY_LIMIT),
        Problem::UnsupportedMediaType,
        Problem::field("email", FieldCode::EmailInvalid),
        Problem::field("title", FieldCode::TooLong),
        Problem::field("interviewer", FieldCode::UnknownReference),
        Problem::field("items.take_part", FieldCode::ConsentRequired),
        Problem::ConsentMissing,
        Problem::OutsideAvailability,
        Problem::OutsideWindow,
        Problem::TooSoon,
        Problem::TooLateToMove(ask()),
        Problem::TooLateToCancel(ask()),
        Problem::RangeTooWide,
        Problem::IdempotencyMismatch,
        Problem::Throttled(30),
    ]
}

/// An example of each refusal, by its code.
pub(super) fn examples() -> Map<String, Value> {
    let example = |problem: Problem| {
        let value = answers::problem_json(Language::En, &problem);
        (answers::code(&problem).to_owned(), json!({ "value": value }))
    };
    catalogue().into_iter().map(example).collect()
}

/// Puts what an operation refuses among its answers. A code that the catalogue does not know stays where it was listed,
/// where a test finds it.
pub(super) fn add(method: &str, path: &str, operation: &mut Map<String, Value>) {
    let mut codes = following(method, path, operation);
    codes.extend(own(operation));
    let mut by_status: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for problem in catalogue() {
        let code = answers::code(&problem);
        let asked = codes.len();
        codes.retain(|listed| listed != code);
        if codes.len() < asked {
            by_status.entry(answers::status(&problem).code).or_default().push(code);
        }
    }
    if !codes.is_empty() {
        operation.insert(OWN.to_owned(), codes.into());
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, codes) in by_status {
        responses.insert(status.to_string(), refusal(&codes));
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
}

fn own(operation: &mut Map<String, Value>) -> Vec<String> {
    match operation.remove(OWN) {
        Some(Value::Array(codes)) => {
            codes.into_iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// The codes that follow from how an operation is asked.
fn following(method: &str, path: &str, operation: &Map<String, Value>) -> Vec<String> {
    let is_signed_in = operation.get("security").is_none();
    let changes = method != "get";
    let names_something = path.contains('{');
    let is_by_link = path.contains("/participations/");
    let takes_body = matches!(method, "post" | "put" | "patch");
    let is_list = ["limit", "cursor"].iter().any(|name| takes(operation, name));
    let rules: [(bool, &[&str]); 9] = [
        (is_signed_in, &["unauthenticated"]),
        (is_signed_in && changes, &["cross_site"]),
        (is_signed_in && changes && names_something, &["forbidden", "study_archived"]),
        (names_something, &["not_found"]),
        (is_by_link && changes, &["throttled"]),
        (
            takes_body,
            &["malformed", "too_large", "unsupported_media_type", "invalid", "too_long", "unknown_reference"],
        ),
        (is_list, &["invalid", "unknown_reference"]),
        (takes(operation, "Idempotency-Key"), &["in_progress", "idempotency_mismatch"]),
        (takes(operation, "If-Match"), &["precondition_failed"]),
    ];
    let holding = rules.iter().filter(|(holds, _)| *holds);
    holding.flat_map(|(_, codes)| codes.iter().map(|code| (*code).to_owned())).collect()
}

/// One status with its codes.
fn refusal(codes: &[&str]) -> Value {
    let named: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| ((*code).to_owned(), json!({ "$ref": format!("#/components/examples/{code}") })))
        .collect();
    let schema = json!({
        "$ref": "#/components/schemas/Problem",
        "properties": { "code": { "enum": codes } },
    });
    json!({
        "description": named.join(", "),
        "content": { "application/problem+json": { "schema": schema, "examples": examples } },
    })
}
