//! What is taken of interviewers' time. The database itself keeps two from overlapping (R1); what is read here only
//! tells what is probably free.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::reservations;
use crate::clock::Instant;
use crate::domain::availability::{Reservation, ReservationKind};
use crate::domain::interview::Seat;
use crate::id::{InterviewId, ReservationId, UserId};
use crate::problem::Outcome;

/// A reservation as it stands in its columns.
#[derive(Queryable)]
struct Columns {
    guard_from: Instant,
    guard_until: Instant,
    kind: ReservationKind,
    starts_at: Option<Instant>,
    ends_at: Option<Instant>,
}

type Selected = (
    reservations::guard_from,
    reservations::guard_until,
    reservations::kind,
    reservations::starts_at,
    reservations::ends_at,
);

const COLUMNS: Selected = (
    reservations::guard_from,
    reservations::guard_until,
    reservations::kind,
    reservations::starts_at,
    reservations::ends_at,
);

impl Columns {
    /// What does not name its own beginning and end takes its time as a whole.
    fn read(self) -> Reservation {
        let Self { guard_from: from, guard_until: until, kind, .. } = self;
        let (starts_at, ends_at) = (self.starts_at.unwrap_or(from), self.ends_at.unwrap_or(until));
        Reservation { from, until, starts_at, ends_at, kind }
    }
}

/// What is taken of an interviewer's time and touches `[from, until)`, in all their studies. An interview that is to
/// be moved does not stand in its own way.
///
/// # Errors
/// Only those of the database.
pub fn taken(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (from, until): (Instant, Instant),
    moving: Option<InterviewId>,
) -> Outcome<Vec<Reservation>> {
    type Row = (Option<InterviewId>, Columns);
    let theirs =
        || reservations::table.filter(reservations::active).filter(reservations::interviewer.eq(interviewer));
    // No two of an interviewer overlap (R1): of those that begin before the span, only the last can reach into it.
    let before: Option<Row> = tx.maybe(|c| {
        on_each!(c, |c| {
            let begun = theirs().filter(reservations::guard_from.le(from));
            let last = begun.order(reservations::guard_from.desc());
            last.select((reservations::interview, COLUMNS)).first(c)
        })
    })?;
    let within: Vec<Row> = tx.run(|c| {
        on_each!(c, |c| {
            theirs()
                .filter(reservations::guard_from.gt(from))
                .filter(reservations::guard_from.lt(until))
                .order(reservations::guard_from)
                .select((reservations::interview, COLUMNS))
                .load(c)
        })
    })?;
    let reaching = before.filter(|(_, columns)| columns.guard_until > from);
    let all = reaching.into_iter().chain(within);
    let stand = all.filter(|(interview, _)| moving.is_none() || *interview != moving);
    Ok(stand.map(|(_, columns)| columns.read()).collect())
}

/// What is taken for a seat at an interview.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] when nothing ever was.
pub fn of_interview(tx: &mut Tx<'_>, interview: InterviewId, seat: Seat) -> Outcome<Reservation> {
    tx.run(|c| at(interview, seat.is_second()).select(COLUMNS).first::<Columns>(c)).map(Columns::read)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn at(interview: InterviewId, second: bool) -> _ {
    reservations::table.filter(reservations::interview.eq(interview)).filter(reservations::second.eq(second))
}

/// Reserves an interviewer's time for a seat at an interview.
///
/// # Errors
/// [`crate::problem::Problem::SlotTaken`] when it overlaps with another reservation.
pub fn insert(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (interview, seat): (InterviewId, Seat),
    taken: Reservation,
) -> Outcome<()> {
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(reservations::table)
                .values((
                    reservations::id.eq(ReservationId::new()),
                    reservations::interviewer.eq(interviewer),
                    reservations::interview.eq(interview),
                    reservations::guard_from.eq(taken.from),
                    reservations::guard_until.eq(taken.until),
                    reservations::kind.eq(taken.kind),
                    reservations::active.eq(true),
                    reservations::starts_at.eq(taken.starts_at),
                    reservations::ends_at.eq(taken.ends_at),
                    reservations::second.eq(seat.is_second()),
                ))
                .execute(c)
        })
    })
    .map(drop)
}

/// Moves the reservation for a seat at an interview, to another interviewer if that is who has the seat from now on.
///
/// # Errors
/// As [`insert`].
pub fn shift(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (interview, seat): (InterviewId, Seat),
    taken: Reservation,
) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(at(interview, seat.is_second()))
            .set((
                reservations::interviewer.eq(interviewer),
                reservations::guard_from.eq(taken.from),
                reservations::guard_until.eq(taken.until),
                reservations::starts_at.eq(taken.starts_at),
                reservations::ends_at.eq(taken.ends_at),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Gives the time of a second interviewer back, who is not to come any more.
///
/// # Errors
/// Only those of the database.
pub fn free_second(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<()> {
    tx.run(|c| diesel::delete(at(interview, true)).execute(c)).map(drop)
}

/// Gives the time of an interview back, of everybody who was to hold it.
///
/// # Errors
/// Only those of the database.
pub fn release(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(reservations::table.filter(reservations::interview.eq(interview)))
            .set(reservations::active.eq(false))
            .execute(c)
    })
    .map(drop)
}
