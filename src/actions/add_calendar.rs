//! Has a calendar read that somebody publishes elsewhere, looks at it sooner, or forgets it with all that it said.

use super::pace::demand_pace;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::calendar_feed::CALENDARS_LIMIT;
use crate::id::{CalendarId, UserId};
use crate::keys;
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::calendars::NewCalendar;
use crate::store::{Tx, accounts, calendars, throttles};

/// How often somebody may ask for a calendar to be looked at in a window.
const REFRESHES: i32 = 6;
/// How long that window is.
const WINDOW_SECONDS: i64 = 3_600;

/// Adds a calendar. It is read by the worker; nothing goes out from here.
///
/// # Errors
/// [`FieldCode::Value`] at `url` beyond [`CALENDARS_LIMIT`].
pub fn add_calendar(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    new: &NewCalendar,
) -> Outcome<Done<CalendarId>> {
    accounts::lock(tx, user)?;
    if calendars::of(tx, user)?.len() >= CALENDARS_LIMIT {
        return Err(Problem::field("url", FieldCode::Value));
    }
    let id = calendars::insert(tx, user, new, now)?;
    let entry = Entry::new(now, Actor::User(user), "calendar.added").subject(id);
    Ok(entry.field("host", &new.host).field("time_zone", &new.time_zone).with(id))
}

/// Has a calendar looked at as soon as may be.
///
/// # Errors
/// [`Problem::NotFound`] for one that is not the caller's; [`Problem::Throttled`] when it is asked for too often.
pub fn refresh_calendar(tx: &mut Tx<'_>, now: Instant, user: UserId, id: CalendarId) -> Outcome<Done<()>> {
    let subject = tx.keys().digest(keys::About::Guess, &[b"calendar", id.as_str().as_bytes()]);
    demand_pace(throttles::count(tx, &subject, now, REFRESHES, WINDOW_SECONDS)?, now)?;
    if !calendars::hurry(tx, user, id, now)? {
        return Err(Problem::NotFound);
    }
    Ok(Entry::new(now, Actor::User(user), "calendar.refresh_asked").subject(id).with(()))
}

/// Forgets a calendar and when it said that its owner is busy.
///
/// # Errors
/// [`Problem::NotFound`] for one that is not the caller's.
pub fn remove_calendar(tx: &mut Tx<'_>, now: Instant, user: UserId, id: CalendarId) -> Outcome<Done<()>> {
    accounts::lock(tx, user)?;
    if !calendars::delete(tx, user, id)? {
        return Err(Problem::NotFound);
    }
    Ok(Entry::new(now, Actor::User(user), "calendar.removed").subject(id).with(()))
}
