//! Erases a person: what told who they are is gone, what counts stays under their code (R6, E19).

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::letter_facts::Addressee;
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::Step;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::respondents::Respondent;
use crate::store::{
    Tx, contacts, erasure, import_drafts, meetings, members, proposals, referrals, respondents, studies,
};

use super::call_off::{Why, call_off};

/// Erases a respondent, of a study in the archive too. Whoever objected or withdrew is remembered by a keyed digest of
/// the address alone, so that they are not written to when somebody lists them again. An interview that is planned is called off; the letters
/// that say so still leave. The worker then sweeps the mail folder and SQLite's log.
///
/// # Errors
/// Those of access.
pub fn erase_respondent(tx: &mut Tx<'_>, now: Instant, user: UserId, id: RespondentId) -> Outcome<Done<()>> {
    let study = members::require_for_though_archived(tx, id, user, Right::Contacts)?.study();
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
    let earlier = call_off_interview(tx, now, actor, &respondent)?;
    let contact = contacts::get(tx, id)?;
    let digest = contacts::email_digest(tx, study, &contact.email);
    if respondent.opted_out_at.is_some() || respondent.withdrawn_at.is_some() {
        contacts::suppress(tx, study, &digest, now)?;
    }
    let addressee = Addressee {
        name: contact.name,
        email: contact.email.as_str().to_owned(),
        language: respondent.language,
    };
    erasure::erase_letters(tx, id, &addressee)?;
    contacts::delete(tx, id)?;
    referrals::unmention(tx, id)?;
    import_drafts::forget_person(tx, study, &digest)?;
    proposals::end_of(tx, id, ProposalState::Ended, now)?;
    erasure::erase_rows(tx, id, now)?;
    meetings::unwant_all_of(tx, id, now)?;
    erasure::erase_salts(tx, id, &respondent.code)?;
    let entry = Entry::new(now, actor, "respondent.erased").study(study);
    Ok(entry.subject(&respondent.code).with(()).after(earlier))
}

/// Calls off the interview that is planned, if there is one; answers what the log is told of it.
fn call_off_interview(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    respondent: &Respondent,
) -> Outcome<Vec<Entry>> {
    let Some(done) = call_off(tx, now, respondent, actor, &Why::Erased)? else { return Ok(Vec::new()) };
    let status = respondent.status.after(Step::InterviewCancelled)?;
    respondents::set_status(tx, respondent, status, actor, now)?;
    Ok(done.into_parts().1)
}
