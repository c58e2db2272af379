//! The calendars that interviewers publish elsewhere, which are read for when they are busy.

use diesel::prelude::*;

use super::schema::{calendars, members};
use super::{Tx, busy_times};
use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::calendar_feed::FeedFault;
use crate::id::{CalendarId, StudyId, UserId};
use crate::problem::Outcome;
use crate::settings::Secret;

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
    pub address: Secret,
    /// The zone of days as a whole, and of times without a zone.
    pub time_zone: String,
}

/// The place for which the address of a calendar is sealed.
pub(super) fn place(id: CalendarId) -> String {
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
/// [`crate::problem::Problem::NotFound`] for one that is not theirs.
pub fn get(tx: &mut Tx<'_>, user: UserId, id: CalendarId) -> Outcome<Calendar> {
    tx.run(|c| calendars::table.find(id).filter(calendars::user_id.eq(user)).select(COLUMNS).first(c))
}

/// Adds a calendar, which is due at once.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, user: UserId, new: &NewCalendar, now: Instant) -> Outcome<CalendarId> {
    let id = CalendarId::new();
    let sealed = tx.keys().seal(&place(id), new.address.expose().as_bytes())?;
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
