//! When interviews can start: an interviewer's hours, what is taken of them, and a study's rules of time.
//!
//! Rules are local wall time in the study's zone, moments are UTC (R8). An interview starts at the start of a rule
//! plus a whole number of steps and lies inside that rule as a whole; the buffer after it need not (E7).
//!
//! Where the clock is set forward, a wall time that does not exist is not offered, and a rule that ends inside the
//! gap ends at the jump. Where it is set back, a rule that spans the repeated hour covers both passes of it, and each
//! wall time in it is offered twice; a rule that begins or ends at a time that comes twice does so at its first
//! occurrence. Durations count in real minutes. [`Diary::free_starts`], [`Diary::check_start`] and [`Diary::reasons`]
//! follow the same rules; a test holds them together.
//!
//! Nothing here reserves time: of two who are both told that a start is free, the database lets one have it (R1).

mod busy;
mod diaries;
mod draft;
mod hours;
#[cfg(test)]
mod properties;
mod range;
mod reservation;
mod rules;
mod slots;
mod timing;
mod wall;
mod why;

pub use busy::{BusyTime, in_pieces, merged};
pub use diaries::{Diaries, Slot};
pub use draft::{AvailabilityDraft, EXCEPTIONS_LIMIT, ExceptionDraft, RULES_LIMIT, RuleDraft};
pub use hours::{Hours, Opening};
pub use range::SlotRange;
pub use reservation::{Reservation, ReservationKind, Reservations};
pub use rules::{Availability, Change, Exception, Rule, Stretch};
pub use slots::{Diary, Refusal};
pub use timing::Timing;
pub use wall::{WallTime, Weekday, date_at, day_begins, moment_at, parse_date};
pub(in crate::domain) use wall::{moment_from, reading};
pub use why::Reason;
