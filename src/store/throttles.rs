//! How often something was guessed at, and when the next guess is taken (E25).

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Tx;
use super::dialect::on_each;
use super::prepared::Prepare as _;
use super::schema::throttles;
use crate::clock::Instant;
use crate::problem::Outcome;

/// The moment from which the next guess at a subject is taken, if there is one to wait for.
///
/// # Errors
/// Only those of the database.
pub fn open_at(tx: &mut Tx<'_>, subjects: &[String]) -> Outcome<Option<Instant>> {
    let found: Option<Option<Instant>> = tx.maybe(|c| {
        throttles::table
            .filter(throttles::subject.eq_any(subjects))
            .order(throttles::open_at.desc())
            .select(throttles::open_at.nullable())
            .first(c)
    })?;
    Ok(found.flatten())
}

/// Lets guesses at the same subjects go one after the other until the transaction ends: of many that come at once to
/// several servers each sees those before it.
///
/// # Errors
/// Only those of the database.
pub fn lock(tx: &mut Tx<'_>, subjects: &[String]) -> Outcome<()> {
    if !tx.locks_rows() {
        return Ok(());
    }
    // Always in one order, so that two never wait for each other.
    let ordered: BTreeSet<&String> = subjects.iter().collect();
    for subject in ordered {
        tx.run(|c| {
            diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<Text, _>(subject)
                .execute(c)
        })?;
    }
    Ok(())
}

/// Notes a failed guess; `delay` gives the seconds to wait after so many failures. They are counted for a day, which
/// begins with the first.
///
/// # Errors
/// Only those of the database.
pub fn fail(tx: &mut Tx<'_>, subject: &str, now: Instant, delay: impl Fn(i32) -> i64) -> Outcome<()> {
    let known: Option<(i32, Instant)> = tx.maybe(|c| {
        throttles::table.find(subject).select((throttles::failures, throttles::updated_at)).first(c)
    })?;
    let (failures, since) = match known {
        Some((failures, since)) if since > now.plus_days(-1) => (failures.saturating_add(1), since),
        _ => (1, now),
    };
    let row = (
        throttles::failures.eq(failures),
        throttles::open_at.eq(now.plus_seconds(delay(failures))),
        throttles::updated_at.eq(since),
    );
    if known.is_some() {
        tx.run(|c| diesel::update(throttles::table.find(subject)).set(row).execute(c)).map(drop)
    } else {
        tx.run(|c| {
            diesel::insert_into(throttles::table).values((throttles::subject.eq(subject), row)).execute(c)
        })
        .map(drop)
    }
}

/// Counts one more of something that is allowed `limit` times in a window of `seconds`; the window begins with the
/// first. When it was too often already, nothing is counted and the end of the window is the answer.
///
/// # Errors
/// Only those of the database.
pub fn count(
    tx: &mut Tx<'_>,
    subject: &str,
    now: Instant,
    limit: i32,
    seconds: i64,
) -> Outcome<Option<Instant>> {
    let known: Option<(i32, Instant)> = tx.maybe(|c| {
        on_each!(c, |c| {
            throttles::table.find(subject).select((throttles::failures, throttles::open_at)).first(c)
        })
    })?;
    let (count, ends) = match known {
        Some((count, ends)) if ends > now => (count, ends),
        _ => (0, now.plus_seconds(seconds)),
    };
    if count >= limit {
        return Ok(Some(ends));
    }
    let row = (
        throttles::failures.eq(count.saturating_add(1)),
        throttles::open_at.eq(ends),
        throttles::updated_at.eq(now),
    );
    if known.is_some() {
        tx.run(|c| {
            on_each!(c, |c| diesel::update(throttles::table.find(subject)).set(row).prepared().execute(c))
        })?;
    } else {
        tx.run(|c| {
            on_each!(c, |c| {
                diesel::insert_into(throttles::table).values((throttles::subject.eq(subject), row)).execute(c)
            })
        })?;
    }
    Ok(None)
}

/// Takes back one failure of a subject.
///
/// # Errors
/// Only those of the database.
pub fn take_back(tx: &mut Tx<'_>, subject: &str) -> Outcome<()> {
    let counted = throttles::table.find(subject).filter(throttles::failures.gt(0));
    tx.run(|c| diesel::update(counted).set(throttles::failures.eq(throttles::failures - 1)).execute(c))
        .map(drop)
}

/// Forgets the failures of a subject.
///
/// # Errors
/// Only those of the database.
pub fn clear(tx: &mut Tx<'_>, subject: &str) -> Outcome<()> {
    tx.run(|c| diesel::delete(throttles::table.find(subject)).execute(c)).map(drop)
}

/// Forgets what is older than a day.
///
/// # Errors
/// Only those of the database.
pub fn forget_old(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::delete(throttles::table.filter(throttles::updated_at.lt(now.plus_days(-1)))).execute(c)
    })
    .map(drop)
}
