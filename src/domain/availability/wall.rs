//! Local wall time: what a clock in the study's zone shows, and which moment that is.
//!
//! A wall time knows no zone and no date. In a gap of the clock it does not exist; in an overlap it comes twice, and
//! where one moment is meant it stands for its first occurrence. All conversions between moments and wall time happen
//! here.

use std::fmt;
use std::str::FromStr;

use chrono::{
    Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike,
};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::clock::Instant;

/// A time of the day in whole minutes, from 00:00 to 24:00 (E8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(u16);

impl WallTime {
    /// 00:00, at which a day begins.
    pub const START_OF_DAY: Self = Self(0);
    /// 24:00, at which a day ends.
    pub const END_OF_DAY: Self = Self(1_440);

    /// The time `minute` minutes after 00:00, or `None` before 0 and after 1,440.
    #[must_use]
    pub fn from_minute(minute: i32) -> Option<Self> {
        u16::try_from(minute).ok().map(Self).filter(|time| *time <= Self::END_OF_DAY)
    }

    /// Minutes since 00:00, 0 to 1,440.
    #[must_use]
    pub fn minute(self) -> i32 {
        i32::from(self.0)
    }
}

impl fmt::Display for WallTime {
    /// Hours and minutes, for example `09:00` or `24:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for WallTime {
    type Err = ();

    /// Reads exactly two digits, a colon and two digits.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (hours, minutes) = text.split_once(':').ok_or(())?;
        let (hours, minutes) = (digits::<2>(hours).ok_or(())?, digits::<2>(minutes).ok_or(())?);
        if minutes > 59 {
            return Err(());
        }
        Self::from_minute(hours * 60 + minutes).ok_or(())
    }
}

impl Serialize for WallTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WallTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("not a time of the day"))
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Every day, in the order of the week.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    /// The number in ISO 8601: 1 for Monday, 7 for Sunday.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The day with a number of ISO 8601.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.number() == number)
    }

    /// The day of the week of a date.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            chrono::Weekday::Mon => Self::Mon,
            chrono::Weekday::Tue => Self::Tue,
            chrono::Weekday::Wed => Self::Wed,
            chrono::Weekday::Thu => Self::Thu,
            chrono::Weekday::Fri => Self::Fri,
            chrono::Weekday::Sat => Self::Sat,
            chrono::Weekday::Sun => Self::Sun,
        }
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Weekday {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|day| day.as_str() == text).ok_or(())
    }
}

/// Reads a date written as `2027-03-28`: exactly four, two and two digits.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let (month, day) = (u32::try_from(digits::<2>(month)?).ok()?, u32::try_from(digits::<2>(day)?).ok()?);
    NaiveDate::from_ymd_opt(digits::<4>(year)?, month, day)
}

fn digits<const N: usize>(text: &str) -> Option<i32> {
    (text.len() == N && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The date and whole minute that a clock in the zone shows at a moment; `None` between two minutes, and at the far
/// ends of time.
pub(in crate::domain) fn reading(zone: Tz, moment: Instant) -> Option<(NaiveDate, WallTime)> {
    let local = local_at(zone, moment)?;
    let minute = u16::try_from(local.hour() * 60 + local.minute()).ok()?;
    (local.second() == 0).then_some((local.date(), WallTime(minute)))
}

/// The date that a calendar in the zone shows at a moment; at the far ends of time, the date in UTC.
#[must_use]
pub fn date_at(zone: Tz, moment: Instant) -> NaiveDate {
    local_at(zone, moment).map_or_else(|| moment.utc().date_naive(), |local| local.date())
}

fn local_at(zone: Tz, moment: Instant) -> Option<NaiveDateTime> {
    let utc = moment.utc().naive_utc();
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix())
}

/// The moment at which a clock in the zone shows this time on this date: the first one where the clock is set back,
/// none where it is set forward over it.
#[must_use]
pub fn moment_at(zone: Tz, date: NaiveDate, time: WallTime) -> Option<Instant> {
    zone.from_local_datetime(&on_date(date, time)?).earliest().map(Instant::from)
}

/// The moments at which a clock in the zone shows this time on this date, in order: two where the clock is set back,
/// none where it is set forward over it.
pub(super) fn moments_at(zone: Tz, date: NaiveDate, time: WallTime) -> impl Iterator<Item = Instant> {
    let shown = on_date(date, time).map_or(MappedLocalTime::None, |local| zone.from_local_datetime(&local));
    let (first, second) = match shown {
        MappedLocalTime::None => (None, None),
        MappedLocalTime::Single(only) => (Some(only), None),
        MappedLocalTime::Ambiguous(first, second) => (Some(first), Some(second)),
    };
    first.into_iter().chain(second).map(Instant::from)
}

/// The first moment at which a clock in the zone shows this time or a later one on this date. It differs from
/// [`moment_at`] only inside a gap, where it is the moment at which the clock jumps.
pub(in crate::domain) fn moment_from(zone: Tz, date: NaiveDate, time: WallTime) -> Option<Instant> {
    let jump = || GapInfo::new(&on_date(date, time)?, &zone)?.end.map(Instant::from);
    moment_at(zone, date, time).or_else(jump)
}

/// When a date begins in a zone: midnight, or the first moment after it where the clock jumps over midnight.
#[must_use]
pub fn day_begins(zone: Tz, date: NaiveDate) -> Option<Instant> {
    moment_from(zone, date, WallTime::START_OF_DAY)
}

fn on_date(date: NaiveDate, time: WallTime) -> Option<NaiveDateTime> {
    date.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(i64::from(time.0)))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_day_runs_from_0000_to_2400_and_reads_back_as_it_was_written() {
        for text in ["00:00", "09:05", "23:59", "24:00"] {
            assert_eq!(text.parse::<WallTime>().map(|t| t.to_string()), Ok(text.to_owned()));
        }
        for text in ["9:00", "24:01", "09:60", "09:00:00", "-1:00", "+9:00", "0900", "", "٠٩:٠٠"] {
            assert_eq!(text.parse::<WallTime>(), Err(()), "{text}");
        }
        assert_eq!(WallTime::from_minute(1_441), None);
        assert_eq!(WallTime::from_minute(-1), None);
    }

    #[test]
    fn a_weekday_follows_from_its_date() {
        assert_eq!(Weekday::of(day("2027-03-28")), Weekday::Sun);
        assert_eq!("tue".parse(), Ok(Weekday::Tue));
        assert_eq!((Weekday::Sun.number(), Weekday::from_number(1)), (7, Some(Weekday::Mon)));
        assert_eq!(Weekday::from_number(0), None);
        assert_eq!("Tue".parse::<Weekday>(), Err(()));
    }

    #[test]
    fn only_real_dates_in_one_spelling_are_read() {
        assert_eq!(parse_date("2028-02-29"), NaiveDate::from_ymd_opt(2028, 2, 29));
        for text in ["2027-02-29", "2027-3-28", "27-03-28", "+2027-03-28", "2027-03-28T00:00", "20270328"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_in_the_gap_has_no_moment_and_leads_to_the_jump() {
        let (gap, half_past_two) = (day("2027-03-28"), "02:30".parse().unwrap());
        assert_eq!(moment_at(Amsterdam, gap, half_past_two), None);
        assert_eq!(moment_from(Amsterdam, gap, half_past_two), Some(at("2027-03-28T01:00:00Z")));
        assert_eq!(
            moment_from(Amsterdam, gap, WallTime::END_OF_DAY),
            moment_at(Amsterdam, day("2027-03-29"), WallTime::START_OF_DAY)
        );
    }

    #[test]
    fn a_time_that_comes_twice_is_its_first_occurrence() {
        let (overlap, half_past_two) = (day("2027-10-31"), "02:30".parse().unwrap());
        assert_eq!(moment_at(Amsterdam, overlap, half_past_two), Some(at("2027-10-31T00:30:00Z")));
        let second = at("2027-10-31T01:30:00Z");
        assert_eq!(reading(Amsterdam, second), Some((overlap, half_past_two)));
        let both: Vec<Instant> = moments_at(Amsterdam, overlap, half_past_two).collect();
        assert_eq!(both, [at("2027-10-31T00:30:00Z"), second]);
        assert_eq!(moments_at(Amsterdam, day("2027-03-28"), half_past_two).count(), 0);
    }

    #[test]
    fn moments_between_minutes_and_at_the_ends_of_time_have_no_reading() {
        assert_eq!(reading(Amsterdam, at("2027-03-28T09:00:30Z")), None);
        assert_eq!(reading(Amsterdam, Instant::from_unix(i64::MAX)), None);
        assert_eq!(reading(Amsterdam, Instant::from_unix(i64::MIN)), None);
    }
}
