//! Erases a person: what told who they are is gone, and so are the notes of what they said; what counts stays under
//! their code (R6, E19).

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{RespondentId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::respondents::Respondent;
use crate::store::{Tx, erasure, respondents, studies};

use super::forget_contact::{call_off_planned, forget_contact, lock_for};

/// Erases a respondent, of a study in the archive too. An interview that is planned is called off; the letters that say
/// so still leave. The worker then sweeps the mail folder and SQLite's log. `fits` judges the revision that is found
/// (If-Match).
///
/// # Errors
/// Those of access; what `fits` says.
pub fn erase_respondent(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: RespondentId,
    fits: impl Fn(i32) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let respondent = lock_for(tx, user, id, fits)?;
    erase(tx, now, Actor::User(user), &respondent)
}

/// Erases a respondent who was erased before and has come back with a backup. Nothing to do for one who has not.
///
/// # Errors
/// Only those of the database.
pub fn erase_again(tx: &mut Tx<'_>, now: Instant, id: RespondentId) -> Outcome<Done<bool>> {
    let study = match respondents::get(tx, id) {
        Ok(respondent) => respondent.study,
        Err(Problem::NotFound) => return Ok(Done::housekeeping(false)),
        Err(problem) => return Err(problem),
    };
    studies::hold(tx, study)?;
    let respondent = respondents::lock(tx, id)?;
    Ok(erase(tx, now, Actor::System, &respondent)?.map(|()| true))
}

/// Erases a respondent who is locked already, for somebody who may do it.
///
/// # Errors
/// Only those of the database.
pub(super) fn erase(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    respondent: &Respondent,
) -> Outcome<Done<()>> {
    let earlier = call_off_planned(tx, now, actor, respondent)?;
    forget_contact(tx, now, respondent)?;
    erasure::erase_person(tx, respondent.id, now)?;
    erasure::erase_salts(tx, respondent.id, &respondent.code)?;
    let entry = Entry::new(now, actor, "respondent.erased").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(()).after(earlier))
}
