//! What a letter tells, fixed when it is queued: a letter that leaves late still speaks of what it was queued for.

use serde::{Deserialize, Serialize};

use super::interview::Mode;
use super::language::Language;
use crate::clock::Instant;
use crate::id::{ConsentId, UserId};

/// The facts of a letter, sealed in the outbox until the letter reaches a final state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterFacts {
    /// What it is about.
    pub about: About,
    /// Who gets it, when that cannot be looked up any more because the person is erased.
    pub addressee: Option<Addressee>,
}

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The study as a whole: an invitation, a reminder, a goodbye.
    Study,
    /// A consent that was given.
    Consent(ConsentId),
    /// An interview as it stood at that moment.
    Interview(Appointment),
}

/// An interview as a letter tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The identifier in calendars, the same for life (RFC 5545 3.8.4.7).
    pub uid: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends, without the buffer.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// Where, in person: an address, or `None` for the respondent's own town hall.
    pub place: Option<String>,
    /// The address of the Teams meeting, where it is known.
    pub join_link: Option<String>,
    /// Who holds it.
    pub interviewer: UserId,
}

/// A recipient whose contact is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The language of the letter.
    pub language: Language,
}

impl LetterFacts {
    /// The facts of a letter about something, to somebody who can be looked up.
    #[must_use]
    pub const fn about(about: About) -> Self {
        Self { about, addressee: None }
    }
}
