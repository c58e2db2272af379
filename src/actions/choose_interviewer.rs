//! Chooses who is to interview a respondent. Only their times are offered from then on; where nobody is chosen, whoever
//! has the fewest interviews that week takes it.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{RespondentId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::respondents::Respondent;
use crate::store::{Tx, members, respondents, studies};

/// Chooses the interviewer of a respondent, or none in particular. An interview that is planned stays with whoever
/// holds it.
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
    choose(tx, now, Actor::User(user), &respondent, interviewer)
}

/// The same for somebody who may do it, and an interviewer who plans interviews in the study.
///
/// # Errors
/// Only those of the database.
pub(super) fn choose(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    respondent: &Respondent,
    interviewer: Option<UserId>,
) -> Outcome<Done<()>> {
    if respondent.interviewer == interviewer {
        return Ok(Done::housekeeping(()));
    }
    respondents::choose_interviewer(tx, respondent.id, interviewer)?;
    let entry = Entry::new(now, actor, "respondent.interviewer_chosen").study(respondent.study);
    let told = interviewer.map(|who| who.to_string()).unwrap_or_default();
    Ok(entry.subject(&respondent.code).field("interviewer", told).with(()))
}
