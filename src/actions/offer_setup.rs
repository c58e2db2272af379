//! Offers whoever starts a new installation a link with which the first researcher makes their account.

use crate::clock::Instant;
use crate::domain::account_letter::SETUP_HOURS;
use crate::domain::audit::{Actor, Done, Entry};
use crate::keys::{fresh_token, token_digest};
use crate::problem::Outcome;
use crate::store::account_links::{self, Purpose};
use crate::store::{Tx, accounts};

/// Makes a link where nobody has an account; answers its token, of which only the digest is kept. Where one server is
/// alone with its database, the link of an earlier start ends; of several servers each offers one of its own, and the
/// first that is used ends the others.
///
/// # Errors
/// Only those of the database.
pub fn offer_setup(tx: &mut Tx<'_>, now: Instant) -> Outcome<Done<Option<String>>> {
    if accounts::any(tx)? {
        return Ok(Done::housekeeping(None));
    }
    if !tx.locks_rows() {
        account_links::end_all(tx, Purpose::SetUp)?;
    }
    let token = fresh_token();
    let until = now.plus_minutes(SETUP_HOURS * 60);
    account_links::insert(tx, Purpose::SetUp, None, &token_digest(&token), until)?;
    Ok(Entry::new(now, Actor::CommandLine, "setup.link_offered").with(Some(token)))
}
