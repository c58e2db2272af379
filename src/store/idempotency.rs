//! Repeats of a request: kept is what was answered, never what was said (R2, design 4).

use std::fmt::Display;
use std::str::FromStr;

use diesel::prelude::*;

use super::dialect::on_each;
use super::prepared::Prepare as _;
use super::schema::idempotency_keys as keys;
use super::{Change, Store, Tx};
use crate::clock::Instant;
use crate::domain::audit::Done;
use crate::keys::About;
use crate::problem::{Outcome, Problem};

/// How long a repeat is recognised, in hours.
pub const KEPT_HOURS: i64 = 48;

/// A request that its caller may send again.
#[derive(Debug, Clone)]
pub struct Once {
    /// Who sent it: a user, or the digest of a personal link.
    pub caller: String,
    /// The method and path.
    pub route: String,
    /// The caller's key.
    pub key: String,
    /// The body as it came; only its keyed digest is kept.
    pub body: Vec<u8>,
    /// When it came.
    pub now: Instant,
}

/// What a request made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made<R> {
    /// The HTTP status of the first answer.
    pub status: u16,
    /// What it made or changed.
    pub resource: R,
    /// Whether this is a repeat.
    pub replayed: bool,
}

impl<R> Made<R> {
    /// A first answer.
    pub const fn new(status: u16, resource: R) -> Self {
        Self { status, resource, replayed: false }
    }
}

impl Store {
    /// Makes a change at most once per key: a repeat finds what the first made. Refusals are not kept.
    ///
    /// # Errors
    /// Those of [`Store::write`], [`Problem::IdempotencyMismatch`] when the key came with another body.
    pub async fn write_once<R, F>(&self, once: Option<Once>, change: F) -> Outcome<Made<R>>
    where
        R: Display + FromStr + Send + 'static,
        F: Change<Made<R>>,
    {
        self.write(move |tx| once_only(tx, once.as_ref(), &change)).await
    }
}

/// As [`Store::write_once`], within a transaction that has to look at something else before it says that a request is a
/// repeat.
///
/// # Errors
/// Those of the change, [`Problem::IdempotencyMismatch`] when the key came with another body.
pub fn once_only<R, F>(tx: &mut Tx<'_>, once: Option<&Once>, change: F) -> Outcome<Done<Made<R>>>
where
    R: Display + FromStr,
    F: Fn(&mut Tx<'_>) -> Outcome<Done<Made<R>>>,
{
    let Some(once) = once else { return change(tx) };
    let fingerprint = tx.keys().digest(About::Body, &[&once.body]);
    if let Some(made) = earlier(tx, once, &fingerprint)? {
        return Ok(Done::housekeeping(made));
    }
    // Taken first, so that a second request with the key waits here and then finds the first one's answer.
    take(tx, once, &fingerprint)?;
    let (made, entries) = change(tx)?.into_parts();
    finish(tx, once, &made)?;
    Ok(Done::noted(made, entries))
}

fn earlier<R: FromStr>(tx: &mut Tx<'_>, once: &Once, fingerprint: &str) -> Outcome<Option<Made<R>>> {
    let found: Option<(String, i32, String)> = tx.maybe(|c| {
        on_each!(c, |c| {
            keys::table
                .find((&once.caller, &once.route, &once.key))
                .select((keys::fingerprint, keys::status, keys::resource))
                .first(c)
        })
    })?;
    let Some((known, status, resource)) = found else { return Ok(None) };
    if known != fingerprint {
        return Err(Problem::IdempotencyMismatch);
    }
    let resource =
        resource.parse().map_err(|_| Problem::internal("an idempotency key names an unreadable resource"))?;
    Ok(Some(Made { status: u16::try_from(status).unwrap_or(200), resource, replayed: true }))
}

fn take(tx: &mut Tx<'_>, once: &Once, fingerprint: &str) -> Outcome<()> {
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(keys::table)
                .values((
                    keys::caller.eq(&once.caller),
                    keys::route.eq(&once.route),
                    keys::key.eq(&once.key),
                    keys::fingerprint.eq(fingerprint),
                    keys::status.eq(0),
                    keys::resource.eq(""),
                    keys::created_at.eq(once.now),
                ))
                .execute(c)
        })
    })
    .map(drop)
}

fn finish<R: Display>(tx: &mut Tx<'_>, once: &Once, made: &Made<R>) -> Outcome<()> {
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(keys::table.find((&once.caller, &once.route, &once.key)))
                .set((keys::status.eq(i32::from(made.status)), keys::resource.eq(made.resource.to_string())))
                .prepared()
                .execute(c)
        })
    })
    .map(drop)
}

/// Forgets keys that are older than [`KEPT_HOURS`].
///
/// # Errors
/// Only those of the database.
pub fn forget_old(tx: &mut Tx<'_>, now: Instant) -> Outcome<Done<()>> {
    let edge = now.plus_minutes(-KEPT_HOURS * 60);
    tx.run(|c| diesel::delete(keys::table.filter(keys::created_at.lt(edge))).execute(c))?;
    Ok(Done::housekeeping(()))
}
