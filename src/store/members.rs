//! Who belongs to a study, and in which role.

use diesel::prelude::*;

use super::dialect::on_each;
use super::schema::{members, respondents, users};
use super::{Tx, studies};
use crate::clock::Instant;
use crate::domain::access::{Member, Right, Role};
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// A member in the list.
#[derive(Debug, Clone, Queryable, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub struct MemberItem {
    /// The researcher.
    pub user: UserId,
    /// The address that they sign in with.
    pub email: String,
    /// The name that respondents see.
    pub name: String,
    /// What they are in the study.
    pub role: Role,
    /// Their own meeting link, used before the study's.
    pub teams_link: Option<String>,
}

/// The person as a member of the study with a right to what they ask for. A study that they don't belong to does
/// not exist for them (E6); a right that they lack is refused.
///
/// # Errors
/// [`Problem::NotFound`] or [`Problem::Forbidden`]; for a change also [`Problem::StudyArchived`].
pub fn require(tx: &mut Tx<'_>, study: StudyId, user: UserId, right: Right) -> Outcome<Member> {
    let member = require_though_archived(tx, study, user, right)?;
    demand_open(tx, study, right)?;
    Ok(member)
}

/// As [`require`], for what can be done with a study in the archive too.
///
/// # Errors
/// [`Problem::NotFound`] or [`Problem::Forbidden`].
pub fn require_though_archived(
    tx: &mut Tx<'_>,
    study: StudyId,
    user: UserId,
    right: Right,
) -> Outcome<Member> {
    let role =
        tx.run(|c| on_each!(c, |c| members::table.find((study, user)).select(members::role).first(c)))?;
    Member::read(user, study, role).require(right)
}

/// Nothing in an archived study is changed. Looking and taking out go on, though both leave a note in the log.
fn demand_open(tx: &mut Tx<'_>, study: StudyId, right: Right) -> Outcome<()> {
    let changes = tx.is_writing() && !matches!(right, Right::View | Right::Export);
    if changes && studies::archived_at(tx, study)?.is_some() { Err(Problem::StudyArchived) } else { Ok(()) }
}

/// The person as a member of the study that a respondent belongs to.
///
/// # Errors
/// As [`require`]; also `NotFound` for a respondent that is unknown or erased.
pub fn require_for(tx: &mut Tx<'_>, respondent: RespondentId, user: UserId, right: Right) -> Outcome<Member> {
    let member = require_for_though_archived(tx, respondent, user, right)?;
    demand_open(tx, member.study(), right)?;
    Ok(member)
}

/// As [`require_for`], for what can be done with a respondent of a study in the archive too.
///
/// # Errors
/// As [`require_though_archived`]; also `NotFound` for a respondent that is unknown or erased.
pub fn require_for_though_archived(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    user: UserId,
    right: Right,
) -> Outcome<Member> {
    let (study, role) = tx.run(|c| {
        respondents::table
            .inner_join(members::table.on(members::study.eq(respondents::study)))
            .filter(respondents::id.eq(respondent))
            .filter(respondents::erased_at.is_null())
            .filter(members::user_id.eq(user))
            .select((members::study, members::role))
            .first(c)
    })?;
    Member::read(user, study, role).require(right)
}

/// Whether a person is a member with a role that plans interviews.
///
/// # Errors
/// Only those of the database.
pub fn interviews(tx: &mut Tx<'_>, study: StudyId, user: UserId) -> Outcome<bool> {
    let role: Option<Role> =
        tx.maybe(|c| on_each!(c, |c| members::table.find((study, user)).select(members::role).first(c)))?;
    Ok(role.is_some_and(|role| role.may(Right::PlanSelf)))
}

/// All members of a study, in the order in which they joined.
///
/// # Errors
/// Only those of the database.
pub fn of_study(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<MemberItem>> {
    tx.run(|c| {
        on_each!(c, |c| {
            members::table
                .inner_join(users::table.on(users::id.eq(members::user_id)))
                .filter(members::study.eq(study))
                .order((members::added_at, users::id))
                .select((users::id, users::email, users::name, members::role, members::teams_link))
                .load(c)
        })
    })
}

/// The name of the owner of a study who joined first: who answers for it.
///
/// # Errors
/// Only those of the database.
pub fn first_owner(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Option<String>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            members::table
                .inner_join(users::table.on(users::id.eq(members::user_id)))
                .filter(members::study.eq(study))
                .filter(members::role.eq(Role::Owner))
                .order((members::added_at, users::id))
                .select(users::name)
                .first(c)
        })
    })
}

/// A part of the members of a study in the order in which they joined, each with the moment of it: those after a
/// moment and a researcher, at most `limit`.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    study: StudyId,
    after: Option<(Instant, UserId)>,
    limit: i64,
) -> Outcome<Vec<(Instant, MemberItem)>> {
    let mut query = members::table
        .inner_join(users::table.on(users::id.eq(members::user_id)))
        .into_boxed::<super::dialect::Backend>()
        .filter(members::study.eq(study))
        .order((members::added_at, users::id))
        .select((
            members::added_at,
            (users::id, users::email, users::name, members::role, members::teams_link),
        ))
        .limit(limit);
    if let Some((joined, user)) = after {
        query = query
            .filter(members::added_at.gt(joined).or(members::added_at.eq(joined).and(users::id.gt(user))));
    }
    tx.run(|c| query.load(c))
}

/// How many owners a study has.
///
/// # Errors
/// Only those of the database.
pub fn owners(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    tx.run(|c| {
        members::table
            .filter(members::study.eq(study))
            .filter(members::role.eq(Role::Owner))
            .count()
            .get_result(c)
    })
}

/// Adds a member.
///
/// # Errors
/// [`Problem::Exists`] when they are one already.
pub fn insert(tx: &mut Tx<'_>, study: StudyId, user: UserId, role: Role, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(members::table)
            .values((
                members::study.eq(study),
                members::user_id.eq(user),
                members::role.eq(role),
                members::added_at.eq(now),
            ))
            .execute(c)
    })
    .map(drop)
}

/// The role of a person in a study, if they have one.
///
/// # Errors
/// Only those of the database.
pub fn role(tx: &mut Tx<'_>, study: StudyId, user: UserId) -> Outcome<Option<Role>> {
    tx.maybe(|c| on_each!(c, |c| members::table.find((study, user)).select(members::role).first(c)))
}

/// Changes the role of a member.
///
/// # Errors
/// Only those of the database.
pub fn set_role(tx: &mut Tx<'_>, study: StudyId, user: UserId, role: Role) -> Outcome<()> {
    tx.run(|c| diesel::update(members::table.find((study, user))).set(members::role.eq(role)).execute(c))
        .map(drop)
}

/// Sets or clears a member's own meeting link.
///
/// # Errors
/// Only those of the database.
pub fn set_teams_link(tx: &mut Tx<'_>, study: StudyId, user: UserId, link: Option<&str>) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(members::table.find((study, user))).set(members::teams_link.eq(link)).execute(c)
    })
    .map(drop)
}

/// A member's own meeting link.
///
/// # Errors
/// Only those of the database.
pub fn teams_link(tx: &mut Tx<'_>, study: StudyId, user: UserId) -> Outcome<Option<String>> {
    let found: Option<Option<String>> = tx.maybe(|c| {
        on_each!(c, |c| members::table.find((study, user)).select(members::teams_link).first(c))
    })?;
    Ok(found.flatten())
}

/// Ends a membership; false when there was none.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &mut Tx<'_>, study: StudyId, user: UserId) -> Outcome<bool> {
    tx.run(|c| diesel::delete(members::table.find((study, user))).execute(c)).map(|ended| ended > 0)
}
