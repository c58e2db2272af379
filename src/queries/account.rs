//! What a researcher can see of their own account.

use crate::clock::Instant;
use crate::id::UserId;
use crate::problem::Outcome;
use crate::store::accounts::Token;
use crate::store::sessions::{self, Session};
use crate::store::{Tx, accounts};

/// The researcher's sessions, newest first.
///
/// # Errors
/// Only those of the database.
pub fn sessions(tx: &mut Tx<'_>, user: UserId, now: Instant) -> Outcome<Vec<Session>> {
    sessions::of_user(tx, user, now)
}

/// The researcher's API tokens, newest first.
///
/// # Errors
/// Only those of the database.
pub fn tokens(tx: &mut Tx<'_>, user: UserId) -> Outcome<Vec<Token>> {
    accounts::tokens(tx, user)
}

/// Whether anybody has an account at all.
///
/// # Errors
/// Only those of the database.
pub fn any(tx: &mut Tx<'_>) -> Outcome<bool> {
    accounts::any(tx)
}
