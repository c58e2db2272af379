//! The pages on which something is put into the agenda: time, an interview, and the last question before letters leave.

use serde::Serialize;

use super::super::{Choice, Desk, VerdictRow};
use crate::domain::interview::Mode;
use crate::words::pages::respondent::Meeting;
use crate::words::pages::shared::FieldMessage;

/// A stretch of a day to open, to keep free, or to book in. Posts `act` (`open`, `block` or `book`), `interviewer`,
/// `date`, `from` and `until` to `{base}/agenda/time`.
#[derive(Debug, Clone, Serialize)]
pub struct AgendaTime {
    /// What surrounds it.
    pub desk: Desk,
    /// The day of the agenda that it comes from.
    pub back: String,
    /// What is chosen: `open`, `block` or `book`.
    pub act: String,
    /// Whose time the reader may plan.
    pub interviewers: Vec<Choice>,
    /// Whose time it is.
    pub interviewer: String,
    /// The date as it was typed.
    pub date: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// The name of the zone.
    pub zone: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// An interview for somebody. Asks with GET at `{base}/agenda/book`, fields `code`, `date`, `time`, `mode`, `place`,
/// `interviewer` and `check`.
#[derive(Debug, Clone, Serialize)]
pub struct AgendaBook {
    /// What surrounds it.
    pub desk: Desk,
    /// The day of the agenda that it comes from.
    pub back: String,
    /// The code as it was typed.
    pub code: String,
    /// Respondents who have consented and have no interview to come: the first of them. A list offers them unless there
    /// are more, or another code was asked for.
    pub ready: Vec<Choice>,
    /// Whether there are more of them.
    pub more_ready: bool,
    /// The date as it was typed.
    pub date: String,
    /// The time as it was typed.
    pub time: String,
    /// The name of the zone.
    pub zone: String,
    /// The ways that the study offers.
    pub modes: Vec<Mode>,
    /// The mode that is chosen.
    pub mode: Mode,
    /// The address, where it is held in person.
    pub place: String,
    /// Who can hold it.
    pub interviewers: Vec<Choice>,
    /// Who is to hold it; empty for whoever is free.
    pub interviewer: String,
    /// Why it can't be.
    pub refused: Option<Refused>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// Why an interview can't be at a moment.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    /// The moment in full.
    pub at: String,
    /// What is in the way at any time, in sentences.
    pub obstacles: Vec<String>,
    /// Each interviewer who could hold it, with the rules that refuse it.
    pub rows: Vec<VerdictRow>,
}

/// The last question before an interview is booked or moved, with the letters that will leave. Posts `fields` to
/// `action`. Where it can't be, it asks with GET at `again` for another moment: `date`, `time`, `mode`, `place`.
#[derive(Debug, Clone, Serialize)]
pub struct Arrangement {
    /// What surrounds it.
    pub desk: Desk,
    /// The respondent's code.
    pub code: String,
    /// The respondent's name, for those who may see it.
    pub name: Option<String>,
    /// The municipality.
    pub municipality: String,
    /// When and where it is now; `None` for one that is to be booked.
    pub before: Option<Meeting>,
    /// When and where it will be; `None` where it can't be.
    pub after: Option<Meeting>,
    /// Who will hold it; `None` for whoever is free then.
    pub interviewer: Option<String>,
    /// The letters that will leave, in sentences.
    pub letters: Vec<String>,
    /// Why it can't be.
    pub refused: Option<Refused>,
    /// The page of the interview, or the form from which this came.
    pub back: String,
    /// The page of free times for an interview that is moved.
    pub free: Option<String>,
    /// Where the button posts to.
    pub action: String,
    /// What it posts.
    pub fields: Vec<Choice>,
    /// The date as it was typed.
    pub date: String,
    /// The time as it was typed.
    pub time: String,
    /// The ways that the study offers.
    pub modes: Vec<Mode>,
    /// The mode that is chosen.
    pub mode: Mode,
    /// The address, where it is held in person.
    pub place: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// Time that the reader keeps free, to be given back. Posts to `action`.
#[derive(Debug, Clone, Serialize)]
pub struct BlockRelease {
    /// What surrounds it.
    pub desk: Desk,
    /// The day of the agenda that it comes from.
    pub back: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Where the button posts to.
    pub action: String,
}
