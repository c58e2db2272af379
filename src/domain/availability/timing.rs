//! The rules of time of one study.

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use super::reservation::{Reservation, ReservationKind};
use super::wall::{WallTime, moment_from};
use crate::clock::Instant;
use crate::domain::interview::Asker;

/// What a study says about when interviews can be and how long they take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// The zone of all wall times.
    pub zone: Tz,
    /// The length of an interview in minutes.
    pub interview_minutes: i32,
    /// The distance between two possible starts in minutes.
    pub slot_step_minutes: i32,
    /// What the interviewer keeps free after an interview, in minutes.
    pub buffer_minutes: i32,
    /// How long before its start a respondent has to book, in minutes.
    pub min_notice_minutes: i32,
    /// How many days after today the last interview can be.
    pub horizon_days: i32,
    /// The first date of the fieldwork, itself included (E9).
    pub window_from: Option<NaiveDate>,
    /// The last date of the fieldwork, itself included (E9).
    pub window_until: Option<NaiveDate>,
    /// How many interviews an interviewer has on one day at most, in whatever study.
    pub max_per_day: Option<i32>,
    /// How many interviews an interviewer has from one Monday to the next at most, in whatever study.
    pub max_per_week: Option<i32>,
    /// Whether weekly hours are closed on public holidays.
    pub keeps_holidays: bool,
}

impl Timing {
    /// When an interview that starts at a moment has ended.
    #[must_use]
    pub fn ends_at(&self, start: Instant) -> Instant {
        start.plus_minutes(i64::from(self.interview_minutes))
    }

    /// What an interview that starts at a moment takes of the interviewer's time: with the buffer after it, and so many
    /// minutes of travel before it and after that (R1).
    #[must_use]
    pub fn reservation(&self, start: Instant, travel_minutes: i32) -> Reservation {
        let ends_at = self.ends_at(start);
        let until = ends_at.plus_minutes(i64::from(self.buffer_minutes));
        let kind = ReservationKind::Interview;
        Reservation { from: start, until, starts_at: start, ends_at, kind }.travelling(travel_minutes)
    }

    /// How many days around a moment have to be known to tell whether an interview can start there: those that its
    /// travel and its day reach into, or its week.
    #[must_use]
    pub fn days_around(&self) -> i64 {
        if self.max_per_week.is_some() { 8 } else { 2 }
    }

    /// A date, from midnight to midnight in the zone.
    pub(super) fn day_of(&self, date: NaiveDate) -> Option<(Instant, Instant)> {
        let midnight = |time| moment_from(self.zone, date, time);
        midnight(WallTime::START_OF_DAY).zip(midnight(WallTime::END_OF_DAY))
    }

    /// The week of a date, from Monday to Monday at midnight in the zone.
    pub(super) fn week_of(&self, date: NaiveDate) -> Option<(Instant, Instant)> {
        let monday = date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()))?;
        let next = monday.checked_add_days(Days::new(7))?;
        let midnight = |date| moment_from(self.zone, date, WallTime::START_OF_DAY);
        midnight(monday).zip(midnight(next))
    }

    /// Whether the notice is long enough. It binds respondents only, for whom the past is too soon as well (E9).
    pub(super) fn is_in_time(&self, start: Instant, asker: Asker, now: Instant) -> bool {
        match asker {
            Asker::Respondent => start >= now.plus_minutes(i64::from(self.min_notice_minutes)),
            Asker::Researcher => true,
        }
    }

    /// Whether a date lies in the fieldwork and not beyond the horizon, both counted in dates of the study's zone.
    pub(super) fn is_in_window(&self, date: NaiveDate, today: NaiveDate) -> bool {
        !self.is_before_fieldwork(date)
            && !self.is_after_fieldwork(date)
            && !self.is_beyond_horizon(date, today)
    }

    /// Whether a date lies before or after the fieldwork.
    pub(in crate::domain) fn is_outside_fieldwork(&self, date: NaiveDate) -> bool {
        self.is_before_fieldwork(date) || self.is_after_fieldwork(date)
    }

    pub(super) fn is_before_fieldwork(&self, date: NaiveDate) -> bool {
        self.window_from.is_some_and(|first| date < first)
    }

    pub(super) fn is_after_fieldwork(&self, date: NaiveDate) -> bool {
        self.window_until.is_some_and(|last| last < date)
    }

    pub(super) fn is_beyond_horizon(&self, date: NaiveDate, today: NaiveDate) -> bool {
        let horizon =
            u64::try_from(self.horizon_days).ok().and_then(|days| today.checked_add_days(Days::new(days)));
        horizon.is_some_and(|last| last < date)
    }
}
