//! When interviewers are busy by their own calendars: from when until when, and nothing else. Like blocks, they do not
//! speak against what is booked; whoever plans an interview reads them with the interviewer locked.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::busy_times;
use crate::clock::Instant;
use crate::domain::availability::{BusyTime, Reservation, ReservationKind, in_pieces};
use crate::id::{CalendarId, UserId};
use crate::problem::Outcome;

/// No row is longer than a week, in seconds: those that touch a stretch begin at most so long before it.
const LONGEST: i64 = 7 * 86_400;
/// How many rows one statement inserts.
const ROWS: usize = 500;

/// When somebody is busy in `[from, until)`: one range of an index, however many rows there are.
///
/// # Errors
/// Only those of the database.
pub fn of(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Reservation>> {
    let rows: Vec<BusyTime> = tx.run(|c| {
        on_each!(c, |c| {
            busy_times::table
                .filter(busy_times::interviewer.eq(interviewer))
                .filter(busy_times::busy_from.gt(from.plus_seconds(-LONGEST)))
                .filter(busy_times::busy_from.lt(until))
                .filter(busy_times::busy_until.gt(from))
                .select((busy_times::busy_from, busy_times::busy_until))
                .load(c)
        })
    })?;
    Ok(rows.into_iter().map(|(from, until)| Reservation::whole(ReservationKind::Busy, from, until)).collect())
}

/// How many stretches of somebody's time a calendar takes.
///
/// # Errors
/// Only those of the database.
pub fn count(tx: &mut Tx<'_>, calendar: CalendarId) -> Outcome<i64> {
    tx.run(|c| busy_times::table.filter(busy_times::calendar.eq(calendar)).count().get_result(c))
}

/// Puts what a calendar says now in the place of what it said; answers how many rows changed. What is the same stays as
/// it is, so that a look at a calendar in which little changed writes little.
///
/// # Errors
/// Only those of the database.
pub fn replace(
    tx: &mut Tx<'_>,
    (calendar, interviewer): (CalendarId, UserId),
    busy: &[BusyTime],
) -> Outcome<usize> {
    let known: Vec<BusyTime> = tx.run(|c| {
        on_each!(c, |c| {
            busy_times::table
                .filter(busy_times::calendar.eq(calendar))
                .select((busy_times::busy_from, busy_times::busy_until))
                .load(c)
        })
    })?;
    let known: BTreeSet<BusyTime> = known.into_iter().collect();
    let wanted: BTreeSet<BusyTime> = in_pieces(busy, LONGEST).into_iter().collect();
    let (gone, new): (Vec<_>, Vec<_>) =
        (known.difference(&wanted).copied().collect(), wanted.difference(&known).copied().collect());
    if gone.len() == known.len() && !gone.is_empty() {
        forget(tx, calendar)?;
    } else {
        for (from, _) in &gone {
            tx.run(|c| {
                on_each!(c, |c| diesel::delete(busy_times::table.find((calendar, *from))).execute(c))
            })?;
        }
    }
    for rows in new.chunks(ROWS) {
        insert(tx, (calendar, interviewer), rows)?;
    }
    Ok(gone.len() + new.len())
}

fn insert(tx: &mut Tx<'_>, (calendar, interviewer): (CalendarId, UserId), busy: &[BusyTime]) -> Outcome<()> {
    let rows: Vec<_> = busy
        .iter()
        .map(|(from, until)| {
            (
                busy_times::calendar.eq(calendar),
                busy_times::interviewer.eq(interviewer),
                busy_times::busy_from.eq(*from),
                busy_times::busy_until.eq(*until),
            )
        })
        .collect();
    // Of several rows SQLite gets one after the other, with a statement that is kept.
    tx.run(|c| on_each!(c, |c| diesel::insert_into(busy_times::table).values(rows).execute(c))).map(drop)
}

/// Forgets all that a calendar says.
///
/// # Errors
/// Only those of the database.
pub fn forget(tx: &mut Tx<'_>, calendar: CalendarId) -> Outcome<()> {
    tx.run(|c| diesel::delete(busy_times::table.filter(busy_times::calendar.eq(calendar))).execute(c))
        .map(drop)
}
