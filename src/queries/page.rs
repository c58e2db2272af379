//! A page of a list: what is shown, and where the next page begins (design 4).

use serde::Serialize;
use utoipa::ToSchema;

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

/// How many rows to ask for so that [`Page::cut`] can tell whether more follow.
#[must_use]
pub fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}
