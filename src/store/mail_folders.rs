//! How far the folder of a mail server was read, and which of several servers reads it.

use diesel::prelude::*;

use super::Tx;
use super::letters::lease_clock;
use super::schema::mail_folders;
use crate::clock::Instant;
use crate::problem::Outcome;

/// How long a server has a folder for itself without a sign of life, in seconds.
const LEASE_SECONDS: i64 = 120;

/// The right to read a folder, until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The folder.
    pub name: String,
    /// The number of the claim; a later one is greater.
    fence: i32,
    /// By which count of the mail server the messages are numbered; 0 before the first look.
    pub uid_validity: i64,
    /// The last message that was taken.
    pub last_uid: i64,
}

/// How reading goes.
#[derive(Debug, Clone, Default, Queryable)]
pub struct Progress {
    /// When the folder was last read to its end.
    pub read_at: Option<Instant>,
    /// Since when it can't be read.
    pub failing_since: Option<Instant>,
    /// Why, as one of the words of [`crate::store::mail_folders`]'s caller.
    pub failure: Option<String>,
}

/// Claims a folder; `None` when another server has it.
///
/// # Errors
/// Only those of the database.
pub fn claim(tx: &mut Tx<'_>, name: &str, now: Instant) -> Outcome<Option<Held>> {
    let clock = lease_clock(tx, now)?;
    let row = mail_folders::table.find(name);
    let known: Option<i32> = tx.maybe(|c| row.select(mail_folders::fence).first(c))?;
    if known.is_none() {
        let first = (
            mail_folders::name.eq(name),
            mail_folders::uid_validity.eq(0_i64),
            mail_folders::last_uid.eq(0_i64),
            mail_folders::fence.eq(0),
        );
        tx.run(|c| diesel::insert_into(mail_folders::table).values(first).execute(c))?;
    }
    let free = row.filter(
        mail_folders::claimed_until.is_null().or(mail_folders::claimed_until.assume_not_null().le(clock)),
    );
    let claimed = tx.run(|c| {
        diesel::update(free)
            .set((
                mail_folders::claimed_until.eq(clock.plus_seconds(LEASE_SECONDS)),
                mail_folders::fence.eq(mail_folders::fence + 1),
            ))
            .execute(c)
    })?;
    if claimed == 0 {
        return Ok(None);
    }
    let columns = (mail_folders::fence, mail_folders::uid_validity, mail_folders::last_uid);
    let (fence, uid_validity, last_uid) = tx.run(|c| row.select(columns).first(c))?;
    Ok(Some(Held { name: name.to_owned(), fence, uid_validity, last_uid }))
}

/// Notes how far the folder was read, as a sign of life. False when another server has it by now.
///
/// # Errors
/// Only those of the database.
pub fn reached(tx: &mut Tx<'_>, held: &Held, now: Instant) -> Outcome<bool> {
    let until = lease_clock(tx, now)?.plus_seconds(LEASE_SECONDS);
    let mine = mail_folders::table.find(&held.name).filter(mail_folders::fence.eq(held.fence));
    tx.run(|c| {
        diesel::update(mine)
            .set((
                mail_folders::uid_validity.eq(held.uid_validity),
                mail_folders::last_uid.eq(held.last_uid),
                mail_folders::claimed_until.eq(until),
            ))
            .execute(c)
    })
    .map(|rows| rows == 1)
}

/// Gives a folder back that was read to its end, or could not be read for a reason.
///
/// # Errors
/// Only those of the database.
pub fn release(tx: &mut Tx<'_>, held: &Held, failure: Option<&str>, now: Instant) -> Outcome<()> {
    let mine = || mail_folders::table.find(held.name.clone()).filter(mail_folders::fence.eq(held.fence));
    let free = mail_folders::claimed_until.eq(None::<Instant>);
    let Some(why) = failure else {
        let well =
            (mail_folders::failing_since.eq(None::<Instant>), mail_folders::failure.eq(None::<String>));
        let read = (free, mail_folders::read_at.eq(now), well);
        return tx.run(|c| diesel::update(mine()).set(read).execute(c)).map(drop);
    };
    let first = mine().filter(mail_folders::failing_since.is_null());
    tx.run(|c| diesel::update(first).set(mail_folders::failing_since.eq(now)).execute(c))?;
    tx.run(|c| diesel::update(mine()).set((free, mail_folders::failure.eq(why))).execute(c)).map(drop)
}

/// How reading a folder goes; nothing where it was never tried.
///
/// # Errors
/// Only those of the database.
pub fn progress(tx: &mut Tx<'_>, name: &str) -> Outcome<Progress> {
    let columns = (mail_folders::read_at, mail_folders::failing_since, mail_folders::failure);
    Ok(tx.maybe(|c| mail_folders::table.find(name).select(columns).first(c))?.unwrap_or_default())
}
