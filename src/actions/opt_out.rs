//! A respondent objects to letters. What they have booked stands, and they are still told about it.

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::respondent::Step;
use crate::problem::Outcome;
use crate::store::respondents::{Moment, Respondent};
use crate::store::{Tx, contacts, letters, respondents};

/// Notes the objection and takes back the letters that would approach them; doing it twice is the same as once.
///
/// # Errors
/// [`crate::problem::Problem::Withdrawn`].
pub fn opt_out(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    actor: Actor,
) -> Outcome<Done<()>> {
    let status = respondent.status.after(Step::OptedOut)?;
    if respondent.opted_out_at.is_some() && status == respondent.status {
        return Ok(Done::housekeeping(()));
    }
    letters::stop_recruitment(tx, respondent.id)?;
    let email = contacts::get(tx, respondent.id)?.email;
    let digest = contacts::email_digest(tx, respondent.study, &email);
    contacts::suppress(tx, respondent.study, &digest, now)?;
    respondents::note(tx, respondent.id, Moment::OptedOut, now)?;
    respondents::set_status(tx, respondent, status, actor, now)?;
    let entry = Entry::new(now, actor, "respondent.opted_out").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(()))
}
