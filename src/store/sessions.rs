//! Signed-in browsers, and links that sign in once.

use diesel::prelude::*;

use super::Tx;
use super::schema::{sessions, sign_in_links, users};
use crate::clock::Instant;
use crate::id::{SessionId, UserId};
use crate::problem::Outcome;

/// A session ends after this many minutes in which nothing was changed by it: looking changes nothing, not even this
/// (R4).
pub const IDLE_MINUTES: i64 = 12 * 60;
/// A session ends after this many days however much it is used.
pub const ABSOLUTE_DAYS: i64 = 14;

/// A session as its owner sees it in the list.
#[derive(Debug, Clone, Queryable)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// The browser as it named itself at sign-in.
    pub browser: String,
    /// When it began.
    pub created_at: Instant,
    /// When something was last changed by it, to the nearest minutes.
    pub seen_at: Instant,
}

/// Begins a session.
///
/// # Errors
/// Only those of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    user: UserId,
    digest: &str,
    browser: &str,
    now: Instant,
) -> Outcome<SessionId> {
    let id = SessionId::new();
    tx.run(|c| {
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(id),
                sessions::user_id.eq(user),
                sessions::digest.eq(digest),
                sessions::browser.eq(browser),
                sessions::created_at.eq(now),
                sessions::seen_at.eq(now),
                sessions::expires_at.eq(now.plus_days(ABSOLUTE_DAYS)),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// A session and whose it is.
#[derive(Debug, Clone, Queryable)]
pub struct Found {
    /// The session.
    pub id: SessionId,
    /// When something was last changed by it.
    pub seen_at: Instant,
    /// Whose it is.
    pub user: UserId,
    /// Their mail address.
    pub email: String,
    /// Their name.
    pub name: String,
}

/// The session behind a cookie, unless it has expired.
///
/// # Errors
/// Only those of the database.
pub fn find(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Option<Found>> {
    tx.maybe(|c| {
        sessions::table
            .inner_join(users::table.on(users::id.eq(sessions::user_id)))
            .filter(sessions::digest.eq(digest))
            .filter(sessions::expires_at.gt(now))
            .filter(sessions::seen_at.gt(now.plus_minutes(-IDLE_MINUTES)))
            .select((sessions::id, sessions::seen_at, users::id, users::email, users::name))
            .first(c)
    })
}

/// The sessions of a researcher that have not expired, newest first.
///
/// # Errors
/// Only those of the database.
pub fn of_user(tx: &mut Tx<'_>, user: UserId, now: Instant) -> Outcome<Vec<Session>> {
    tx.run(|c| {
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::expires_at.gt(now))
            .filter(sessions::seen_at.gt(now.plus_minutes(-IDLE_MINUTES)))
            .order(sessions::id.desc())
            .limit(200)
            .select((sessions::id, sessions::browser, sessions::created_at, sessions::seen_at))
            .load(c)
    })
}

/// Notes that something is changed by a session.
///
/// # Errors
/// Only those of the database.
pub fn seen(tx: &mut Tx<'_>, id: SessionId, now: Instant) -> Outcome<()> {
    tx.run(|c| diesel::update(sessions::table.find(id)).set(sessions::seen_at.eq(now)).execute(c)).map(drop)
}

/// Ends one session of a researcher; false when it is not theirs.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Outcome<bool> {
    tx.run(|c| {
        diesel::delete(sessions::table.filter(sessions::id.eq(id)).filter(sessions::user_id.eq(user)))
            .execute(c)
    })
    .map(|ended| ended > 0)
}

/// Ends all sessions of a researcher but one.
///
/// # Errors
/// Only those of the database.
pub fn end_others(tx: &mut Tx<'_>, user: UserId, kept: Option<SessionId>) -> Outcome<usize> {
    tx.run(|c| {
        let of_user = sessions::table.filter(sessions::user_id.eq(user));
        match kept {
            Some(kept) => diesel::delete(of_user.filter(sessions::id.ne(kept))).execute(c),
            None => diesel::delete(of_user).execute(c),
        }
    })
}

/// Forgets sessions and sign-in links that have expired.
///
/// # Errors
/// Only those of the database.
pub fn forget_expired(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    tx.run(|c| diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(c))?;
    tx.run(|c| diesel::delete(sign_in_links::table.filter(sign_in_links::expires_at.le(now))).execute(c))
        .map(drop)
}

/// Adds a link that signs in once.
///
/// # Errors
/// Only those of the database.
pub fn insert_link(tx: &mut Tx<'_>, user: UserId, digest: &str, expires_at: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(sign_in_links::table)
            .values((
                sign_in_links::digest.eq(digest),
                sign_in_links::user_id.eq(user),
                sign_in_links::expires_at.eq(expires_at),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Ends the links that sign a researcher in once.
///
/// # Errors
/// Only those of the database.
pub fn end_links(tx: &mut Tx<'_>, user: UserId) -> Outcome<()> {
    tx.run(|c| diesel::delete(sign_in_links::table.filter(sign_in_links::user_id.eq(user))).execute(c))
        .map(drop)
}

/// Uses a sign-in link up. `None` when it is unknown, used or expired.
///
/// # Errors
/// Only those of the database.
pub fn take_link(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Option<UserId>> {
    tx.maybe(|c| {
        diesel::delete(
            sign_in_links::table
                .filter(sign_in_links::digest.eq(digest))
                .filter(sign_in_links::expires_at.gt(now)),
        )
        .returning(sign_in_links::user_id)
        .get_result(c)
    })
}
