//! Makes a key for the JSON API.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::UserId;
use crate::keys::{fresh_token, token_digest};
use crate::problem::Outcome;
use crate::store::{Tx, accounts};

/// Makes a token for an account. It is shown once; only its digest is kept.
///
/// # Errors
/// Only those of the database.
pub fn issue_token(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    user: UserId,
    label: &str,
) -> Outcome<Done<String>> {
    let token = format!("vw_{}", fresh_token());
    let id = accounts::insert_token(tx, user, label, &token_digest(&token), now)?;
    Ok(Entry::new(now, actor, "token.created").subject(id).with(token))
}
