//! What single entries change about the times of a recurring event: one time, or one and all that follow it
//! (RFC 5545 3.2.13).

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use super::event::Event;
use super::stamp::{Length, Stamp};
use crate::clock::Instant;

/// The changes in one calendar.
#[derive(Debug, Default)]
pub(super) struct Changes<'a> {
    /// Times that have entries of their own.
    apart: HashSet<(&'a str, Instant)>,
    /// By event, what holds from a time on, in the order of time.
    onward: HashMap<&'a str, Vec<Onward>>,
}

/// What holds from a time on.
#[derive(Debug, Clone)]
pub(super) struct Onward {
    /// The first time, as the rule has it.
    pub(super) from: Instant,
    /// How much later on the wall clock each of them begins.
    pub(super) shift: TimeDelta,
    pub(super) length: Length,
    pub(super) is_busy: bool,
}

impl<'a> Changes<'a> {
    pub(super) fn of(events: &'a [Event]) -> Self {
        let mut changes = Self::default();
        let series: HashMap<&str, &Stamp> =
            events.iter().filter_map(|event| Some((event.series()?, event.start()))).collect();
        for event in events {
            let begins = |uid: &str| series.get(uid).map(|start| (*start).clone());
            let Some((uid, time)) = event.replaces(begins) else { continue };
            changes.apart.insert((uid, time));
            if let Some(onward) = event.onward(time) {
                changes.onward.entry(uid).or_default().push(onward);
            }
        }
        for onward in changes.onward.values_mut() {
            onward.sort_by_key(|change| change.from);
        }
        changes
    }

    /// Whether something changes about the times of an event from one on.
    pub(super) fn reach_on(&self, uid: Option<&str>) -> bool {
        uid.is_some_and(|uid| self.onward.contains_key(uid))
    }

    /// How far from where the rule has it a time of an event can begin or end.
    pub(super) fn reach(&self, uid: Option<&str>) -> TimeDelta {
        let changes = uid.and_then(|uid| self.onward.get(uid)).into_iter().flatten();
        changes.map(|change| change.shift.abs() + change.length.about()).max().unwrap_or_default()
    }

    /// What becomes of a time that the rule of an event gives; nothing where it has an entry of its own, or takes
    /// nobody's time. `is_busy` says whether the event does where nothing changes that.
    pub(super) fn apply(
        &self,
        uid: Option<&str>,
        start: Stamp,
        length: Length,
        is_busy: bool,
    ) -> Option<(Stamp, Length)> {
        let as_it_was = |start| is_busy.then_some((start, length));
        let Some(uid) = uid else { return as_it_was(start) };
        let begins = start.moment();
        if self.apart.contains(&(uid, begins)) {
            return None;
        }
        let onward =
            self.onward.get(uid).and_then(|all| all.iter().rev().find(|change| change.from <= begins));
        match onward {
            None => as_it_was(start),
            Some(change) if change.is_busy => {
                let wall = start.wall.checked_add_signed(change.shift)?;
                Some((Stamp { wall, ..start }, change.length))
            }
            Some(_) => None,
        }
    }
}
