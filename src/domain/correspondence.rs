//! All that a letter is written from: its facts, and what is looked up when it is written.

use std::collections::BTreeMap;

use super::attendance::Attendance;
use super::consent::ConsentForm;
use super::language::Language;
use super::letter::{LetterKind, Wording};
use super::letter_facts::LetterFacts;
use super::study::Study;
use super::text::EmailAddress;
use crate::clock::Instant;
use crate::id::InterviewId;

/// All that a letter is written from.
#[derive(Debug, Clone)]
pub struct Correspondence {
    /// Which letter it is.
    pub kind: LetterKind,
    /// In which language it is written.
    pub language: Language,
    /// The study's own wording, where it has one.
    pub wording: Option<Wording>,
    /// The study.
    pub study: Study,
    /// The researcher who signs: of an interview the one who holds it.
    pub researcher: String,
    /// The name of the one who gets it.
    pub name: String,
    /// Where it goes.
    pub email: EmailAddress,
    /// The respondent that it is about.
    pub subject: Option<Subject>,
    /// What it tells, as it was when the letter was queued.
    pub facts: LetterFacts,
    /// The interview that it is about, and the SEQUENCE of its calendar part.
    pub interview: Option<(InterviewId, u32)>,
    /// Whether an invite to this interview may have reached this recipient before, so that a cancellation makes sense.
    pub invited_before: bool,
    /// What the recipient answered to the time that the interview has.
    pub attendance: Option<Attendance>,
    /// The identifier of the first message about this interview to this recipient.
    pub thread: Option<String>,
    /// The consent that it confirms.
    pub consent: Option<GivenConsent>,
    /// The moment that stands in Date and DTSTAMP.
    pub stamp: Instant,
}

impl Correspondence {
    /// Whether the letter goes to the mailbox that all invites come from. Its owner is the organizer of every
    /// interview, and calendars give no buttons for one's own invite: such a letter brings the interview as a file to
    /// open (E21).
    #[must_use]
    pub fn is_to(&self, organizer: &EmailAddress) -> bool {
        self.email.folded() == organizer.folded()
    }
}

/// The respondent that a letter is about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The pseudonym.
    pub code: String,
    /// The name of the municipality that they work for.
    pub municipality: String,
    /// The token of the personal link.
    pub link: String,
    /// The token of the unsubscribe link.
    pub unsubscribe: String,
    /// The colleague by whom they came into the study, if by one.
    pub referrer: Option<Referrer>,
}

/// A colleague who named somebody, as far as that person may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrer {
    /// Somebody who did not agree to be mentioned, or is erased.
    Unnamed,
    /// Somebody who agreed, by name.
    Named(String),
}

/// A consent as it was given.
#[derive(Debug, Clone)]
pub struct GivenConsent {
    /// The words that were agreed to.
    pub form: ConsentForm,
    /// Their version.
    pub version: i32,
    /// The language in which they were read.
    pub language: Language,
    /// The SHA-256 of exactly what was shown.
    pub sha256: String,
    /// The answer to each item.
    pub answers: BTreeMap<String, bool>,
    /// The name that was typed beside it.
    pub signed: Option<String>,
    /// When it was given.
    pub given_at: Instant,
}
