//! What the pages of one-time links show before a button is pressed. Looking uses nothing up (R4).

use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::text::EmailAddress;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::account_links::{self, Purpose};
use crate::store::member_invitations::{self, Invitation};
use crate::store::{Tx, accounts, members};

/// Whether a link still makes the first account.
///
/// # Errors
/// Only those of the database.
pub fn sets_up(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<bool> {
    Ok(account_links::find(tx, Purpose::SetUp, digest, now)?.is_some() && !accounts::any(tx)?)
}

/// The address of the account whose password a link still lets choose anew.
///
/// # Errors
/// Only those of the database.
pub fn resets(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Option<String>> {
    match account_links::find(tx, Purpose::Reset, digest, now)?.flatten() {
        Some(user) => Ok(Some(accounts::get(tx, user)?.email)),
        None => Ok(None),
    }
}

/// What an invitation offers.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The study's name.
    pub study: String,
    /// Who invites.
    pub by: String,
    /// To whom.
    pub email: EmailAddress,
    /// As what.
    pub role: Role,
    /// Whether the address has an account by now.
    pub has_account: bool,
}

/// What the invitation behind a link offers, if it still holds.
///
/// # Errors
/// Only those of the database.
pub fn offer(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Option<Offer>> {
    let Some(found) = member_invitations::by_link(tx, digest, now)? else { return Ok(None) };
    let has_account = accounts::by_email(tx, &found.email.folded())?.is_some();
    let Invitation { title, by, email, role, .. } = found;
    Ok(Some(Offer { study: title, by, email, role, has_account }))
}

/// The invitations to a study that nobody has answered; nobody but those who may change its members sees any.
///
/// # Errors
/// Those of access.
pub fn pending(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Vec<Invitation>> {
    let member = members::require(tx, study, user, Right::View)?;
    if member.may(Right::ChangeStudy) { member_invitations::of_study(tx, study) } else { Ok(Vec::new()) }
}
