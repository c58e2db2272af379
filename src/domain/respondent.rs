//! A respondent: what state they are in.

use std::str::FromStr;

/// Where a respondent stands (E1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RespondentStatus {
    /// In the list, not written to yet.
    Listed,
    /// Written to.
    Invited,
    /// Has agreed to take part.
    Consented,
    /// Has an interview planned.
    Booked,
    /// Was interviewed.
    Held,
    /// Did not come.
    NoShow,
    /// Does not want to take part.
    Declined,
    /// Wants no letters.
    OptedOut,
    /// Took the consent back.
    Withdrawn,
}

impl RespondentStatus {
    /// Every status.
    pub const ALL: [Self; 9] = [
        Self::Listed,
        Self::Invited,
        Self::Consented,
        Self::Booked,
        Self::Held,
        Self::NoShow,
        Self::Declined,
        Self::OptedOut,
        Self::Withdrawn,
    ];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Invited => "invited",
            Self::Consented => "consented",
            Self::Booked => "booked",
            Self::Held => "held",
            Self::NoShow => "no_show",
            Self::Declined => "declined",
            Self::OptedOut => "opted_out",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for RespondentStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}
