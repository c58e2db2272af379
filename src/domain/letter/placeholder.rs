//! The facts that a wording may name.

use std::fmt;
use std::str::FromStr;

use super::wording::{CLOSE, OPEN};

/// A fact that a wording may name, written as `{{name}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placeholder {
    /// The respondent's name.
    Name,
    /// The study's public name.
    Study,
    /// The organisation that carries the study out.
    Organisation,
    /// The researcher's name.
    Researcher,
    /// The study's mail address for questions.
    Contact,
    /// How long an interview takes, in minutes.
    Minutes,
    /// The ethics approval.
    Ethics,
    /// What the study is about and what it is for.
    Purpose,
    /// Where the address came from (GDPR art. 14(2)(f)).
    Source,
    /// The personal link.
    Link,
    /// The day of the interview in the study's zone.
    Date,
    /// The time of the interview in the study's zone, with the name of the zone.
    Time,
    /// Where the interview takes place.
    Place,
    /// The link with which one joins online.
    JoinLink,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Study,
        Self::Organisation,
        Self::Researcher,
        Self::Contact,
        Self::Minutes,
        Self::Ethics,
        Self::Purpose,
        Self::Source,
        Self::Link,
        Self::Date,
        Self::Time,
        Self::Place,
        Self::JoinLink,
    ];

    /// The name between the braces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Study => "study",
            Self::Organisation => "organisation",
            Self::Researcher => "researcher",
            Self::Contact => "contact",
            Self::Minutes => "minutes",
            Self::Ethics => "ethics",
            Self::Purpose => "purpose",
            Self::Source => "source",
            Self::Link => "link",
            Self::Date => "date",
            Self::Time => "time",
            Self::Place => "place",
            Self::JoinLink => "join_link",
        }
    }
}

impl fmt::Display for Placeholder {
    /// With its braces, as it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPEN}{}{CLOSE}", self.as_str())
    }
}

impl FromStr for Placeholder {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|placeholder| placeholder.as_str() == text).ok_or(())
    }
}
