//! Ends a membership. Who leaves hands over what they were to do.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, members, respondents, studies};

use super::change_member::keep_an_owner;
use super::hand_over::hand_over;
use super::second_interviewer::leave_seats;

/// Takes a member out of a study. Their planned interviews go to a successor; those at which they were to be second
/// interviewer stand without them.
///
/// # Errors
/// [`Problem::NotFound`] when they are no member, [`Problem::LastOwner`]; those of the hand-over, where interviews are
/// planned: [`Problem::InterviewsPlanned`], [`Problem::SuccessorTaken`], a problem with the field `successor`.
pub fn remove_member(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    member: UserId,
    successor: Option<UserId>,
) -> Outcome<Done<()>> {
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::ChangeStudy)?;
    let role = members::role(tx, study, member)?.ok_or(Problem::NotFound)?;
    keep_an_owner(tx, study, role, None)?;
    let handed = hand_over(tx, now, study, member, successor, Actor::User(user))?;
    let left = leave_seats(tx, now, study, member, Actor::User(user))?;
    respondents::pass_on(tx, study, member, successor)?;
    members::delete(tx, study, member)?;
    let entry = Entry::new(now, Actor::User(user), "member.removed").study(study).subject(member);
    Ok(entry.with(()).after(handed).after(left))
}
