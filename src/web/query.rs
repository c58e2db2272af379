//! What stands behind the `?`: read and refused like the fields of a body, with all mistakes at once.

use std::collections::BTreeMap;
use std::str::FromStr;

use rocket::Request;
use rocket::request::{self, FromRequest};

use url::form_urlencoded::Serializer;

use super::input::{self, Fault, Fields};
use super::pages::forms::Given;
use crate::problem::{FieldCode, FieldProblem};

/// The most that a page of a list shows.
const MOST: usize = 200;
/// What a page shows when nothing else is asked.
const USUAL: usize = 50;

/// The query of a request. Names that a route does not know are passed over: addresses are shared and grow tails.
#[derive(Debug, Default)]
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
    /// Starts reading these names; one without a value, or with nothing but white space, counts as left out.
    #[must_use]
    pub fn fields(&self, names: &[&str]) -> Fields {
        let known = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let known = known.filter(|(_, value)| !value.trim().is_empty());
        Fields::from_form(&known.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The fields of a form as if they had been asked for, for showing it again.
    #[must_use]
    pub fn of_form(given: &Given) -> Self {
        Self(given.last())
    }

    /// What stands behind a name, empty when it is not there: for showing a form again.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// Whether a name stands there without a value, where that would be read in two ways.
    #[must_use]
    pub fn is_bare(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(String::is_empty)
    }
}

/// The part of a list that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Listing<C> {
    /// What the part comes after; `None` for the first.
    pub after: Option<C>,
    /// How many it shows at most.
    pub limit: usize,
}

/// Which part of a list is asked for by the names `cursor` and `limit`.
#[must_use]
pub fn listing<C: FromStr>(fields: &mut Fields) -> Listing<C> {
    let after = fields.optional("cursor", |value| {
        let text = input::text(value)?;
        text.parse().map_err(|_| -> Fault { FieldProblem::new("", FieldCode::UnknownReference) })
    });
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let limit = fields.optional("limit", input::integer(1, most));
    Listing { after, limit: limit.and_then(|limit: i64| usize::try_from(limit).ok()).unwrap_or(USUAL) }
}

/// The addresses of the first and the next part of a list.
#[derive(Debug)]
pub struct Ways {
    /// The first part, unless this is it.
    pub first: Option<String>,
    /// The next part.
    pub next: Option<String>,
}

/// The first part, of the usual length.
impl<C> Default for Listing<C> {
    fn default() -> Self {
        Self { after: None, limit: USUAL }
    }
}

impl<C> Listing<C> {
    /// The ways from this part to others, under the filters that are set: names and values, of which empty ones are
    /// left out. The length that was asked for is kept.
    #[must_use]
    pub fn ways(&self, path: &str, filters: &[(&str, &str)], next: Option<&str>) -> Ways {
        let limit = if self.limit == USUAL { String::new() } else { self.limit.to_string() };
        let address = |cursor: &str| {
            let last = [("limit", limit.as_str()), ("cursor", cursor)];
            let mut query = Serializer::new(String::new());
            query.extend_pairs(filters.iter().chain(&last).filter(|(_, value)| !value.is_empty()));
            let query = query.finish();
            if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
        };
        Ways { first: self.after.is_some().then(|| address("")), next: next.map(address) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_list_keep_its_filters_and_the_length_that_was_asked_for() {
        let filters = [("status", ""), ("stratum", "a&b")];
        let ways = Listing { after: Some(3), limit: 20 }.ways("/x", &filters, Some("7"));
        assert_eq!(ways.first.as_deref(), Some("/x?stratum=a%26b&limit=20"));
        assert_eq!(ways.next.as_deref(), Some("/x?stratum=a%26b&limit=20&cursor=7"));
        let ways = Listing { after: None::<i64>, limit: USUAL }.ways("/x", &[], Some("7"));
        assert!(ways.first.is_none());
        assert_eq!(ways.next.as_deref(), Some("/x?cursor=7"));
    }
}
