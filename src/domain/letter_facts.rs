//! What a letter tells, fixed when it is queued: a letter that leaves late still speaks of what it was queued for.

use serde::{Deserialize, Serialize};

use super::interview::Mode;
use super::language::Language;
use crate::clock::Instant;
use crate::id::{ConsentId, RespondentId, UserId};

/// The facts of a letter, sealed in the outbox until the letter reaches a final state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterFacts {
    /// What it is about.
    pub about: About,
    /// Who gets it, when that cannot be looked up any more: the person is erased, or has another address.
    pub addressee: Option<Addressee>,
    /// What was done to an interview that stood before.
    pub change: Option<Change>,
}

/// A change to an interview, or the end of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Whether the respondent did it; else a researcher or Veldwerk itself.
    pub by_respondent: bool,
    /// When it was to begin and end until then, if that changed.
    pub before: Option<(Instant, Instant)>,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
    /// What became of the link to join it, if that is what the letter is about.
    #[serde(default)]
    pub link: Option<LinkChange>,
    /// Why an interview ends for its interviewer, where nobody simply called it off.
    #[serde(default)]
    pub ending: Option<Ending>,
    /// Who is the second interviewer from now on, or is not any more, if that is what the letter is about.
    #[serde(default)]
    pub company: Option<Company>,
}

/// A change of the second interviewer, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Who comes along from now on.
    pub joins: Option<String>,
    /// Who does not come along any more.
    pub leaves: Option<String>,
}

/// Why an interview ends for its interviewer, other than that one of the two can't make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The respondent said no to the study.
    Declined,
    /// The respondent took consent back: what they said is not to be used any more.
    Withdrawn,
    /// The person was erased.
    Erased,
    /// The study takes no more interviews.
    StudyClosed,
    /// Somebody else holds it from now on.
    HandedOver,
    /// It takes place without its second interviewer.
    NotNeeded,
}

/// What became of the link to join an online interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkChange {
    /// There was none; now there is.
    Added,
    /// There is another; the old one is not to be used any more.
    Replaced,
    /// It has ended, and there is none yet in its place.
    Removed,
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
    /// Moments that a respondent proposed.
    Proposal(Proposed),
    /// Nothing real: a test letter in this language, by which a researcher sees what respondents get.
    Rehearsal(Language),
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

/// A proposal as a letter tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Who proposes.
    pub respondent: RespondentId,
    /// When the interview could begin, the best first.
    pub moments: Vec<Instant>,
    /// How it would be held.
    pub mode: Mode,
    /// Whether an interview stands that would move.
    pub moves: bool,
    /// The interview as it stands, where the respondent's calendar proposed another time for it and is told no.
    #[serde(default)]
    pub counter: Option<Countered>,
}

/// An interview that stays where it is though a calendar proposed another time (RFC 5546 3.2.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countered {
    /// The identifier in calendars.
    pub uid: String,
    /// The version that stands.
    pub sequence: u32,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
}

/// A recipient who is not to be found in a contact any more.
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
        Self { about, addressee: None, change: None }
    }
}
