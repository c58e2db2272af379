//! Request bodies: bounded, of the right type, and JSON where JSON is asked.

use rocket::Request;
use rocket::data::{self, Data, FromData, ToByteUnit};
use serde_json::{Map, Value};

use super::Fields;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::web::guards;

/// The largest JSON body or form, in bytes.
pub const BODY_LIMIT: u64 = 1024 * 1024;

/// A JSON object as it came, and its bytes for recognising a repeat.
#[derive(Debug)]
pub struct Body {
    /// The bytes as they came.
    pub raw: Vec<u8>,
    object: Map<String, Value>,
}

impl Body {
    /// Starts reading the fields.
    #[must_use]
    pub fn fields(&self) -> Fields {
        Fields::new(self.object.clone())
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        match read_json(request, data).await {
            Ok(body) => data::Outcome::Success(body),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

async fn read_json(request: &Request<'_>, data: Data<'_>) -> Outcome<Body> {
    let raw = read_bytes(data, BODY_LIMIT).await?;
    // A body with nothing to say may be left out altogether.
    if raw.is_empty() {
        return Ok(Body { raw, object: Map::new() });
    }
    if !request.content_type().is_some_and(|kind| kind.is_json()) {
        return Err(Problem::UnsupportedMediaType);
    }
    let value: Value =
        serde_json::from_slice(&raw).map_err(|error| Problem::Malformed(format!("not JSON: {error}")))?;
    match value {
        Value::Object(object) => Ok(Body { raw, object }),
        _ => Err(Problem::Invalid(vec![FieldProblem::new("", FieldCode::Type).with("expected", "object")])),
    }
}

/// A body that is a JSON array, such as the strata of a study.
#[derive(Debug)]
pub struct ListBody(Vec<Value>);

impl ListBody {
    /// The array as the only field of a form, so that items are read as everywhere else; paths begin with the index.
    #[must_use]
    pub fn fields(self) -> Fields {
        Fields::new(Map::from_iter([(String::new(), Value::Array(self.0))]))
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for ListBody {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        let outcome = async {
            if !request.content_type().is_some_and(|kind| kind.is_json()) {
                return Err(Problem::UnsupportedMediaType);
            }
            let raw = read_bytes(data, BODY_LIMIT).await?;
            let value: Value = serde_json::from_slice(&raw)
                .map_err(|error| Problem::Malformed(format!("not JSON: {error}")))?;
            match value {
                Value::Array(items) => Ok(Self(items)),
                _ => Err(Problem::Invalid(vec![
                    FieldProblem::new("", FieldCode::Type).with("expected", "array"),
                ])),
            }
        };
        match outcome.await {
            Ok(body) => data::Outcome::Success(body),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

/// Reads a body up to a limit.
///
/// # Errors
/// [`Problem::TooLarge`] beyond the limit.
pub async fn read_bytes(data: Data<'_>, limit: u64) -> Outcome<Vec<u8>> {
    let bytes = data
        .open(limit.bytes())
        .into_bytes()
        .await
        .map_err(|error| Problem::Malformed(format!("the body broke off: {error}")))?;
    if bytes.is_complete() { Ok(bytes.into_inner()) } else { Err(Problem::TooLarge(limit)) }
}
