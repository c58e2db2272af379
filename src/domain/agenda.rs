//! The days that an agenda shows, a week of ISO 8601 or one day, and where on a day a moment lies.
//!
//! A day has as many hours as its clock shows: 23 or 25 where summer time begins or ends. A place on a day is told in
//! minutes of the wall clock, so that ten o'clock stands at the same height on every day of a week.

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::availability::{Hours, Timing, WallTime, date_at, day_begins, moment_from, reading};
use crate::clock::Instant;

/// The minutes that a clock shows from midnight to midnight.
const MINUTES_OF_DAY: i32 = 1_440;

/// How much of an agenda is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// From Monday to Sunday.
    Week,
    /// One day.
    Day,
}

impl Extent {
    /// Every extent.
    pub const ALL: [Self; 2] = [Self::Week, Self::Day];

    /// The name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Day => "day",
        }
    }

    const fn days(self) -> u64 {
        match self {
            Self::Week => 7,
            Self::Day => 1,
        }
    }
}

impl std::str::FromStr for Extent {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|extent| extent.as_str() == text).ok_or(())
    }
}

/// The days of one page of an agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    extent: Extent,
    first: NaiveDate,
}

impl Sheet {
    /// The week or the day of a date.
    #[must_use]
    pub fn of(extent: Extent, date: NaiveDate) -> Self {
        let back = match extent {
            Extent::Week => u64::from(date.weekday().num_days_from_monday()),
            Extent::Day => 0,
        };
        Self { extent, first: date.checked_sub_days(Days::new(back)).unwrap_or(date) }
    }

    /// Whether it is a week or a day.
    #[must_use]
    pub const fn extent(self) -> Extent {
        self.extent
    }

    /// The first of its days.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// Its days, in order.
    pub fn dates(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take(usize::try_from(self.extent.days()).unwrap_or(1))
    }

    /// The last of its days.
    #[must_use]
    pub fn last(self) -> NaiveDate {
        self.first.checked_add_days(Days::new(self.extent.days() - 1)).unwrap_or(self.first)
    }

    /// The sheet before it.
    #[must_use]
    pub fn previous(self) -> Self {
        let first = self.first.checked_sub_days(Days::new(self.extent.days()));
        Self { first: first.unwrap_or(self.first), ..self }
    }

    /// The sheet after it.
    #[must_use]
    pub fn next(self) -> Self {
        let first = self.first.checked_add_days(Days::new(self.extent.days()));
        Self { first: first.unwrap_or(self.first), ..self }
    }

    /// The number of the week of ISO 8601 in which it begins: week 1 is the one with the first Thursday of a year.
    #[must_use]
    pub fn week(self) -> u32 {
        self.first.iso_week().week()
    }

    /// From the first midnight to the last one in a zone; `None` at the far ends of time.
    #[must_use]
    pub fn bounds(self, zone: Tz) -> Option<(Instant, Instant)> {
        day_begins(zone, self.first).zip(day_begins(zone, self.last().succ_opt()?))
    }
}

/// How many minutes a day takes: 1,440, but 1,380 or 1,500 where the clock is set forward or back.
#[must_use]
pub fn length_of_day(zone: Tz, date: NaiveDate) -> i64 {
    let next = date.succ_opt().and_then(|next| day_begins(zone, next));
    let seconds = day_begins(zone, date).zip(next).map(|(begins, ends)| ends.unix() - begins.unix());
    seconds.map_or(i64::from(MINUTES_OF_DAY), |seconds| seconds / 60)
}

/// The minutes since midnight that a clock in the zone shows at a moment, seen from a date: 0 before it, 1,440 after.
#[must_use]
pub fn minute_on(zone: Tz, date: NaiveDate, at: Instant) -> i32 {
    let whole = at.plus_seconds(-at.unix().rem_euclid(60));
    match reading(zone, whole) {
        Some((there, time)) if there == date => time.minute(),
        _ if date_at(zone, at) < date => 0,
        _ => MINUTES_OF_DAY,
    }
}

/// The stretches of a date in which interviews may lie, in order: what touches or overlaps is told as one. None outside
/// the fieldwork.
#[must_use]
pub fn openings(hours: &Hours, timing: &Timing, date: NaiveDate) -> Vec<(Instant, Instant)> {
    if !timing.is_fieldwork(date) {
        return Vec::new();
    }
    let moment = |time: WallTime| moment_from(timing.zone, date, time);
    let stretches = hours.open_under(timing.keeps_holidays, date).into_iter();
    let mut told: Vec<(Instant, Instant)> = Vec::new();
    for (from, until) in stretches
        .filter_map(|open| moment(open.stretch.from()).zip(moment(open.stretch.until())))
        .filter(|(from, until)| from < until)
    {
        match told.last_mut() {
            Some((_, end)) if from <= *end => *end = until.max(*end),
            _ => told.push((from, until)),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;

    use super::super::availability::parse_date;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday_and_has_the_number_of_iso_8601() {
        let week = Sheet::of(Extent::Week, day("2027-01-03"));
        assert_eq!((week.first(), week.last(), week.week()), (day("2026-12-28"), day("2027-01-03"), 53));
        assert_eq!((week.next().first(), week.next().week()), (day("2027-01-04"), 1));
        assert_eq!(week.previous().dates().next(), Some(day("2026-12-21")));
        assert_eq!(Sheet::of(Extent::Day, day("2027-03-03")).next().last(), day("2027-03-04"));
    }

    #[test]
    fn a_week_with_a_change_of_the_clock_has_an_hour_less_or_more() {
        for (date, minutes, from, until) in [
            ("2027-03-28", 1_380, "2027-03-21T23:00:00Z", "2027-03-28T22:00:00Z"),
            ("2027-10-31", 1_500, "2027-10-24T22:00:00Z", "2027-10-31T23:00:00Z"),
            ("2027-06-06", 1_440, "2027-05-30T22:00:00Z", "2027-06-06T22:00:00Z"),
        ] {
            assert_eq!(length_of_day(Amsterdam, day(date)), minutes);
            let bounds = Sheet::of(Extent::Week, day(date)).bounds(Amsterdam);
            assert_eq!(bounds, Some((at(from), at(until))), "{date}");
        }
    }

    #[test]
    fn ten_o_clock_stands_at_the_same_height_on_every_day() {
        for (date, ten) in [("2027-03-27", "09"), ("2027-03-28", "08"), ("2027-10-31", "09")] {
            let at = at(&format!("{date}T{ten}:00:00Z"));
            assert_eq!(minute_on(Amsterdam, day(date), at), 600, "{date}");
        }
        let (date, seen) = (day("2027-03-02"), |text| minute_on(Amsterdam, day("2027-03-02"), at(text)));
        assert_eq!(seen("2027-03-01T22:59:59Z"), 0);
        assert_eq!(seen("2027-03-02T23:00:00Z"), MINUTES_OF_DAY, "{date}");
        assert_eq!(seen("2027-03-02T09:15:59Z"), 615);
    }
}
