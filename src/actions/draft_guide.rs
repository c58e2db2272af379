//! Begins a new interview guide as a draft.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::guide::Guide;
use crate::id::{GuideId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, guides, members};

/// Adds a draft to a study.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] or [`crate::problem::Problem::Forbidden`] (R11).
pub fn draft_guide(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    guide: &Guide,
) -> Outcome<Done<GuideId>> {
    members::require(tx, study, user, Right::Guides)?;
    let id = guides::insert(tx, study, guide, now)?;
    let entry = Entry::new(now, Actor::User(user), "guide.drafted").study(study).subject(id);
    Ok(entry.field("title", &guide.title).with(id))
}
