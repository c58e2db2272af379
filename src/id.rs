//! One id type per noun, so that a study can never be looked up by the id of a guide.
//!
//! Ids are UUIDs of version 7 (RFC 9562): they sort by the time of making, which keeps indexes compact and gives
//! lists a stable order. They are names, not secrets: nothing may be opened by knowing one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// The length of a hyphenated UUID; kept as text, an id goes into and out of the database without being converted.
const LENGTH: usize = 36;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; LENGTH]);

        impl $name {
            /// A fresh id.
            #[must_use]
            #[expect(clippy::disallowed_methods, reason = "ids are made here")]
            #[expect(clippy::new_without_default, reason = "two fresh ids are never equal")]
            pub fn new() -> Self {
                let mut text = [0; LENGTH];
                Uuid::now_v7().hyphenated().encode_lower(&mut text);
                Self(text)
            }

            /// The id as it stands in addresses, answers and the database.
            #[must_use]
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                let mut canonical = [0; LENGTH];
                id.hyphenated().encode_lower(&mut canonical);
                // Only the one canonical spelling, so that a thing has one address.
                if canonical == text.as_bytes() { Ok(Self(canonical)) } else { Err(NotAnId) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A person who signs in: a researcher.
    UserId,
    /// A signed-in browser of a researcher.
    SessionId,
    /// A key for the JSON API.
    TokenId,
    /// A study.
    StudyId,
    /// A stratum of a study.
    StratumId,
    /// A respondent of a study.
    RespondentId,
    /// A wave of invitations or reminders.
    WaveId,
    /// Something that is done to many respondents at once.
    BatchId,
    /// A draft or published consent form.
    ConsentFormId,
    /// A consent that was given.
    ConsentId,
    /// A rule or exception of an interviewer's availability.
    AvailabilityId,
    /// A stretch of an interviewer's time that is taken.
    ReservationId,
    /// A stretch that an interviewer keeps free in all their studies.
    BlockId,
    /// A calendar that an interviewer publishes elsewhere.
    CalendarId,
    /// A planned, held or cancelled interview.
    InterviewId,
    /// Somebody who makes an appointment for a respondent.
    DelegateId,
    /// A draft or published interview guide.
    GuideId,
    /// A letter in the outbox.
    LetterId,
    /// Moments that a respondent proposed.
    ProposalId,
    /// A colleague that a respondent named.
    ReferralId,
    /// An invitation to become a member of a study.
    InvitationId,
    /// A contact list that is being prepared.
    ImportId,
    /// A message that came in.
    IncomingId,
}

/// A fresh random identifier for what is not a row, such as a request.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "ids are made here")]
pub fn random_name() -> String {
    Uuid::new_v4().simple().to_string()
}
