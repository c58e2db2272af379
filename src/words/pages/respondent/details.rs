//! The last step before an appointment, while the chosen time is kept.

use serde::Serialize;

use super::{PlaceChoice, Standby, Taken, Visit};
use crate::domain::interview::Mode;
use crate::words::letters::When;
use crate::words::pages::shared::FieldMessage;

/// A time that is kept for the respondent.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// The time.
    pub moment: String,
    /// Until when it is kept: `10.42 uur`.
    pub until: String,
    /// The form with which it is booked.
    pub href: String,
}

/// The rest of the form for a time that was chosen. Posts `mode`, `starts_at`, `place_kind` = `town_hall` or `other`,
/// `place`, `delegate_name`, `delegate_email` and `key` to `{base}/book`.
#[derive(Debug, Clone, Serialize)]
pub struct Details {
    /// What surrounds it.
    pub visit: Visit,
    /// How the interview is held.
    pub mode: Mode,
    /// The start as it is posted: RFC 3339 in UTC.
    pub starts_at: String,
    /// The time in words.
    pub when: When,
    /// The page of other times.
    pub others: String,
    /// Until when the time is kept, while it is.
    pub kept: Option<Kept>,
    /// Where to meet, in person only.
    pub place: Option<PlaceChoice>,
    /// Who makes the appointment for another, as it was typed.
    pub delegate: Standby,
    /// The time cannot be had; one of these is chosen in its place.
    pub taken: Option<Taken>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// Why the time cannot be had, unless somebody else has it.
    pub problem: Option<String>,
    /// The one-shot key of this form.
    pub key: String,
}
