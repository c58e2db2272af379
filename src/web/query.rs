//! What stands behind the `?`: read and refused like the fields of a body, with all mistakes at once.

use std::collections::BTreeMap;
use std::str::FromStr;

use rocket::Request;
use rocket::request::{self, FromRequest};

use super::input::{self, Fault, Fields};
use crate::problem::{FieldCode, FieldProblem};

/// The most that a page of a list shows.
const MOST: usize = 200;
/// What a page shows when nothing else is asked.
const USUAL: usize = 50;

/// The query of a request. Names that a route does not know are passed over: addresses are shared and grow tails.
#[derive(Debug)]
pub struct Query(BTreeMap<String, String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Query {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let segments = request
            .uri()
            .query()
            .map(|query| query.segments().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        request::Outcome::Success(Self(segments.unwrap_or_default()))
    }
}

impl Query {
    /// Starts reading these names; one without a value counts as left out.
    #[must_use]
    pub fn fields(&self, names: &[&str]) -> Fields {
        let known = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        Fields::from_form(&known.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// Whether a name stands there without a value, where that would be read in two ways.
    #[must_use]
    pub fn is_bare(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(String::is_empty)
    }
}

/// Where a page of a list begins and how long it is, from the names `cursor` and `limit`.
#[must_use]
pub fn listing<C: FromStr>(fields: &mut Fields) -> (Option<C>, usize) {
    let after = fields.optional("cursor", |value| {
        let text = input::text(value)?;
        text.parse().map_err(|_| -> Fault { FieldProblem::new("", FieldCode::UnknownReference) })
    });
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let limit = fields.optional("limit", input::integer(1, most));
    (after, limit.and_then(|limit: i64| usize::try_from(limit).ok()).unwrap_or(USUAL))
}
