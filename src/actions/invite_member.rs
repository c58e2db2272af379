//! Brings somebody into a study by their mail address: at once where they have an account, else by a letter with a link
//! to make one.

use super::add_member::add_member;
use super::pace::demand_pace;
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::account_letter::{AccountLetter, INVITATION_DAYS, Matter};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::letter_facts::Addressee;
use crate::domain::text::EmailAddress;
use crate::id::{StudyId, UserId};
use crate::keys::{About, fresh_token, token_digest};
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::member_invitations::{self, NewInvitation};
use crate::store::{Tx, account_letters, accounts, members, studies, throttles};

/// The status of somebody who is a member from now on.
pub const JOINED: u16 = 201;
/// The status of somebody who gets a letter first.
pub const INVITED: u16 = 202;

/// How many letters of this kind one researcher may have sent in a day (ASVS 5.0 V2.4.1).
const PER_DAY: i32 = 100;

/// Makes the holder of an address a member, or invites them; answers [`JOINED`] or [`INVITED`] with the id of the user
/// or of the invitation. Inviting an address again ends the earlier link and sends another.
///
/// # Errors
/// Those of access, [`crate::problem::Problem::Exists`] when they are a member already,
/// [`crate::problem::Problem::Throttled`].
pub fn invite_member(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    email: &EmailAddress,
    role: Role,
    language: Language,
) -> Outcome<Done<Made<String>>> {
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::ChangeStudy)?;
    if accounts::by_email(tx, &email.folded())?.is_some() {
        let added = add_member(tx, now, user, study, email, role)?;
        return Ok(added.map(|id| Made::new(JOINED, id.to_string())));
    }
    count(tx, now, user)?;
    let token = fresh_token();
    let letter = AccountLetter {
        to: Addressee { name: String::new(), email: email.as_str().to_owned(), language },
        matter: Matter::Invitation {
            study: studies::get(tx, study)?.study.title,
            by: accounts::get(tx, user)?.name,
            token: token.clone(),
        },
    };
    let letter = account_letters::put(tx, &letter, now)?;
    let new = NewInvitation {
        study,
        email,
        role,
        by: user,
        link_digest: &token_digest(&token),
        letter,
        expires_at: now.plus_days(INVITATION_DAYS),
    };
    let (id, earlier) = member_invitations::put(tx, &new, now)?;
    if let Some(letter) = earlier {
        account_letters::cancel(tx, letter)?;
    }
    let entry = Entry::new(now, Actor::User(user), "member.invited").study(study).subject(id);
    Ok(entry.field("role", role.as_str()).with(Made::new(INVITED, id.to_string())))
}

fn count(tx: &mut Tx<'_>, now: Instant, user: UserId) -> Outcome<()> {
    let subject = tx.keys().digest(About::Guess, &[b"invites", user.as_str().as_bytes()]);
    demand_pace(throttles::count(tx, &subject, now, PER_DAY, 86_400)?, now)
}
