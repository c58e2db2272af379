//! The rules of time of one study.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

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
}

impl Timing {
    /// When an interview that starts at a moment has ended.
    #[must_use]
    pub fn ends_at(&self, start: Instant) -> Instant {
        start.plus_minutes(i64::from(self.interview_minutes))
    }

    /// Until when the interviewer is taken by an interview that starts at a moment (R1).
    #[must_use]
    pub fn taken_until(&self, start: Instant) -> Instant {
        self.ends_at(start).plus_minutes(i64::from(self.buffer_minutes))
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
        let horizon =
            u64::try_from(self.horizon_days).ok().and_then(|days| today.checked_add_days(Days::new(days)));
        horizon.is_none_or(|last| date <= last)
            && self.window_from.is_none_or(|first| first <= date)
            && self.window_until.is_none_or(|last| date <= last)
    }
}
