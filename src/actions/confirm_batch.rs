//! Says yes to what was prepared for many respondents.

use super::prepare_batch::allowed;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::batch::{BatchState, Fate};
use crate::id::{BatchId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::batches::Batch;
use crate::store::{Tx, batches};

/// Confirms a batch; nothing is done yet: see [`super::continue_batch::continue_batch`]. `count` is for how many people
/// its researcher takes it to be; what can't be mended needs one. A second press finds that it is confirmed and changes
/// nothing.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] for the batch of somebody else, [`Problem::VersionConflict`] while it is not
/// known yet whom it is for, and a problem with the field `count` when it is for another number of people.
pub fn confirm_batch(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: BatchId,
    count: Option<i64>,
) -> Outcome<Done<()>> {
    let batch = batches::lock(tx, id)?;
    own(tx, now, user, &batch)?;
    match batch.state {
        BatchState::Prepared => {}
        BatchState::Gathering => return Err(Problem::VersionConflict),
        BatchState::Running | BatchState::Done | BatchState::Stopped => return Ok(Done::housekeeping(())),
    }
    let waiting = batches::counts(tx, id)?.get(&Fate::Waiting).copied().unwrap_or_default();
    match count {
        None if batch.act.is_final() => return Err(Problem::field("count", FieldCode::Required)),
        Some(count) if count != waiting => return Err(Problem::field("count", FieldCode::Value)),
        _ => {}
    }
    batches::set_state(tx, id, BatchState::Running)?;
    let entry = Entry::new(now, Actor::User(user), "batch.confirmed").study(batch.study).subject(id);
    Ok(entry.field("act", batch.act).field("people", waiting).with(()))
}

/// Throws a batch away that was not confirmed.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] for the batch of somebody else, [`Problem::VersionConflict`] for one that was
/// confirmed.
pub fn drop_batch(tx: &mut Tx<'_>, now: Instant, user: UserId, id: BatchId) -> Outcome<Done<()>> {
    let batch = batches::lock(tx, id)?;
    own(tx, now, user, &batch)?;
    if !matches!(batch.state, BatchState::Gathering | BatchState::Prepared) {
        return Err(Problem::VersionConflict);
    }
    batches::end(tx, id, now)?;
    let entry = Entry::new(now, Actor::User(user), "batch.dropped").study(batch.study);
    Ok(entry.subject(id).with(()))
}

/// Demands that a batch is theirs, as long as it is kept and they may do it.
fn own(tx: &mut Tx<'_>, now: Instant, user: UserId, batch: &Batch) -> Outcome<()> {
    allowed(tx, batch.study, user, batch.act)?;
    if batch.user == user && batch.expires_at > now { Ok(()) } else { Err(Problem::NotFound) }
}
