//! The conditions that a request carries in its headers: do it once (`Idempotency-Key`), and only if the thing still is
//! as it was seen (`If-Match`).

use data_encoding::HEXLOWER;
use rocket::Request;
use rocket::request::{self, FromRequest};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::refuse;
use crate::clock::Instant;
use crate::keys::token_digest;
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Once;

/// The `Idempotency-Key` of a request, if it has one.
#[derive(Debug, Clone)]
pub struct RepeatKey {
    key: Option<String>,
    route: String,
}

impl RepeatKey {
    /// The one-shot key of a form on a page; a form without one is taken every time.
    #[must_use]
    pub fn of_form(path: &str, key: Option<String>) -> Self {
        Self { key, route: format!("POST {}", token_digest(path)) }
    }

    /// The request as the store recognises it again.
    #[must_use]
    pub fn once(&self, caller: impl ToString, body: &[u8], now: Instant) -> Option<Once> {
        let key = self.key.clone()?;
        Some(Once { caller: caller.to_string(), route: self.route.clone(), key, body: body.to_vec(), now })
    }
}

/// The method and path for which a key stands. The path holds a token for respondents, so only its digest is kept.
pub(in crate::web) fn route(request: &Request<'_>) -> String {
    format!("{} {}", request.method(), token_digest(request.uri().path().as_str()))
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for RepeatKey {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let mut keys = request.headers().get("Idempotency-Key").map(str::to_owned);
        let (key, another) = (keys.next(), keys.next());
        if another.is_some() || key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 255) {
            let rule = "Idempotency-Key stands once and takes 1 to 255 characters";
            return refuse(request, Problem::Malformed(rule.to_owned()));
        }
        request::Outcome::Success(Self { key, route: route(request) })
    }
}

/// The `If-Match` of a request (RFC 9110 13.1.1), if it has one.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// The condition of a form, by the entity tag that it was opened with; one without a tag is taken as it comes.
    #[must_use]
    pub fn of_form(tag: String) -> Self {
        Self(Some(tag).filter(|tag| !tag.is_empty()))
    }

    /// Demands that the thing still is at the revision that the caller saw.
    ///
    /// # Errors
    /// [`Problem::PreconditionFailed`] when it is not.
    pub fn check(&self, revision: i32) -> Outcome<()> {
        self.names(&[etag(revision)])
    }

    /// Demands that a thing still is as the caller saw it, or at least the one part of it that they change.
    ///
    /// # Errors
    /// [`Problem::PreconditionFailed`] when neither is.
    pub fn check_part(&self, whole: i32, part: i32) -> Outcome<()> {
        self.names(&[etag(whole), part_etag(part)])
    }

    /// Demands that a thing whose changes nobody counts still says what the caller saw.
    ///
    /// # Errors
    /// [`Problem::PreconditionFailed`] when it does not.
    pub fn check_content(&self, content: &impl Serialize) -> Outcome<()> {
        if self.0.is_none() {
            return Ok(());
        }
        self.names(&[content_etag(content)?])
    }

    fn names(&self, stands: &[String]) -> Outcome<()> {
        let fits = |tag: &str| tag == "*" || stands.iter().any(|stands| stands == tag);
        match &self.0 {
            Some(tags) if !tags.split(',').any(|tag| fits(tag.trim())) => Err(Problem::PreconditionFailed),
            _ => Ok(()),
        }
    }
}

/// The entity tag of a revision.
#[must_use]
pub fn etag(revision: i32) -> String {
    format!("\"{revision}\"")
}

/// The entity tag of what a thing says, where nobody counts its changes.
///
/// # Errors
/// When it can't be written as JSON.
pub fn content_etag(content: &impl Serialize) -> Outcome<String> {
    let text = serde_json::to_vec(content).map_err(Problem::internal)?;
    Ok(format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(text))))
}

/// The entity tag of a part of a thing, such as one answer on a sheet.
fn part_etag(revision: i32) -> String {
    format!("\"q{revision}\"")
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for IfMatch {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        request::Outcome::Success(Self(request.headers().get_one("If-Match").map(str::to_owned)))
    }
}
