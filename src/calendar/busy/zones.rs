//! What a calendar means by the name of a zone: one of the IANA, one of Windows, or one that it describes itself.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use chrono::{NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::Budget;
use super::lines::{Component, calendars};
use super::recurrence::Recurrence;
use super::stamp::wall_time;
use crate::clock::Instant;
use crate::domain::calendar_feed::FeedFault;

/// How many changes of the clock are looked at for one moment.
const CHANGES: usize = 10_000;

/// The names of Windows, with the credit to where they come from.
const WINDOWS: &str = include_str!("windows_zones.txt");

/// The names of the IANA in small letters, which some programs write.
static OF_IANA: LazyLock<HashMap<String, Tz>> =
    LazyLock::new(|| TZ_VARIANTS.iter().map(|zone| (zone.name().to_ascii_lowercase(), *zone)).collect());

static OF_WINDOWS: LazyLock<HashMap<&'static str, Tz>> = LazyLock::new(|| {
    let rows = WINDOWS.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .filter_map(|(name, zone)| Some((name, zone.parse().ok()?)))
        .collect()
});

/// A zone, in which wall times are moments.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    Known(Tz),
    Sent(Rc<SentZone>),
}

/// A zone as the calendar describes it (RFC 5545 3.6.5).
#[derive(Debug)]
pub(super) struct SentZone {
    /// From which moment on it is how many seconds east of UTC.
    changes: Vec<(NaiveDateTime, i64)>,
    /// What held before the first of them.
    before: i64,
}

impl Zone {
    pub(super) const UTC: Self = Self::Known(Tz::UTC);

    /// How many seconds east of UTC it is at a moment, told in UTC.
    fn offset(&self, utc: NaiveDateTime) -> i64 {
        match self {
            Self::Known(zone) => zone.offset_from_utc_datetime(&utc).fix().local_minus_utc().into(),
            Self::Sent(zone) => {
                let until = zone.changes.partition_point(|(from, _)| *from <= utc);
                let last = until.checked_sub(1).and_then(|last| zone.changes.get(last));
                last.map_or(zone.before, |(_, offset)| *offset)
            }
        }
    }

    /// What a clock shows at a moment that is told in UTC.
    pub(super) fn wall(&self, utc: NaiveDateTime) -> NaiveDateTime {
        utc + TimeDelta::seconds(self.offset(utc))
    }

    /// The moment of a wall time: the first of two, and for one that is skipped as if the clock had not been set
    /// forward yet (RFC 5545 3.3.5).
    pub(super) fn moment(&self, wall: NaiveDateTime) -> Instant {
        let day = TimeDelta::days(1);
        let around = [self.offset(wall - day), self.offset(wall + day)];
        let told = |offset: i64| wall - TimeDelta::seconds(offset);
        let real = around.into_iter().map(told).filter(|utc| self.wall(*utc) == wall).min();
        Instant::from(real.unwrap_or_else(|| told(around[0])).and_utc())
    }
}

/// The zones of a calendar, by the names that it uses.
#[derive(Debug)]
pub(super) struct Zones {
    sent: HashMap<String, Zone>,
    /// The zone of times that have none, and of days.
    pub(super) owner: Zone,
}

impl Zones {
    /// The zones that a calendar describes, as far as its names are not known anyhow.
    pub(super) fn of(
        calendar: &Component,
        owner: Tz,
        window: (NaiveDateTime, NaiveDateTime),
        budget: &mut Budget<'_>,
    ) -> Result<Self, FeedFault> {
        let mut sent = HashMap::new();
        for part in calendar.parts.iter().filter(|part| part.name == "VTIMEZONE") {
            let Some(name) = part.value("TZID") else { continue };
            if known(name).is_none()
                && let Some(zone) = described(part, window, budget)?
            {
                sent.insert(name.to_owned(), Zone::Sent(Rc::new(zone)));
            }
        }
        Ok(Self { sent, owner: Zone::Known(owner) })
    }

    /// The zone of a name. One that nobody explains is taken for the owner's, since that is where they most often are.
    pub(super) fn named(&self, name: &str) -> Zone {
        let sent = || self.sent.get(name.trim()).cloned();
        known(name).map(Zone::Known).or_else(sent).unwrap_or_else(|| self.owner.clone())
    }
}

/// A zone of the IANA or of Windows. Some programs set a path before the name, such as `/mozilla.org/20050126_1/`.
fn known(name: &str) -> Option<Tz> {
    let name = name.trim();
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    if let Some(zone) = OF_WINDOWS.get(name) {
        return Some(*zone);
    }
    let Some(rest) = name.strip_prefix('/') else {
        return OF_IANA.get(&name.to_ascii_lowercase()).copied();
    };
    rest.match_indices('/').find_map(|(at, _)| rest.get(at + 1..)?.parse().ok())
}

/// The moment of a wall time in a zone that a file names, and describes unless its name is known. None where nobody
/// explains the name, and for a time that the clock shows twice or never.
pub(in crate::calendar) fn moment_in(file: &[u8], name: &str, wall: NaiveDateTime) -> Option<Instant> {
    if let Some(zone) = known(name) {
        return zone.from_local_datetime(&wall).single().map(Instant::from);
    }
    let day = TimeDelta::days(1);
    let mut budget = Budget { left: CHANGES, in_time: &|| true };
    calendars(file).ok()?.iter().find_map(|calendar| {
        let zones = Zones::of(calendar, Tz::UTC, (wall - day, wall + day), &mut budget).ok()?;
        zones.sent.get(name.trim()).map(|zone| zone.moment(wall))
    })
}

/// A zone out of its description, with the changes that matter in a window.
fn described(
    zone: &Component,
    (from, until): (NaiveDateTime, NaiveDateTime),
    budget: &mut Budget<'_>,
) -> Result<Option<SentZone>, FeedFault> {
    let year = TimeDelta::days(400);
    let (from, until) = (from - year, until + year);
    let mut changes = Vec::new();
    let mut earlier: Option<(NaiveDateTime, i64)> = None;
    for half in &zone.parts {
        let Some((start, before, after)) = half_of(half) else { continue };
        let mut onsets = vec![start];
        onsets.extend(half.all("RDATE").flat_map(|line| line.value.split(',')).filter_map(wall_time));
        if let Some(rule) = half.value("RRULE") {
            let wall = |utc| utc + TimeDelta::seconds(before);
            if let Ok(rule) = Recurrence::parse(rule, wall)
                && let Ok(times) = rule.times(start, (from, until), budget)?
            {
                onsets.extend(times);
            }
        }
        for onset in onsets {
            let change = (onset - TimeDelta::seconds(before), after);
            if onset >= from {
                changes.push(change);
            } else if earlier.is_none_or(|known| known.0 <= change.0) {
                earlier = Some(change);
            }
        }
    }
    changes.sort_unstable();
    changes.dedup();
    let first = || zone.parts.iter().filter_map(half_of).min_by_key(|half| half.0).map(|half| half.1);
    let before = earlier.map(|change| change.1).or_else(first);
    Ok(before.map(|before| SentZone { changes, before }))
}

/// When one half of a description began, and the offsets before and since.
fn half_of(half: &Component) -> Option<(NaiveDateTime, i64, i64)> {
    let start = wall_time(half.value("DTSTART")?)?;
    Some((start, offset(half.value("TZOFFSETFROM")?)?, offset(half.value("TZOFFSETTO")?)?))
}

/// An offset such as `+0100` or `-023015`, in seconds (RFC 5545 3.3.14).
fn offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    let seconds = part(0)? * 3_600 + part(2)? * 60 + part(4)?;
    (seconds <= 18 * 3_600).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_windows_means_a_zone() {
        let rows = WINDOWS.lines().filter(|line| !line.starts_with('#')).count();
        assert!(rows > 100);
        assert_eq!(OF_WINDOWS.len(), rows);
        assert_eq!(known("W. Europe Standard Time"), Some(Tz::Europe__Berlin));
    }

    #[test]
    fn a_name_is_known_behind_a_path_and_unknown_otherwise() {
        assert_eq!(known("/mozilla.org/20050126_1/Europe/Amsterdam"), Some(Tz::Europe__Amsterdam));
        assert_eq!(known("/citadel.org/America/Argentina/Salta"), Some(Tz::America__Argentina__Salta));
        assert_eq!(known("america/new_york"), Some(Tz::America__New_York));
        assert_eq!(known("Customized Time Zone"), None);
    }

    #[test]
    fn a_wall_time_that_comes_twice_is_the_first_and_a_skipped_one_counts_from_before_the_jump() {
        let zone = Zone::Known(Tz::Europe__Amsterdam);
        let at = |text: &str| zone.moment(wall_time(text).unwrap()).to_string();
        assert_eq!(at("20271031T023000"), "2027-10-31T00:30:00Z");
        assert_eq!(at("20270328T023000"), "2027-03-28T01:30:00Z");
        assert_eq!(at("20270328T030000"), "2027-03-28T01:00:00Z");
    }

    #[test]
    fn offsets_are_read_to_the_second_and_never_beyond_a_day() {
        assert_eq!(offset("+0100"), Some(3_600));
        assert_eq!(offset("-023015"), Some(-9_015));
        for wrong in ["", "1", "+9900", "+01:00", "+é00"] {
            assert_eq!(offset(wrong), None, "{wrong}");
        }
    }
}
