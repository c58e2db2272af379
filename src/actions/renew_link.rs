//! Gives a respondent a new personal link.

use super::remove_contact::demand_contact;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::About;
use crate::id::{RespondentId, UserId};
use crate::problem::Outcome;
use crate::store::letters::NewLetter;
use crate::store::respondents::Respondent;
use crate::store::{Tx, holds, letters, members, respondents};

/// Makes a new link and ends the old one; answers the token, which is stored nowhere. What was kept for whoever had the
/// old one is free again.
///
/// # Errors
/// Those of access; [`crate::problem::Problem::ContactRemoved`] for somebody who can't be reached any more.
pub fn renew_link(tx: &mut Tx<'_>, now: Instant, user: UserId, id: RespondentId) -> Outcome<Done<String>> {
    members::require_for(tx, id, user, Right::Contacts)?;
    let respondent = respondents::lock(tx, id)?;
    demand_contact(&respondent)?;
    renew(tx, now, &respondent, Actor::User(user))
}

/// The same for somebody who may do it.
///
/// # Errors
/// Only those of the database.
pub(super) fn renew(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    actor: Actor,
) -> Outcome<Done<String>> {
    let token = respondents::renew_link(tx, respondent)?;
    holds::drop_of(tx, respondent.id)?;
    let entry = Entry::new(now, actor, "link.renewed").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(token))
}

/// Sends the link that was made last by mail. `respondent` is who they were before it.
///
/// # Errors
/// Only those of the database.
pub(super) fn announce(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    actor: Actor,
) -> Outcome<Done<()>> {
    let occasion = format!("link:{}", respondent.link_generation.saturating_add(1));
    let letter = NewLetter::to(respondent, LetterKind::NewLink, occasion, About::Study, now);
    letters::put(tx, &letter, now)?;
    let entry = Entry::new(now, actor, "letter.queued").study(respondent.study);
    Ok(entry.subject(&respondent.code).field("kind", LetterKind::NewLink).with(()))
}
