//! A respondent objects to being written to (GDPR art. 21): by the link in a letter, by their page, or by mail.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delivery::Dropped;
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::Step;
use crate::problem::{Outcome, Problem};
use crate::store::respondents::{self, Moment, Respondent};
use crate::store::{Tx, contacts, holds, letters, proposals, studies};

/// Remembers the objection, for the person and, beyond erasure, for the address; letters of recruitment that have not
/// left stay here. An interview that is planned stands, and a withdrawal stays one. Objecting twice changes nothing.
///
/// # Errors
/// [`Problem::ContactRemoved`] for somebody whose address is not known any more.
pub fn opt_out(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent, actor: Actor) -> Outcome<Done<()>> {
    // Of two changes at once the second sees what the first made of them: a booking, a withdrawal.
    studies::hold(tx, respondent.study)?;
    let respondent = &respondents::lock(tx, respondent.id)?;
    let status = match respondent.status.after(Step::OptedOut) {
        Err(Problem::Withdrawn) => respondent.status,
        status => status?,
    };
    if respondent.opted_out_at.is_some() && status == respondent.status {
        return Ok(Done::housekeeping(()));
    }
    respondents::note(tx, respondent.id, Moment::OptedOut, now)?;
    respondents::set_status(tx, respondent, status, actor, now)?;
    let contact = contacts::get(tx, respondent.id)?;
    let digest = contacts::email_digest(tx, respondent.study, &contact.email);
    contacts::suppress(tx, respondent.study, &digest, now)?;
    letters::stop_recruitment(tx, respondent.id, Dropped::OptedOut)?;
    proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;
    holds::drop_of(tx, respondent.id)?;
    Ok(Entry::new(now, actor, "respondent.opted_out")
        .study(respondent.study)
        .subject(&respondent.code)
        .with(()))
}

/// The objection of whoever has the unsubscribe link of a letter, known by its digest.
///
/// # Errors
/// [`Problem::NotFound`] for a link that is unknown or whose person is erased.
pub fn opt_out_by_link(tx: &mut Tx<'_>, now: Instant, digest: &str) -> Outcome<Done<()>> {
    let respondent = respondents::by_unsubscribe(tx, digest)?;
    opt_out(tx, now, &respondent, Actor::Respondent(respondent.id))
}
