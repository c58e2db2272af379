//! When a study reminds the two sides of an interview that is planned.
//!
//! What was decided, and why:
//!
//! - A lead counts back from the start: whole days by the calendar of the study's zone, so that "a day before" shows
//!   the same time on the clock in the nights of 28 March and 31 October 2027 too; what is left of it in real minutes.
//! - A reminder that would fall into quiet hours goes at their earlier edge, since early is better than late. Where the
//!   interview had not got its time well before that, it goes at their later edge. What would not come before the start
//!   never goes.
//! - What was past when the interview got its time, or when the study changed its rules, is not made up for: whoever
//!   books for tomorrow has just read when it is. For the same reason none goes within an hour of that.
//! - Leads that fall together, as two in one night do, are one reminder: the last. So are those that are overdue
//!   together because nobody looked for a while; and late as it is, such a one keeps to the quiet hours as well.
//! - An edge that comes twice when the clock is set back is its first occurrence; one that the clock jumps over is the
//!   jump.

use chrono::Days;
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::availability::{WallTime, date_at, moment_from, reading};
use crate::clock::Instant;

/// How many leads a study has at most.
pub const LEADS_LIMIT: usize = 5;
/// The shortest and the longest lead, in minutes: half an hour and 30 days.
pub const LEAD_RANGE: (i64, i64) = (30, 43_200);
/// How many minutes after its moment a reminder still counts as punctual, so that the edge of quiet hours may be it.
const PUNCTUAL_MINUTES: i64 = 15;
/// How many minutes after an interview got its time nobody needs to be reminded of it.
const FRESH_MINUTES: i64 = 60;
const DAY_MINUTES: i32 = 1_440;

/// The rules by which a study reminds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminding {
    /// The zone of its wall times.
    pub zone: Tz,
    /// How long before the start, in minutes.
    pub leads: Vec<i32>,
    /// When no reminder goes.
    pub quiet: Option<QuietHours>,
}

/// A part of every day, over midnight where it ends at an earlier time than it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: WallTime,
    until: WallTime,
}

/// A reminder of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlannedReminder)]
pub struct Planned {
    /// Which of the study's leads it is, in minutes.
    pub lead_minutes: i32,
    /// When it goes.
    pub at: Instant,
}

/// Since when an interview has its time, and from when on reminders of it are to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// When it got its time.
    pub arranged_at: Instant,
    /// The moment of the next reminder, if there is one to come.
    pub remind_at: Option<Instant>,
}

impl QuietHours {
    /// The hours between two times; `None` where the two are the same time, for no hours and for all of them alike.
    #[must_use]
    pub fn new(from: WallTime, until: WallTime) -> Option<Self> {
        let differs = (until.minute() - from.minute()) % DAY_MINUTES != 0;
        differs.then_some(Self { from, until })
    }

    /// The quiet hours that a moment lies in: from the first of these moments on, until before the second.
    fn around(self, zone: Tz, moment: Instant) -> Option<(Instant, Instant)> {
        let today = date_at(zone, moment);
        [today.pred_opt(), Some(today)].into_iter().flatten().find_map(|date| {
            let last = if self.until <= self.from { date.succ_opt()? } else { date };
            let stretch = (moment_from(zone, date, self.from)?, moment_from(zone, last, self.until)?);
            (stretch.0 <= moment && moment < stretch.1).then_some(stretch)
        })
    }
}

impl Reminding {
    /// The reminders of an interview in their order, as far as they come well after it got its time and before its
    /// start.
    #[must_use]
    pub fn planned(&self, starts_at: Instant, arranged_at: Instant) -> Vec<Planned> {
        let fresh_until = arranged_at.plus_minutes(FRESH_MINUTES);
        let all = self.leads.iter().map(|lead| {
            let wished = self.counted_back(starts_at, *lead);
            let at = match self.quiet_around(wished) {
                None => wished,
                Some((from, _)) if from >= fresh_until => from,
                Some((_, until)) => until,
            };
            Planned { lead_minutes: *lead, at }
        });
        let mut planned: Vec<Planned> =
            all.filter(|reminder| fresh_until <= reminder.at && reminder.at < starts_at).collect();
        planned.sort_unstable_by_key(|reminder| (reminder.at, reminder.lead_minutes));
        planned.dedup_by_key(|reminder| reminder.at);
        planned
    }

    /// What is to come of an interview that gets its time now.
    #[must_use]
    pub fn outlook(&self, starts_at: Instant, now: Instant) -> Outlook {
        let first = self.planned(starts_at, now).first().map(|reminder| reminder.at);
        Outlook { arranged_at: now, remind_at: first }
    }

    /// When a reminder leaves that is due: now, after the quiet hours where it is late and they have begun, or not at
    /// all.
    #[must_use]
    pub fn leaves_at(&self, due: Planned, starts_at: Instant, now: Instant) -> Option<Instant> {
        let is_punctual = now < due.at.plus_minutes(PUNCTUAL_MINUTES);
        let leaves_at = match self.quiet_around(now) {
            Some((_, until)) if !is_punctual => until,
            _ => now,
        };
        (leaves_at < starts_at).then_some(leaves_at)
    }

    fn quiet_around(&self, moment: Instant) -> Option<(Instant, Instant)> {
        self.quiet.and_then(|quiet| quiet.around(self.zone, moment))
    }

    /// The start less a lead.
    fn counted_back(&self, starts_at: Instant, lead: i32) -> Instant {
        let days = u64::try_from(lead / DAY_MINUTES).unwrap_or(0);
        let same_time = || {
            let (date, time) = reading(self.zone, starts_at)?;
            moment_from(self.zone, date.checked_sub_days(Days::new(days))?, time)
        };
        // Without whole days the start stands as it is: of a time that comes twice it may be the second.
        let day = if days == 0 { None } else { same_time() };
        match day {
            Some(day) => day.plus_minutes(-i64::from(lead % DAY_MINUTES)),
            None => starts_at.plus_minutes(-i64::from(lead)),
        }
    }
}

#[cfg(test)]
mod tests;
