//! Prepares something that is to be done to many respondents at once. Nothing is done yet: whom it is for is looked up
//! by [`super::continue_batch::continue_batch`], and then it waits to be confirmed.

use crate::clock::Instant;
use crate::domain::access::Member;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::batch::Act;
use crate::domain::wave::Selection;
use crate::id::{BatchId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{Tx, batches, members, strata, studies};

/// What is wanted of a batch.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is done.
    pub act: Act,
    /// Whom it chooses as interviewer; nobody in particular where there is none.
    pub interviewer: Option<UserId>,
    /// Whom it is for.
    pub selection: Selection,
}

/// Begins to prepare a batch.
///
/// # Errors
/// Those of access, [`Problem::StudyClosed`] for letters in a closed study, a stratum that the study does not have, and
/// an interviewer who plans no interviews in it.
pub fn prepare_batch(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    plan: &Plan,
) -> Outcome<Done<Made<BatchId>>> {
    let &Plan { act, interviewer, ref selection } = plan;
    allowed(tx, study, user, act)?;
    if act == Act::SendLink && studies::get(tx, study)?.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    strata::by_key(tx, study, selection.stratum.as_deref())?;
    let interviewer = interviewer.filter(|_| act == Act::ChooseInterviewer);
    if let Some(who) = interviewer
        && !members::interviews(tx, study, who)?
    {
        return Err(Problem::field("interviewer", FieldCode::UnknownReference));
    }
    let id = batches::insert(tx, now, (study, user), (act, interviewer), selection)?;
    let entry = Entry::new(now, Actor::User(user), "batch.prepared").study(study);
    Ok(entry.subject(id).field("act", act).with(Made::new(201, id)))
}

/// Somebody who may do this to the respondents of a study.
///
/// # Errors
/// Those of access.
pub(super) fn allowed(tx: &mut Tx<'_>, study: StudyId, user: UserId, act: Act) -> Outcome<Member> {
    if act.works_in_archive() {
        members::require_though_archived(tx, study, user, act.right())
    } else {
        members::require(tx, study, user, act.right())
    }
}
