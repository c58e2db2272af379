//! Letters about accounts: they go to researchers, belong to no study, and no study words them.

use serde::{Deserialize, Serialize};

use super::letter_facts::Addressee;
use crate::clock::Instant;

/// For how many days an invitation to become a member holds.
pub const INVITATION_DAYS: i64 = 7;
/// For how many minutes a link to choose another password works.
pub const RESET_MINUTES: i64 = 60;
/// For how many hours the link works with which the first researcher makes their account.
pub const SETUP_HOURS: i64 = 24;
/// For how many days a letter that only tells what happened is tried.
const NEWS_DAYS: i64 = 3;

/// A letter about an account, sealed in its outbox until it has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLetter {
    /// To whom, and in which language.
    pub to: Addressee,
    /// What it is about.
    pub matter: Matter,
}

/// What a letter about an account is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// Somebody without an account may join a study.
    Invitation {
        /// The study's name.
        study: String,
        /// The name of who invites.
        by: String,
        /// The token of the link.
        token: String,
    },
    /// A new password was asked for.
    Reset {
        /// The token of the link.
        token: String,
    },
    /// Something was changed that the owner of the account must hear of, in case it was not them.
    News(News),
}

/// What was changed about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// A new password was chosen by a link from a mail.
    PasswordReset,
    /// The second factor was switched on.
    FactorOn,
    /// The second factor was switched off.
    FactorOff,
    /// An operator took the second factor away.
    FactorTaken,
}

impl News {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::PasswordReset, Self::FactorOn, Self::FactorOff, Self::FactorTaken];
}

impl Matter {
    /// The name in the database and of the words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::Reset { .. } => "reset",
            Self::News(News::PasswordReset) => "password_reset",
            Self::News(News::FactorOn) => "factor_on",
            Self::News(News::FactorOff) => "factor_off",
            Self::News(News::FactorTaken) => "factor_taken",
        }
    }

    /// When a letter that was made at a moment is not worth sending any more: a link in it has ended.
    #[must_use]
    pub const fn pointless_at(&self, made: Instant) -> Instant {
        match self {
            Self::Invitation { .. } => made.plus_days(INVITATION_DAYS),
            Self::Reset { .. } => made.plus_minutes(RESET_MINUTES),
            Self::News(_) => made.plus_days(NEWS_DAYS),
        }
    }
}
