//! Makes a key for the JSON API for the holder of an address, as the command line does.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done};
use crate::domain::text::EmailAddress;
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, accounts};

use super::issue_token::issue_token;

/// Makes a token for the account with an address.
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
    issue_token(tx, now, Actor::CommandLine, account.id, label)
}
