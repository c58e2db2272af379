//! A zone's definition as calendars want it: both halves with yearly rules and an old start (RFC 5545 3.6.5).
//!
//! Outlook misreads definitions that list single dates, that are cut to one year, or that have one half where there
//! are two. So the rule is derived from the zone's own changes around the event; where no yearly rule tells them,
//! there is no definition and the event is written in UTC.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday};
use chrono_tz::Tz;
use ics::components::Component;

use super::content::exact;
use crate::clock::Instant;

/// How many years after the event's the rule must still hold, so that "last" and "fourth" can be told apart.
const YEARS_AHEAD: i32 = 5;
/// Definitions reach no further back than this year.
const EARLIEST_YEAR: i32 = 1970;
const WEEK_SECONDS: i64 = 7 * 86_400;

/// The VTIMEZONE of a zone for events in a year, or `None` where UTC is right: for a zone that is UTC, and for one
/// whose changes follow no yearly rule that calendars can be told.
pub(super) fn definition(zone: Tz, year: i32) -> Option<Component<'static>> {
    let years: Vec<Vec<Change>> =
        (year - 1..=year + YEARS_AHEAD).map(|year| changes_in(zone, year)).collect();
    let mut definition = Component::new("VTIMEZONE");
    definition.add_property(exact("TZID", zone.name()));
    if years.iter().all(Vec::is_empty) {
        let offset = offset_at(zone, new_year(year)?);
        if offset == 0 {
            return None;
        }
        let always = Instant::from_unix(0).utc().naive_utc();
        definition.add_component(observance("STANDARD", always, offset, offset));
        return Some(definition);
    }
    if years.iter().any(|changes| changes.len() != 2) {
        return None;
    }
    for (name, forward) in [("DAYLIGHT", true), ("STANDARD", false)] {
        let halves: Option<Vec<Change>> = years
            .iter()
            .map(|changes| changes.iter().copied().find(|change| change.is_forward() == forward))
            .collect();
        let (rule, onset) = yearly(zone, year - 1, &halves?)?;
        let mut half = observance(name, onset, rule.from, rule.to);
        half.add_property(exact("RRULE", rule.recurrence()));
        definition.add_component(half);
    }
    Some(definition)
}

/// The rule that gives all these changes, the first of which is in `first_year`, and the earliest onset since when
/// it has held without a break.
fn yearly(zone: Tz, first_year: i32, changes: &[Change]) -> Option<(YearlyRule, NaiveDateTime)> {
    let first = changes.first()?;
    let rule = YearlyRule::readings(first)
        .into_iter()
        .flatten()
        .find(|rule| changes.iter().all(|change| rule.gives(change)))?;
    let before = (EARLIEST_YEAR..first_year).rev().map_while(|year| {
        changes_in(zone, year).into_iter().find(|change| rule.gives(change)).map(|change| change.onset)
    });
    let onset = before.last().unwrap_or(first.onset);
    Some((rule, onset))
}

fn observance(name: &'static str, onset: NaiveDateTime, from: i32, to: i32) -> Component<'static> {
    let mut observance = Component::new(name);
    observance.add_property(exact("DTSTART", onset.format("%Y%m%dT%H%M%S").to_string()));
    observance.add_property(exact("TZOFFSETFROM", utc_offset(from)));
    observance.add_property(exact("TZOFFSETTO", utc_offset(to)));
    observance
}

/// An offset in seconds as RFC 5545 3.3.14 writes it, for example `+0100`.
fn utc_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// A moment at which a zone's clocks are set forward or back.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// The moment in the local time that ends with it.
    onset: NaiveDateTime,
    /// Seconds east of UTC before.
    from: i32,
    /// Seconds east of UTC after.
    to: i32,
}

impl Change {
    const fn is_forward(self) -> bool {
        self.to > self.from
    }
}

/// A rule such as "the last Sunday of March at 02:00".
#[derive(Debug, Clone, Copy)]
struct YearlyRule {
    month: u32,
    /// The how-manieth such weekday of the month; -1 is the last.
    week: i64,
    weekday: Weekday,
    time: NaiveTime,
    from: i32,
    to: i32,
}

impl YearlyRule {
    /// The rules that one change may follow: its weekday counted from the end of the month, if it is the last, and
    /// from the beginning.
    fn readings(change: &Change) -> [Option<Self>; 2] {
        let date = change.onset.date();
        let rule = |week| Self {
            month: date.month(),
            week,
            weekday: date.weekday(),
            time: change.onset.time(),
            from: change.from,
            to: change.to,
        };
        let last = date.checked_add_days(Days::new(7)).is_some_and(|next| next.month() != date.month());
        [last.then(|| rule(-1)), Some(rule(i64::from(date.day0() / 7) + 1))]
    }

    fn gives(&self, change: &Change) -> bool {
        Self::readings(change).into_iter().flatten().any(|other| {
            (self.month, self.week, self.weekday, self.time, self.from, self.to)
                == (other.month, other.week, other.weekday, other.time, other.from, other.to)
        })
    }

    fn recurrence(&self) -> String {
        let weekday = match self.weekday {
            Weekday::Mon => "MO",
            Weekday::Tue => "TU",
            Weekday::Wed => "WE",
            Weekday::Thu => "TH",
            Weekday::Fri => "FR",
            Weekday::Sat => "SA",
            Weekday::Sun => "SU",
        };
        format!("FREQ=YEARLY;BYMONTH={};BYDAY={}{weekday}", self.month, self.week)
    }
}

/// The changes of a zone in a year of UTC, in their order. No zone changes twice within a week.
fn changes_in(zone: Tz, year: i32) -> Vec<Change> {
    let (Some(mut from), Some(end)) = (new_year(year), new_year(year + 1)) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    while from < end {
        let until = (from + WEEK_SECONDS).min(end);
        if offset_at(zone, from) != offset_at(zone, until) {
            changes.push(change_between(zone, from, until));
        }
        from = until;
    }
    changes
}

/// The change between two moments with different offsets, by bisection.
fn change_between(zone: Tz, mut before: i64, mut after: i64) -> Change {
    let (from, to) = (offset_at(zone, before), offset_at(zone, after));
    while after - before > 1 {
        let middle = before.midpoint(after);
        if offset_at(zone, middle) == from {
            before = middle;
        } else {
            after = middle;
        }
    }
    Change { onset: Instant::from_unix(after + i64::from(from)).utc().naive_utc(), from, to }
}

/// Seconds east of UTC at a moment, given in seconds since 1970.
fn offset_at(zone: Tz, unix: i64) -> i32 {
    let moment = Instant::from_unix(unix).utc().naive_utc();
    zone.offset_from_utc_datetime(&moment).fix().local_minus_utc()
}

/// The first moment of a year, in seconds since 1970.
fn new_year(year: i32) -> Option<i64> {
    NaiveDate::from_ymd_opt(year, 1, 1).map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(zone: Tz, year: i32) -> Option<Vec<String>> {
        definition(zone, year)
            .map(|zone| zone.to_string().split_terminator("\r\n").map(str::to_owned).collect())
    }

    #[test]
    fn amsterdam_has_the_rules_of_1981_and_1996_whatever_the_year() {
        let expected = [
            "BEGIN:VTIMEZONE",
            "TZID:Europe/Amsterdam",
            "BEGIN:DAYLIGHT",
            "DTSTART:19810329T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:19961027T030000",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "END:STANDARD",
            "END:VTIMEZONE",
        ];
        for year in 2020..=2040 {
            assert_eq!(lines(Tz::Europe__Amsterdam, year).unwrap(), expected, "{year}");
        }
    }

    #[test]
    fn counted_weekdays_and_the_southern_hemisphere_keep_their_own_rules() {
        let new_york = lines(Tz::America__New_York, 2027).unwrap();
        assert!(new_york.contains(&"DTSTART:20070311T020000".to_owned()), "{new_york:?}");
        assert!(new_york.contains(&"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU".to_owned()));
        assert!(new_york.contains(&"RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU".to_owned()));
        let sydney = lines(Tz::Australia__Sydney, 2027).unwrap();
        assert!(sydney.contains(&"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU".to_owned()), "{sydney:?}");
        assert!(sydney.contains(&"RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU".to_owned()));
    }

    #[test]
    fn a_zone_without_summer_time_has_one_half() {
        let expected = [
            "BEGIN:VTIMEZONE",
            "TZID:Asia/Kolkata",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0530",
            "TZOFFSETTO:+0530",
            "END:STANDARD",
            "END:VTIMEZONE",
        ];
        assert_eq!(lines(Tz::Asia__Kolkata, 2027).unwrap(), expected);
        assert!(lines(Tz::America__Curacao, 2027).unwrap().contains(&"TZOFFSETTO:-0400".to_owned()));
    }

    #[test]
    fn utc_and_zones_without_a_yearly_rule_have_no_definition() {
        for zone in [Tz::UTC, Tz::Etc__UTC, Tz::Africa__Casablanca, Tz::America__Santiago] {
            assert!(definition(zone, 2027).is_none(), "{zone}");
        }
    }

    #[test]
    fn every_definition_changes_on_the_days_on_which_its_zone_does() {
        let mut rules = 0;
        for zone in chrono_tz::TZ_VARIANTS {
            let Some(lines) = lines(zone, 2027) else { continue };
            let told: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("RRULE:")).collect();
            let mut days: Vec<NaiveDate> = told.iter().map(|rule| day_in_2027(rule)).collect();
            days.sort();
            rules += days.len();
            let changes: Vec<_> = changes_in(zone, 2027).iter().map(|change| change.onset.date()).collect();
            assert_eq!(days, changes, "{zone}: {told:?}");
        }
        assert!(rules > 200, "{rules}");
    }

    /// The day in 2027 of a rule such as `FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU`, found by counting days.
    fn day_in_2027(rule: &str) -> NaiveDate {
        let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name)).unwrap();
        let (month, by_day) = (part("BYMONTH=").parse().unwrap(), part("BYDAY="));
        let (week, weekday) = by_day.split_at(by_day.len() - 2);
        let days: Vec<_> = NaiveDate::from_ymd_opt(2027, month, 1)
            .unwrap()
            .iter_days()
            .take_while(|day| day.month() == month)
            .filter(|day| day.weekday().to_string().to_uppercase().starts_with(weekday))
            .collect();
        if week == "-1" { *days.last().unwrap() } else { days[week.parse::<usize>().unwrap() - 1] }
    }
}
