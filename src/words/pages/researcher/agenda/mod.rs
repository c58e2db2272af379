//! The agenda of a study: a week or a day, and the pages on which something is put into it.

mod acts;
mod layout;
mod samples;

pub use acts::{AgendaBook, AgendaTime, Arrangement, BlockRelease, Refused};
pub use layout::{Band, Scale};

use serde::Serialize;

use super::{Choice, Desk};
use crate::domain::agenda::Extent;
use crate::domain::interview::Mode;
use crate::words::pages::shared::FieldMessage;

/// A week or a day. Asks with GET at `{base}/agenda`, fields `view`, `date` and `who`.
#[derive(Debug, Clone, Serialize)]
pub struct Agenda {
    /// What surrounds it.
    pub desk: Desk,
    /// Whether it is a week or a day.
    pub extent: Extent,
    /// Which days: `1 – 7 mrt 2027`, `dinsdag 2 maart 2027`.
    pub title: String,
    /// The number of the week of ISO 8601.
    pub week: u32,
    /// The name of the zone.
    pub zone: String,
    /// The date in the form.
    pub date: String,
    /// The id of who is shown; empty for everybody.
    pub who: String,
    /// Whose agenda can be shown.
    pub interviewers: Vec<Choice>,
    /// The sheet before.
    pub previous: String,
    /// The sheet after.
    pub next: String,
    /// The sheet of today, unless this is it.
    pub today: Option<String>,
    /// Days side by side by the hour: of one interviewer in a week, of each interviewer on a day.
    pub grid: Option<Grid>,
    /// A week of everybody.
    pub board: Option<Board>,
    /// How many interviewers found no room on the page.
    pub left_out: u64,
    /// What was wrong with what was asked.
    pub errors: Vec<FieldMessage>,
}

/// Columns by the hour.
#[derive(Debug, Clone, Serialize)]
pub struct Grid {
    /// The hours that are shown.
    pub scale: Scale,
    /// The hours with their names.
    pub hours: Vec<Hour>,
    /// How tall an hour is drawn: 1, or 2 or 3 where something is short.
    pub tall: u8,
    /// The steps to which something that is dragged jumps, in minutes.
    pub step: i32,
    /// The length of an interview, in minutes.
    pub interview_minutes: i32,
    /// The columns.
    pub columns: Vec<Column>,
}

/// An hour beside a grid.
#[derive(Debug, Clone, Serialize)]
pub struct Hour {
    /// `09.00`.
    pub label: String,
    /// The classes of its place.
    pub place: String,
}

/// A week with a row for each interviewer.
#[derive(Debug, Clone, Serialize)]
pub struct Board {
    /// The days.
    pub days: Vec<BoardDay>,
    /// The interviewers.
    pub rows: Vec<BoardRow>,
}

/// A day at the head of a board.
#[derive(Debug, Clone, Serialize)]
pub struct BoardDay {
    /// `ma 1 mrt`.
    pub heading: String,
    /// The day alone.
    pub href: String,
    /// Whether it is today.
    pub today: bool,
    /// What is to be known of it: a holiday, a change of the clock.
    pub notes: Vec<String>,
}

/// An interviewer on a board.
#[derive(Debug, Clone, Serialize)]
pub struct BoardRow {
    /// The name.
    pub name: String,
    /// Their week alone.
    pub href: String,
    /// Their days.
    pub cells: Vec<Column>,
}

/// One day of one interviewer.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// The day, or the interviewer where all columns are of one day.
    pub heading: String,
    /// What the heading leads to.
    pub href: Option<String>,
    /// The date.
    pub date: String,
    /// The id of the interviewer.
    pub who: String,
    /// Whether it is today.
    pub today: bool,
    /// What is to be known of the day.
    pub notes: Vec<String>,
    /// The hours in which interviews can be, in words.
    pub open: Option<String>,
    /// The drawing behind it.
    pub bands: Vec<Band>,
    /// Where it is now, in minutes from the top.
    pub now: Option<i32>,
    /// What takes time.
    pub items: Vec<Item>,
    /// How much more there is than is shown.
    pub more: u64,
    /// The page on which something is put into this day, for those who may.
    pub add: Option<String>,
}

/// Something that takes time.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// `interview`, `hold`, `block` or `busy`.
    pub kind: &'static str,
    /// The classes of its place.
    pub place: String,
    /// `10.00 – 11.00 uur`.
    pub time: String,
    /// From when to when the time is taken where travel and rest take more of it.
    pub taken: Option<String>,
    /// The page of it.
    pub href: Option<String>,
    /// Until when it is kept for a respondent who fills in the form.
    pub kept_until: Option<String>,
    /// The interview.
    pub interview: Option<ItemInterview>,
}

/// An interview in an agenda.
#[derive(Debug, Clone, Serialize)]
pub struct ItemInterview {
    /// The respondent's code.
    pub code: String,
    /// The municipality.
    pub municipality: String,
    /// How it is held.
    pub mode: Mode,
    /// `booked`, `held` or `no_show`.
    pub status: &'static str,
    /// Whether it is online and has no link yet.
    pub link_missing: bool,
    /// The page of another time for it, where the reader may choose one.
    pub move_to: Option<String>,
}
