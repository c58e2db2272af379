//! Why a start is not offered: every rule that speaks against it, by its name.
//!
//! [`Diary::check_start`] stops at the first refusal, for a respondent who has asked. Here a researcher wonders why a
//! moment is missing, so all reasons are told. There is none exactly where the start is offered; a test holds that.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::hours::Opening;
use super::reservation::{Reservation, ReservationKind};
use super::slots::Diary;
use super::wall::{WallTime, date_at, moment_from, reading};
use crate::clock::Instant;
use crate::domain::holiday::Holiday;
use crate::domain::interview::Asker;

/// A rule that speaks against a start. Of what takes the time only the kind is told, never whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = WhyNotReason)]
pub enum Reason {
    /// The interviewer has no hours at that time.
    OutsideHours,
    /// The weekly hours are closed then by an exception.
    Blocked,
    /// The weekly hours are closed on a public holiday.
    Holiday {
        /// Which.
        holiday: Holiday,
    },
    /// It lies in the hours, but not on one of the steps at which an interview can start.
    OffGrid,
    /// It lies in the hours, but the interview would end after them.
    EndsAfterHours,
    /// Before the first day of the fieldwork.
    BeforeFieldwork,
    /// After the last day of the fieldwork.
    AfterFieldwork,
    /// More days ahead than interviews are offered.
    BeyondHorizon,
    /// It has passed.
    Past,
    /// Too short before the start for a respondent to book it.
    Notice,
    /// The interviewer has the greatest number of interviews for that day.
    DayFull,
    /// The interviewer has the greatest number of interviews for that week.
    WeekFull,
    /// Something is planned at the same time.
    Taken {
        /// What.
        by: ReservationKind,
    },
    /// The rest after this interview, or after an earlier one, would be lost.
    Buffer {
        /// What stands beside it.
        by: ReservationKind,
    },
    /// There would be no time to travel, to this interview or to another.
    Travel {
        /// What stands beside it.
        by: ReservationKind,
    },
    /// The second interviewer of the interview that would move is not free.
    SecondInterviewer {
        /// What takes their time.
        by: ReservationKind,
    },
}

impl Reason {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OutsideHours => "outside_hours",
            Self::Blocked => "blocked",
            Self::Holiday { .. } => "holiday",
            Self::OffGrid => "off_grid",
            Self::EndsAfterHours => "ends_after_hours",
            Self::BeforeFieldwork => "before_fieldwork",
            Self::AfterFieldwork => "after_fieldwork",
            Self::BeyondHorizon => "beyond_horizon",
            Self::Past => "past",
            Self::Notice => "notice",
            Self::DayFull => "day_full",
            Self::WeekFull => "week_full",
            Self::Taken { .. } => "taken",
            Self::Buffer { .. } => "buffer",
            Self::Travel { .. } => "travel",
            Self::SecondInterviewer { .. } => "second_interviewer",
        }
    }

    /// How what is planned stands in the way of what is wanted, if it does.
    fn between(taken: Reservation, wanted: Reservation) -> Option<Self> {
        let by = taken.kind;
        let same_time = taken.starts_at < wanted.ends_at && wanted.starts_at < taken.ends_at;
        if !taken.overlaps(wanted) {
            None
        } else if same_time {
            Some(Self::Taken { by })
        } else if taken.at_home().overlaps(wanted.at_home()) {
            Some(Self::Buffer { by })
        } else {
            Some(Self::Travel { by })
        }
    }
}

impl Diary<'_> {
    /// All that speaks against a start, in the order of [`Reason`]; nothing where it can be booked.
    #[must_use]
    pub fn reasons(&self, start: Instant, asker: Asker, now: Instant) -> Vec<Reason> {
        let (zone, timing) = (self.timing.zone, self.timing);
        let date = date_at(zone, start);
        let in_time = timing.is_in_time(start, asker, now);
        let rules = [
            (timing.is_before_fieldwork(date), Reason::BeforeFieldwork),
            (timing.is_after_fieldwork(date), Reason::AfterFieldwork),
            (timing.is_beyond_horizon(date, date_at(zone, now)), Reason::BeyondHorizon),
            (!in_time && start < now, Reason::Past),
            (!in_time && now <= start, Reason::Notice),
            (self.is_day_full(date), Reason::DayFull),
            (self.is_week_full(date), Reason::WeekFull),
        ];
        let mut reasons = self.against_the_hours(start);
        reasons.extend(rules.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)));
        let wanted = self.wanted(start);
        reasons.extend(self.reservations.overlapping(wanted).filter_map(|r| Reason::between(r, wanted)));
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }

    /// What the hours say against a start; nothing where they offer it.
    fn against_the_hours(&self, start: Instant) -> Vec<Reason> {
        let zone = self.timing.zone;
        let Some((date, time)) = reading(zone, start) else { return vec![Reason::OffGrid] };
        let fits = |opening: Opening| self.fits(date, time, start, opening);
        let openings = self.openings(date);
        if openings.iter().copied().any(fits) {
            return Vec::new();
        }
        if self.hours.weekly_on(date).any(fits) {
            return self.closed_by(date, fits);
        }
        let surrounds = |opening: Opening| opening.stretch.from() <= time && time < opening.stretch.until();
        let is_open = openings.iter().copied().any(surrounds);
        let near = openings.into_iter().chain(self.hours.weekly_on(date)).filter(|o| surrounds(*o));
        let mut reasons: Vec<Reason> = near.flat_map(|o| self.missed(date, time, start, o)).collect();
        if reasons.is_empty() {
            reasons.push(Reason::OutsideHours);
        } else if !is_open {
            reasons.extend(self.closed_by(date, surrounds));
        }
        reasons
    }

    /// What closes the weekly hours to which a start would belong.
    fn closed_by(&self, date: NaiveDate, belongs: impl Fn(Opening) -> bool) -> Vec<Reason> {
        let holiday = Holiday::on(date).filter(|_| self.timing.keeps_holidays);
        let is_blocked = !self.hours.open_on(date).into_iter().any(belongs);
        let blocked = is_blocked.then_some(Reason::Blocked);
        blocked.into_iter().chain(holiday.map(|holiday| Reason::Holiday { holiday })).collect()
    }

    /// What a start lacks to fit in an opening in which it lies.
    fn missed(&self, date: NaiveDate, time: WallTime, start: Instant, opening: Opening) -> Vec<Reason> {
        let closes = moment_from(self.timing.zone, date, opening.stretch.until());
        let ends_in_it = closes.is_some_and(|closes| self.timing.ends_at(start) <= closes);
        let on_grid = (time.minute() - opening.grid_from.minute()) % self.step() == 0;
        let lacking = [(!on_grid, Reason::OffGrid), (!ends_in_it, Reason::EndsAfterHours)];
        lacking.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Availability, Change, Exception, Hours, Reservations, Rule, Stretch, Timing, Weekday, parse_date,
    };
    use super::*;
    use crate::id::UserId;

    const NOW: &str = "2027-03-01T08:00:00Z";

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// An hour's interview on the quarter in Amsterdam, with a quarter of rest and a day's notice.
    fn timing() -> Timing {
        Timing {
            zone: chrono_tz::Europe::Amsterdam,
            interview_minutes: 60,
            slot_step_minutes: 15,
            buffer_minutes: 15,
            min_notice_minutes: 1_440,
            horizon_days: 60,
            window_from: parse_date("2027-03-03"),
            window_until: parse_date("2027-04-25"),
            max_per_day: Some(2),
            max_per_week: Some(3),
            keeps_holidays: true,
        }
    }

    /// From nine to twelve on every day but Sunday; closed on 10 March from ten to eleven.
    fn hours() -> Hours {
        let interviewer = UserId::new();
        let stretch =
            |from: &str, until: &str| Stretch::new(from.parse().unwrap(), until.parse().unwrap()).unwrap();
        let days = Weekday::ALL.into_iter().filter(|day| *day != Weekday::Sun);
        let rules = days.map(|weekday| Rule { interviewer, weekday, stretch: stretch("09:00", "12:00") });
        let change = Change::Closed(Some(stretch("10:00", "11:00")));
        let date = parse_date("2027-03-10").unwrap();
        let availability = Availability {
            rules: rules.collect(),
            exceptions: vec![Exception { interviewer, date, change }],
        };
        availability.by_interviewer().remove(&interviewer).unwrap()
    }

    /// The codes of what speaks against a start, with a space between them.
    fn codes(start: &str, travel_minutes: i32, taken: Vec<Reservation>) -> String {
        let (timing, hours, reservations) = (timing(), hours(), Reservations::new(taken));
        let diary = Diary { timing: &timing, hours: &hours, reservations: &reservations, travel_minutes };
        let reasons = diary.reasons(at(start), Asker::Respondent, at(NOW));
        reasons.into_iter().map(Reason::code).collect::<Vec<_>>().join(" ")
    }

    fn interview(start: &str) -> Reservation {
        timing().reservation(at(start), 0)
    }

    #[test]
    fn each_rule_of_the_hours_and_the_calendar_is_named() {
        for (start, expected) in [
            ("2027-03-04T08:00:00Z", ""),
            ("2027-03-04T07:00:00Z", "outside_hours"),
            ("2027-03-07T09:00:00Z", "outside_hours"),
            ("2027-03-04T09:07:00Z", "off_grid"),
            ("2027-03-04T10:30:00Z", "ends_after_hours"),
            ("2027-03-04T10:37:00Z", "off_grid ends_after_hours"),
            ("2027-03-10T09:15:00Z", "blocked"),
            ("2027-03-10T08:30:00Z", "blocked"),
            ("2027-03-10T09:07:00Z", "blocked off_grid"),
            ("2027-03-26T09:00:00Z", "holiday"),
            ("2027-03-26T09:07:00Z", "holiday off_grid"),
            ("2027-03-02T09:00:00Z", "before_fieldwork"),
            ("2027-04-26T08:00:00Z", "after_fieldwork"),
            ("2027-05-01T08:00:00Z", "after_fieldwork beyond_horizon"),
            ("2027-03-01T09:00:00Z", "before_fieldwork notice"),
            ("2027-02-26T09:00:00Z", "before_fieldwork past"),
        ] {
            assert_eq!(codes(start, 0, Vec::new()), expected, "{start}");
        }
    }

    #[test]
    fn what_takes_the_time_is_told_apart_from_what_is_too_near_and_what_is_too_far() {
        let taken = || vec![interview("2027-03-04T09:15:00Z")];
        assert_eq!(codes("2027-03-04T09:30:00Z", 0, taken()), "taken");
        assert_eq!(codes("2027-03-04T08:15:00Z", 0, taken()), "buffer");
        assert_eq!(codes("2027-03-04T08:00:00Z", 0, taken()), "");
        assert_eq!(codes("2027-03-04T08:00:00Z", 30, taken()), "travel");
        let away = vec![interview("2027-03-04T09:15:00Z").travelling(30)];
        assert_eq!(codes("2027-03-04T08:00:00Z", 0, away), "travel");
        let block = Reservation::whole(
            ReservationKind::Block,
            at("2027-03-04T08:00:00Z"),
            at("2027-03-04T18:00:00Z"),
        );
        assert_eq!(codes("2027-03-04T09:00:00Z", 0, vec![block]), "taken");
    }

    #[test]
    fn a_full_day_and_a_full_week_are_told_apart() {
        let full_day = vec![interview("2027-03-04T13:00:00Z"), interview("2027-03-04T15:00:00Z")];
        assert_eq!(codes("2027-03-04T09:00:00Z", 0, full_day.clone()), "day_full");
        assert_eq!(codes("2027-03-05T09:00:00Z", 0, full_day.clone()), "");
        let full_week = [full_day, vec![interview("2027-03-06T22:00:00Z")]].concat();
        assert_eq!(codes("2027-03-05T09:00:00Z", 0, full_week.clone()), "week_full");
        assert_eq!(codes("2027-03-08T09:00:00Z", 0, full_week), "", "the next Monday");
    }

    #[test]
    fn nothing_speaks_against_either_pass_of_the_hour_that_comes_twice() {
        let all_day = Timing { window_until: None, horizon_days: 730, ..timing() };
        let interviewer = UserId::new();
        let rule = Rule { interviewer, weekday: Weekday::Sun, stretch: Stretch::WHOLE_DAY };
        let hours = Availability { rules: vec![rule], exceptions: Vec::new() }.by_interviewer();
        let reservations = Reservations::default();
        let diary = Diary {
            timing: &all_day,
            hours: &hours[&interviewer],
            reservations: &reservations,
            travel_minutes: 0,
        };
        let reasons = |start: &str| diary.reasons(at(start), Asker::Respondent, at(NOW));
        assert_eq!(reasons("2027-10-31T00:30:00Z"), []);
        assert_eq!(reasons("2027-10-31T01:30:00Z"), []);
        assert_eq!(reasons("2027-10-31T01:37:00Z"), [Reason::OffGrid]);
    }
}
