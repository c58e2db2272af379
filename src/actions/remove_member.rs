//! Ends a membership.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, members, studies};

use super::change_member::keep_an_owner;

/// Takes a member out of a study.
///
/// # Errors
/// [`Problem::NotFound`] when they are no member, [`Problem::LastOwner`].
pub fn remove_member(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    member: UserId,
) -> Outcome<Done<()>> {
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::ChangeStudy)?;
    let role = members::role(tx, study, member)?.ok_or(Problem::NotFound)?;
    keep_an_owner(tx, study, role, None)?;
    members::delete(tx, study, member)?;
    Ok(Entry::new(now, Actor::User(user), "member.removed").study(study).subject(member).with(()))
}
