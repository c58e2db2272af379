//! Looks at the calendars that interviewers publish elsewhere: which are due, and what was seen.
//!
//! A look is claimed like a letter: a lease keeps other servers away from the calendar, and a fence keeps one whose
//! lease has ended from writing down what it saw.

use diesel::prelude::*;

use super::Tx;
use super::calendars::place;
use super::dialect::Conn;
use super::letters::lease_clock;
use super::schema::calendars;
use crate::clock::Instant;
use crate::domain::calendar_feed::FeedFault;
use crate::id::{CalendarId, UserId};
use crate::problem::{Outcome, Problem};
use crate::settings::Secret;

/// For how long one server alone looks at a calendar: longer than a look may take.
const LEASE_SECONDS: i64 = 90;

/// A look at a calendar that is due, claimed for this server.
#[derive(Debug, Clone)]
pub struct Look {
    /// Which calendar.
    pub calendar: CalendarId,
    /// Whose it is.
    pub owner: UserId,
    /// What is to be shown when writing down what was seen.
    pub fence: i32,
    /// The address to ask.
    pub address: Secret,
    /// The zone of days as a whole, and of times without a zone.
    pub time_zone: String,
    /// What the server said the last time of what it sent.
    pub marks: Marks,
    /// When it last came as a whole.
    pub whole_at: Option<Instant>,
    /// How often it could not be read, on end.
    pub failures: i32,
    /// Why, the last time.
    pub fault: Option<FeedFault>,
}

/// By what a server recognises what it sent (RFC 9110 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its Last-Modified.
    pub last_modified: Option<String>,
}

/// Whether any calendar is to be looked at, for a look that costs less than claiming one.
///
/// # Errors
/// Only those of the database.
pub fn any_due(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    let due = calendars::table.filter(calendars::due_at.le(now));
    let found: Option<CalendarId> = tx.maybe(|c| due.select(calendars::id).first(c))?;
    Ok(found.is_some())
}

/// Claims the look that is due longest.
///
/// # Errors
/// Only those of the database.
pub fn claim(tx: &mut Tx<'_>, now: Instant) -> Outcome<Option<Look>> {
    let clock = lease_clock(tx, now)?;
    let due = calendars::table
        .filter(calendars::due_at.le(now))
        .filter(calendars::claimed_until.is_null().or(calendars::claimed_until.assume_not_null().le(clock)))
        .order((calendars::due_at, calendars::id))
        .limit(1)
        .select(calendars::id);
    let found: Option<CalendarId> = tx.maybe(|c| match c {
        Conn::Sqlite(c) => due.first(c),
        Conn::Postgres(c) => due.for_update().skip_locked().first(c),
    })?;
    let Some(id) = found else { return Ok(None) };
    tx.run(|c| {
        diesel::update(calendars::table.find(id))
            .set((
                calendars::claimed_until.eq(clock.plus_seconds(LEASE_SECONDS)),
                calendars::fence.eq(calendars::fence + 1),
            ))
            .execute(c)
    })?;
    match read(tx, id) {
        Err(Problem::Internal(cause)) => {
            tracing::error!(calendar = %id, %cause, "the address of a calendar cannot be read");
            put_off(tx, id, now).map(|()| None)
        }
        claimed => claimed.map(Some),
    }
}

/// Looks at a calendar tomorrow whose address nobody can read, so that it keeps none of the others back.
fn put_off(tx: &mut Tx<'_>, id: CalendarId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(calendars::table.find(id))
            .set((
                calendars::claimed_until.eq(None::<Instant>),
                calendars::due_at.eq(now.plus_days(1)),
                calendars::fault.eq(Some(FeedFault::Unreachable)),
            ))
            .execute(c)
    })
    .map(drop)
}

fn read(tx: &mut Tx<'_>, id: CalendarId) -> Outcome<Look> {
    type Row = (
        (UserId, i32, Vec<u8>, String),
        (Option<String>, Option<String>),
        (Option<Instant>, i32, Option<FeedFault>),
    );
    let (whose, marks, before): Row = tx.run(|c| {
        calendars::table
            .find(id)
            .select((
                (calendars::user_id, calendars::fence, calendars::address_sealed, calendars::time_zone),
                (calendars::etag, calendars::last_modified),
                (calendars::whole_at, calendars::failures, calendars::fault),
            ))
            .first(c)
    })?;
    let (owner, fence, sealed, time_zone) = whose;
    let address = String::from_utf8(tx.keys().open(&place(id), &sealed)?).map_err(Problem::internal)?;
    let address = Secret::new(address);
    let (etag, last_modified) = marks;
    let (whole_at, failures, fault) = before;
    let marks = Marks { etag, last_modified };
    Ok(Look { calendar: id, owner, fence, address, time_zone, marks, whole_at, failures, fault })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn held_by(id: CalendarId, fence: i32) -> _ {
    calendars::table.filter(calendars::id.eq(id)).filter(calendars::fence.eq(fence))
}

/// What was seen at a look.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When to look again.
    pub due_at: Instant,
    /// How often it could not be read now, on end.
    pub failures: i32,
    /// Why not, if it could not.
    pub fault: Option<FeedFault>,
}

/// Writes down what was seen, and gives the look back; false when another server has it.
///
/// # Errors
/// Only those of the database.
pub fn note(tx: &mut Tx<'_>, look: &Look, seen: &Seen, now: Instant) -> Outcome<bool> {
    let read_at = seen.fault.is_none().then_some(now);
    let noted = tx.run(|c| {
        diesel::update(held_by(look.calendar, look.fence))
            .set((
                calendars::claimed_until.eq(None::<Instant>),
                calendars::due_at.eq(seen.due_at),
                calendars::failures.eq(seen.failures),
                calendars::fault.eq(seen.fault),
            ))
            .execute(c)
    })?;
    if noted > 0 && read_at.is_some() {
        let row = held_by(look.calendar, look.fence);
        tx.run(|c| diesel::update(row).set(calendars::read_at.eq(read_at)).execute(c))?;
    }
    Ok(noted > 0)
}

/// Writes down that a calendar came as a whole, and by what its server will recognise that.
///
/// # Errors
/// Only those of the database.
pub fn came_whole(
    tx: &mut Tx<'_>,
    look: &Look,
    (marks, skipped): (&Marks, usize),
    now: Instant,
) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(held_by(look.calendar, look.fence))
            .set((
                calendars::whole_at.eq(Some(now)),
                calendars::skipped.eq(i32::try_from(skipped).unwrap_or(i32::MAX)),
                calendars::etag.eq(&marks.etag),
                calendars::last_modified.eq(&marks.last_modified),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Ends all leases on SQLite, which nobody else can hold when its one process begins.
///
/// # Errors
/// Only those of the database.
pub fn end_leases(tx: &mut Tx<'_>) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(c) => diesel::update(calendars::table)
            .filter(calendars::claimed_until.is_not_null())
            .set(calendars::claimed_until.eq(None::<Instant>))
            .execute(c)
            .map(drop),
        Conn::Postgres(_) => Ok(()),
    })
}
