//! What somebody answers, in their calendar, to the invite to an interview (RFC 5545 3.2.12).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Instant;

/// What somebody answers to an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// They will come.
    Accepted,
    /// They will not.
    Declined,
    /// They may.
    Tentative,
    /// They send somebody else.
    Delegated,
}

impl Attendance {
    /// Every answer.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Declined, Self::Tentative, Self::Delegated];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Tentative => "tentative",
            Self::Delegated => "delegated",
        }
    }

    /// The value of PARTSTAT in a calendar.
    #[must_use]
    pub const fn partstat(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Tentative => "TENTATIVE",
            Self::Delegated => "DELEGATED",
        }
    }

    /// Reads the value of PARTSTAT, in any case; `None` for one that answers nothing.
    #[must_use]
    pub fn of_partstat(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.partstat().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Attendance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Attendance {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == text).ok_or(())
    }
}

/// The version of an interview that an answer speaks of, and when the answer was made. A later answer to the same
/// version, or any answer to a later version, goes before (RFC 5546 2.1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The SEQUENCE that it answers to.
    pub sequence: i32,
    /// The DTSTAMP of the answer.
    pub stamp: Instant,
}

/// What is to be done with an answer, given the one that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It says more than what is known.
    News,
    /// It says the same once more.
    Repeated,
    /// A later one is known.
    Overtaken,
}

impl Version {
    /// What an answer of this version weighs against the version of the one that is known.
    #[must_use]
    pub fn against(self, known: Option<Self>) -> Weight {
        match known {
            None => Weight::News,
            Some(known) if self > known => Weight::News,
            Some(known) if self == known => Weight::Repeated,
            Some(_) => Weight::Overtaken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(sequence: i32, seconds: i64) -> Version {
        Version { sequence, stamp: Instant::from_unix(seconds) }
    }

    #[test]
    fn answers_are_ordered_by_sequence_and_then_by_the_moment_they_were_made() {
        assert_eq!(version(0, 5).against(None), Weight::News);
        assert_eq!(version(1, 1).against(Some(version(0, 9))), Weight::News);
        assert_eq!(version(1, 9).against(Some(version(1, 9))), Weight::Repeated);
        assert_eq!(version(1, 8).against(Some(version(1, 9))), Weight::Overtaken);
        assert_eq!(version(0, 99).against(Some(version(1, 9))), Weight::Overtaken);
    }

    #[test]
    fn a_partstat_is_read_in_any_case_and_needs_action_is_no_answer() {
        assert_eq!(Attendance::of_partstat("Accepted"), Some(Attendance::Accepted));
        assert_eq!(Attendance::of_partstat("NEEDS-ACTION"), None);
    }
}
