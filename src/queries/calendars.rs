//! The calendars that a researcher has read for their busy times, and the address at which theirs is read. Only they
//! themselves see both.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::calendar_feed::FeedFault;
use crate::id::{CalendarId, UserId};
use crate::keys::sha256_hex;
use crate::problem::Outcome;
use crate::store::agenda_feeds::FeedInterview;
use crate::store::calendars::Calendar;
use crate::store::{Tx, agenda_feeds, busy_times, calendars};

/// How many days back interviews stand in the feed.
const DAYS_BACK: i64 = 28;
/// How many days ahead: the greatest horizon of a study (E8), and a day for the zones.
const DAYS_AHEAD: i64 = 731;

/// A calendar that is read for when its owner is busy. Its address is a secret, and is not shown again.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Calendar)]
pub struct CalendarView {
    /// The calendar's id.
    pub id: CalendarId,
    /// What its owner calls it.
    pub name: String,
    /// The server that it comes from.
    pub host: String,
    /// The zone of days as a whole, and of times without a zone.
    pub time_zone: String,
    /// Whether it was read, and if so whether it still can be.
    pub state: CalendarState,
    /// Why it could not be read the last time. What was read before stays in force.
    pub fault: Option<FeedFault>,
    /// When it was last read.
    pub read_at: Option<Instant>,
    /// When it is looked at next.
    pub next_look_at: Instant,
    /// How many stretches of its owner's time it takes.
    pub busy: i64,
    /// How many of its entries could not be understood.
    pub skipped: i32,
}

/// How it stands with a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarState {
    /// It has not been looked at yet.
    Waiting,
    /// It was read.
    Read,
    /// It can't be read any more, or never could.
    Failing,
}

/// The calendars of somebody, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn all(tx: &mut Tx<'_>, user: UserId) -> Outcome<Vec<CalendarView>> {
    calendars::of(tx, user)?.into_iter().map(|calendar| view(tx, calendar)).collect()
}

/// One of them.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for one that is not theirs.
pub fn one(tx: &mut Tx<'_>, user: UserId, id: CalendarId) -> Outcome<CalendarView> {
    let calendar = calendars::get(tx, user, id)?;
    view(tx, calendar)
}

fn view(tx: &mut Tx<'_>, calendar: Calendar) -> Outcome<CalendarView> {
    let state = match (calendar.fault, calendar.read_at) {
        (Some(_), _) => CalendarState::Failing,
        (None, Some(_)) => CalendarState::Read,
        (None, None) => CalendarState::Waiting,
    };
    Ok(CalendarView {
        busy: busy_times::count(tx, calendar.id)?,
        id: calendar.id,
        name: calendar.name,
        host: calendar.host,
        time_zone: calendar.time_zone,
        state,
        fault: calendar.fault,
        read_at: calendar.read_at,
        next_look_at: calendar.due_at,
        skipped: calendar.skipped,
    })
}

/// Since when somebody's interviews can be read at a secret address.
///
/// # Errors
/// Only those of the database.
pub fn shared_since(tx: &mut Tx<'_>, user: UserId) -> Outcome<Option<Instant>> {
    agenda_feeds::since(tx, user)
}

/// What is read at a secret address.
#[derive(Debug, Clone)]
pub struct SharedAgenda {
    /// The interviews, by their start.
    pub interviews: Vec<FeedInterview>,
    /// Differs whenever what is to be read differs.
    pub version: String,
    /// When any of the interviews last changed.
    pub changed_at: Option<Instant>,
}

/// What is read at a secret address, by its digest: two looks into indexes, and nothing is rendered to know the
/// version.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for an address that is nobody's, or not any more.
pub fn shared(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<SharedAgenda> {
    let owner = agenda_feeds::owner(tx, digest)?;
    let span = (now.plus_days(-DAYS_BACK), now.plus_days(DAYS_AHEAD));
    let rows = agenda_feeds::interviews(tx, owner, span)?;
    let changed_at = rows.iter().map(|row| row.changed_at).max();
    let told = |row: &FeedInterview| {
        let texts = (row.id.as_str(), &row.title, &row.code, row.mode.as_str());
        let numbers = [row.starts_at, row.ends_at, row.changed_at].map(Instant::unix);
        format!("{texts:?}{numbers:?}{}", row.sequence)
    };
    let text: String = rows.iter().map(told).collect();
    Ok(SharedAgenda { interviews: rows, version: sha256_hex(text.as_bytes()), changed_at })
}
