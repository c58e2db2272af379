//! The diaries of all interviewers of a study side by side: what is free, and who takes an interview.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::hours::Hours;
use super::range::SlotRange;
use super::reservation::{Reservation, Reservations};
use super::slots::{Diary, Refusal};
use super::timing::Timing;
use super::wall::date_at;
use super::why::Reason;
use crate::clock::Instant;
use crate::domain::interview::Asker;
use crate::id::UserId;

/// A stretch in which an interviewer can hold an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Slot {
    /// Who holds it.
    pub interviewer: UserId,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends, without the buffer.
    pub ends_at: Instant,
}

/// The diaries of the interviewers of one study.
#[derive(Debug, Clone)]
pub struct Diaries {
    timing: Timing,
    entries: BTreeMap<UserId, Entry>,
}

/// What makes the diary of one interviewer.
#[derive(Debug, Clone)]
struct Entry {
    hours: Hours,
    reservations: Reservations,
    travel_minutes: i32,
}

impl Diaries {
    /// The diaries of those who have hours, with what is taken of their time in all their studies.
    #[must_use]
    pub fn new(timing: Timing, hours: BTreeMap<UserId, Hours>, taken: Vec<(UserId, Reservation)>) -> Self {
        let mut reservations: BTreeMap<UserId, Vec<Reservation>> = BTreeMap::new();
        for (interviewer, reservation) in taken {
            reservations.entry(interviewer).or_default().push(reservation);
        }
        let entries = hours.into_iter().map(|(interviewer, hours)| {
            let taken = reservations.remove(&interviewer).unwrap_or_default();
            (interviewer, Entry { hours, reservations: Reservations::new(taken), travel_minutes: 0 })
        });
        Self { timing, entries: entries.collect() }
    }

    /// The same diaries for an interview to which each of these interviewers travels so many minutes.
    #[must_use]
    pub fn travelling(mut self, minutes: &BTreeMap<UserId, i32>) -> Self {
        for (interviewer, entry) in &mut self.entries {
            entry.travel_minutes = minutes.get(interviewer).copied().unwrap_or_default();
        }
        self
    }

    fn diaries(&self) -> impl Iterator<Item = (UserId, Diary<'_>)> {
        self.entries.iter().map(|(interviewer, entry)| {
            let Entry { hours, reservations, travel_minutes } = entry;
            let diary = Diary { timing: &self.timing, hours, reservations, travel_minutes: *travel_minutes };
            (*interviewer, diary)
        })
    }

    /// Every slot in a range that can be booked, by start and then by interviewer.
    #[must_use]
    pub fn slots(&self, range: SlotRange, asker: Asker, now: Instant) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self
            .diaries()
            .flat_map(|(interviewer, diary)| {
                let starts = diary.free_starts(range, asker, now).into_iter();
                starts.map(move |starts_at| Slot {
                    interviewer,
                    starts_at,
                    ends_at: self.timing.ends_at(starts_at),
                })
            })
            .collect();
        slots.sort_unstable_by_key(|slot| (slot.starts_at, slot.interviewer));
        slots
    }

    /// Who has an interview in their hours that begins at this moment, whether or not the time is taken.
    ///
    /// # Errors
    /// When nobody has: of all the reasons the last in the order of [`Refusal`], which is what one would have to
    /// change.
    pub fn offering(&self, start: Instant, asker: Asker, now: Instant) -> Result<Vec<UserId>, Refusal> {
        let mut offering = Vec::new();
        let mut reason = Refusal::OutsideAvailability;
        for (interviewer, diary) in self.diaries() {
            match diary.check_start(start, asker, now) {
                Ok(()) => offering.push(interviewer),
                Err(refusal) => reason = reason.max(refusal),
            }
        }
        if offering.is_empty() { Err(reason) } else { Ok(offering) }
    }

    /// Of these interviewers the one who is free and has the fewest interviews in the week of the start.
    #[must_use]
    pub fn least_busy(&self, start: Instant, among: &[UserId]) -> Option<UserId> {
        let week = self.timing.week_of(date_at(self.timing.zone, start));
        self.diaries()
            .filter(|(interviewer, diary)| among.contains(interviewer) && diary.is_free(start))
            .min_by_key(|(_, diary)| {
                week.map_or(0, |(from, until)| diary.reservations.interviews_between(from, until))
            })
            .map(|(interviewer, _)| interviewer)
    }

    /// All that speaks against a start, for each interviewer who has hours; nothing where it can be booked.
    #[must_use]
    pub fn reasons(&self, start: Instant, asker: Asker, now: Instant) -> BTreeMap<UserId, Vec<Reason>> {
        self.diaries().map(|(interviewer, diary)| (interviewer, diary.reasons(start, asker, now))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Availability, ReservationKind, Rule, Stretch, Weekday};
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn timing() -> Timing {
        Timing {
            zone: chrono_tz::Europe::Amsterdam,
            interview_minutes: 60,
            slot_step_minutes: 60,
            buffer_minutes: 0,
            min_notice_minutes: 0,
            horizon_days: 60,
            window_from: None,
            window_until: None,
            max_per_day: None,
            max_per_week: None,
            keeps_holidays: false,
        }
    }

    fn monday(interviewer: UserId, from: &str, until: &str) -> Rule {
        let stretch = Stretch::new(from.parse().unwrap(), until.parse().unwrap()).unwrap();
        Rule { interviewer, weekday: Weekday::Mon, stretch }
    }

    fn diaries(rules: Vec<Rule>, taken: &[(UserId, &str)]) -> Diaries {
        let hours = Availability { rules, exceptions: Vec::new() }.by_interviewer();
        let taken = taken.iter().map(|(interviewer, from)| {
            let from = at(from);
            let until = from.plus_minutes(60);
            (*interviewer, Reservation::whole(ReservationKind::Interview, from, until))
        });
        Diaries::new(timing(), hours, taken.collect())
    }

    const NOW: &str = "2027-03-01T06:00:00Z";

    #[test]
    fn slots_of_several_interviewers_stand_in_the_order_of_their_starts() {
        let (anna, bert) = (UserId::new(), UserId::new());
        let diaries = diaries(
            vec![monday(anna, "09:00", "11:00"), monday(bert, "10:00", "11:00")],
            &[(anna, "2027-03-01T08:00:00Z")],
        );
        let range = SlotRange::asked(None, None, at(NOW)).unwrap();
        let slots = diaries.slots(range, Asker::Respondent, at(NOW));
        let first: Vec<_> = slots.iter().take(3).map(|slot| (slot.interviewer, slot.starts_at)).collect();
        assert_eq!(
            first,
            [
                (anna, at("2027-03-01T09:00:00Z")),
                (bert, at("2027-03-01T09:00:00Z")),
                (anna, at("2027-03-08T08:00:00Z")),
            ]
        );
    }

    #[test]
    fn the_free_interviewer_with_the_fewest_interviews_of_that_week_is_chosen() {
        let (anna, bert) = (UserId::new(), UserId::new());
        let rules = || vec![monday(anna, "09:00", "17:00"), monday(bert, "09:00", "17:00")];
        let start = at("2027-03-01T12:00:00Z");
        let both = [anna, bert];
        let busy_week = diaries(rules(), &[(anna, "2027-03-01T08:00:00Z")]);
        assert_eq!(busy_week.least_busy(start, &both), Some(bert));
        let last_week = diaries(
            rules(),
            &[(anna, "2027-02-22T08:00:00Z"), (anna, "2027-02-22T09:00:00Z"), (bert, "2027-03-01T08:00:00Z")],
        );
        assert_eq!(last_week.least_busy(start, &both), Some(anna));
        let taken = diaries(rules(), &[(anna, "2027-03-01T12:00:00Z"), (bert, "2027-03-01T12:30:00Z")]);
        assert_eq!(taken.least_busy(start, &both), None);
    }

    #[test]
    fn of_several_refusals_the_one_that_comes_last_is_told() {
        let (anna, bert) = (UserId::new(), UserId::new());
        let diaries = diaries(vec![monday(anna, "09:00", "11:00"), monday(bert, "13:00", "15:00")], &[]);
        let past = at("2027-02-22T08:00:00Z");
        assert_eq!(diaries.offering(past, Asker::Respondent, at(NOW)), Err(Refusal::TooSoon));
        let night = at("2027-03-08T01:00:00Z");
        assert_eq!(diaries.offering(night, Asker::Respondent, at(NOW)), Err(Refusal::OutsideAvailability));
        let morning = at("2027-03-08T08:00:00Z");
        assert_eq!(diaries.offering(morning, Asker::Respondent, at(NOW)), Ok(vec![anna]));
    }
}
