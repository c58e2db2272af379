//! What a message that came in says, once it is read: an answer of a calendar, a proposal, a report of a mail server,
//! an objection, an answer of a machine, or something that a person must look at.
//!
//! Everything in it was written by a stranger. Texts are cut to what a person needs, and nothing here is believed yet.

mod doubt;

pub use doubt::Doubt;

use serde::{Deserialize, Serialize};

use super::attendance::{Attendance, Version};
use crate::clock::Instant;

/// The most octets of a message that are read.
pub const MESSAGE_LIMIT: usize = 10_000_000;
/// The most octets of a calendar in a message.
pub const CALENDAR_LIMIT: usize = 1_000_000;
/// How many characters of a message's text a person is shown.
pub const EXCERPT: usize = 4_000;
/// For how many days a message waits for a person.
pub const WAITING_DAYS: i64 = 60;
/// For how many days it is known that a message was taken.
pub const REMEMBERED_DAYS: i64 = 180;

/// A message that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// What a person is shown, if one has to look at it.
    pub letter: Excerpt,
    /// The address in From, if it is one.
    pub from: Option<String>,
    /// Whether the mail server that took the message in could not establish that it comes from there.
    pub is_unproven: bool,
    /// What the message says.
    pub content: Content,
}

/// What a person sees of a message. It stands nowhere but under a seal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// Who says they wrote it: name and address.
    pub sender: String,
    /// The subject.
    pub subject: String,
    /// The beginning of the text.
    pub text: String,
    /// What a calendar program put in its answer, beside or in the place of a text.
    #[serde(default)]
    pub answer: Option<Told>,
}

/// What the answer of a calendar tells a person who has to look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = IncomingAnswer)]
pub struct Told {
    /// The beginning that it proposes.
    pub starts_at: Option<Instant>,
    /// The end that it proposes.
    pub ends_at: Option<Instant>,
    /// What was written beside it.
    pub comment: Option<String>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A calendar answers an invite (RFC 5546 3.2.3).
    Reply(Reply),
    /// A calendar proposes another time (RFC 5546 3.2.7).
    Counter(Counter),
    /// A mail server tells what became of a letter (RFC 3464).
    Bounce(Bounce),
    /// A machine answered, such as an out-of-office notice. It says nothing about the interview and is never answered.
    AutoReply,
    /// Somebody wants no more letters, and shows the token of their unsubscribe link.
    Unsubscribe(String),
    /// Only a person can tell.
    Unknown(Doubt),
}

impl Content {
    /// What a person is told of the answer of a calendar.
    #[must_use]
    pub fn told(&self) -> Option<Told> {
        match self {
            Self::Reply(Reply { comment: Some(comment), .. }) => {
                Some(Told { comment: Some(comment.clone()), ..Told::default() })
            }
            Self::Counter(Counter { starts_at, ends_at, comment, .. }) => {
                Some(Told { starts_at: Some(*starts_at), ends_at: *ends_at, comment: comment.clone() })
            }
            _ => None,
        }
    }

    /// The name of its kind in JSON and in the database.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Reply(_) => Kind::Reply,
            Self::Counter(_) => Kind::Counter,
            Self::Bounce(_) => Kind::Bounce,
            Self::AutoReply => Kind::AutoReply,
            Self::Unsubscribe(_) => Kind::Unsubscribe,
            Self::Unknown(_) => Kind::Other,
        }
    }
}

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncomingKind)]
pub enum Kind {
    /// An answer of a calendar.
    Reply,
    /// A calendar's proposal of another time.
    Counter,
    /// A report of a mail server.
    Bounce,
    /// An answer of a machine.
    AutoReply,
    /// An objection.
    Unsubscribe,
    /// Anything else.
    Other,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Reply, Self::Counter, Self::Bounce, Self::AutoReply, Self::Unsubscribe, Self::Other];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Counter => "counter",
            Self::Bounce => "bounce",
            Self::AutoReply => "auto_reply",
            Self::Unsubscribe => "unsubscribe",
            Self::Other => "message",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// An answer of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The identifier of the interview in calendars.
    pub uid: String,
    /// Which version it answers to, and when.
    pub version: Version,
    /// Whose answer it is: the address of the one attendee.
    pub attendee: String,
    /// The address of who may write for them (SENT-BY).
    pub sent_by: Option<String>,
    /// The answer.
    pub attendance: Attendance,
    /// What they wrote beside it.
    pub comment: Option<String>,
}

/// A calendar's proposal of another time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// The identifier of the interview in calendars.
    pub uid: String,
    /// Which version it answers to, and when.
    pub version: Version,
    /// Who proposes.
    pub attendee: String,
    /// The address of who may write for them (SENT-BY).
    pub sent_by: Option<String>,
    /// The proposed beginning.
    pub starts_at: Instant,
    /// The proposed end, if it says one.
    pub ends_at: Option<Instant>,
    /// What they wrote beside it.
    pub comment: Option<String>,
}

/// What a mail server tells of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounce {
    /// The Message-IDs that it names, without angle brackets: that of the letter is among them.
    pub message_ids: Vec<String>,
    /// The tokens behind a plus in the addresses that it came to.
    pub tokens: Vec<String>,
    /// The recipients that it speaks of.
    pub recipients: Vec<Undelivered>,
}

/// What became of a letter to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// The addresses that it was for: the original one and the final one, as far as they are told.
    pub addresses: Vec<String>,
    /// Whether it is given up for good, only late, or something else.
    pub fate: Fate,
    /// The status code, such as `5.1.1` (RFC 3463).
    pub status: Option<String>,
    /// What the mail server said.
    pub said: String,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It arrived, or went on to somewhere that tells no more.
    Passed,
    /// It is late; the mail server goes on trying.
    Delayed,
    /// It will not arrive.
    Failed,
}

impl Bounce {
    /// The recipient that fared worst, which is what the letter's own story becomes.
    #[must_use]
    pub fn worst(&self) -> Option<&Undelivered> {
        self.recipients.iter().max_by_key(|recipient| recipient.fate)
    }
}

/// Cuts a text to a number of characters and to what can be shown: no controls but line breaks and tabs.
#[must_use]
pub fn shown(text: &str, limit: usize) -> String {
    let plain = text.chars().filter(|&c| matches!(c, '\n' | '\t') || !super::text::is_deceptive(c));
    plain.take(limit).collect::<String>().trim().to_owned()
}
