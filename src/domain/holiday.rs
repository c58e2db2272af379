//! Dutch public holidays, computed: the days of the Algemene termijnenwet, art. 3.
//!
//! That law names New Year's Day, Easter Monday, Ascension Day, Whit Monday, both Christmas days, the day on which the
//! King's birthday is kept and 5 May, and puts Good Friday on a par with them. It needs not name Easter Day and Whit
//! Sunday, which are Sundays: whoever has hours on Sundays has them on those as well. 5 May is one of them **every
//! year**, as in the law, also for those who have the day off in lustrum years only. Whoever does hold interviews on a
//! holiday opens hours on its date.
//!
//! Easter follows the Gregorian computus: the Sunday after the full moon, by the tables of the Church, on or after
//! 21 March.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Serialize;
use utoipa::ToSchema;

/// A day on which the Netherlands are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// The Friday before Easter.
    GoodFriday,
    /// The Monday after Easter.
    EasterMonday,
    /// 27 April, or the day before where that is a Sunday.
    KingsDay,
    /// 5 May.
    LiberationDay,
    /// The Thursday 39 days after Easter.
    AscensionDay,
    /// The Monday 50 days after Easter.
    WhitMonday,
    /// 25 December.
    ChristmasDay,
    /// 26 December.
    SecondChristmasDay,
}

impl Holiday {
    /// Every holiday, in the order of a usual year.
    pub const ALL: [Self; 9] = [
        Self::NewYear,
        Self::GoodFriday,
        Self::EasterMonday,
        Self::KingsDay,
        Self::LiberationDay,
        Self::AscensionDay,
        Self::WhitMonday,
        Self::ChristmasDay,
        Self::SecondChristmasDay,
    ];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewYear => "new_year",
            Self::GoodFriday => "good_friday",
            Self::EasterMonday => "easter_monday",
            Self::KingsDay => "kings_day",
            Self::LiberationDay => "liberation_day",
            Self::AscensionDay => "ascension_day",
            Self::WhitMonday => "whit_monday",
            Self::ChristmasDay => "christmas_day",
            Self::SecondChristmasDay => "second_christmas_day",
        }
    }

    /// The holiday that a date is; the first in the list where two fall together.
    #[must_use]
    pub fn on(date: NaiveDate) -> Option<Self> {
        Self::ALL.into_iter().find(|holiday| holiday.in_year(date.year()) == Some(date))
    }

    /// The date of the holiday in a year; `None` at the far ends of time.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let after_easter = |days| easter(year)?.checked_add_days(Days::new(days));
        match self {
            Self::NewYear => day(1, 1),
            Self::GoodFriday => easter(year)?.checked_sub_days(Days::new(2)),
            Self::EasterMonday => after_easter(1),
            Self::KingsDay => day(4, 27).filter(|date| date.weekday() != Weekday::Sun).or(day(4, 26)),
            Self::LiberationDay => day(5, 5),
            Self::AscensionDay => after_easter(39),
            Self::WhitMonday => after_easter(50),
            Self::ChristmasDay => day(12, 25),
            Self::SecondChristmasDay => day(12, 26),
        }
    }

    /// The holidays from one date up to and including another, in order.
    #[must_use]
    pub fn between(first: NaiveDate, last: NaiveDate) -> Vec<(NaiveDate, Self)> {
        let years = first.year()..=last.year();
        let all = years.flat_map(|year| Self::ALL.map(|holiday| (holiday.in_year(year), holiday)));
        let mut found: Vec<(NaiveDate, Self)> = all
            .filter_map(|(date, holiday)| date.map(|date| (date, holiday)))
            .filter(|(date, _)| first <= *date && *date <= last)
            .collect();
        found.sort_unstable();
        found
    }
}

/// Easter Day by the Gregorian computus, in the form of the Anonymous Gregorian algorithm (Nature, 20 April 1876;
/// Meeus, Astronomical Algorithms, ch. 8).
fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let moon = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * century.rem_euclid(4) + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let days = moon + weekday - 7 * late + 114;
    let (month, day) = (u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?);
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Easter as Knuth computes it (The Art of Computer Programming, 1.3.2, exercise 14), by golden number and epact.
    fn by_golden_number(year: i32) -> NaiveDate {
        let golden = year % 19 + 1;
        let century = year / 100 + 1;
        let (dropped, moon_orbit) = (3 * century / 4 - 12, (8 * century + 5) / 25 - 5);
        let sunday = 5 * year / 4 - dropped - 10;
        let epact = (11 * golden + 20 + moon_orbit - dropped).rem_euclid(30);
        let epact = if (epact == 25 && golden > 11) || epact == 24 { epact + 1 } else { epact };
        let full_moon = if 44 - epact < 21 { 74 - epact } else { 44 - epact };
        let sunday_after = full_moon + 7 - (sunday + full_moon) % 7;
        let march = NaiveDate::from_ymd_opt(year, 3, 1).unwrap();
        march + Days::new(u64::try_from(sunday_after - 1).unwrap())
    }

    #[test]
    fn easter_agrees_with_another_reckoning_over_eight_centuries() {
        for year in 1583..=2400 {
            assert_eq!(easter(year), Some(by_golden_number(year)), "{year}");
        }
        // The earliest and the latest that there can be, and one known by heart.
        assert_eq!(easter(1818), Some(day("1818-03-22")));
        assert_eq!(easter(2038), Some(day("2038-04-25")));
        assert_eq!(easter(2027), Some(day("2027-03-28")));
    }

    #[test]
    fn the_holidays_of_2027_are_those_of_the_calendar() {
        let found = Holiday::between(day("2027-01-01"), day("2027-12-31"));
        let shown: Vec<_> =
            found.iter().map(|(date, holiday)| format!("{date} {}", holiday.as_str())).collect();
        assert_eq!(
            shown,
            [
                "2027-01-01 new_year",
                "2027-03-26 good_friday",
                "2027-03-29 easter_monday",
                "2027-04-27 kings_day",
                "2027-05-05 liberation_day",
                "2027-05-06 ascension_day",
                "2027-05-17 whit_monday",
                "2027-12-25 christmas_day",
                "2027-12-26 second_christmas_day",
            ]
        );
    }

    #[test]
    fn kings_day_gives_way_to_a_sunday() {
        assert_eq!(Holiday::on(day("2025-04-26")), Some(Holiday::KingsDay));
        assert_eq!(Holiday::on(day("2025-04-27")), None);
        assert_eq!(Holiday::on(day("2031-04-26")), Some(Holiday::KingsDay));
        assert_eq!(Holiday::on(day("2026-04-26")), None);
        assert_eq!(Holiday::on(day("2026-04-27")), Some(Holiday::KingsDay));
    }

    #[test]
    fn the_days_of_a_span_are_found_over_the_turn_of_a_year_and_where_two_fall_together() {
        let turn = Holiday::between(day("2026-12-26"), day("2027-01-01"));
        assert_eq!(
            turn,
            [(day("2026-12-26"), Holiday::SecondChristmasDay), (day("2027-01-01"), Holiday::NewYear)]
        );
        // In 2016 Ascension Day was 5 May.
        assert_eq!(Holiday::AscensionDay.in_year(2016), Some(day("2016-05-05")));
        assert_eq!(Holiday::on(day("2016-05-05")), Some(Holiday::LiberationDay));
    }
}
