//! Dates and times as people read them, in a study's zone.
//!
//! The names of days and months, and the order in which they stand, are words (`date.*`); only the arithmetic is here.

use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDate, Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::phrase;
use super::phrases::{Words, plural};
use crate::clock::Instant;
use crate::domain::language::Language;

/// `dinsdag 2 maart 2027`, `Tuesday 2 March 2027`.
#[must_use]
pub fn day(language: Language, zone: Tz, at: Instant) -> String {
    date(language, local(zone, at).date_naive())
}

/// A local date in full, with its weekday and year.
#[must_use]
pub fn date(language: Language, date: NaiveDate) -> String {
    in_form(language, "date.long", "date.weekdays", "date.months", date)
}

/// `dinsdag 2 maart`: a date where the year is clear.
#[must_use]
pub fn date_in_year(language: Language, date: NaiveDate) -> String {
    in_form(language, "date.in_year", "date.weekdays", "date.months", date)
}

/// `2 maart 2027`: a date whose weekday tells nobody anything.
#[must_use]
pub fn date_alone(language: Language, date: NaiveDate) -> String {
    in_form(language, "date.stamp", "date.weekdays", "date.months", date)
}

/// `di 2 mrt`: for narrow columns.
#[must_use]
pub fn date_short(language: Language, date: NaiveDate) -> String {
    in_form(language, "date.short", "date.weekdays_short", "date.months_short", date)
}

/// The days from one moment to another: `1 – 7 mrt 2027`, `29 mrt – 4 apr 2027`.
#[must_use]
pub fn days(language: Language, zone: Tz, from: Instant, until: Instant) -> String {
    let (from, until) = (local(zone, from).date_naive(), local(zone, until).date_naive());
    let form = match (from.year() == until.year(), from.month() == until.month()) {
        (true, true) => "date.range_day",
        (true, false) => "date.range_month",
        (false, _) => "date.stamp",
    };
    let first = in_form(language, form, "date.weekdays_short", "date.months_short", from);
    let last = in_form(language, "date.stamp", "date.weekdays_short", "date.months_short", until);
    format!("{first} – {last}")
}

/// `10.00 uur`, `10:00`.
#[must_use]
pub fn time(language: Language, zone: Tz, at: Instant) -> String {
    phrase(language, "date.clock", &json!({ "time": bare_time(language, zone, at) }))
}

/// `10.00`, `10:00`: where it is clear that a time is meant.
#[must_use]
pub fn bare_time(language: Language, zone: Tz, at: Instant) -> String {
    let local = local(zone, at);
    let parts = json!({ "hour": format!("{:02}", local.hour()), "minute": format!("{:02}", local.minute()) });
    phrase(language, "date.time", &parts)
}

/// `10.00`, `10:00`: a start among others on the same day. In the hour that comes twice it bears its distance to UTC,
/// `02.30 (UTC+1)`.
#[must_use]
pub fn start(language: Language, zone: Tz, at: Instant) -> String {
    let time = bare_time(language, zone, at);
    if comes_twice(zone, at) { format!("{time} (UTC{})", offset(&local(zone, at))) } else { time }
}

/// `09.00`, `09:00`: a whole hour.
#[must_use]
pub fn hour(language: Language, hour: i32) -> String {
    phrase(language, "date.time", &json!({ "hour": format!("{hour:02}"), "minute": "00" }))
}

/// `10.00–11.00`, `10:00–11:00`: where it is clear that times are meant and room is short. Where the clock changes in
/// between, as [`time_range`].
#[must_use]
pub fn hours(language: Language, zone: Tz, from: Instant, until: Instant) -> String {
    if clock_changes(zone, from, until) {
        time_range(language, zone, from, until)
    } else {
        format!("{}–{}", bare_time(language, zone, from), bare_time(language, zone, until))
    }
}

/// `10.00 – 11.00 uur`, `10:00 – 11:00`. Where the clock changes in between, each end bears its distance to UTC: else
/// an hour could seem to take none, `02.30 – 02.30 uur`.
#[must_use]
pub fn time_range(language: Language, zone: Tz, from: Instant, until: Instant) -> String {
    let changes = clock_changes(zone, from, until);
    let told = |at: Instant| match (bare_time(language, zone, at), changes) {
        (time, false) => time,
        (time, true) => format!("{time} (UTC{})", offset(&local(zone, at))),
    };
    let range = format!("{} – {}", told(from), told(until));
    phrase(language, "date.clock", &json!({ "time": range }))
}

/// `dinsdag 2 maart 2027, 10.00 uur`.
#[must_use]
pub fn moment(language: Language, zone: Tz, at: Instant) -> String {
    format!("{}, {}", day(language, zone, at), time(language, zone, at))
}

/// `2 mrt 2027, 10.00`: for tables and logs.
#[must_use]
pub fn stamp(language: Language, zone: Tz, at: Instant) -> String {
    let date = local(zone, at).date_naive();
    let day = in_form(language, "date.stamp", "date.weekdays_short", "date.months_short", date);
    format!("{day}, {}", bare_time(language, zone, at))
}

/// The name of the zone as people say it, `Nederlandse tijd`. In the hour that comes twice when the clock goes back
/// the distance to UTC is added, for only that tells which of the two is meant.
#[must_use]
pub fn zone_name(language: Language, zone: Tz, at: Instant) -> String {
    let name = plain_zone_name(language, zone);
    if comes_twice(zone, at) { format!("{name}, UTC{}", offset(&local(zone, at))) } else { name }
}

/// The name of the zone beside what [`time_range`] tells of a stretch.
#[must_use]
pub fn zone_name_of_range(language: Language, zone: Tz, from: Instant, until: Instant) -> String {
    if clock_changes(zone, from, until) {
        plain_zone_name(language, zone)
    } else {
        zone_name(language, zone, from)
    }
}

/// How long before the start of an interview something is, `2 uur ervoor`: in days or hours where it is whole ones.
#[must_use]
pub fn lead(language: Language, minutes: i32) -> String {
    let (unit, size) = match minutes {
        days if days % 1_440 == 0 => ("lead.days", 1_440),
        hours if hours % 60 == 0 => ("lead.hours", 60),
        _ => ("lead.minutes", 1),
    };
    plural(language, unit, u64::try_from(minutes / size).unwrap_or(0))
}

/// Whether a clock in the zone shows the same time at another moment too.
fn comes_twice(zone: Tz, at: Instant) -> bool {
    let shown = local(zone, at).naive_local();
    matches!(zone.from_local_datetime(&shown), MappedLocalTime::Ambiguous(..))
}

fn clock_changes(zone: Tz, from: Instant, until: Instant) -> bool {
    local(zone, from).offset().fix() != local(zone, until).offset().fix()
}

fn plain_zone_name(language: Language, zone: Tz) -> String {
    let key = format!("zone.{}", zone.name());
    Words::of(language).line(&key, &Map::new()).unwrap_or_else(|| {
        let city = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
        phrase(language, "zone.elsewhere", &json!({ "city": city }))
    })
}

fn local(zone: Tz, at: Instant) -> DateTime<Tz> {
    at.utc().with_timezone(&zone)
}

fn offset(local: &DateTime<Tz>) -> String {
    let minutes = local.offset().fix().local_minus_utc() / 60;
    let (hours, rest) = (minutes / 60, (minutes % 60).abs());
    if rest == 0 { format!("{hours:+}") } else { format!("{hours:+}:{rest:02}") }
}

fn in_form(language: Language, form: &str, weekdays: &str, months: &str, date: NaiveDate) -> String {
    let parts = json!({
        "weekday": nth(language, weekdays, date.weekday().num_days_from_monday()),
        "day": date.day(),
        "month": nth(language, months, date.month0()),
        "year": date.year(),
    });
    phrase(language, form, &parts)
}

fn nth(language: Language, key: &str, index: u32) -> Value {
    let names = Words::of(language).lines(key, &Map::new()).unwrap_or_default();
    usize::try_from(index).ok().and_then(|i| names.get(i).cloned()).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a moment")
    }

    #[test]
    fn a_moment_is_told_in_the_zone_and_manner_of_the_language() {
        let start = at("2027-03-02T09:00:00Z");
        assert_eq!(moment(Language::Nl, Amsterdam, start), "dinsdag 2 maart 2027, 10.00 uur");
        assert_eq!(moment(Language::En, Amsterdam, start), "Tuesday 2 March 2027, 10:00");
        assert_eq!(stamp(Language::Nl, Amsterdam, start), "2 mrt 2027, 10.00");
        assert_eq!(time_range(Language::Nl, Amsterdam, start, start.plus_minutes(60)), "10.00 – 11.00 uur");
    }

    #[test]
    fn of_two_starts_that_a_clock_shows_alike_each_tells_its_distance_to_utc() {
        let told = |text| start(Language::Nl, Amsterdam, at(text));
        assert_eq!(told("2027-10-31T00:30:00Z"), "02.30 (UTC+2)");
        assert_eq!(told("2027-10-31T01:30:00Z"), "02.30 (UTC+1)");
        assert_eq!(told("2027-10-31T02:00:00Z"), "03.00");
    }

    #[test]
    fn a_range_of_days_names_month_and_year_only_where_they_differ() {
        let days = |from, until| days(Language::Nl, Amsterdam, at(from), at(until));
        assert_eq!(days("2027-03-01T12:00:00Z", "2027-03-07T12:00:00Z"), "1 – 7 mrt 2027");
        assert_eq!(days("2027-03-29T12:00:00Z", "2027-04-04T12:00:00Z"), "29 mrt – 4 apr 2027");
        assert_eq!(days("2026-12-28T12:00:00Z", "2027-01-03T12:00:00Z"), "28 dec 2026 – 3 jan 2027");
    }

    #[test]
    fn summer_time_moves_the_clock_and_winter_begins_on_the_first_of_january() {
        assert_eq!(time(Language::En, Amsterdam, at("2027-07-01T08:00:00Z")), "10:00");
        assert_eq!(day(Language::En, Amsterdam, at("2026-12-31T23:30:00Z")), "Friday 1 January 2027");
    }

    #[test]
    fn only_in_the_hour_that_comes_twice_the_zone_tells_its_distance_to_utc() {
        assert_eq!(zone_name(Language::Nl, Amsterdam, at("2027-03-02T09:00:00Z")), "Nederlandse tijd");
        assert_eq!(zone_name(Language::Nl, Amsterdam, at("2027-10-31T00:30:00Z")), "Nederlandse tijd, UTC+2");
        assert_eq!(zone_name(Language::Nl, Amsterdam, at("2027-10-31T01:30:00Z")), "Nederlandse tijd, UTC+1");
    }

    #[test]
    fn a_stretch_in_which_the_clock_goes_back_tells_both_distances_to_utc() {
        let (from, until) = (at("2027-10-31T00:30:00Z"), at("2027-10-31T01:30:00Z"));
        let told = time_range(Language::Nl, Amsterdam, from, until);
        assert_eq!(told, "02.30 (UTC+2) – 02.30 (UTC+1) uur");
        assert_eq!(zone_name_of_range(Language::Nl, Amsterdam, from, until), "Nederlandse tijd");
        let later = at("2027-10-31T01:45:00Z");
        assert_eq!(zone_name_of_range(Language::Nl, Amsterdam, until, later), "Nederlandse tijd, UTC+1");
    }

    #[test]
    fn a_zone_without_a_name_of_its_own_is_called_by_its_city() {
        let name = zone_name(Language::En, chrono_tz::America::New_York, at("2027-03-02T09:00:00Z"));
        assert_eq!(name, "New York time");
    }
}
