//! What is taken of interviewers' time. The database itself keeps two from overlapping (R1); what is read here only
//! tells what is probably free.

use diesel::prelude::*;

use super::Tx;
use super::schema::reservations;
use crate::clock::Instant;
use crate::domain::availability::{Reservation, ReservationKind};
use crate::id::{InterviewId, ReservationId, UserId};
use crate::problem::Outcome;

/// What is taken of some interviewers' time and touches `[from, until)`, in all their studies. An interview that is
/// to be moved does not stand in its own way.
///
/// # Errors
/// Only those of the database.
pub fn taken(
    tx: &mut Tx<'_>,
    interviewers: &[UserId],
    (from, until): (Instant, Instant),
    moving: Option<InterviewId>,
) -> Outcome<Vec<(UserId, Reservation)>> {
    let rows: Vec<(UserId, Option<InterviewId>, Instant, Instant, ReservationKind)> = tx.run(|c| {
        reservations::table
            .filter(reservations::active)
            .filter(reservations::interviewer.eq_any(interviewers.iter().copied()))
            .filter(reservations::guard_until.gt(from))
            .filter(reservations::guard_from.lt(until))
            .select((
                reservations::interviewer,
                reservations::interview,
                reservations::guard_from,
                reservations::guard_until,
                reservations::kind,
            ))
            .load(c)
    })?;
    let stand = rows.into_iter().filter(|(_, interview, ..)| moving.is_none() || *interview != moving);
    Ok(stand.map(|(who, _, from, until, kind)| (who, Reservation { from, until, kind })).collect())
}

/// Reserves an interviewer's time for an interview.
///
/// # Errors
/// [`crate::problem::Problem::SlotTaken`] when it overlaps with another reservation.
pub fn insert(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    interview: InterviewId,
    (from, until): (Instant, Instant),
) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(reservations::table)
            .values((
                reservations::id.eq(ReservationId::new()),
                reservations::interviewer.eq(interviewer),
                reservations::interview.eq(interview),
                reservations::guard_from.eq(from),
                reservations::guard_until.eq(until),
                reservations::kind.eq(ReservationKind::Interview),
                reservations::active.eq(true),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Moves the reservation of an interview.
///
/// # Errors
/// As [`insert`].
pub fn shift(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    interview: InterviewId,
    (from, until): (Instant, Instant),
) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(reservations::table.filter(reservations::interview.eq(interview)))
            .set((
                reservations::interviewer.eq(interviewer),
                reservations::guard_from.eq(from),
                reservations::guard_until.eq(until),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Takes somebody else's time for an interview, as long and as early as it stands.
///
/// # Errors
/// [`crate::problem::Problem::SlotTaken`] when they are not free then.
pub fn hand_over(tx: &mut Tx<'_>, interview: InterviewId, to: UserId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(reservations::table.filter(reservations::interview.eq(interview)))
            .set(reservations::interviewer.eq(to))
            .execute(c)
    })
    .map(drop)
}

/// Gives the time of an interview back.
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
