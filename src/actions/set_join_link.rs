//! Gives one interview a link of its own to join it by, for a meeting that was made for it alone.

use super::announce_link::announce;
use super::want_meeting::want_meeting;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::{InterviewStatus, MEETING_LINK_LIMIT, Mode, meeting_link};
use crate::id::{InterviewId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{Tx, interviews, members, respondents, studies};

/// Sets the link of a planned online interview, or takes it away so that the interviewer's or the study's holds again.
/// Both sides are told where that changes what their letters last said.
///
/// # Errors
/// Those of access; [`Problem::WrongState`] unless the interview is planned and not over; a problem with the field
/// `join_link` for one that is held in person and for what is no link to a meeting.
pub fn set_join_link(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
    link: Option<&str>,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = interviews::get(tx, id)?;
    members::require(tx, found.study, user, Right::Interviews)?;
    let study = studies::get(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    let interview = interviews::get(tx, id)?;
    if interview.status != InterviewStatus::Booked || interview.ends_at <= now {
        return Err(Problem::WrongState(interview.status.as_str()));
    }
    if interview.mode != Mode::Teams {
        return Err(Problem::field("join_link", FieldCode::Value));
    }
    let link = link.map(meeting_link).transpose().map_err(|code| {
        let problem = FieldProblem::new("join_link", code);
        let is_long = code == FieldCode::TooLong;
        Problem::Invalid(vec![if is_long { problem.with("limit", MEETING_LINK_LIMIT) } else { problem }])
    })?;
    interviews::set_own_link(tx, id, link.as_deref())?;
    let interview = interviews::get(tx, id)?;
    want_meeting(tx, now, &study, &interview)?;
    let told = announce(tx, now, &study, &respondent, &interview)?;
    let entry = Entry::new(now, Actor::User(user), "interview.link_set").study(study.id);
    let entry = entry.subject(&respondent.code).field("interview", id);
    let done = entry.field("join_link", link.unwrap_or_default()).with(Made::new(200, id));
    Ok(told.into_iter().fold(done, Done::and))
}
