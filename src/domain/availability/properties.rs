//! What holds for every diary: the list and the single check agree with each other and with a plain reading of the
//! clock minute by minute, also around the days on which clocks are set.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::clock::Instant;
use crate::domain::holiday::Holiday;
use crate::domain::interview::Asker;
use crate::id::UserId;

/// A zone and the day about which to look.
const DAYS: [(Tz, &str); 10] = [
    (Tz::Europe__Amsterdam, "2027-03-28"),
    (Tz::Europe__Amsterdam, "2027-10-31"),
    (Tz::Europe__Amsterdam, "2027-06-01"),
    (Tz::Australia__Sydney, "2027-04-04"),
    (Tz::Australia__Sydney, "2027-10-03"),
    (Tz::Australia__Lord_Howe, "2027-04-04"),
    (Tz::Australia__Lord_Howe, "2027-10-03"),
    (Tz::America__Santiago, "2027-04-03"),
    (Tz::America__Santiago, "2027-09-05"),
    (Tz::America__Havana, "2027-11-07"),
];

#[derive(Debug, Clone)]
struct Case {
    timing: Timing,
    availability: Availability,
    reservations: Vec<Reservation>,
    travel_minutes: i32,
    range: SlotRange,
    asker: Asker,
    now: Instant,
}

impl Case {
    fn hours(&self) -> Hours {
        self.availability.by_interviewer().into_values().next().unwrap_or_default()
    }

    fn diary<'a>(&'a self, hours: &'a Hours, reservations: &'a Reservations) -> Diary<'a> {
        Diary { timing: &self.timing, hours, reservations, travel_minutes: self.travel_minutes }
    }

    fn minutes(&self) -> impl Iterator<Item = Instant> {
        let (from, until) = (self.range.from(), self.range.until());
        (0..).map(move |minute| from.plus_minutes(minute)).take_while(move |moment| *moment < until)
    }
}

fn stretch() -> impl Strategy<Value = Stretch> {
    // Half of the stretches lie in the night, where clocks are set.
    let night = (0..60i32, 1..60i32);
    let day = (0..288i32, 1..288i32);
    prop_oneof![night, day].prop_map(|(from, length)| {
        let time = |step: i32| WallTime::from_minute((step * 5).min(1_440)).unwrap();
        Stretch::new(time(from), time(from + length)).unwrap()
    })
}

fn case() -> impl Strategy<Value = Case> {
    let timing = (5..=180i32, 5..=120i32, 0..=60i32, 0..=2_880i32, 0..=3i32);
    let rules = (prop::option::of(0..=2i32), prop::option::of(0..=4i32), any::<bool>());
    let travel = prop_oneof![Just(0i32), 0..=240i32];
    let exceptions = prop::collection::vec((-1..=1i64, any::<bool>(), prop::option::of(stretch())), 0..4);
    let taken = prop::collection::vec((-1_500..1_500i64, 1..200i64, 0..3usize, 0..=120i32), 0..6);
    let window = (prop::option::of(-1..=1i64), prop::option::of(-1..=1i64));
    let asker = prop_oneof![Just(Asker::Respondent), Just(Asker::Researcher)];
    (
        0..DAYS.len(),
        (timing, rules, travel),
        prop::collection::vec((0..7usize, stretch()), 1..20),
        exceptions,
        taken,
        window,
        asker,
    )
        .prop_map(
            |(which, (timing, limits, travel_minutes), rules, exceptions, taken, window, asker)| {
                let (zone, day) = DAYS[which];
                let day = parse_date(day).unwrap();
                let date = |shift: i64| {
                    let days = Days::new(shift.unsigned_abs());
                    if shift < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) }.unwrap()
                };
                let noon = Instant::from(day.and_hms_opt(12, 0, 0).unwrap().and_utc());
                let interviewer = UserId::new();
                let (interview, step, buffer, notice, horizon) = timing;
                Case {
                    timing: Timing {
                        zone,
                        interview_minutes: interview,
                        slot_step_minutes: step,
                        buffer_minutes: buffer,
                        min_notice_minutes: notice,
                        horizon_days: horizon,
                        window_from: window.0.map(date),
                        window_until: window.1.map(date),
                        max_per_day: limits.0,
                        max_per_week: limits.1,
                        keeps_holidays: limits.2,
                    },
                    availability: Availability {
                        rules: rules
                            .into_iter()
                            .map(|(day, stretch)| Rule { interviewer, weekday: Weekday::ALL[day], stretch })
                            .collect(),
                        exceptions: exceptions
                            .into_iter()
                            .filter_map(|(shift, open, stretch)| {
                                let change = Change::from_parts(open, stretch)?;
                                Some(Exception { interviewer, date: date(shift), change })
                            })
                            .collect(),
                    },
                    reservations: taken
                        .into_iter()
                        .map(|(from, length, kind, travel)| {
                            let (from, until) = (noon.plus_minutes(from), noon.plus_minutes(from + length));
                            Reservation::whole(ReservationKind::ALL[kind], from, until).travelling(travel)
                        })
                        .collect(),
                    travel_minutes,
                    range: SlotRange::asked(Some(noon.plus_days(-2)), Some(noon.plus_days(2)), noon).unwrap(),
                    asker,
                    now: noon.plus_days(-2).plus_minutes(7),
                }
            },
        )
}

/// What a clock in the zone shows minute by minute, from well before the range until well after it.
struct Clockface {
    begins: Instant,
    shown: Vec<NaiveDateTime>,
    /// The latest that was shown until then, so that a first occurrence can be searched for.
    latest: Vec<NaiveDateTime>,
}

impl Clockface {
    fn of(case: &Case) -> Self {
        let begins = case.range.from().plus_days(-2);
        let moments = (0..8 * 1_440).map(|minute| begins.plus_minutes(minute));
        let shown: Vec<_> = moments.map(|m| m.utc().with_timezone(&case.timing.zone).naive_local()).collect();
        let mut latest = shown.clone();
        for at in 1..latest.len() {
            latest[at] = latest[at].max(latest[at - 1]);
        }
        Self { begins, shown, latest }
    }

    fn reading(&self, moment: Instant) -> NaiveDateTime {
        self.shown[usize::try_from((moment.unix() - self.begins.unix()) / 60).unwrap()]
    }

    fn first_at_or_after(&self, date: NaiveDate, time: WallTime) -> Instant {
        let wanted = date.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(i64::from(time.minute()));
        let minutes = self.latest.partition_point(|shown| *shown < wanted);
        self.begins.plus_minutes(i64::try_from(minutes).unwrap())
    }

    /// E7 read aloud: on the grid of one opening by what the clock shows, and over before the opening is.
    fn offers(&self, case: &Case, hours: &Hours, start: Instant) -> bool {
        let shown = self.reading(start);
        let into_day = shown - shown.date().and_hms_opt(0, 0, 0).unwrap();
        let time = WallTime::from_minute(i32::try_from(into_day.num_minutes()).unwrap()).unwrap();
        hours.open_on(shown.date()).into_iter().any(|opening| {
            opening.stretch.from() <= time
                && (time.minute() - opening.grid_from.minute()) % case.timing.slot_step_minutes == 0
                && case.timing.ends_at(start) <= self.first_at_or_after(shown.date(), opening.stretch.until())
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_list_is_every_minute_that_the_check_accepts_and_that_is_free(case in case()) {
        let (hours, reservations) = (case.hours(), Reservations::new(case.reservations.clone()));
        let diary = case.diary(&hours, &reservations);
        let listed = diary.free_starts(case.range, case.asker, case.now);
        let accepted: Vec<Instant> = case
            .minutes()
            .filter(|m| diary.is_free(*m) && diary.check_start(*m, case.asker, case.now).is_ok())
            .collect();
        prop_assert_eq!(&listed, &accepted);
        for start in listed {
            let wanted = case.timing.reservation(start, case.travel_minutes);
            prop_assert!(case.reservations.iter().all(|r| !r.overlaps(wanted)));
        }
    }

    #[test]
    fn nothing_speaks_against_what_is_listed_and_something_against_all_else(case in case()) {
        let (hours, reservations) = (case.hours(), Reservations::new(case.reservations.clone()));
        let diary = case.diary(&hours, &reservations);
        let listed = diary.free_starts(case.range, case.asker, case.now);
        for start in case.minutes() {
            let reasons = diary.reasons(start, case.asker, case.now);
            let is_listed = listed.binary_search(&start).is_ok();
            prop_assert_eq!(reasons.is_empty(), is_listed, "{} {:?}", start, reasons);
        }
    }

    #[test]
    fn on_a_holiday_only_hours_that_were_opened_for_it_are_listed(case in case()) {
        let (hours, reservations) = (case.hours(), Reservations::new(case.reservations.clone()));
        let diary = case.diary(&hours, &reservations);
        for start in diary.free_starts(case.range, case.asker, case.now) {
            let date = date_at(case.timing.zone, start);
            let closed = case.timing.keeps_holidays && Holiday::on(date).is_some();
            prop_assert!(!closed || !hours.opened_on(date).is_empty(), "{}", start);
        }
    }

    #[test]
    fn the_hours_mean_what_a_clock_on_the_wall_shows(case in case()) {
        let (hours, reservations) = (case.hours(), Reservations::default());
        let always = Timing {
            horizon_days: 730,
            window_from: None,
            window_until: None,
            max_per_day: None,
            max_per_week: None,
            keeps_holidays: false,
            ..case.timing.clone()
        };
        let diary =
            Diary { timing: &always, hours: &hours, reservations: &reservations, travel_minutes: 0 };
        let face = Clockface::of(&case);
        for start in case.minutes().step_by(5) {
            let accepted = diary.check_start(start, Asker::Researcher, case.now).is_ok();
            prop_assert_eq!(accepted, face.offers(&case, &hours, start), "{}", start);
        }
    }
}
