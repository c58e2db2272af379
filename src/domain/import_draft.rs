//! A contact list that is being prepared: what stands where is chosen, what becomes of each row is shown, and only then
//! is anybody put on the list.

use std::fmt;
use std::str::FromStr;

/// How long a list waits for its researcher, in hours.
pub const KEPT_HOURS: i64 = 24;

/// How far a list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DraftState {
    /// It was read; which column holds what is still to be chosen.
    Read,
    /// What becomes of each row is known.
    Judged,
    /// It was confirmed, and people are being added.
    Importing,
    /// All are added.
    Done,
    /// Whoever confirmed it may add nobody any more.
    Stopped,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The person will be added.
    Fresh,
    /// The person was added.
    Added,
    /// The address is on the list of the study already.
    Known,
    /// Something is wrong with it.
    Refused,
}

macro_rules! named {
    ($type:ident, $($variant:ident = $name:literal),+) => {
        impl $type {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in the database and in addresses.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|each| each.as_str() == text).ok_or(())
            }
        }
    };
}

named!(
    DraftState,
    Read = "read",
    Judged = "judged",
    Importing = "importing",
    Done = "done",
    Stopped = "stopped"
);
named!(Verdict, Fresh = "fresh", Added = "added", Known = "known", Refused = "refused");
