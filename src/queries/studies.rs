//! The studies of a researcher.

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, one_more};
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::study::Study;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::strata::Progress;
use crate::store::studies::{Membership, StudyRow};
use crate::store::{Tx, members, strata, studies};

/// A study as a member sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Study)]
pub struct StudyItem {
    /// The study's id.
    pub id: StudyId,
    /// What its researchers set up.
    #[serde(flatten)]
    pub study: Study,
    /// What the caller is in it.
    pub role: Role,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it takes no bookings.
    pub closed_at: Option<Instant>,
    /// Since when nothing in it can be changed.
    pub archived_at: Option<Instant>,
    /// How often it was changed, for If-Match.
    #[serde(skip)]
    pub revision: i32,
}

fn item((row, role, archived_at): Membership) -> StudyItem {
    let StudyRow { id, study, revision, created_at, closed_at } = row;
    StudyItem { id, study, role, created_at, closed_at, archived_at, revision }
}

/// One study.
///
/// # Errors
/// Those of access.
pub fn get(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<StudyItem> {
    let member = members::require(tx, study, user, Right::View)?;
    Ok(item((studies::get(tx, study)?, member.role(), studies::archived_at(tx, study)?)))
}

/// A page of the studies of which the caller is a member, in the order of their making, those in the archive among
/// them.
///
/// # Errors
/// Only those of the database.
pub fn page(tx: &mut Tx<'_>, user: UserId, after: Option<StudyId>, limit: usize) -> Outcome<Page<StudyItem>> {
    part(tx, user, (after, None), limit)
}

fn part(
    tx: &mut Tx<'_>,
    user: UserId,
    which: (Option<StudyId>, Option<bool>),
    limit: usize,
) -> Outcome<Page<StudyItem>> {
    let rows = studies::of_user(tx, user, which, one_more(limit))?;
    Ok(Page::cut(rows.into_iter().map(item).collect(), limit, |item| item.id.to_string()))
}

/// A study with how far it has come.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// The study.
    pub study: StudyItem,
    /// Who was recruited, invited, booked and held.
    pub progress: Progress,
    /// How many interviews are wanted, if its strata have targets.
    pub target: Option<u64>,
}

/// The studies in the archive, or the others, with how far each has come, in as many statements for one as for two
/// hundred.
///
/// # Errors
/// Only those of the database.
pub fn shelf(
    tx: &mut Tx<'_>,
    user: UserId,
    (after, archived): (Option<StudyId>, bool),
    limit: usize,
) -> Outcome<Page<Shelved>> {
    let Page { items, next } = part(tx, user, (after, Some(archived)), limit)?;
    let ids: Vec<StudyId> = items.iter().map(|item| item.id).collect();
    let progress = strata::progress_of_studies(tx, &ids)?;
    let targets = strata::targets(tx, &ids)?;
    let shelved = |study: StudyItem| Shelved {
        progress: progress.get(&study.id).copied().unwrap_or_default(),
        target: targets.get(&study.id).copied(),
        study,
    };
    Ok(Page { items: items.into_iter().map(shelved).collect(), next })
}
