//! Times, days, lengths and periods as iCalendar writes them (RFC 5545 3.3).

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::lines::Line;
use super::zones::{Zone, Zones};
use crate::clock::Instant;

/// A point in time as it is written: a wall time somewhere, or a day.
#[derive(Debug, Clone)]
pub(super) struct Stamp {
    pub(super) wall: NaiveDateTime,
    pub(super) zone: Zone,
    /// Whether it is a day as a whole.
    pub(super) is_day: bool,
}

impl Stamp {
    /// The moment; of a day its beginning.
    pub(super) fn moment(&self) -> Instant {
        self.zone.moment(self.wall)
    }

    /// The values of a property, of which some have several.
    pub(super) fn all(line: &Line, zones: &Zones) -> Vec<Option<Self>> {
        line.value.split(',').map(|text| Self::parse(text, line, zones)).collect()
    }

    /// The value of a property.
    pub(super) fn of(line: &Line, zones: &Zones) -> Option<Self> {
        Self::parse(&line.value, line, zones)
    }

    pub(super) fn parse(text: &str, line: &Line, zones: &Zones) -> Option<Self> {
        let text = text.trim();
        if let Some(utc) = text.strip_suffix('Z') {
            return Some(Self { wall: wall_time(utc)?, zone: Zone::UTC, is_day: false });
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
            let wall = sane(day.and_hms_opt(0, 0, 0)?)?;
            return Some(Self { wall, zone: zones.owner.clone(), is_day: true });
        }
        let zone = line.parameter("TZID").map_or_else(|| zones.owner.clone(), |name| zones.named(name));
        Some(Self { wall: wall_time(text)?, zone, is_day: false })
    }
}

/// A wall time such as `20270301T093000`.
pub(super) fn wall_time(text: &str) -> Option<NaiveDateTime> {
    // A leap second is the last second of its minute.
    let text = text.trim();
    let text = text.strip_suffix("60").map_or_else(|| text.to_owned(), |minute| format!("{minute}59"));
    sane(NaiveDateTime::parse_from_str(&text, "%Y%m%dT%H%M%S").ok()?)
}

/// Years with which one can calculate.
fn sane(wall: NaiveDateTime) -> Option<NaiveDateTime> {
    use chrono::Datelike as _;
    (1_600..=2_400).contains(&wall.year()).then_some(wall)
}

/// How long something takes: days, which follow the clock, and seconds, which do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    days: i64,
    seconds: i64,
}

/// The seconds of a length such as `PT90M`, with days of 24 hours; `None` for one that can't be read.
pub(in crate::calendar) fn seconds(text: &str) -> Option<i64> {
    Length::parse(text).map(|length| length.about().num_seconds())
}

impl Length {
    pub(super) const DAY: Self = Self { days: 1, seconds: 0 };
    pub(super) const NONE: Self = Self { days: 0, seconds: 0 };
    /// The longest that is taken for real, in days.
    const LONGEST: i64 = 4_000;

    /// From a start to an end; `None` for one that comes before it.
    pub(super) fn between(start: &Stamp, end: &Stamp) -> Option<Self> {
        let length = if start.is_day && end.is_day {
            Self { days: (end.wall - start.wall).num_days(), seconds: 0 }
        } else {
            Self { days: 0, seconds: end.moment().unix() - start.moment().unix() }
        };
        length.sane()
    }

    /// A length such as `P1DT2H30M` or `P2W`; `None` for one that can't be read or goes back in time.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().trim_start_matches('+').strip_prefix('P')?;
        let (mut length, mut digits, mut any) = (Self::NONE, String::new(), false);
        for c in rest.chars() {
            if c.is_ascii_digit() && digits.len() < 9 {
                digits.push(c);
                continue;
            }
            if c == 'T' && digits.is_empty() {
                continue;
            }
            let number: i64 = digits.parse().ok()?;
            digits.clear();
            any = true;
            match c {
                'W' => length.days += 7 * number,
                'D' => length.days += number,
                'H' => length.seconds += 3_600 * number,
                'M' => length.seconds += 60 * number,
                'S' => length.seconds += number,
                _ => return None,
            }
        }
        if any && digits.is_empty() { length.sane() } else { None }
    }

    fn sane(self) -> Option<Self> {
        let in_days = self.days + self.seconds / 86_400;
        (self.days >= 0 && self.seconds >= 0 && in_days <= Self::LONGEST).then_some(self)
    }

    /// When something ends that begins at a wall time.
    pub(super) fn end(self, wall: NaiveDateTime, zone: &Zone) -> Instant {
        zone.moment(wall + TimeDelta::days(self.days)).plus_seconds(self.seconds)
    }

    /// About how long it is.
    pub(super) fn about(self) -> TimeDelta {
        TimeDelta::days(self.days) + TimeDelta::seconds(self.seconds)
    }
}

/// A period such as `20270301T090000Z/PT1H`: when it begins, and how long it is.
pub(super) fn period(text: &str, line: &Line, zones: &Zones) -> Option<(Stamp, Length)> {
    let (start, rest) = text.split_once('/')?;
    let start = Stamp::parse(start, line, zones)?;
    let length = match Length::parse(rest) {
        Some(length) => length,
        None => Length::between(&start, &Stamp::parse(rest, line, zones)?)?,
    };
    Some((start, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_those_that_go_back_or_never_end_are_not() {
        let read = |text| Length::parse(text).map(|length| (length.days, length.seconds));
        assert_eq!(read("P1DT2H30M"), Some((1, 9_000)));
        assert_eq!(read("P2W"), Some((14, 0)));
        assert_eq!(read("PT0S"), Some((0, 0)));
        for wrong in ["", "P", "PT", "1H", "-PT1H", "PT1", "P999999999D", "PTé", "PT9999999999S"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
