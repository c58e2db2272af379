//! Keeps a stretch of one's own time free in all studies, or gives it back. What is booked already stays booked.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{BlockId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, accounts, blocks};

/// The greatest number of stretches that one person keeps free at once.
pub const BLOCKS_LIMIT: usize = 200;

/// Keeps `[from, until)` free. The person is locked, so that nobody who looked before this plans into it afterwards.
///
/// # Errors
/// [`FieldCode::Order`] at `until` unless it is later, [`FieldCode::Value`] where it has passed, and at `from` beyond
/// [`BLOCKS_LIMIT`].
pub fn block_time(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    (from, until): (Instant, Instant),
) -> Outcome<Done<BlockId>> {
    if until <= from {
        return Err(Problem::field("until", FieldCode::Order));
    }
    if until <= now {
        return Err(Problem::field("until", FieldCode::Value));
    }
    accounts::lock(tx, user)?;
    if blocks::ahead(tx, user, now)?.len() >= BLOCKS_LIMIT {
        return Err(Problem::field("from", FieldCode::Value));
    }
    let id = blocks::insert(tx, user, (from, until), now)?;
    let entry = Entry::new(now, Actor::User(user), "time.blocked").subject(user);
    Ok(entry.field("from", from).field("until", until).with(id))
}

/// Gives a stretch back.
///
/// # Errors
/// [`Problem::NotFound`] for one that is not the caller's.
pub fn unblock_time(tx: &mut Tx<'_>, now: Instant, user: UserId, id: BlockId) -> Outcome<Done<()>> {
    if !blocks::delete(tx, user, id)? {
        return Err(Problem::NotFound);
    }
    Ok(Entry::new(now, Actor::User(user), "time.unblocked").subject(user).with(()))
}
