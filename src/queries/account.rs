//! What a researcher can see of their own account.

use crate::clock::Instant;
use crate::id::UserId;
use crate::problem::Outcome;
use crate::store::accounts::{Account, Token};
use crate::store::second_factors::Factor;
use crate::store::sessions::{self, Session};
use crate::store::{Tx, accounts, second_factors};

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

/// An account, for whoever has proven that it is theirs.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] when there is none.
pub fn get(tx: &mut Tx<'_>, user: UserId) -> Outcome<Account> {
    accounts::get(tx, user)
}

/// The researcher's second factor, confirmed or not, and how many recovery codes are left.
///
/// # Errors
/// Only those of the database.
pub fn second_factor(tx: &mut Tx<'_>, user: UserId) -> Outcome<(Option<Factor>, i64)> {
    Ok((second_factors::find(tx, user)?, second_factors::codes_left(tx, user)?))
}

/// Whether anybody has an account at all.
///
/// # Errors
/// Only those of the database.
pub fn any(tx: &mut Tx<'_>) -> Outcome<bool> {
    accounts::any(tx)
}
