//! The time that a researcher keeps free in all their studies. Only they themselves see it; to others it is time that
//! is taken.

use crate::clock::Instant;
use crate::id::{BlockId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::blocks::{self, Block};

/// What has not passed, soonest first.
///
/// # Errors
/// Only those of the database.
pub fn ahead(tx: &mut Tx<'_>, user: UserId, now: Instant) -> Outcome<Vec<Block>> {
    blocks::ahead(tx, user, now)
}

/// One of them.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for one that is not theirs.
pub fn get(tx: &mut Tx<'_>, user: UserId, id: BlockId) -> Outcome<Block> {
    blocks::get(tx, user, id)
}
