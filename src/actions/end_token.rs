//! Ends a key for the JSON API.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{TokenId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, accounts};

/// Ends a token; whatever program still has it is refused from now on.
///
/// # Errors
/// [`Problem::NotFound`] when it is not one of this researcher's.
pub fn end_token(tx: &mut Tx<'_>, now: Instant, user: UserId, token: TokenId) -> Outcome<Done<()>> {
    if !accounts::end_token(tx, user, token)? {
        return Err(Problem::NotFound);
    }
    Ok(Entry::new(now, Actor::User(user), "token.ended").subject(token).with(()))
}
