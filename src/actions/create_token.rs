//! Makes a key for the JSON API.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::text::EmailAddress;
use crate::keys::{fresh_token, token_digest};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, accounts};

/// Makes a token for an account. It is shown once; only its digest is kept.
///
/// # Errors
/// [`Problem::Invalid`] when the address has no account.
pub fn create_token(
    tx: &mut Tx<'_>,
    now: Instant,
    email: &EmailAddress,
    label: &str,
) -> Outcome<Done<String>> {
    let account = accounts::by_email(tx, &email.folded())?
        .ok_or_else(|| Problem::field("email", FieldCode::UnknownReference))?;
    let token = format!("vw_{}", fresh_token());
    let id = accounts::insert_token(tx, account.id, label, &token_digest(&token), now)?;
    Ok(Entry::new(now, Actor::CommandLine, "token.created").subject(id).with(token))
}
