//! The first researcher makes their account, by the link that the console showed.

use super::add_user::new_account;
use super::sign_in::{Arrival, begin};
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::text::EmailAddress;
use crate::id::UserId;
use crate::keys::About;
use crate::problem::{Outcome, Problem};
use crate::store::account_links::{self, Purpose};
use crate::store::{Tx, accounts, throttles};

/// What somebody chose for their own account. The password is hashed already.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The name that respondents see.
    pub name: String,
    /// The hash of the password.
    pub password_hash: String,
}

/// Makes the first account and signs its owner in. All such links end: a house has one first researcher.
///
/// # Errors
/// [`Problem::NotFound`] when the link is unknown, used or expired, or somebody has an account by now.
pub fn set_up(
    tx: &mut Tx<'_>,
    now: Instant,
    digest: &str,
    email: &EmailAddress,
    chosen: &Chosen,
    arrival: &Arrival,
) -> Outcome<Done<UserId>> {
    // Several servers may each have shown a link of their own; whoever is second finds an account.
    let turn = tx.keys().digest(About::Guess, &[b"set up"]);
    throttles::lock(tx, &[turn])?;
    let works = account_links::take(tx, Purpose::SetUp, digest, now)?.is_some();
    if !works || accounts::any(tx)? {
        return Err(Problem::NotFound);
    }
    account_links::end_all(tx, Purpose::SetUp)?;
    let user = new_account(tx, now, email, &chosen.name, &chosen.password_hash)?;
    let entry = Entry::new(now, Actor::User(user), "user.added").subject(user).result("set_up");
    let (_, begun) = begin(tx, now, user, arrival)?.into_parts();
    Ok(begun.into_iter().fold(entry.with(user), Done::and))
}
