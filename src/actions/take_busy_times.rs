//! Takes over what a look at somebody's calendar showed. What could not be read changes nothing but the state that its
//! owner sees: what was read before stays in force.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::availability::BusyTime;
use crate::domain::calendar_feed::{FeedFault, next_look};
use crate::problem::Outcome;
use crate::store::calendar_looks::{self, Look, Marks, Seen};
use crate::store::{Tx, accounts, busy_times};

/// What a look at a calendar showed.
#[derive(Debug, Clone)]
pub enum Sight {
    /// Nothing changed since the last time.
    Unchanged,
    /// The calendar as a whole.
    Whole {
        /// When its owner is busy.
        busy: Vec<BusyTime>,
        /// How many entries could not be understood.
        skipped: usize,
        /// By what its server will recognise it.
        marks: Marks,
    },
    /// It could not be read.
    Fault(FeedFault),
}

/// Writes down what was seen, with its owner locked, so that nobody who plans their time sees half of it. `spread`
/// draws the next looks at many calendars apart. Of a look that another server has by now nothing is kept.
///
/// # Errors
/// Only those of the database.
pub fn take_busy_times(
    tx: &mut Tx<'_>,
    now: Instant,
    look: &Look,
    sight: &Sight,
    spread: u8,
) -> Outcome<Done<()>> {
    accounts::lock(tx, look.owner)?;
    let fault = if let Sight::Fault(fault) = sight { Some(*fault) } else { None };
    let failures = if fault.is_some() { look.failures.saturating_add(1) } else { 0 };
    let seen = Seen { due_at: next_look(now, failures, spread), failures, fault };
    if !calendar_looks::note(tx, look, &seen, now)? {
        return Ok(Done::housekeeping(()));
    }
    let mut changed = 0;
    if let Sight::Whole { busy, skipped, marks } = sight {
        calendar_looks::came_whole(tx, look, (marks, *skipped), now)?;
        changed = busy_times::replace(tx, (look.calendar, look.owner), busy)?;
    }
    let entry = |action| Entry::new(now, Actor::System, action).subject(look.calendar);
    let mut done = Done::housekeeping(());
    if changed > 0 {
        done = done.and(entry("calendar.read"));
    }
    if fault != look.fault {
        let action = if fault.is_some() { "calendar.failed" } else { "calendar.works_again" };
        done = done.and(entry(action));
    }
    Ok(done)
}
