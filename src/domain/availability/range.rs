//! How much of the future one question about slots may span.

use crate::clock::Instant;
use crate::problem::{FieldCode, Problem};

/// The moments that one question about slots spans, `[from, until)`, at most 31 days (E8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRange {
    from: Instant,
    until: Instant,
}

impl SlotRange {
    const DEFAULT_DAYS: i64 = 14;
    const MAX_DAYS: i64 = 31;

    /// The range that was asked for: by default it begins now and spans 14 days.
    ///
    /// # Errors
    /// [`Problem::RangeTooWide`] beyond 31 days, [`FieldCode::Order`] at `until` when it precedes `from`.
    pub fn asked(from: Option<Instant>, until: Option<Instant>, now: Instant) -> Result<Self, Problem> {
        let from = from.unwrap_or(now);
        let until = until.unwrap_or(from.plus_days(Self::DEFAULT_DAYS));
        if until < from {
            return Err(Problem::field("until", FieldCode::Order));
        }
        if until > from.plus_days(Self::MAX_DAYS) {
            return Err(Problem::RangeTooWide);
        }
        Ok(Self { from, until })
    }

    /// The first moment inside.
    #[must_use]
    pub const fn from(self) -> Instant {
        self.from
    }

    /// The first moment after it.
    #[must_use]
    pub const fn until(self) -> Instant {
        self.until
    }

    /// Whether a moment lies inside.
    #[must_use]
    pub fn contains(self, moment: Instant) -> bool {
        self.from <= moment && moment < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_spans_14_days_from_now_by_default_and_31_at_most() {
        let now = Instant::parse("2027-02-01T08:00:00Z").unwrap();
        let range = SlotRange::asked(None, None, now).unwrap();
        assert_eq!((range.from(), range.until()), (now, now.plus_days(14)));
        assert!(SlotRange::asked(None, Some(now.plus_days(31)), now).is_ok());
        let beyond = SlotRange::asked(Some(now), Some(now.plus_days(31).plus_seconds(1)), now);
        assert!(matches!(beyond, Err(Problem::RangeTooWide)));
        let backwards = SlotRange::asked(Some(now), Some(now.plus_seconds(-1)), now);
        assert_eq!(backwards.unwrap_err().code(), "invalid");
    }
}
