//! Changes the role of a member, the link to their own meetings, or who they are to Microsoft.

use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, interviews, meetings, members, respondents, studies};

use super::announce_link::announce_link;
use super::second_interviewer::leave_seats;

/// What is to change of a member; what is left out stays.
#[derive(Debug, Clone, Default, ToSchema)]
pub struct MemberPatch {
    /// Another role.
    #[schema(nullable = false)]
    pub role: Option<Role>,
    /// Another link to their meetings, or none.
    #[schema(value_type = Option<String>, max_length = 2_000)]
    pub teams_link: Option<Option<String>>,
    /// Another Microsoft object id, in whose name meetings are made, or none.
    #[schema(value_type = Option<String>)]
    pub microsoft_id: Option<Option<String>>,
}

/// Changes a member. Owners change everybody; whoever plans interviews sets their own link and Microsoft id. Meetings
/// that failed because of that id are asked for again.
///
/// # Errors
/// [`Problem::NotFound`] when they are no member, [`Problem::Forbidden`], [`Problem::LastOwner`],
/// [`Problem::InterviewsPlanned`] when somebody with planned interviews becomes a reader.
pub fn change_member(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    member: UserId,
    patch: &MemberPatch,
) -> Outcome<Done<()>> {
    studies::lock(tx, study)?;
    let of_their_own = patch.role.is_none() && member == user;
    members::require(tx, study, user, if of_their_own { Right::PlanSelf } else { Right::ChangeStudy })?;
    let role = members::role(tx, study, member)?.ok_or(Problem::NotFound)?;
    let mut entry = Entry::new(now, Actor::User(user), "member.changed").study(study).subject(member);
    let mut left = Vec::new();
    if let Some(new) = patch.role {
        keep_an_owner(tx, study, role, Some(new))?;
        members::set_role(tx, study, member, new)?;
        if !new.may(Right::PlanSelf) {
            if !interviews::planned_of(tx, study, member, now)?.is_empty() {
                return Err(Problem::InterviewsPlanned);
            }
            left = leave_seats(tx, now, study, member, Actor::User(user))?;
            respondents::pass_on(tx, study, member, None)?;
        }
        entry = entry.field("role", new.as_str());
    }
    if let Some(id) = &patch.microsoft_id {
        members::set_microsoft_id(tx, study, member, id.as_deref())?;
        meetings::retry_of_member(tx, study, member, now)?;
        entry = entry.field("microsoft_id", id.as_deref().unwrap_or_default());
    }
    if let Some(link) = &patch.teams_link {
        members::set_teams_link(tx, study, member, link.as_deref())?;
        entry = entry.field("teams_link", link.as_deref().unwrap_or_default());
        let (_, told) = announce_link(tx, now, study, Some(member))?.into_parts();
        return Ok(Done::noted((), told).after(left).after(vec![entry]));
    }
    Ok(entry.with(()).after(left))
}

/// Demands that a study keeps an owner when a member with a role gets another, or leaves. The study must be locked:
/// else two owners could each find the other one still there.
pub(super) fn keep_an_owner(
    tx: &mut Tx<'_>,
    study: StudyId,
    role: Role,
    becomes: Option<Role>,
) -> Outcome<()> {
    let leaves = role == Role::Owner && becomes != Some(Role::Owner);
    if leaves && members::owners(tx, study)? <= 1 { Err(Problem::LastOwner) } else { Ok(()) }
}
