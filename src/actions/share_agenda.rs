//! Gives a researcher a secret address at which their calendar program reads their interviews, or ends it.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::UserId;
use crate::keys::{fresh_token, token_digest};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, agenda_feeds};

/// Makes a new address; the one before ends. Answers its token, which is shown once: only its digest is kept.
///
/// # Errors
/// Only those of the database.
pub fn share_agenda(tx: &mut Tx<'_>, now: Instant, user: UserId) -> Outcome<Done<String>> {
    let token = fresh_token();
    agenda_feeds::renew(tx, user, &token_digest(&token), now)?;
    Ok(Entry::new(now, Actor::User(user), "agenda_feed.made").subject(user).with(token))
}

/// Ends the address.
///
/// # Errors
/// [`Problem::NotFound`] where there is none.
pub fn stop_sharing(tx: &mut Tx<'_>, now: Instant, user: UserId) -> Outcome<Done<()>> {
    if !agenda_feeds::end(tx, user)? {
        return Err(Problem::NotFound);
    }
    Ok(Entry::new(now, Actor::User(user), "agenda_feed.ended").subject(user).with(()))
}
