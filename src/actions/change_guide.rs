//! Puts other words into the draft of an interview guide.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::guide::Guide;
use crate::id::{GuideId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, guides, members};

/// Replaces a draft as a whole. `seen` refuses the revision that the caller did not expect.
///
/// # Errors
/// [`Problem::Published`] when it is no draft any more (E28), [`Problem::PreconditionFailed`] when `seen` says so, and
/// those of [`members::require`].
pub fn change_guide(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: GuideId,
    guide: &Guide,
    seen: impl Fn(i32) -> Outcome<()>,
) -> Outcome<Done<()>> {
    guides::lock(tx, id)?;
    let current = guides::get(tx, id)?;
    members::require(tx, current.study, user, Right::Guides)?;
    if current.version.is_some() {
        return Err(Problem::Published);
    }
    seen(current.revision)?;
    guides::replace(tx, id, guide)?;
    let entry = Entry::new(now, Actor::User(user), "guide.changed").study(current.study).subject(id);
    Ok(entry.field("title", &guide.title).with(()))
}
