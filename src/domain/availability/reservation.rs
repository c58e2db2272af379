//! An interviewer's time that is taken. The database keeps two reservations from overlapping (R1); here they are
//! only looked at, to tell what is still free.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Instant;

/// What an interviewer's time is taken by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReservationKind {
    /// An interview and the buffer after it.
    Interview,
    /// A place that is kept for somebody while they fill in a form.
    Hold,
    /// Time that the interviewer keeps free.
    Block,
    /// Time at which the interviewer's own calendar is not free.
    Busy,
}

impl ReservationKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Interview, Self::Hold, Self::Block, Self::Busy];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interview => "interview",
            Self::Hold => "hold",
            Self::Block => "block",
            Self::Busy => "busy",
        }
    }

    /// Whether it is, or is about to become, one of the day's interviews.
    #[must_use]
    pub const fn counts_for_the_day(self) -> bool {
        matches!(self, Self::Interview | Self::Hold)
    }
}

impl fmt::Display for ReservationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ReservationKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// One stretch of an interviewer's time that is taken, `[from, until)`: for an interview the travel before it, the
/// interview itself, the buffer and the travel back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    /// When it begins.
    pub from: Instant,
    /// When the interviewer is free again.
    pub until: Instant,
    /// When that begins for which the time is taken, such as the interview.
    pub starts_at: Instant,
    /// When that has ended.
    pub ends_at: Instant,
    /// What it is for.
    pub kind: ReservationKind,
}

impl Reservation {
    /// A stretch that is taken as a whole by what it is for.
    #[must_use]
    pub const fn whole(kind: ReservationKind, from: Instant, until: Instant) -> Self {
        Self { from, until, starts_at: from, ends_at: until, kind }
    }

    /// The same without travel: from the start on, and until the buffer has passed.
    #[must_use]
    pub fn at_home(self) -> Self {
        let travel = self.starts_at.unix() - self.from.unix();
        let until = self.until.plus_seconds(-travel).max(self.ends_at);
        Self { from: self.starts_at, until, ..self }
    }

    /// The same with so many minutes of travel before it and after it, in the place of those that it had.
    #[must_use]
    pub fn travelling(self, minutes: i32) -> Self {
        let (travel, home) = (i64::from(minutes), self.at_home());
        Self { from: home.from.plus_minutes(-travel), until: home.until.plus_minutes(travel), ..home }
    }

    /// Whether the two take the same time.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// The reservations of one interviewer in all their studies. When an interview is to be moved, its own reservation
/// is left out.
#[derive(Debug, Clone, Default)]
pub struct Reservations {
    /// The starts in order, each with the latest end of all that started until then.
    reach: Vec<(Instant, Instant)>,
    /// The starts in order of those that count for the day.
    interviews: Vec<Instant>,
    all: Vec<Reservation>,
}

impl Reservations {
    /// Puts reservations, in any order, in the form in which they are asked about.
    #[must_use]
    pub fn new(mut reservations: Vec<Reservation>) -> Self {
        reservations.sort_unstable_by_key(|r| r.from);
        let counted = reservations.iter().filter(|r| r.kind.counts_for_the_day());
        let mut interviews: Vec<Instant> = counted.map(|r| r.starts_at).collect();
        interviews.sort_unstable();
        let mut latest = Instant::from_unix(i64::MIN);
        let reach = reservations.iter().map(|r| {
            latest = latest.max(r.until);
            (r.from, latest)
        });
        Self { reach: reach.collect(), interviews, all: reservations }
    }

    /// Everything that takes some of the same time, by its start.
    pub fn overlapping(&self, wanted: Reservation) -> impl Iterator<Item = Reservation> + '_ {
        self.all.iter().copied().filter(move |taken| taken.overlaps(wanted))
    }

    /// Whether nothing is reserved in `[from, until)`.
    #[must_use]
    pub fn is_free(&self, from: Instant, until: Instant) -> bool {
        let started_before_the_end = self.reach.partition_point(|(start, _)| *start < until);
        let last = started_before_the_end.checked_sub(1).and_then(|last| self.reach.get(last));
        last.is_none_or(|(_, latest_end)| *latest_end <= from)
    }

    /// How many interviews, held places included, begin in `[from, until)`.
    #[must_use]
    pub fn interviews_between(&self, from: Instant, until: Instant) -> usize {
        let before = |moment| self.interviews.partition_point(|start| *start < moment);
        before(until).saturating_sub(before(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_unix(seconds)
    }

    fn reservations(stretches: &[(i64, i64, ReservationKind)]) -> Reservations {
        Reservations::new(
            stretches
                .iter()
                .map(|(from, until, kind)| Reservation::whole(*kind, at(*from), at(*until)))
                .collect(),
        )
    }

    #[test]
    fn time_is_free_up_to_and_from_the_edges_of_what_is_taken() {
        let taken = reservations(&[(20, 30, ReservationKind::Block), (10, 15, ReservationKind::Interview)]);
        assert!(taken.is_free(at(0), at(10)));
        assert!(taken.is_free(at(15), at(20)));
        assert!(taken.is_free(at(30), at(40)));
        for (from, until) in [(0, 11), (14, 16), (19, 21), (29, 31), (0, 40), (11, 12), (16, 35)] {
            assert!(!taken.is_free(at(from), at(until)), "{from}..{until}");
        }
    }

    #[test]
    fn a_long_reservation_is_seen_behind_a_short_one_that_began_later() {
        let taken = reservations(&[(0, 100, ReservationKind::Block), (10, 20, ReservationKind::Interview)]);
        assert!(!taken.is_free(at(50), at(60)));
        assert!(taken.is_free(at(100), at(110)));
    }

    #[test]
    fn the_day_counts_interviews_and_held_places_but_no_blocks() {
        let taken = reservations(&[
            (10, 20, ReservationKind::Interview),
            (20, 30, ReservationKind::Hold),
            (30, 40, ReservationKind::Block),
            (40, 50, ReservationKind::Interview),
        ]);
        assert_eq!(taken.interviews_between(at(10), at(40)), 2);
        assert_eq!(taken.interviews_between(at(11), at(41)), 2);
        assert_eq!(taken.interviews_between(at(60), at(50)), 0);
    }

    #[test]
    fn travel_surrounds_an_interview_with_its_buffer_and_is_taken_off_again() {
        let (start, end) = (at(7_200), at(10_800));
        let home = Reservation {
            from: start,
            until: at(11_700),
            starts_at: start,
            ends_at: end,
            kind: ReservationKind::Interview,
        };
        let away = home.travelling(30);
        assert_eq!((away.from, away.until), (at(5_400), at(13_500)));
        assert_eq!((away.starts_at, away.ends_at), (start, end));
        assert_eq!(away.at_home(), home);
        assert_eq!(away.travelling(60).travelling(0), home);
    }

    #[test]
    fn an_interview_counts_for_the_day_of_its_start_not_of_the_way_to_it() {
        let away = Reservation::whole(ReservationKind::Interview, at(10_000), at(12_000)).travelling(100);
        let taken = Reservations::new(vec![away]);
        assert_eq!(taken.interviews_between(at(0), at(10_000)), 0);
        assert_eq!(taken.interviews_between(at(10_000), at(10_001)), 1);
    }
}
