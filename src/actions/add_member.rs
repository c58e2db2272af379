//! Makes somebody a member of a study.

use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::text::EmailAddress;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, accounts, members, studies};

/// Adds a member by the address that they sign in with.
///
/// # Errors
/// [`Problem::Invalid`] with `unknown_reference` when nobody has the address, [`Problem::Exists`] when they are a
/// member already.
pub fn add_member(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    email: &EmailAddress,
    role: Role,
) -> Outcome<Done<UserId>> {
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::ChangeStudy)?;
    let account = accounts::by_email(tx, &email.folded())?
        .ok_or_else(|| Problem::field("email", FieldCode::UnknownReference))?;
    members::insert(tx, study, account.id, role, now)?;
    let entry = Entry::new(now, Actor::User(user), "member.added").study(study).subject(account.id);
    Ok(entry.field("role", role.as_str()).with(account.id))
}
