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

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::AsExpression, diesel::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id.
            #[must_use]
            #[expect(clippy::disallowed_methods, reason = "ids are made here")]
            #[expect(clippy::new_without_default, reason = "two fresh ids are never equal")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The sixteen bytes of the id, for keyed digests.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // Only the one canonical spelling, so that an id has one address.
                match Uuid::try_parse(text) {
                    Ok(id) if text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase()) => Ok(Self(id)),
                    _ => Err(NotAnId),
                }
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
    /// A draft or published consent form.
    ConsentFormId,
    /// A consent that was given.
    ConsentId,
    /// A rule or exception of an interviewer's availability.
    AvailabilityId,
    /// A stretch of an interviewer's time that is taken.
    ReservationId,
    /// A planned, held or cancelled interview.
    InterviewId,
    /// A draft or published interview guide.
    GuideId,
    /// A letter in the outbox.
    LetterId,
}

/// A fresh random identifier for what is not a row, such as a request.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "ids are made here")]
pub fn random_name() -> String {
    Uuid::new_v4().simple().to_string()
}
