//! The members of a study.

use super::page::{Cursor, Page, one_more};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::members::MemberItem;
use crate::store::{Tx, interviews, members};

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

/// How many owners a study has.
///
/// # Errors
/// Those of access.
pub fn owners(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<i64> {
    members::require(tx, study, user, Right::View)?;
    members::owners(tx, study)
}

/// What has to be handed over when somebody leaves a study, and who can take it.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// The name of who leaves.
    pub name: String,
    /// How many interviews with them are planned.
    pub planned: usize,
    /// Who else plans interviews in the study, by id and name.
    pub successors: Vec<(UserId, String)>,
}

/// What somebody who leaves has to hand over.
///
/// # Errors
/// Those of access, and [`Problem::NotFound`] for somebody who is no member.
pub fn leaving(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    member: UserId,
) -> Outcome<Leaving> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    let all = members::of_study(tx, study)?;
    let name = all.iter().find(|item| item.user == member).map(|item| item.name.clone());
    let can = |item: &MemberItem| item.user != member && item.role.may(Right::PlanSelf);
    Ok(Leaving {
        name: name.ok_or(Problem::NotFound)?,
        planned: interviews::planned_of(tx, study, member, now)?.len(),
        successors: all.into_iter().filter(can).map(|item| (item.user, item.name)).collect(),
    })
}

/// One member.
///
/// # Errors
/// Those of access, and [`Problem::NotFound`] for somebody who is no member.
pub fn get(tx: &mut Tx<'_>, user: UserId, study: StudyId, member: UserId) -> Outcome<MemberItem> {
    let all = all(tx, user, study)?;
    all.into_iter().find(|item| item.user == member).ok_or(Problem::NotFound)
}
