//! An interview: how it is held, what state it is in, and who may book, move or close one when.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How an interview is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Online, through Microsoft Teams.
    Teams,
    /// At the respondent's town hall or another address.
    InPerson,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 2] = [Self::Teams, Self::InPerson];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Teams => "teams",
            Self::InPerson => "in_person",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|m| m.as_str() == text).ok_or(())
    }
}

/// Who asks for something about an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The person who is to be interviewed, through their personal link.
    Respondent,
    /// A member of the study.
    Researcher,
}

/// What became of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterviewStatus {
    /// Planned; the interviewer's time is reserved.
    Booked,
    /// Called off by either side; its time and place are free again.
    Cancelled,
    /// It took place.
    Held,
    /// The respondent did not come; the place in the stratum is free again.
    NoShow,
}

impl InterviewStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Booked, Self::Cancelled, Self::Held, Self::NoShow];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Held => "held",
            Self::NoShow => "no_show",
        }
    }

    /// Whether the interview takes a place in its stratum (E13).
    #[must_use]
    pub const fn takes_place(self) -> bool {
        matches!(self, Self::Booked | Self::Held)
    }
}

impl FromStr for InterviewStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}
