//! Books an interview for somebody who asked a researcher to, by telephone for example. Only for whoever has consented:
//! the agreement is theirs alone to give.

use super::arrange::Wish;
use super::book::book_as;
use super::remove_contact::demand_contact;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done};
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{Tx, members, respondents, studies};

/// Books an interview for a respondent. Both sides get the letters of any booking; the interviewer's does not say that
/// the respondent did it. The notice does not bind researchers (E9), but what has begun can't be booked any more.
///
/// # Errors
/// Those of access; `unknown_reference` at `respondent` for somebody else's; [`Problem::ContactRemoved`];
/// [`Problem::TooSoon`] for what has passed; otherwise as [`super::book::book`].
pub fn book_for(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    (study, respondent): (StudyId, RespondentId),
    wish: &Wish,
    mail_domain: &str,
) -> Outcome<Done<Made<InterviewId>>> {
    members::require(tx, study, user, Right::Interviews)?;
    studies::hold(tx, study)?;
    let unknown = || Problem::field("respondent", FieldCode::UnknownReference);
    let respondent = match respondents::lock(tx, respondent) {
        Ok(found) if found.study == study => found,
        Ok(_) | Err(Problem::NotFound) => return Err(unknown()),
        Err(problem) => return Err(problem),
    };
    demand_contact(&respondent)?;
    book_as(tx, now, Actor::User(user), &respondent, wish, mail_domain)
}
