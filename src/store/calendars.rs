//! The calendars that interviewers publish elsewhere, which are read for when they are busy.
//!
//! A look at one is claimed like a letter: a lease keeps other servers away from it, and a fence keeps one whose lease
//! has ended from writing down what it saw.

use diesel::prelude::*;

use super::dialect::Conn;
use super::letters::lease_clock;
use super::schema::{calendars, members};
use super::{Tx, busy_times};
use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::calendar_feed::FeedFault;
use crate::id::{CalendarId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// For how long one server alone looks at a calendar: longer than a look may take.
const LEASE_SECONDS: i64 = 90;

/// A calendar as its owner sees it.
#[derive(Debug, Clone, Queryable)]
pub struct Calendar {
    /// The calendar's id.
    pub id: CalendarId,
    /// What its owner calls it.
    pub name: String,
    /// The server that it comes from; the rest of the address is a secret.
    pub host: String,
    /// The zone of days as a whole, and of times without a zone.
    pub time_zone: String,
    /// When it is looked at next.
    pub due_at: Instant,
    /// Why it could not be read the last time.
    pub fault: Option<FeedFault>,
    /// How many entries could not be understood.
    pub skipped: i32,
    /// When it was last read.
    pub read_at: Option<Instant>,
}

type Columns = (
    calendars::id,
    calendars::name,
    calendars::host,
    calendars::time_zone,
    calendars::due_at,
    calendars::fault,
    calendars::skipped,
    calendars::read_at,
);
const COLUMNS: Columns = (
    calendars::id,
    calendars::name,
    calendars::host,
    calendars::time_zone,
    calendars::due_at,
    calendars::fault,
    calendars::skipped,
    calendars::read_at,
);

/// A calendar to add.
#[derive(Debug, Clone)]
pub struct NewCalendar {
    /// What its owner calls it.
    pub name: String,
    /// The server that it comes from.
    pub host: String,
    /// The whole address.
    pub address: String,
    /// The zone of days as a whole, and of times without a zone.
    pub time_zone: String,
}

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
    pub address: String,
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

fn place(id: CalendarId) -> String {
    format!("calendar {id}")
}

/// The calendars of somebody, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn of(tx: &mut Tx<'_>, user: UserId) -> Outcome<Vec<Calendar>> {
    tx.run(|c| {
        calendars::table.filter(calendars::user_id.eq(user)).order(calendars::id).select(COLUMNS).load(c)
    })
}

/// One calendar of somebody.
///
/// # Errors
/// [`Problem::NotFound`] for one that is not theirs.
pub fn get(tx: &mut Tx<'_>, user: UserId, id: CalendarId) -> Outcome<Calendar> {
    tx.run(|c| calendars::table.find(id).filter(calendars::user_id.eq(user)).select(COLUMNS).first(c))
}

/// Adds a calendar, which is due at once.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, user: UserId, new: &NewCalendar, now: Instant) -> Outcome<CalendarId> {
    let id = CalendarId::new();
    let sealed = tx.keys().seal(&place(id), new.address.as_bytes())?;
    tx.run(|c| {
        diesel::insert_into(calendars::table)
            .values((
                calendars::id.eq(id),
                calendars::user_id.eq(user),
                calendars::name.eq(&new.name),
                calendars::host.eq(&new.host),
                calendars::address_sealed.eq(sealed),
                calendars::time_zone.eq(&new.time_zone),
                calendars::created_at.eq(now),
                calendars::due_at.eq(now),
                calendars::fence.eq(0),
                calendars::failures.eq(0),
                calendars::skipped.eq(0),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Forgets a calendar and all that it says; false when it is not theirs.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &mut Tx<'_>, user: UserId, id: CalendarId) -> Outcome<bool> {
    let theirs = || calendars::table.find(id).filter(calendars::user_id.eq(user));
    let found: Option<CalendarId> = tx.maybe(|c| theirs().select(calendars::id).first(c))?;
    if found.is_none() {
        return Ok(false);
    }
    busy_times::forget(tx, id)?;
    tx.run(|c| diesel::delete(theirs()).execute(c)).map(|deleted| deleted > 0)
}

/// Has a calendar looked at soon; false when it is not theirs.
///
/// # Errors
/// Only those of the database.
pub fn hurry(tx: &mut Tx<'_>, user: UserId, id: CalendarId, now: Instant) -> Outcome<bool> {
    let theirs = calendars::table.find(id).filter(calendars::user_id.eq(user));
    tx.run(|c| diesel::update(theirs).set(calendars::due_at.eq(now)).execute(c)).map(|found| found > 0)
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
/// Those of the database, and when the seal is broken.
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
    read(tx, id).map(Some)
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

/// How many calendars of the interviewers of a study can't be read.
///
/// # Errors
/// Only those of the database.
pub fn failing(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    tx.run(|c| {
        members::table
            .inner_join(calendars::table.on(calendars::user_id.eq(members::user_id)))
            .filter(members::study.eq(study))
            .filter(members::role.ne(Role::Reader))
            .filter(calendars::fault.is_not_null())
            .count()
            .get_result(c)
    })
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
