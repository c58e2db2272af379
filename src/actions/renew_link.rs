//! Gives a respondent a new personal link.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{RespondentId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, holds, members, respondents};

/// Makes a new link and ends the old one; answers the token, which is stored nowhere. What was kept for whoever had the
/// old one is free again.
///
/// # Errors
/// Those of access.
pub fn renew_link(tx: &mut Tx<'_>, now: Instant, user: UserId, id: RespondentId) -> Outcome<Done<String>> {
    let study = members::require_for(tx, id, user, Right::Contacts)?.study();
    let respondent = respondents::get(tx, id)?;
    let token = respondents::renew_link(tx, &respondent)?;
    holds::drop_of(tx, id)?;
    let entry = Entry::new(now, Actor::User(user), "link.renewed").study(study);
    Ok(entry.subject(&respondent.code).with(token))
}
