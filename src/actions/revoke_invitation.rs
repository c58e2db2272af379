//! Takes an invitation to become a member back.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{InvitationId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, account_letters, member_invitations, members};

/// Ends the link of an invitation; its letter stays here if it has not left.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] when the study has no such invitation, or it was answered by now.
pub fn revoke_invitation(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    invitation: InvitationId,
) -> Outcome<Done<()>> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    let letter = member_invitations::revoke(tx, study, invitation)?.ok_or(Problem::NotFound)?;
    account_letters::cancel(tx, letter)?;
    let entry = Entry::new(now, Actor::User(user), "member.invitation_revoked").study(study);
    Ok(entry.subject(invitation).with(()))
}
