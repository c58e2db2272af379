//! Somebody who was invited by mail makes their account and becomes a member of the study.

use super::add_user::new_account;
use super::set_up::Chosen;
use super::sign_in::{Arrival, begin};
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::member_invitations::{self, Invitation};
use crate::store::{Tx, accounts, members, studies};

/// What came of answering an invitation.
#[derive(Debug, Clone, Copy)]
pub struct Joined {
    /// The study that they belong to now.
    pub study: StudyId,
    /// Whether they were signed in, as the owner of a new account is. Whoever had one by now signs in as ever: a link
    /// in a mail is no password.
    pub signed_in: bool,
}

/// Uses an invitation up. `chosen` may be missing only where the address has an account by now.
///
/// # Errors
/// [`Problem::NotFound`] when the link is unknown, used, taken back or expired; also when the account that the page
/// spoke of is not there.
pub fn accept_invitation(
    tx: &mut Tx<'_>,
    now: Instant,
    digest: &str,
    chosen: Option<&Chosen>,
    arrival: &Arrival,
) -> Outcome<Done<Joined>> {
    let found = member_invitations::by_link(tx, digest, now)?.ok_or(Problem::NotFound)?;
    studies::lock(tx, found.study)?;
    if studies::archived_at(tx, found.study)?.is_some() {
        return Err(Problem::StudyArchived);
    }
    if !member_invitations::take(tx, found.id)? {
        return Err(Problem::NotFound);
    }
    let study = found.study;
    match (accounts::by_email(tx, &found.email.folded())?, chosen) {
        (Some(account), _) => {
            let joined = Joined { study, signed_in: false };
            Ok(join(tx, now, account.id, &found)?.map(|()| joined))
        }
        (None, Some(chosen)) => {
            let user = new_account(tx, now, &found.email, &chosen.name, &chosen.password_hash)?;
            let added = Entry::new(now, Actor::User(user), "user.added").subject(user).result("invited");
            let (_, begun) = begin(tx, now, user, arrival)?.into_parts();
            let done = join(tx, now, user, &found)?.after(vec![added]);
            let done = done.map(|()| Joined { study, signed_in: true });
            Ok(begun.into_iter().fold(done, Done::and))
        }
        (None, None) => Err(Problem::NotFound),
    }
}

fn join(tx: &mut Tx<'_>, now: Instant, user: UserId, invitation: &Invitation) -> Outcome<Done<()>> {
    if members::role(tx, invitation.study, user)?.is_none() {
        members::insert(tx, invitation.study, user, invitation.role, now)?;
    }
    let entry = Entry::new(now, Actor::User(user), "member.joined").study(invitation.study);
    Ok(entry.subject(user).field("role", invitation.role.as_str()).with(()))
}
