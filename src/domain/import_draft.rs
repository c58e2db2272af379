//! A contact list that is being prepared: what stands where is chosen, what becomes of each row is shown, and only then
//! is anybody put on the list.

use super::named::named;

/// How long a list waits for its researcher, in hours.
pub const KEPT_HOURS: i64 = 24;
/// How long an import that is done can be looked up and undone, in days.
pub const TOLD_DAYS: i64 = 30;

/// How far a list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DraftState {
    /// It was read; which column holds what is still to be chosen.
    Read,
    /// The columns are chosen, and what becomes of each row is being looked up.
    Judging,
    /// What becomes of each row is known.
    Judged,
    /// It was confirmed, and people are being added.
    Importing,
    /// All are added.
    Done,
    /// Whoever confirmed it may add nobody any more.
    Stopped,
    /// Somebody was erased who may stand in it, and nobody could say in which row.
    Ended,
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
    /// The person was erased since, so nothing is left of the row.
    Erased,
}

named!(
    DraftState,
    Read = "read",
    Judging = "judging",
    Judged = "judged",
    Importing = "importing",
    Done = "done",
    Stopped = "stopped",
    Ended = "ended",
);
named!(Verdict, Fresh = "fresh", Added = "added", Known = "known", Refused = "refused", Erased = "erased",);
