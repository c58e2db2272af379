//! Request bodies: bounded, of the right type, and JSON where JSON is asked.

use std::fmt::Display;

use rocket::Request;
use rocket::data::{self, Data, FromData, ToByteUnit};
use serde_json::{Map, Value};

use super::json::Unambiguous;
use super::{BodyFault, Fields};
use crate::problem::{Outcome, Problem};
use crate::web::guards;

/// The largest JSON body or form, in bytes.
pub const BODY_LIMIT: u64 = 1024 * 1024;

/// A JSON object as it came, and its bytes for recognising a repeat. One that can't be read is told of when its fields
/// are, after it is known whether the caller may do at all what they ask for (E11).
#[derive(Debug)]
pub struct Body {
    /// The bytes as they came.
    pub raw: Vec<u8>,
    object: Result<Map<String, Value>, BodyFault>,
}

impl Body {
    /// Starts reading the fields.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.object.clone().map_or_else(Fields::faulty, Fields::new)
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
    let raw = read_bytes(request, data, BODY_LIMIT).await?;
    // A body with nothing to say may be left out altogether.
    if raw.is_empty() {
        return Ok(Body { raw, object: Ok(Map::new()) });
    }
    let object = read_value(request, &raw).and_then(|value| match value {
        Value::Object(object) => Ok(object),
        _ => Err(BodyFault::Type("object")),
    });
    Ok(Body { raw, object })
}

fn read_value(request: &Request<'_>, raw: &[u8]) -> Result<Value, BodyFault> {
    if !request.content_type().is_some_and(|kind| kind.is_json()) {
        return Err(BodyFault::MediaType);
    }
    let value: Result<Unambiguous, _> = serde_json::from_slice(raw);
    value.map(|value| value.0).map_err(|error| BodyFault::Malformed(format!("not JSON: {error}")))
}

/// A body that is a JSON array, such as the strata of a study.
#[derive(Debug)]
pub struct ListBody(Result<Vec<Value>, BodyFault>);

impl ListBody {
    /// The array as the only field of a form, so that items are read as everywhere else; paths begin with the index.
    #[must_use]
    pub fn fields(self) -> Fields {
        let whole = |items| Fields::new(Map::from_iter([(String::new(), Value::Array(items))]));
        self.0.map_or_else(Fields::faulty, whole)
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for ListBody {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        match read_bytes(request, data, BODY_LIMIT).await {
            Ok(raw) => {
                data::Outcome::Success(Self(read_value(request, &raw).and_then(|value| match value {
                    Value::Array(items) => Ok(items),
                    _ => Err(BodyFault::Type("array")),
                })))
            }
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

/// How far Rocket looks ahead into every body, in bytes: for a `_method=delete`. A body that breaks off before that is
/// taken by it for one that ends there.
const LOOKED_AT: usize = "_method=delete".len();

/// Reads a body up to a limit.
///
/// # Errors
/// [`Problem::TooLarge`] beyond the limit; [`Problem::Malformed`] for one that broke off, since what is left of it may
/// ask for something else: a body with nothing to say means everybody, or all hours.
pub async fn read_bytes(request: &Request<'_>, data: Data<'_>, limit: u64) -> Outcome<Vec<u8>> {
    let ended = data.peek_complete();
    let bytes = data.open(limit.bytes()).into_bytes().await.map_err(broke_off)?;
    if !bytes.is_complete() {
        return Err(Problem::TooLarge(limit));
    }
    let bytes = bytes.into_inner();
    let announced = request.headers().get_one("Content-Length").and_then(|length| length.parse().ok());
    if announced.is_some_and(|length: usize| length != bytes.len()) || !ended && bytes.len() < LOOKED_AT {
        return Err(broke_off("it is shorter than was announced"));
    }
    Ok(bytes)
}

fn broke_off(how: impl Display) -> Problem {
    Problem::Malformed(format!("the body broke off: {how}"))
}
