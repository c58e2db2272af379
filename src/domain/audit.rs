//! The log of changes: what one row tells, and how rows are chained so that tampering shows (R7).
//!
//! An entry carries ids, field names and results, never values: what a value was can be proven later by its salted
//! digest, and erasing the salt erases that too.

use std::collections::BTreeMap;
use std::fmt;

use crate::clock::Instant;
use crate::id::{RespondentId, StudyId, UserId};
use crate::keys::sha256_hex;

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A researcher.
    User(UserId),
    /// A respondent, by their personal link.
    Respondent(RespondentId),
    /// Somebody with access to the machine.
    CommandLine,
    /// Veldwerk itself, when something was due.
    System,
}

impl Actor {
    /// Whether respondents did it themselves.
    #[must_use]
    pub const fn is_respondent(self) -> bool {
        matches!(self, Self::Respondent(_))
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Respondent(id) => write!(f, "respondent:{id}"),
            Self::CommandLine => f.write_str("command_line"),
            Self::System => f.write_str("system"),
        }
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// What, as a dotted verb such as `interview.booked`.
    pub action: &'static str,
    /// In which study, when in one.
    pub study: Option<StudyId>,
    /// To what: an id or a respondent's code.
    pub subject: Option<String>,
    /// The result, `done` unless said otherwise.
    pub result: &'static str,
    /// The fields that changed, with the new value of each; only its salted digest is kept.
    pub fields: BTreeMap<&'static str, String>,
}

impl Entry {
    /// An entry about something that was done.
    #[must_use]
    pub const fn new(at: Instant, actor: Actor, action: &'static str) -> Self {
        Self { at, actor, action, study: None, subject: None, result: "done", fields: BTreeMap::new() }
    }

    /// In which study.
    #[must_use]
    pub const fn study(mut self, study: StudyId) -> Self {
        self.study = Some(study);
        self
    }

    /// To what.
    #[must_use]
    pub fn subject(mut self, subject: impl fmt::Display) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// With another result than `done`.
    #[must_use]
    pub const fn result(mut self, result: &'static str) -> Self {
        self.result = result;
        self
    }

    /// A field that changed.
    #[must_use]
    pub fn field(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.fields.insert(name, value.to_string());
        self
    }

    /// The result of an action together with this entry.
    pub fn with<T>(self, value: T) -> Done<T> {
        Done { value, entries: vec![self] }
    }
}

/// The result of a change, which cannot be had without its entries in the log.
#[derive(Debug)]
#[must_use]
pub struct Done<T> {
    value: T,
    entries: Vec<Entry>,
}

impl<T> Done<T> {
    /// The result of housekeeping that changes nothing anybody decided on: a lease, a retry count, a heartbeat, or a
    /// repeat that found everything as it should be.
    pub const fn housekeeping(value: T) -> Self {
        Self { value, entries: Vec::new() }
    }

    /// The result of a change of several steps, with what they noted.
    pub const fn noted(value: T, entries: Vec<Entry>) -> Self {
        Self { value, entries }
    }

    /// The same with one more entry.
    pub fn and(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// The same entries with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Done<U> {
        Done { value: change(self.value), entries: self.entries }
    }

    /// The value, for an action that continues with it, and its entries.
    pub fn into_parts(self) -> (T, Vec<Entry>) {
        (self.value, self.entries)
    }

    /// These entries joined to those of a step that came before.
    pub fn after(mut self, mut earlier: Vec<Entry>) -> Self {
        earlier.append(&mut self.entries);
        self.entries = earlier;
        self
    }
}

/// A row of the log as it is chained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The place in the chain, from 1.
    pub position: i64,
    /// The row's moment, actor, action, study, subject, result and fields, in this order.
    pub parts: [String; 7],
}

impl Link {
    /// The hash of this row in a chain whose last hash was `previous`: SHA-256 over both and the position, each part
    /// led by its length.
    #[must_use]
    pub fn hash(&self, previous: &str) -> String {
        let mut bytes = Vec::with_capacity(512);
        let position = self.position.to_string();
        for part in [previous, &position].into_iter().chain(self.parts.iter().map(String::as_str)) {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        sha256_hex(&bytes)
    }
}

/// The salted digest that stands for a value.
#[must_use]
pub fn commitment(salt: &[u8], value: &str) -> String {
    sha256_hex(&[salt, value.as_bytes()].concat())
}
