//! When somebody is busy, out of a calendar that they publish: only from when until when, nothing of what for.
//!
//! A calendar is a stranger's file. What can't be understood of it is counted and left out, for one event must not lose
//! the others; what is not a whole calendar, or asks for too much, is refused as a whole, so that what was known before
//! stays in force.

mod changes;
mod event;
mod lines;
mod recurrence;
mod stamp;
#[cfg(test)]
mod tests;
mod zones;

pub(super) use stamp::seconds;
pub(super) use zones::moment_in;

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use self::changes::Changes;
use self::event::Event;
use self::lines::{Component, calendars};
use self::stamp::period;
use self::zones::Zones;
use crate::clock::Instant;
use crate::domain::availability::{BusyTime, merged};
use crate::domain::calendar_feed::{BUSY_LIMIT, FeedFault};
use crate::id::InterviewId;

/// How many times of events are looked at in one calendar.
const TIMES: usize = 200_000;

/// What is to be known of a calendar's owner to read it.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The zone of days as a whole, and of times that have none.
    pub zone: Tz,
    /// The time that matters.
    pub window: (Instant, Instant),
    /// The domain of the meetings that we made ourselves. Their time is reserved already, and a copy in the calendar
    /// must not keep them from being moved.
    pub own_domain: &'a str,
}

/// What a calendar says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusyCalendar {
    /// When its owner is busy: in order, and apart from each other.
    pub busy: Vec<BusyTime>,
    /// How many entries could not be understood.
    pub skipped: usize,
}

/// How much work is left to be done for one calendar.
struct Budget<'a> {
    left: usize,
    in_time: &'a dyn Fn() -> bool,
}

impl Budget<'_> {
    fn spend(&mut self) -> Result<(), FeedFault> {
        self.left = self.left.checked_sub(1).ok_or(FeedFault::TooMuch)?;
        if !self.left.is_multiple_of(64) || (self.in_time)() { Ok(()) } else { Err(FeedFault::TooMuch) }
    }
}

impl Reader<'_> {
    /// Reads a file, as long as `in_time` says that there is time.
    ///
    /// # Errors
    /// [`FeedFault::NotACalendar`], [`FeedFault::CutOff`], and [`FeedFault::TooMuch`] for one that takes too much work
    /// or has too many busy times.
    pub fn read(&self, file: &[u8], in_time: &dyn Fn() -> bool) -> Result<BusyCalendar, FeedFault> {
        let mut budget = Budget { left: TIMES, in_time };
        let (mut busy, mut skipped) = (Vec::new(), 0);
        for calendar in calendars(file)? {
            skipped += self.add(&calendar, &mut busy, &mut budget)?;
        }
        let busy = merged(busy, self.window);
        if busy.len() > BUSY_LIMIT { Err(FeedFault::TooMuch) } else { Ok(BusyCalendar { busy, skipped }) }
    }

    /// Adds the busy times of one calendar; answers how many entries were not understood.
    fn add(
        &self,
        calendar: &Component,
        busy: &mut Vec<BusyTime>,
        budget: &mut Budget<'_>,
    ) -> Result<usize, FeedFault> {
        let window = self.walls();
        let zones = Zones::of(calendar, self.zone, window, budget)?;
        let mut skipped = 0;
        let mut events = Vec::new();
        for part in &calendar.parts {
            budget.spend()?;
            match part.name.as_str() {
                "VEVENT" if is_own(part.value("UID"), self.own_domain) => {}
                "VEVENT" => match Event::read(part, &zones) {
                    Some(event) => events.push(event),
                    None => skipped += 1,
                },
                "VFREEBUSY" => skipped += published(part, &zones, busy),
                _ => {}
            }
        }
        let changes = Changes::of(&events);
        for event in &events {
            if let Ok(times) = event.times(window, &changes, budget)? {
                busy.extend(times);
            } else {
                busy.push(event.first());
                skipped += 1;
            }
            skipped += usize::from(event.is_partly_read);
        }
        Ok(skipped)
    }

    /// The window as wall times of any zone.
    fn walls(&self) -> (NaiveDateTime, NaiveDateTime) {
        let (from, until) = self.window;
        let day = TimeDelta::days(1);
        (from.utc().naive_utc() - day, until.utc().naive_utc() + day)
    }
}

/// The busy times of a published VFREEBUSY; answers how many could not be read.
fn published(part: &Component, zones: &Zones, busy: &mut Vec<BusyTime>) -> usize {
    let mut skipped = 0;
    for line in part.all("FREEBUSY") {
        if line.parameter("FBTYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("FREE")) {
            continue;
        }
        for text in line.value.split(',') {
            match period(text, line, zones) {
                Some((start, length)) => busy.push((start.moment(), length.end(start.wall, &start.zone))),
                None => skipped += 1,
            }
        }
    }
    skipped
}

/// Whether an entry is a copy of a meeting of ours. Exchange wraps the names of meetings that it did not make, in
/// hexadecimal digits behind the word `vCal-Uid` ([MS-OXOCAL] 2.2.1.27).
fn is_own(uid: Option<&str>, domain: &str) -> bool {
    let Some(uid) = uid else { return false };
    let ends = |name: &str| {
        name.rsplit_once('@').is_some_and(|(id, host)| {
            let id = id.strip_prefix("agenda-").unwrap_or(id);
            host.eq_ignore_ascii_case(domain) && id.parse::<InterviewId>().is_ok()
        })
    };
    if ends(uid) {
        return true;
    }
    let wrapped = data_encoding::HEXUPPER_PERMISSIVE.decode(uid.as_bytes()).unwrap_or_default();
    let wrapped = String::from_utf8_lossy(&wrapped);
    wrapped.split_once("vCal-Uid").is_some_and(|(_, name)| ends(name.trim_matches(char::is_control)))
}
