//! Adds a researcher's account.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::text::EmailAddress;
use crate::id::UserId;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::accounts::{self, Account};

/// Adds an account with a password that is hashed already.
///
/// # Errors
/// [`crate::problem::Problem::Exists`] when the address has an account.
pub fn add_user(
    tx: &mut Tx<'_>,
    now: Instant,
    email: &EmailAddress,
    name: &str,
    password_hash: &str,
) -> Outcome<Done<UserId>> {
    let id = new_account(tx, now, email, name, password_hash)?;
    Ok(Entry::new(now, Actor::CommandLine, "user.added").subject(id).with(id))
}

/// Adds an account, for an action that says who did it.
pub(super) fn new_account(
    tx: &mut Tx<'_>,
    now: Instant,
    email: &EmailAddress,
    name: &str,
    password_hash: &str,
) -> Outcome<UserId> {
    let id = UserId::new();
    let account = Account {
        id,
        email: email.as_str().to_owned(),
        name: name.to_owned(),
        password_hash: password_hash.to_owned(),
    };
    accounts::insert(tx, &account, &email.folded(), now)?;
    Ok(id)
}
