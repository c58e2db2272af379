//! The members of a study.

use super::page::{Cursor, Page, one_more};
use crate::domain::access::Right;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::members::MemberItem;
use crate::store::{Tx, members};

/// All members, in the order in which they joined.
///
/// # Errors
/// Those of access.
pub fn all(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Vec<MemberItem>> {
    members::require(tx, study, user, Right::View)?;
    members::of_study(tx, study)
}

/// A part of the members, in the order in which they joined.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    after: Option<Cursor<UserId>>,
    limit: usize,
) -> Outcome<Page<MemberItem>> {
    members::require(tx, study, user, Right::View)?;
    let after = after.map(|Cursor(joined, user)| (joined, user));
    let rows = members::page(tx, study, after, one_more(limit))?;
    let page = Page::cut(rows, limit, |(joined, member)| Cursor(*joined, member.user).to_string());
    Ok(Page { items: page.items.into_iter().map(|(_, member)| member).collect(), next: page.next })
}

/// One member.
///
/// # Errors
/// Those of access, and [`Problem::NotFound`] for somebody who is no member.
pub fn get(tx: &mut Tx<'_>, user: UserId, study: StudyId, member: UserId) -> Outcome<MemberItem> {
    let all = all(tx, user, study)?;
    all.into_iter().find(|item| item.user == member).ok_or(Problem::NotFound)
}
