//! Publishes an interview guide, after which it never changes.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{GuideId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, guides, members, studies};

/// Makes a draft the next version of its study's guide, which every sheet that begins from now on takes. `fits` judges
/// the revision that is found (If-Match).
///
/// # Errors
/// [`Problem::Published`] when it is no draft any more, [`Problem::Invalid`] while it has no question, what `fits`
/// says, and those of [`members::require`].
pub fn publish_guide(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: GuideId,
    fits: impl Fn(i32) -> Outcome<()>,
) -> Outcome<Done<GuideId>> {
    let study = guides::get(tx, id)?.study;
    members::require(tx, study, user, Right::Guides)?;
    // Two drafts that are published at once get different versions.
    studies::lock(tx, study)?;
    guides::lock(tx, id)?;
    let current = guides::get(tx, id)?;
    if current.version.is_some() {
        return Err(Problem::Published);
    }
    fits(current.revision)?;
    if current.guide.questions().next().is_none() {
        return Err(Problem::field("sections", FieldCode::Required));
    }
    let version = guides::publish(tx, id, study, now)?;
    let entry = Entry::new(now, Actor::User(user), "guide.published").study(study).subject(id);
    Ok(entry.field("version", version).with(id))
}
