//! The members of a study.

use super::page::Page;
use crate::domain::access::Right;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::members::MemberItem;
use crate::store::{Tx, members};

/// All members, in the order in which they joined.
///
/// # Errors
/// Those of access.
pub fn all(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Page<MemberItem>> {
    members::require(tx, study, user, Right::View)?;
    Ok(Page::whole(members::of_study(tx, study)?))
}

/// One member.
///
/// # Errors
/// Those of access, and [`Problem::NotFound`] for somebody who is no member.
pub fn get(tx: &mut Tx<'_>, user: UserId, study: StudyId, member: UserId) -> Outcome<MemberItem> {
    let all = all(tx, user, study)?;
    all.items.into_iter().find(|item| item.user == member).ok_or(Problem::NotFound)
}
