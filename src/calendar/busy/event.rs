//! One entry of a calendar, as far as it makes its owner busy.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::Budget;
use super::changes::{Changes, Onward};
use super::lines::Component;
use super::recurrence::{Recurrence, Unreadable};
use super::stamp::{Length, Stamp, period};
use super::zones::Zones;
use crate::clock::Instant;
use crate::domain::availability::BusyTime;
use crate::domain::calendar_feed::FeedFault;

/// An entry.
#[derive(Debug)]
pub(super) struct Event {
    uid: Option<String>,
    /// Which time of a recurring event it stands in the place of.
    replaces: Option<Stamp>,
    /// Whether it changes all times that follow that one too.
    is_onward: bool,
    start: Stamp,
    length: Length,
    rule: Option<Recurrence>,
    /// Times besides those of the rule.
    more: Vec<(Stamp, Length)>,
    /// Times that are left out.
    without: Vec<Stamp>,
    is_busy: bool,
    /// Whether there is something about when it recurs that was not understood. What was is kept: its owner is rather
    /// taken for busy than for free.
    pub(super) is_partly_read: bool,
}

impl Event {
    /// Reads an entry; `None` for one of which not even the beginning can be understood.
    pub(super) fn read(part: &Component, zones: &Zones) -> Option<Self> {
        let start = Stamp::of(part.line("DTSTART")?, zones)?;
        let length = match (part.line("DTEND"), part.value("DURATION")) {
            (Some(end), _) => Length::between(&start, &Stamp::of(end, zones)?)?,
            (None, Some(length)) => Length::parse(length)?,
            (None, None) if start.is_day => Length::DAY,
            (None, None) => Length::NONE,
        };
        // Some programs end a day on the day itself.
        let length = if start.is_day && length == Length::NONE { Length::DAY } else { length };
        let replaces = match part.line("RECURRENCE-ID") {
            Some(line) => Some(Stamp::of(line, zones)?),
            None => None,
        };
        let range = part.line("RECURRENCE-ID").and_then(|line| line.parameter("RANGE"));
        let is_onward = range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
        // Before RFC 5545 a change could be one of all times up to this one.
        let mut is_partly_read = range.is_some() && !is_onward;
        let rule = part.value("RRULE").map(|rule| Recurrence::parse(rule, |utc| start.zone.wall(utc)));
        is_partly_read |= matches!(rule, Some(Err(_)));
        let mut more = Vec::new();
        for line in part.all("RDATE") {
            for text in line.value.split(',') {
                let one = || Stamp::parse(text, line, zones).map(|stamp| (stamp, length));
                match period(text, line, zones).or_else(one) {
                    Some(found) => more.push(found),
                    None => is_partly_read = true,
                }
            }
        }
        let without: Vec<_> = part.all("EXDATE").flat_map(|line| Stamp::all(line, zones)).collect();
        is_partly_read |= without.iter().any(Option::is_none);
        Some(Self {
            uid: part.value("UID").map(str::to_owned),
            replaces,
            is_onward,
            start,
            length,
            rule: rule.and_then(Result::ok),
            more,
            without: without.into_iter().flatten().collect(),
            is_busy: is_busy(part),
            is_partly_read,
        })
    }

    /// The time with which it begins.
    pub(super) fn first(&self) -> BusyTime {
        (self.start.moment(), self.length.end(self.start.wall, &self.start.zone))
    }

    /// The name of the recurring event of which it is all but what single entries change.
    pub(super) fn series(&self) -> Option<&str> {
        self.uid.as_deref().filter(|_| self.replaces.is_none())
    }

    /// The event, and the time of it, that this stands in the place of. A time that is told as a day has the time of
    /// day at which the event `begins`.
    pub(super) fn replaces(&self, begins: impl Fn(&str) -> Option<Stamp>) -> Option<(&str, Instant)> {
        let (uid, named) = (self.uid.as_deref()?, self.replaces.as_ref()?);
        let start = begins(uid).unwrap_or_else(|| self.start.clone());
        Some((uid, replaced(named, &start)))
    }

    /// When it begins.
    pub(super) const fn start(&self) -> &Stamp {
        &self.start
    }

    /// What it changes about the times that follow one.
    pub(super) fn onward(&self, from: Instant) -> Option<Onward> {
        if !self.is_onward {
            return None;
        }
        let shift = self.start.wall - self.start.zone.wall(from.utc().naive_utc());
        Some(Onward { from, shift, length: self.length, is_busy: self.is_busy })
    }

    /// When it makes its owner busy.
    pub(super) fn times(
        &self,
        window: (NaiveDateTime, NaiveDateTime),
        changes: &Changes<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<Result<Vec<BusyTime>, Unreadable>, FeedFault> {
        let uid = self.uid.as_deref().filter(|_| self.replaces.is_none());
        if !self.is_busy && !changes.reach_on(uid) {
            return Ok(Ok(Vec::new()));
        }
        let reach = changes.reach(uid);
        let (from, until) = (window.0 - reach, window.1 + reach);
        let walls = match &self.rule {
            None => vec![self.start.wall],
            Some(rule) => {
                let window = (from - self.length.about() - TimeDelta::days(1), until);
                match rule.times(self.start.wall, window, budget)? {
                    Ok(walls) => walls,
                    Err(unreadable) => return Ok(Err(unreadable)),
                }
            }
        };
        let usual = walls.into_iter().map(|wall| (Stamp { wall, ..self.start.clone() }, self.length));
        let is_left_out = self.left_out();
        let mut times = Vec::new();
        for (start, length) in usual.chain(self.more.iter().cloned()) {
            budget.spend()?;
            if is_left_out(start.moment(), start.wall.date()) {
                continue;
            }
            if let Some((start, length)) = changes.apply(uid, start, length, self.is_busy) {
                times.push((start.moment(), length.end(start.wall, &start.zone)));
            }
        }
        Ok(Ok(times))
    }

    /// Tells whether a time is one of those that are left out; a day leaves out what begins on it.
    fn left_out(&self) -> impl Fn(Instant, NaiveDate) -> bool {
        let moments: HashSet<Instant> = self.without.iter().map(Stamp::moment).collect();
        let days: HashSet<NaiveDate> =
            self.without.iter().filter(|stamp| stamp.is_day).map(|stamp| stamp.wall.date()).collect();
        move |begins, day| moments.contains(&begins) || days.contains(&day)
    }
}

/// The moment that a RECURRENCE-ID names; one that is a day means the time of day at which the event begins.
fn replaced(named: &Stamp, start: &Stamp) -> Instant {
    if named.is_day && !start.is_day {
        return start.zone.moment(named.wall.date().and_time(start.wall.time()));
    }
    named.moment()
}

/// Whether an entry takes its owner's time: it was not called off, and they do not show as free.
fn is_busy(part: &Component) -> bool {
    let is =
        |name: &str, value: &str| part.value(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
    let shown = "X-MICROSOFT-CDO-BUSYSTATUS";
    let is_free = is("TRANSP", "TRANSPARENT") || is(shown, "FREE") || is(shown, "WORKINGELSEWHERE");
    !is("STATUS", "CANCELLED") && !is_free
}
