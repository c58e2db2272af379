//! Sends a letter again that failed, for example after the address was corrected.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{LetterId, UserId};
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::{Tx, letters, members};

/// Puts a failed letter back into the queue.
///
/// # Errors
/// Those of access; [`crate::problem::Problem::WrongState`] when it has not failed, or failed so long ago that what it
/// tells is gone, or when a later letter about the same interview holds instead.
pub fn retry_letter(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    letter: LetterId,
) -> Outcome<Done<Made<LetterId>>> {
    let item = letters::detail(tx, letter)?;
    members::require(tx, item.study, user, Right::Letters)?;
    letters::queue_again(tx, letter, now)?;
    let entry = Entry::new(now, Actor::User(user), "letter.queued_again").study(item.study);
    Ok(entry.subject(letter).with(Made::new(200, letter)))
}
