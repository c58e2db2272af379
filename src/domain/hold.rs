//! A time that is kept for a respondent while they fill in the form. It is theirs for ten minutes, told by comparing
//! times and by nothing else; a booking within them turns it into the time of the interview.
//!
//! It keeps an interviewer's time, and counts for the greatest number of interviews of that day and week. It keeps no
//! place in a stratum: these go to whoever books first (E13).

use serde::Serialize;
use utoipa::ToSchema;

use super::interview::Mode;
use crate::clock::Instant;
use crate::id::UserId;

/// For how many minutes a time is kept.
pub const KEPT_MINUTES: i64 = 10;
/// How often a respondent may have a time kept in a window, so that nobody keeps the agenda shut for others.
pub const HOLDS: i32 = 30;
/// How long that window is, in seconds.
pub const WINDOW_SECONDS: i64 = 86_400;

/// A time that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hold {
    /// Who would hold the interview.
    pub interviewer: UserId,
    /// When it would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// How it would be held.
    pub mode: Mode,
    /// From this moment on the time is no longer kept.
    pub kept_until: Instant,
}

impl Hold {
    /// Whether it is for an interview that begins then and is held so.
    #[must_use]
    pub fn is_for(&self, starts_at: Instant, mode: Mode) -> bool {
        self.starts_at == starts_at && self.mode == mode
    }
}
