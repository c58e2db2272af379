//! Goes on with what is done to many respondents: looks up the next of those whom it is for or, once it is confirmed,
//! does it to the next of them.
//!
//! One step is one transaction, in which what became of its people is noted too: whoever goes on after a second press,
//! a broken connection or a stop of the machine goes on where the last step ended, and nothing is done to anybody
//! twice.

mod deeds;
mod gathering;

use super::prepare_batch::allowed;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::batch::{BatchState, Fate};
use crate::id::BatchId;
use crate::problem::{Outcome, Problem};
use crate::store::batches::Batch;
use crate::store::{Tx, batches, members, respondents, studies};

/// Goes on with a batch. True when there is more to do. Where it is not possible any more, it ends where it is.
///
/// # Errors
/// Only those of the database.
pub fn continue_batch(tx: &mut Tx<'_>, now: Instant, id: BatchId) -> Outcome<Done<bool>> {
    let study = batches::get(tx, id)?.study;
    studies::hold(tx, study)?;
    let batch = batches::lock(tx, id)?;
    if !matches!(batch.state, BatchState::Gathering | BatchState::Running) {
        return Ok(Done::housekeeping(false));
    }
    if !is_possible(tx, &batch)? {
        return ended(tx, now, &batch, BatchState::Stopped);
    }
    match batch.state {
        BatchState::Gathering => gathering::gather(tx, now, &batch).map(Done::housekeeping),
        _ => go_on(tx, now, &batch),
    }
}

/// Whether whoever began it may still do this, and whom it chooses still plans interviews.
fn is_possible(tx: &mut Tx<'_>, batch: &Batch) -> Outcome<bool> {
    match allowed(tx, batch.study, batch.user, batch.act) {
        Ok(_) => {}
        Err(Problem::NotFound | Problem::Forbidden | Problem::StudyArchived) => return Ok(false),
        Err(problem) => return Err(problem),
    }
    match batch.interviewer {
        Some(who) => members::interviews(tx, batch.study, who),
        None => Ok(true),
    }
}

fn ended(tx: &mut Tx<'_>, now: Instant, batch: &Batch, state: BatchState) -> Outcome<Done<bool>> {
    batches::finish(tx, batch.id, state, now)?;
    let entry = Entry::new(now, Actor::User(batch.user), "batch.ended").study(batch.study);
    Ok(entry.subject(batch.id).result(state.as_str()).with(false))
}

/// Does it to the next people. Each is looked at once more, since they may have changed after the batch was prepared.
fn go_on(tx: &mut Tx<'_>, now: Instant, batch: &Batch) -> Outcome<Done<bool>> {
    let next = batches::waiting(tx, batch.id, batch.act.at_once())?;
    if next.is_empty() {
        return ended(tx, now, batch, BatchState::Done);
    }
    let mut entries = Vec::with_capacity(next.len());
    for person in next {
        let respondent = match respondents::lock(tx, person.respondent) {
            Ok(respondent) => respondent,
            Err(Problem::NotFound) => {
                batches::settle(tx, batch.id, person.respondent, Fate::Gone)?;
                continue;
            }
            Err(problem) => return Err(problem),
        };
        let standing = gathering::standing(tx, now, batch, &respondent)?;
        let fate = batch.act.spares(standing).unwrap_or(Fate::Done);
        if fate == Fate::Done {
            entries.append(&mut deeds::deed(tx, now, batch, &respondent)?);
        }
        batches::settle(tx, batch.id, respondent.id, fate)?;
    }
    Ok(Done::noted(true, entries))
}
