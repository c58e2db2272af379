//! Who is signed in.

use crate::clock::Instant;
use crate::id::UserId;
use crate::problem::Outcome;
use crate::store::sessions::Found;
use crate::store::{Tx, accounts, sessions};

/// The researcher behind an API token: id, address and name.
///
/// # Errors
/// Only those of the database.
pub fn by_token(tx: &mut Tx<'_>, digest: &str) -> Outcome<Option<(UserId, String, String)>> {
    accounts::by_token(tx, digest)
}

/// The researcher behind a session that is neither ended nor expired.
///
/// # Errors
/// Only those of the database.
pub fn by_session(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Option<Found>> {
    sessions::find(tx, digest, now)
}
