//! Free times as they are shown: by day, and within it the morning apart from the afternoon, so that a week of quarters
//! of an hour does not become a wall of buttons.

use chrono::{NaiveTime, Timelike as _};
use serde::Serialize;

/// One free time.
#[derive(Debug, Clone, Serialize)]
pub struct Slot {
    /// The start as it is posted: RFC 3339 in UTC.
    pub starts_at: String,
    /// `10.00`; in a list of alternatives with the day in front.
    pub label: String,
    /// Whether it was chosen in the form that is shown again.
    pub chosen: bool,
}

/// The free times of a day; there is at least one.
#[derive(Debug, Clone, Serialize)]
pub struct SlotDay {
    /// `dinsdag 2 maart`.
    pub heading: String,
    /// How many there are.
    pub count: usize,
    /// Whether its times are shown at once; the other days open by a press.
    pub open: bool,
    /// Its times, earliest first: those before noon, those after it.
    pub halves: Vec<HalfDay>,
}

impl SlotDay {
    /// A day with its times, earliest first, each beside the time of day at which it begins.
    #[must_use]
    pub fn new(heading: String, slots: Vec<(NaiveTime, Slot)>) -> Self {
        let count = slots.len();
        let (morning, afternoon): (Vec<_>, Vec<_>) = slots.into_iter().partition(|(at, _)| at.hour() < 12);
        let halves = [(DayPart::Morning, morning), (DayPart::Afternoon, afternoon)].into_iter();
        let halves = halves
            .filter(|(_, slots)| !slots.is_empty())
            .map(|(part, slots)| HalfDay { part, slots: slots.into_iter().map(|(_, slot)| slot).collect() });
        Self { heading, count, open: false, halves: halves.collect() }
    }

    /// Chooses a start in the days that are shown, and opens the day on which it is; without it, the first one.
    /// Answers whether it is there.
    pub fn choose(days: &mut [Self], start: Option<&str>) -> bool {
        for day in &mut *days {
            day.open = false;
            for slot in day.halves.iter_mut().flat_map(|half| &mut half.slots) {
                slot.chosen = start == Some(slot.starts_at.as_str());
                day.open |= slot.chosen;
            }
        }
        let is_open = days.iter().any(|day| day.open);
        if let Some(first) = days.first_mut().filter(|_| !is_open) {
            first.open = true;
        }
        is_open
    }
}

/// The free times of a morning or an afternoon; there is at least one.
#[derive(Debug, Clone, Serialize)]
pub struct HalfDay {
    /// Which half it is.
    pub part: DayPart,
    /// Its times, earliest first.
    pub slots: Vec<Slot>,
}

/// A half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// Before 12:00.
    Morning,
    /// From 12:00.
    Afternoon,
}
