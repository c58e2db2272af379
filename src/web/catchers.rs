//! Whatever Rocket refuses by itself is answered like our own refusals (design 4).

use rocket::http::Status;
use rocket::{Catcher, Request, catch};

use super::guards;
use crate::problem::Problem;

/// The catchers for everything.
#[must_use]
pub fn all() -> Vec<Catcher> {
    rocket::catchers![default]
}

#[catch(default)]
fn default(status: Status, request: &Request<'_>) -> Problem {
    guards::refusal(request).unwrap_or_else(|| from_status(status, request))
}

fn from_status(status: Status, request: &Request<'_>) -> Problem {
    match status.code {
        404 if !guards::allowed_methods(request).is_empty() => Problem::MethodNotAllowed,
        404 | 422 => Problem::NotFound,
        400 => Problem::Malformed("the request cannot be read".to_owned()),
        401 => Problem::Unauthenticated,
        403 => Problem::Forbidden,
        405 => Problem::MethodNotAllowed,
        413 => Problem::TooLarge(0),
        415 => Problem::UnsupportedMediaType,
        503 => Problem::Busy(1),
        _ => Problem::internal(format!("answered {status}")),
    }
}
