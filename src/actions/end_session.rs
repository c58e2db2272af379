//! Ends a session of the researcher who asks: this one, or another from the list.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{SessionId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, sessions};

/// Ends a session.
///
/// # Errors
/// [`Problem::NotFound`] when it is not one of this researcher's.
pub fn end_session(tx: &mut Tx<'_>, now: Instant, user: UserId, session: SessionId) -> Outcome<Done<()>> {
    if !sessions::end(tx, user, session)? {
        return Err(Problem::NotFound);
    }
    Ok(Entry::new(now, Actor::User(user), "session.ended").subject(session).with(()))
}
