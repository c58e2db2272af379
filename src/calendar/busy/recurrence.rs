//! When something that recurs takes place (RFC 5545 3.3.10).
//!
//! A rule is wall time, whatever the zone; so it is expanded as if there were no zones, and each time is turned into a
//! moment afterwards. The work is bounded: a rule is followed only where it can touch the window.

use chrono::{DateTime, Days, NaiveDateTime, TimeDelta};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use super::Budget;
use crate::domain::calendar_feed::FeedFault;

/// The rule can't be read, or repeats within a day, which no calendar's owner does.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// A rule, apart from its end.
#[derive(Debug)]
pub(super) struct Recurrence {
    parts: Vec<(String, String)>,
    /// The last time of it, in the wall time of the start.
    until: Option<NaiveDateTime>,
}

impl Recurrence {
    /// Reads a rule. `wall` tells the wall time of a moment in UTC, by which the end of a rule may be told.
    pub(super) fn parse(
        text: &str,
        wall: impl Fn(NaiveDateTime) -> NaiveDateTime,
    ) -> Result<Self, Unreadable> {
        let mut parts = Vec::new();
        let mut until = None;
        for part in text.trim().trim_end_matches(';').split(';') {
            let (name, value) = part.split_once('=').ok_or(Unreadable)?;
            let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
            match name.as_str() {
                "UNTIL" => until = Some(last_time(&value, &wall).ok_or(Unreadable)?),
                // A number that large means that there is no end.
                "COUNT" if value.len() > 9 && value.bytes().all(|b| b.is_ascii_digit()) => {}
                name if name.starts_with("X-") => {}
                _ => parts.push((name, value)),
            }
        }
        let daily_or_rarer = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
        let is_rare =
            parts.iter().any(|(name, value)| name == "FREQ" && daily_or_rarer.contains(&value.as_str()));
        if is_rare { Ok(Self { parts, until }) } else { Err(Unreadable) }
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The times in `[from, until)` at which something recurs that began at `start`, the start included.
    pub(super) fn times(
        &self,
        start: NaiveDateTime,
        (from, until): (NaiveDateTime, NaiveDateTime),
        budget: &mut Budget<'_>,
    ) -> Result<Result<Vec<NaiveDateTime>, Unreadable>, FeedFault> {
        let end = self.until.map_or(until, |last| until.min(last + TimeDelta::seconds(1)));
        let near = if self.part("COUNT").is_none() { self.nearer(start, from) } else { start };
        let Some(set) = self.set(near, end) else { return Ok(Err(Unreadable)) };
        let mut times: Vec<NaiveDateTime> =
            Some(start).filter(|start| from <= *start && *start < until).into_iter().collect();
        for time in &set {
            budget.spend()?;
            let time = time.naive_utc();
            if time >= end {
                break;
            }
            if time >= from && time != start {
                times.push(time);
            }
        }
        budget.spend()?;
        Ok(Ok(times))
    }

    /// A start from which the rule gives the same times in the window, as near to it as can be known without following
    /// the rule: whole periods later.
    fn nearer(&self, start: NaiveDateTime, from: NaiveDateTime) -> NaiveDateTime {
        let days = match self.part("FREQ") {
            Some("DAILY") => 1,
            Some("WEEKLY") => 7,
            _ => return start,
        };
        let interval = self.part("INTERVAL").map_or(Some(1), |text| text.parse::<u64>().ok());
        let Some(period) = interval.and_then(|interval| interval.checked_mul(days)).filter(|p| *p > 0) else {
            return start;
        };
        let ahead = u64::try_from((from - start).num_days()).unwrap_or_default();
        let periods = (ahead / period).saturating_sub(1);
        start.checked_add_days(Days::new(periods * period)).unwrap_or(start)
    }

    /// The rule for the library, in UTC, which knows no jumps of the clock.
    fn set(&self, start: NaiveDateTime, end: NaiveDateTime) -> Option<RRuleSet> {
        let text: Vec<String> = self.parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let start: DateTime<Tz> = start.and_utc().with_timezone(&Tz::UTC);
        let end: DateTime<Tz> = end.and_utc().with_timezone(&Tz::UTC);
        let mut rule: RRule<Unvalidated> = text.join(";").parse().ok()?;
        if self.part("COUNT").is_none() && start < end {
            rule = rule.until(end);
        }
        rule.build(start).ok().map(RRuleSet::limit)
    }
}

/// The last time of a rule: a day, a wall time or a moment in UTC.
fn last_time(text: &str, wall: impl Fn(NaiveDateTime) -> NaiveDateTime) -> Option<NaiveDateTime> {
    if let Some(utc) = text.strip_suffix('Z') {
        return NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").ok().map(wall);
    }
    let day = |text| chrono::NaiveDate::parse_from_str(text, "%Y%m%d").ok()?.and_hms_opt(23, 59, 59);
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok().or_else(|| day(text))
}
