//! Interviews as calendars read them: iCalendar objects (RFC 5545) for invitations by mail (RFC 5546, 6047).
//!
//! This is the only room that writes and reads iCalendar, and the only user of the `ics` crate, which neither escapes
//! nor quotes nor folds at 75 octets: `content.rs` does that once for every property. A [`Meeting`] is told everything;
//! it knows no study, no letter and no clock.

mod agenda;
mod answer;
pub mod busy;
mod content;
mod meeting;
mod time_zone;

pub use agenda::{AgendaEntry, agenda};
pub use answer::{Answer, read_answer};
pub use meeting::{Meeting, Party, Place};

#[cfg(test)]
mod tests;
