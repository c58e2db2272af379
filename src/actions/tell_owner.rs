//! Tells the owner of an account by mail what was changed about it, in case it was not them (ASVS 5.0 V6.3.7).

use crate::clock::Instant;
use crate::domain::account_letter::{AccountLetter, Matter, News};
use crate::domain::language::Language;
use crate::domain::letter_facts::Addressee;
use crate::id::UserId;
use crate::problem::Outcome;
use crate::store::{Tx, account_letters, accounts};

/// Puts the letter into the outbox.
///
/// # Errors
/// Only those of the database.
pub(super) fn tell_owner(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    news: News,
    language: Language,
) -> Outcome<()> {
    let account = accounts::get(tx, user)?;
    let to = Addressee { name: account.name, email: account.email, language };
    account_letters::put(tx, &AccountLetter { to, matter: Matter::News(news) }, now).map(drop)
}
