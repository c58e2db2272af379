//! What erasing a person and removing their contact data have in common: nothing tells any more who is behind the code.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Entry};
use crate::domain::letter_facts::Addressee;
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::Step;
use crate::id::{RespondentId, UserId};
use crate::problem::Outcome;
use crate::store::respondents::Respondent;
use crate::store::{
    Tx, contacts, erasure, holds, import_drafts, meetings, members, proposals, referrals, respondents,
    studies,
};

use super::call_off::{Why, call_off};

/// Locks a respondent for somebody who may take their contact data away, of a study in the archive too. `fits` judges
/// the revision that is found (If-Match).
///
/// # Errors
/// Those of access; what `fits` says.
pub(super) fn lock_for(
    tx: &mut Tx<'_>,
    user: UserId,
    id: RespondentId,
    fits: impl Fn(i32) -> Outcome<()>,
) -> Outcome<Respondent> {
    let study = members::require_for_though_archived(tx, id, user, Right::Contacts)?.study();
    studies::hold(tx, study)?;
    let respondent = respondents::lock(tx, id)?;
    fits(respondent.revision)?;
    Ok(respondent)
}

/// Takes away who a respondent is, who is locked already: the contact, the links, what letters and messages say,
/// places, and what they wrote themselves. Whoever objected or withdrew is remembered by a keyed digest of the address
/// alone, so that they are not written to when somebody lists them again. Letters that call an interview off still
/// leave.
///
/// # Errors
/// Only those of the database.
pub(super) fn forget_contact(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent) -> Outcome<()> {
    let id = respondent.id;
    let mut addressee = None;
    if let Some(contact) = contacts::find(tx, id)? {
        let digest = contacts::email_digest(tx, respondent.study, &contact.email);
        if respondent.opted_out_at.is_some() || respondent.withdrawn_at.is_some() {
            contacts::suppress(tx, respondent.study, &digest, now)?;
        }
        import_drafts::forget_person(tx, respondent.study, &digest)?;
        addressee = Some(Addressee {
            name: contact.name,
            email: contact.email.as_str().to_owned(),
            language: respondent.language,
        });
    }
    erasure::erase_letters(tx, id, addressee.as_ref())?;
    contacts::delete(tx, id)?;
    referrals::unmention(tx, id)?;
    proposals::end_of(tx, id, ProposalState::Ended, now)?;
    holds::drop_of(tx, id)?;
    erasure::forget_contact(tx, id, now)?;
    meetings::unwant_all_of(tx, id, now)
}

/// Calls off the interview that is planned, if there is one; answers what the log is told of it.
///
/// # Errors
/// Only those of the database.
pub(super) fn call_off_planned(
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
