//! Chooses who is to interview a respondent. Only their times are offered from then on; where nobody is chosen, whoever
//! has the fewest interviews that week takes it.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{RespondentId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, members, respondents, studies};

/// Chooses the interviewer of a respondent, or none in particular. An interview that is planned stays with whoever holds
/// it.
///
/// # Errors
/// Those of access; a problem with the field `interviewer` for somebody who plans no interviews in the study.
pub fn choose_interviewer(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: RespondentId,
    interviewer: Option<UserId>,
) -> Outcome<Done<()>> {
    let study = members::require_for(tx, id, user, Right::Interviews)?.study();
    studies::hold(tx, study)?;
    let respondent = respondents::lock(tx, id)?;
    if let Some(who) = interviewer
        && !members::interviews(tx, study, who)?
    {
        return Err(Problem::field("interviewer", FieldCode::UnknownReference));
    }
    if respondent.interviewer == interviewer {
        return Ok(Done::housekeeping(()));
    }
    respondents::choose_interviewer(tx, id, interviewer)?;
    let entry = Entry::new(now, Actor::User(user), "respondent.interviewer_chosen").study(study);
    let told = interviewer.map(|who| who.to_string()).unwrap_or_default();
    Ok(entry.subject(&respondent.code).field("interviewer", told).with(()))
}
