//! A page of a list: what is shown, and where the next page begins (design 4).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;

/// A list, or a page of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Listed<T>)]
pub struct Page<T> {
    /// What is shown.
    pub items: Vec<T>,
    /// What to give as `cursor` for the next page; null at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is short enough to be shown at once.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Cuts a page from rows of which one more than the limit was asked for; the cursor names the last row shown.
    #[must_use]
    pub fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// Where a page of a list ends that is ordered by time: a moment, and the id of what stands there.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<I>(pub Instant, pub I);

impl<I: fmt::Display> fmt::Display for Cursor<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.unix(), self.1)
    }
}

impl<I: FromStr> FromStr for Cursor<I> {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (moment, id) = text.split_once('.').ok_or(())?;
        Ok(Self(Instant::from_unix(moment.parse().map_err(|_| ())?), id.parse().map_err(|_| ())?))
    }
}

/// How many rows to ask for so that [`Page::cut`] can tell whether more follow.
#[must_use]
pub fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}
