//! Changes a password and ends all other sessions (E31), and the links by which one could get in.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{SessionId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, account_links, accounts, sessions};

/// Puts a new hash in the place of the one that the current password was compared with.
///
/// # Errors
/// [`Problem::Invalid`] when the password was changed in the meantime.
pub fn change_password(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    kept: Option<SessionId>,
    compared: &str,
    hash: &str,
) -> Outcome<Done<()>> {
    accounts::lock(tx, user)?;
    if accounts::get(tx, user)?.password_hash != compared {
        return Err(Problem::field("current", FieldCode::PasswordWrong));
    }
    accounts::set_password(tx, user, hash)?;
    sessions::end_others(tx, user, kept)?;
    sessions::end_links(tx, user)?;
    account_links::end_of(tx, user)?;
    Ok(Entry::new(now, Actor::User(user), "user.password_changed").subject(user).with(()))
}
