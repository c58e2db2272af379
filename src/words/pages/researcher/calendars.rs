//! The calendars that are read for when a researcher is busy, and the address at which their own is read.

use serde::Serialize;

use super::{Desk, desk};
use crate::domain::calendar_feed::FeedFault;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

/// A calendar that is read.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarRow {
    /// Its id, for `/account/calendars/{id}/refresh` and `/account/calendars/{id}/forget`.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The server that it comes from.
    pub host: String,
    /// The zone of its days.
    pub time_zone: String,
    /// When it was last read, if it was.
    pub read_at: Option<String>,
    /// Why it could not be read the last time, in a sentence.
    pub fault: Option<String>,
    /// How many stretches of time it takes.
    pub busy: u64,
    /// How many entries could not be understood.
    pub skipped: u64,
}

impl CalendarRow {
    /// The sentence about why a calendar could not be read.
    #[must_use]
    pub fn sentence(language: Language, fault: FeedFault) -> String {
        word(language, &format!("calendars.fault.{fault}"))
    }
}

/// The calendars of a researcher. Posts `url`, `name` and `time_zone` to `/account/calendars`, and nothing to
/// `/account/calendars/feed` and `/account/calendars/feed/end`.
#[derive(Debug, Clone, Serialize)]
pub struct Calendars {
    /// What surrounds it.
    pub desk: Desk,
    /// Those that are read.
    pub calendars: Vec<CalendarRow>,
    /// The name as it was typed. The address is not shown again.
    pub name: String,
    /// The zone as it was typed.
    pub time_zone: String,
    /// Since when one's interviews can be read at a secret address.
    pub shared_since: Option<String>,
    /// That address, shown this once.
    pub new_feed: Option<String>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// The question before a calendar is forgotten. Posts nothing to `/account/calendars/{id}/forget`.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarLeaves {
    /// What surrounds it.
    pub desk: Desk,
    /// Which.
    pub calendar: CalendarRow,
}

fn row(language: Language, fault: Option<FeedFault>) -> CalendarRow {
    CalendarRow {
        id: "1".to_owned(),
        name: "Outlook".to_owned(),
        host: "outlook.office365.com".to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
        read_at: Some("2 mrt 2027, 09.12".to_owned()),
        fault: fault.map(|fault| CalendarRow::sentence(language, fault)),
        busy: 214,
        skipped: 0,
    }
}

impl Sample for Calendars {
    fn samples(language: Language) -> Vec<Self> {
        let problems = [FieldProblem::new("url", FieldCode::Value).with("allowed", "https://…")];
        let empty = Self {
            desk: desk(None, ""),
            calendars: Vec::new(),
            name: String::new(),
            time_zone: "Europe/Amsterdam".to_owned(),
            shared_since: None,
            new_feed: None,
            errors: Vec::new(),
        };
        let waiting = CalendarRow { read_at: None, busy: 0, ..row(language, None) };
        let odd = CalendarRow { skipped: 2, ..row(language, None) };
        let failing = FeedFault::ALL.iter().map(|fault| row(language, Some(*fault)));
        let full = Self {
            calendars: [row(language, None), waiting, odd].into_iter().chain(failing).collect(),
            shared_since: Some("2 mrt 2027, 09.12".to_owned()),
            ..empty.clone()
        };
        let shared = Self {
            new_feed: Some("https://veldwerk.example/feeds/made-up-and-shown-only-once.ics".to_owned()),
            errors: FieldMessage::all(language, &problems),
            ..full.clone()
        };
        vec![empty, full, shared]
    }
}

impl Sample for CalendarLeaves {
    fn samples(language: Language) -> Vec<Self> {
        vec![Self { desk: desk(None, ""), calendar: row(language, None) }]
    }
}
