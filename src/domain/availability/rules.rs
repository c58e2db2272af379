//! Availability as it is kept: weekly rules and what differs on single dates.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::wall::{WallTime, Weekday};
use crate::id::UserId;

/// A part of one day, `[from, until)`, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Stretch {
    from: WallTime,
    until: WallTime,
}

impl Stretch {
    /// 00:00 to 24:00.
    pub const WHOLE_DAY: Self = Self { from: WallTime::START_OF_DAY, until: WallTime::END_OF_DAY };

    /// The part of the day between two times, or `None` unless the second is later.
    #[must_use]
    pub fn new(from: WallTime, until: WallTime) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    /// When it begins.
    #[must_use]
    pub const fn from(self) -> WallTime {
        self.from
    }

    /// When it has ended.
    #[must_use]
    pub const fn until(self) -> WallTime {
        self.until
    }

    /// Whether the two have time in common; touching is not overlapping.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// Hours that return every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AvailabilityRule)]
pub struct Rule {
    /// Whose hours.
    pub interviewer: UserId,
    /// The day of the week.
    pub weekday: Weekday,
    /// The part of that day.
    #[serde(flatten)]
    pub stretch: Stretch,
}

/// What differs from the weekly rules on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AvailabilityException)]
pub struct Exception {
    /// Whose hours.
    pub interviewer: UserId,
    /// The date in the study's zone.
    pub date: NaiveDate,
    /// What differs.
    #[serde(flatten)]
    #[schema(value_type = ChangeFields)]
    pub change: Change,
}

/// What an exception does to the hours of its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "ChangeFields")]
pub enum Change {
    /// These hours are added.
    Open(Stretch),
    /// This stretch, or the whole day, is cut out of the weekly rules.
    Closed(Option<Stretch>),
}

impl Change {
    /// The change from its parts as they are stored; `None` for opening without times.
    #[must_use]
    pub fn from_parts(open: bool, stretch: Option<Stretch>) -> Option<Self> {
        if open { stretch.map(Self::Open) } else { Some(Self::Closed(stretch)) }
    }

    /// Whether hours are added.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// The times it names; `None` for the whole day.
    #[must_use]
    pub const fn stretch(self) -> Option<Stretch> {
        match self {
            Self::Open(stretch) => Some(stretch),
            Self::Closed(stretch) => stretch,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct ChangeFields {
    /// Whether hours are added or cut out.
    open: bool,
    /// From when; left out for the whole day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from: Option<WallTime>,
    /// Until when; left out for the whole day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    until: Option<WallTime>,
}

impl From<Change> for ChangeFields {
    fn from(change: Change) -> Self {
        let stretch = change.stretch();
        Self { open: change.is_open(), from: stretch.map(Stretch::from), until: stretch.map(Stretch::until) }
    }
}

/// The availability of the interviewers of a study, as it is put and shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Availability {
    /// Hours that return every week.
    pub rules: Vec<Rule>,
    /// What differs on single dates.
    pub exceptions: Vec<Exception>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parse_date;
    use super::*;

    fn stretch(from: &str, until: &str) -> Stretch {
        Stretch::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    #[test]
    fn availability_is_shown_with_the_names_of_the_contract() {
        let interviewer = UserId::new();
        let date = parse_date("2027-03-01").unwrap();
        let shown = serde_json::to_value(Availability {
            rules: vec![Rule { interviewer, weekday: Weekday::Mon, stretch: stretch("09:00", "24:00") }],
            exceptions: vec![
                Exception { interviewer, date, change: Change::Closed(None) },
                Exception { interviewer, date, change: Change::Open(stretch("13:00", "14:00")) },
            ],
        });
        assert_eq!(
            shown.unwrap(),
            json!({
                "rules": [{ "interviewer": interviewer, "weekday": "mon", "from": "09:00", "until": "24:00" }],
                "exceptions": [
                    { "interviewer": interviewer, "date": "2027-03-01", "open": false },
                    { "interviewer": interviewer, "date": "2027-03-01", "open": true, "from": "13:00", "until": "14:00" },
                ],
            })
        );
    }
}
