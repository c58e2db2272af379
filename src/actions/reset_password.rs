//! Whoever has the link from a mail chooses another password.

use super::tell_owner::tell_owner;
use crate::clock::Instant;
use crate::domain::account_letter::News;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::problem::{Outcome, Problem};
use crate::store::account_links::{self, Purpose};
use crate::store::{Tx, accounts, sessions};

/// Uses a link up and puts a new hash in place of the old one. All sessions end, and so do all other links; the owner
/// is told by mail. Nobody is signed in by this: a second factor is still to be asked for (ASVS 5.0 V6.4.3).
///
/// # Errors
/// [`Problem::NotFound`] when the link is unknown, used or expired.
pub fn reset_password(
    tx: &mut Tx<'_>,
    now: Instant,
    digest: &str,
    hash: &str,
    language: Language,
) -> Outcome<Done<()>> {
    let user = account_links::take(tx, Purpose::Reset, digest, now)?.flatten().ok_or(Problem::NotFound)?;
    accounts::lock(tx, user)?;
    accounts::set_password(tx, user, hash)?;
    sessions::end_others(tx, user, None)?;
    sessions::end_links(tx, user)?;
    account_links::end_of(tx, user)?;
    tell_owner(tx, now, user, News::PasswordReset, language)?;
    Ok(Entry::new(now, Actor::User(user), "user.password_reset").subject(user).with(()))
}
