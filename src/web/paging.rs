//! Lists page by page: `?cursor=&limit=` in, `{"items": […], "next": …}` out (design 4).

use std::str::FromStr;

use serde::Serialize;
use serde_json::json;

use super::answers::Answer;
use crate::problem::{FieldCode, FieldProblem, Problem};

/// The most items on a page.
const LIMIT_MOST: usize = 200;
/// The items on a page of a caller who doesn't say.
const LIMIT_USUAL: usize = 50;

/// Which part of a list a caller asks for.
#[derive(Debug, Clone, Copy)]
pub struct Paging<K> {
    /// The key of the last item of the part before.
    pub after: Option<K>,
    limit: usize,
}

impl<K: FromStr> Paging<K> {
    /// Reads the two parameters of the address; an empty one counts as left out.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with `cursor`, `limit` or both.
    pub fn read(cursor: Option<&str>, limit: Option<&str>) -> Result<Self, Problem> {
        let mut problems = Vec::new();
        let cursor = cursor.filter(|text| !text.is_empty());
        let after = cursor.and_then(|text| text.parse().ok());
        if cursor.is_some() && after.is_none() {
            problems.push(FieldProblem::new("cursor", FieldCode::Value));
        }
        let limit = match limit.filter(|text| !text.is_empty()).map(str::parse) {
            None => LIMIT_USUAL,
            Some(Ok(limit)) if (1..=LIMIT_MOST).contains(&limit) => limit,
            Some(_) => {
                let allowed = format!("1–{LIMIT_MOST}");
                problems.push(FieldProblem::new("limit", FieldCode::Value).with("allowed", allowed));
                LIMIT_USUAL
            }
        };
        if problems.is_empty() { Ok(Self { after, limit }) } else { Err(Problem::Invalid(problems)) }
    }

    /// How many items to look for: one more than the page holds tells whether there is a next one.
    #[must_use]
    pub fn wanted(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The page; `key` gives what the next one begins after.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn answer<T: Serialize, N: ToString>(
        &self,
        mut items: Vec<T>,
        key: impl Fn(&T) -> N,
    ) -> Result<Answer, Problem> {
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next = items.last().filter(|_| more).map(|item| key(item).to_string());
        Answer::ok(json!({ "items": items, "next": next }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(cursor: &str, limit: &str) -> Vec<String> {
        match Paging::<i64>::read(Some(cursor), Some(limit)) {
            Err(Problem::Invalid(problems)) => problems.into_iter().map(|problem| problem.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_page_has_fifty_items_unless_up_to_two_hundred_are_asked_for() {
        assert_eq!(Paging::<i64>::read(None, None).unwrap().wanted(), 51);
        assert_eq!(Paging::<i64>::read(Some("7"), Some("200")).unwrap().wanted(), 201);
    }

    #[test]
    fn a_cursor_and_a_limit_that_cannot_be_are_both_named() {
        assert_eq!(wrong("x", "0"), ["cursor", "limit"]);
        assert_eq!(wrong("1", "201"), ["limit"]);
        assert_eq!(wrong("1", "many"), ["limit"]);
        assert_eq!(wrong("", ""), [""; 0]);
    }
}
