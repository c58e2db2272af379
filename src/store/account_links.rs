//! Links that work once: to make the first account, and to choose another password. Only their digests are kept.

use diesel::prelude::*;

use super::Tx;
use super::schema::account_links as links;
use crate::clock::Instant;
use crate::id::UserId;
use crate::problem::Outcome;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To make the first account of an installation.
    SetUp,
    /// To choose another password.
    Reset,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Reset => "reset",
        }
    }
}

/// Adds a link; one without a user leads to no account.
///
/// # Errors
/// Only those of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user: Option<UserId>,
    digest: &str,
    expires_at: Instant,
) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(links::table)
            .values((
                links::digest.eq(digest),
                links::purpose.eq(purpose.as_str()),
                links::user_id.eq(user),
                links::expires_at.eq(expires_at),
            ))
            .execute(c)
    })
    .map(drop)
}

/// To whose account a link leads, if it works; looking does not use it up (R4). The inner `None` is a link to no
/// account.
///
/// # Errors
/// Only those of the database.
pub fn find(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    digest: &str,
    now: Instant,
) -> Outcome<Option<Option<UserId>>> {
    tx.maybe(|c| working(purpose, digest, now).select(links::user_id).first(c))
}

/// Uses a link up: of two who press at once only one gets what [`find`] showed.
///
/// # Errors
/// Only those of the database.
pub fn take(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    digest: &str,
    now: Instant,
) -> Outcome<Option<Option<UserId>>> {
    tx.maybe(|c| diesel::delete(working(purpose, digest, now)).returning(links::user_id).get_result(c))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn working<'a>(purpose: Purpose, digest: &'a str, now: Instant) -> _ {
    let word: &'static str = purpose.as_str();
    links::table
        .filter(links::digest.eq(digest))
        .filter(links::purpose.eq(word))
        .filter(links::expires_at.gt(now))
}

/// Ends all links of a researcher.
///
/// # Errors
/// Only those of the database.
pub fn end_of(tx: &mut Tx<'_>, user: UserId) -> Outcome<()> {
    tx.run(|c| diesel::delete(links::table.filter(links::user_id.eq(user))).execute(c)).map(drop)
}

/// Ends all links for a purpose.
///
/// # Errors
/// Only those of the database.
pub fn end_all(tx: &mut Tx<'_>, purpose: Purpose) -> Outcome<()> {
    tx.run(|c| diesel::delete(links::table.filter(links::purpose.eq(purpose.as_str()))).execute(c)).map(drop)
}

/// Forgets links that have expired.
///
/// # Errors
/// Only those of the database.
pub fn forget_expired(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    tx.run(|c| diesel::delete(links::table.filter(links::expires_at.le(now))).execute(c)).map(drop)
}
