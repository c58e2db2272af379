//! Removes the contact data of a respondent, as a study does some months after its interviews, while what was agreed to
//! and what was said stays under the code for the years in which it is kept (GDPR art. 5(1)(e), 89(1)).

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::batch::Fate;
use crate::domain::contact_data::ContactUse;
use crate::id::{RespondentId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::respondents::Respondent;
use crate::store::{Tx, contact_uses, erasure, interviews, respondents, studies};

use super::forget_contact::{call_off_planned, forget_contact, lock_for};

/// Removes the contact data of a respondent, of a study in the archive too; doing it twice is the same as once. `fits`
/// judges the revision that is found (If-Match).
///
/// # Errors
/// Those of access; [`Problem::WrongState`] with the reason while the data are needed: an interview is ahead, a letter
/// or a message waits, or they may still take part; what `fits` says.
pub fn remove_contact(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: RespondentId,
    fits: impl Fn(i32) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let respondent = lock_for(tx, user, id, fits)?;
    let is_closed = studies::get(tx, respondent.study)?.closed_at.is_some();
    let found = contact_uses::of(tx, std::slice::from_ref(&respondent), is_closed, now)?;
    match found.get(&id).copied().and_then(ContactUse::keeps) {
        None => remove(tx, now, Actor::User(user), &respondent),
        Some(Fate::ContactRemoved) => Ok(Done::housekeeping(())),
        Some(reason) => Err(Problem::WrongState(reason.as_str())),
    }
}

/// Removes the contact data of a respondent who is locked already and of whom they are not needed any more.
///
/// # Errors
/// Only those of the database.
pub(super) fn remove(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    respondent: &Respondent,
) -> Outcome<Done<()>> {
    forget_contact(tx, now, respondent)?;
    erasure::erase_contact_salts(tx, respondent.study, &respondent.code)?;
    let entry = Entry::new(now, actor, "respondent.contact_removed").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(()))
}

/// Removes contact data that have come back with a backup, whatever waits there: it was over when they were removed. An
/// interview that is still ahead in the backup was called off since. Nothing to do where they have not come back.
///
/// # Errors
/// Only those of the database.
pub fn remove_contact_again(tx: &mut Tx<'_>, now: Instant, id: RespondentId) -> Outcome<Done<bool>> {
    let respondent = match respondents::get(tx, id) {
        Ok(respondent) if respondent.contact_removed_at.is_none() => respondent,
        Ok(_) | Err(Problem::NotFound) => return Ok(Done::housekeeping(false)),
        Err(problem) => return Err(problem),
    };
    studies::hold(tx, respondent.study)?;
    let respondent = respondents::lock(tx, id)?;
    let is_ahead = interviews::active_of(tx, id)?.is_some_and(|planned| planned.ends_at > now);
    let earlier = if is_ahead { call_off_planned(tx, now, Actor::System, &respondent)? } else { Vec::new() };
    Ok(remove(tx, now, Actor::System, &respondent)?.map(|()| true).after(earlier))
}

/// Demands that a respondent can be written to.
///
/// # Errors
/// [`Problem::ContactRemoved`].
pub(super) const fn demand_contact(respondent: &Respondent) -> Outcome<()> {
    if respondent.contact_removed_at.is_some() { Err(Problem::ContactRemoved) } else { Ok(()) }
}
