//! Erases a person: what told who they are is gone, and so are the notes of what they said; what counts stays under their
//! code (R6, E19).

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, erasure, members, respondents, studies};

use super::forget_contact::{call_off_planned, forget_contact};

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
    let study = members::require_for_though_archived(tx, id, user, Right::Contacts)?.study();
    studies::hold(tx, study)?;
    fits(respondents::lock(tx, id)?.revision)?;
    erase(tx, now, Actor::User(user), study, id)
}

/// Erases a respondent who was erased before and has come back with a backup. Nothing to do for one who has not.
///
/// # Errors
/// Only those of the database.
pub fn erase_again(tx: &mut Tx<'_>, now: Instant, id: RespondentId) -> Outcome<Done<bool>> {
    match respondents::get(tx, id) {
        Ok(respondent) => Ok(erase(tx, now, Actor::System, respondent.study, id)?.map(|()| true)),
        Err(Problem::NotFound) => Ok(Done::housekeeping(false)),
        Err(problem) => Err(problem),
    }
}

/// Erases a respondent for somebody who may do it.
///
/// # Errors
/// Only those of the database.
pub(super) fn erase(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    study: StudyId,
    id: RespondentId,
) -> Outcome<Done<()>> {
    studies::hold(tx, study)?;
    let respondent = respondents::lock(tx, id)?;
    let earlier = call_off_planned(tx, now, actor, &respondent)?;
    forget_contact(tx, now, &respondent)?;
    erasure::erase_person(tx, id, now)?;
    erasure::erase_salts(tx, id, &respondent.code)?;
    let entry = Entry::new(now, actor, "respondent.erased").study(study);
    Ok(entry.subject(&respondent.code).with(()).after(earlier))
}
