//! Which starts an interviewer's diary offers, and why another one is refused.

use chrono::NaiveDate;

use super::hours::{Hours, Opening};
use super::range::SlotRange;
use super::reservation::{Reservation, Reservations};
use super::timing::Timing;
use super::wall::{WallTime, date_at, moment_from, moments_at, reading};
use crate::clock::Instant;
use crate::domain::interview::Asker;
use crate::problem::Problem;

/// Why a start is not offered, apart from being taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// Off the grid, outside the hours, or between two minutes of a clock.
    OutsideAvailability,
    /// Before or after the fieldwork, or beyond the horizon.
    OutsideWindow,
    /// Too short before the start.
    TooSoon,
    /// The interviewer has enough interviews on that day.
    DayFull,
    /// The interviewer has enough interviews in that week.
    WeekFull,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OutsideAvailability => Self::OutsideAvailability,
            Refusal::OutsideWindow => Self::OutsideWindow,
            Refusal::TooSoon => Self::TooSoon,
            Refusal::DayFull => Self::DayFull,
            Refusal::WeekFull => Self::WeekFull,
        }
    }
}

/// The diary of one interviewer, read under the rules of one study.
#[derive(Debug, Clone, Copy)]
pub struct Diary<'a> {
    /// The rules of time of the study.
    pub timing: &'a Timing,
    /// The hours of the interviewer.
    pub hours: &'a Hours,
    /// What is taken of the interviewer's time.
    pub reservations: &'a Reservations,
    /// How long the interviewer is on the way to the interview and back, in minutes each; 0 online.
    pub travel_minutes: i32,
}

impl Diary<'_> {
    /// The starts in a range that can be booked, in order. A start is in the list exactly when
    /// [`check_start`](Self::check_start) accepts it and it [`is_free`](Self::is_free).
    ///
    /// The work grows with the days, the rules of a day and the starts, and with the logarithm of the reservations.
    #[must_use]
    pub fn free_starts(&self, range: SlotRange, asker: Asker, now: Instant) -> Vec<Instant> {
        let zone = self.timing.zone;
        let (first, last) = (date_at(zone, range.from()), date_at(zone, range.until()));
        let today = date_at(zone, now);
        let dates = first.iter_days().take_while(|date| *date <= last);
        let mut starts: Vec<Instant> = dates
            .filter(|date| self.timing.is_in_window(*date, today))
            .filter(|date| !self.is_day_full(*date) && !self.is_week_full(*date))
            .flat_map(|date| {
                self.openings(date).into_iter().flat_map(move |opening| self.grid(date, opening))
            })
            .filter(|start| {
                range.contains(*start) && self.timing.is_in_time(*start, asker, now) && self.is_free(*start)
            })
            .collect();
        // An open exception beside a rule can bring the same start twice, and that or the repeated hour one out of
        // order.
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Whether an interview can start at a moment, apart from what is taken, which is decided when it is reserved.
    ///
    /// # Errors
    /// The first reason, in the order of [`Refusal`], that speaks against it.
    pub fn check_start(&self, start: Instant, asker: Asker, now: Instant) -> Result<(), Refusal> {
        let zone = self.timing.zone;
        let (date, time) = reading(zone, start).ok_or(Refusal::OutsideAvailability)?;
        if !self.openings(date).into_iter().any(|opening| self.fits(date, time, start, opening)) {
            return Err(Refusal::OutsideAvailability);
        }
        if !self.timing.is_in_window(date, date_at(zone, now)) {
            return Err(Refusal::OutsideWindow);
        }
        if !self.timing.is_in_time(start, asker, now) {
            return Err(Refusal::TooSoon);
        }
        if self.is_day_full(date) {
            return Err(Refusal::DayFull);
        }
        if self.is_week_full(date) {
            return Err(Refusal::WeekFull);
        }
        Ok(())
    }

    /// Whether the interviewer's time is free for an interview from this start on, with the buffer after it and the
    /// travel around both.
    #[must_use]
    pub fn is_free(&self, start: Instant) -> bool {
        let wanted = self.wanted(start);
        self.reservations.is_free(wanted.from, wanted.until)
    }

    /// What an interview from this start on would take.
    pub(super) fn wanted(&self, start: Instant) -> Reservation {
        self.timing.reservation(start, self.travel_minutes)
    }

    /// What is open on a date under the rules of the study: on a holiday only what was opened for it.
    pub(super) fn openings(&self, date: NaiveDate) -> Vec<Opening> {
        self.hours.open_under(self.timing.keeps_holidays, date)
    }

    /// Whether the interviewer has the greatest number of interviews on a date.
    pub(super) fn is_day_full(&self, date: NaiveDate) -> bool {
        self.timing.max_per_day.is_some_and(|max| self.has_as_many(max, self.timing.day_of(date)))
    }

    /// Whether the interviewer has the greatest number of interviews in the week of a date.
    pub(super) fn is_week_full(&self, date: NaiveDate) -> bool {
        self.timing.max_per_week.is_some_and(|max| self.has_as_many(max, self.timing.week_of(date)))
    }

    fn has_as_many(&self, max: i32, span: Option<(Instant, Instant)>) -> bool {
        let count = span.map(|(from, until)| self.reservations.interviews_between(from, until));
        count.zip(usize::try_from(max).ok()).is_some_and(|(count, max)| count >= max)
    }

    pub(super) fn fits(&self, date: NaiveDate, time: WallTime, start: Instant, opening: Opening) -> bool {
        let Opening { stretch, grid_from } = opening;
        let on_grid = (time.minute() - grid_from.minute()) % self.step() == 0;
        let closes = moment_from(self.timing.zone, date, stretch.until());
        stretch.from() <= time && on_grid && closes.is_some_and(|closes| self.timing.ends_at(start) <= closes)
    }

    /// The starts on one date in one opening, whatever is taken, in the order of what the clock shows.
    fn grid(&self, date: NaiveDate, opening: Opening) -> Vec<Instant> {
        let zone = self.timing.zone;
        let Opening { stretch, grid_from } = opening;
        let (from, until) = (stretch.from().minute(), stretch.until().minute());
        let opens = moment_from(zone, date, stretch.from());
        let Some((opens, closes)) = opens.zip(moment_from(zone, date, stretch.until())) else {
            return Vec::new();
        };
        let first = from + (grid_from.minute() - from).rem_euclid(self.step());
        let minutes = std::iter::successors(Some(first), |minute| Some(minute + self.step()))
            .take_while(|minute| *minute < until);
        let ends_in_it = |start: &Instant| self.timing.ends_at(*start) <= closes;
        // Where as much time passes as the clock shows, every start follows from the first one.
        if closes == opens.plus_minutes(i64::from(until - from)) {
            return minutes
                .map(|minute| opens.plus_minutes(i64::from(minute - from)))
                .take_while(ends_in_it)
                .collect();
        }
        let times = minutes.filter_map(WallTime::from_minute);
        times.flat_map(|time| moments_at(zone, date, time)).filter(ends_in_it).collect()
    }

    pub(super) fn step(&self) -> i32 {
        self.timing.slot_step_minutes.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::wall::parse_date;
    use super::super::*;
    use super::*;
    use crate::id::UserId;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// An hour's interview with a quarter of buffer, on the quarter, in Amsterdam.
    fn timing() -> Timing {
        Timing {
            zone: chrono_tz::Europe::Amsterdam,
            interview_minutes: 60,
            slot_step_minutes: 15,
            buffer_minutes: 15,
            min_notice_minutes: 1_440,
            horizon_days: 730,
            window_from: None,
            window_until: None,
            max_per_day: None,
            max_per_week: None,
            keeps_holidays: false,
        }
    }

    /// The same hours on every day of the week.
    fn daily(from: &str, until: &str) -> Hours {
        let interviewer = UserId::new();
        let stretch = Stretch::new(from.parse().unwrap(), until.parse().unwrap()).unwrap();
        let rules = Weekday::ALL.into_iter().map(|weekday| Rule { interviewer, weekday, stretch }).collect();
        let availability = Availability { rules, exceptions: Vec::new() };
        availability.by_interviewer().remove(&interviewer).unwrap()
    }

    fn interview(from: &str, until: &str) -> Reservation {
        Reservation::whole(ReservationKind::Interview, at(from), at(until))
    }

    const NOW: &str = "2027-02-01T08:00:00Z";

    /// The starts on one date as a clock on the wall shows them, with the offset from UTC.
    fn starts(date: &str, timing: &Timing, hours: &Hours, reservations: Vec<Reservation>) -> Vec<String> {
        let reservations = Reservations::new(reservations);
        let diary = Diary { timing, hours, reservations: &reservations, travel_minutes: 0 };
        let from = moment_from(timing.zone, parse_date(date).unwrap(), WallTime::START_OF_DAY).unwrap();
        let until = moment_from(timing.zone, parse_date(date).unwrap(), WallTime::END_OF_DAY).unwrap();
        let range = SlotRange::asked(Some(from), Some(until), at(NOW)).unwrap();
        let found = diary.free_starts(range, Asker::Respondent, at(NOW));
        found.iter().map(|s| s.utc().with_timezone(&timing.zone).format("%H:%M%:z").to_string()).collect()
    }

    fn check(start: &str, timing: &Timing, reservations: Vec<Reservation>) -> Result<(), Refusal> {
        let (hours, reservations) = (daily("09:00", "12:00"), Reservations::new(reservations));
        let diary = Diary { timing, hours: &hours, reservations: &reservations, travel_minutes: 0 };
        diary.check_start(at(start), Asker::Respondent, at(NOW))
    }

    #[test]
    fn starts_lie_on_the_grid_and_the_whole_interview_inside_the_rule_but_not_its_buffer() {
        assert_eq!(
            starts("2027-03-01", &timing(), &daily("09:10", "11:00"), Vec::new()),
            ["09:10+01:00", "09:25+01:00", "09:40+01:00", "09:55+01:00"]
        );
    }

    #[test]
    fn after_an_interview_at_ten_the_next_starts_when_its_buffer_has_passed() {
        let taken = vec![interview("2027-03-01T09:00:00Z", "2027-03-01T10:15:00Z")];
        assert_eq!(
            starts("2027-03-01", &timing(), &daily("08:30", "13:00"), taken),
            ["08:30+01:00", "08:45+01:00", "11:15+01:00", "11:30+01:00", "11:45+01:00", "12:00+01:00"]
        );
    }

    #[test]
    fn starts_in_the_missing_hour_are_not_offered_and_hours_count_in_real_minutes() {
        let hourly = Timing { slot_step_minutes: 30, ..timing() };
        assert_eq!(
            starts("2027-03-28", &hourly, &daily("00:30", "04:30"), Vec::new()),
            ["00:30+01:00", "01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00"]
        );
        assert_eq!(starts("2027-03-28", &hourly, &daily("01:00", "02:30"), Vec::new()), ["01:00+01:00"]);
        assert!(starts("2027-03-28", &hourly, &daily("02:00", "03:00"), Vec::new()).is_empty());
    }

    #[test]
    fn hours_that_span_the_repeated_hour_offer_both_passes_of_it() {
        let hourly = Timing { slot_step_minutes: 30, ..timing() };
        assert_eq!(
            starts("2027-10-31", &hourly, &daily("01:30", "04:00"), Vec::new()),
            ["01:30+02:00", "02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00", "03:00+01:00"]
        );
        assert_eq!(
            starts("2027-10-31", &hourly, &daily("02:00", "03:00"), Vec::new()),
            ["02:00+02:00", "02:30+02:00", "02:00+01:00"],
            "an hour on the clock is two hours to talk"
        );
        let hours = daily("01:30", "04:00");
        let diary = Diary {
            timing: &hourly,
            hours: &hours,
            reservations: &Reservations::default(),
            travel_minutes: 0,
        };
        for start in ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"] {
            assert_eq!(diary.check_start(at(start), Asker::Respondent, at(NOW)), Ok(()), "{start}");
        }
        let first_pass = vec![interview("2027-10-31T00:00:00Z", "2027-10-31T01:15:00Z")];
        assert_eq!(
            starts("2027-10-31", &hourly, &daily("02:00", "04:00"), first_pass),
            ["02:30+01:00", "03:00+01:00"],
            "each pass is a time of its own"
        );
    }

    #[test]
    fn hours_that_begin_or_end_in_the_repeated_hour_do_so_at_its_first_pass() {
        let short = Timing { slot_step_minutes: 30, interview_minutes: 30, ..timing() };
        assert_eq!(
            starts("2027-10-31", &short, &daily("01:30", "02:30"), Vec::new()),
            ["01:30+02:00", "02:00+02:00"]
        );
        assert_eq!(
            starts("2027-10-31", &short, &daily("02:30", "03:30"), Vec::new()),
            ["02:30+02:00", "02:30+01:00", "03:00+01:00"]
        );
    }

    #[test]
    fn a_clock_that_is_set_by_half_an_hour_is_understood() {
        let lord_howe = Timing {
            zone: chrono_tz::Australia::Lord_Howe,
            slot_step_minutes: 30,
            interview_minutes: 30,
            ..timing()
        };
        assert_eq!(
            starts("2027-10-03", &lord_howe, &daily("01:00", "03:30"), Vec::new()),
            ["01:00+10:30", "01:30+10:30", "02:30+11:00", "03:00+11:00"]
        );
        assert_eq!(
            starts("2027-04-04", &lord_howe, &daily("01:00", "03:00"), Vec::new()),
            ["01:00+11:00", "01:30+11:00", "01:30+10:30", "02:00+10:30", "02:30+10:30"]
        );
    }

    #[test]
    fn off_the_grid_comes_before_the_window_the_notice_and_the_full_day() {
        let strict = Timing {
            window_from: parse_date("2027-02-02"),
            window_until: parse_date("2027-02-03"),
            max_per_day: Some(1),
            ..timing()
        };
        let full = || vec![interview("2027-02-02T08:00:00Z", "2027-02-02T09:15:00Z")];
        assert_eq!(check("2027-02-01T10:07:00Z", &strict, full()), Err(Refusal::OutsideAvailability));
        assert_eq!(check("2027-02-01T10:00:00Z", &strict, full()), Err(Refusal::OutsideWindow));
        assert_eq!(check("2027-02-04T10:00:00Z", &strict, full()), Err(Refusal::OutsideWindow));
        let long_notice = Timing { min_notice_minutes: 2_880, ..strict.clone() };
        assert_eq!(check("2027-02-02T10:00:00Z", &long_notice, full()), Err(Refusal::TooSoon));
        assert_eq!(check("2027-02-02T10:00:00Z", &strict, full()), Err(Refusal::DayFull));
        assert_eq!(check("2027-02-02T10:00:00Z", &strict, Vec::new()), Ok(()));
        assert_eq!(check("2027-02-03T10:00:00Z", &strict, full()), Ok(()));
    }

    #[test]
    fn the_horizon_ends_with_the_last_local_day_and_the_notice_at_the_very_minute() {
        let near = Timing { horizon_days: 2, min_notice_minutes: 60, ..timing() };
        assert_eq!(check("2027-02-01T08:45:00Z", &near, Vec::new()), Err(Refusal::TooSoon));
        assert_eq!(check("2027-02-01T09:00:00Z", &near, Vec::new()), Ok(()));
        assert_eq!(check("2027-02-03T10:00:00Z", &near, Vec::new()), Ok(()));
        assert_eq!(check("2027-02-04T08:00:00Z", &near, Vec::new()), Err(Refusal::OutsideWindow));
    }

    #[test]
    fn the_notice_does_not_bind_a_researcher() {
        let (timing, hours) = (timing(), daily("09:00", "12:00"));
        let diary = Diary {
            timing: &timing,
            hours: &hours,
            reservations: &Reservations::default(),
            travel_minutes: 0,
        };
        assert_eq!(diary.check_start(at("2027-02-01T09:00:00Z"), Asker::Researcher, at(NOW)), Ok(()));
    }
}
