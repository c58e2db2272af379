//! What is done to many respondents at once, as the one who does it sees it.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, one_more};
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::batch::{Act, BatchState, Fate};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::RespondentStatus;
use crate::id::{BatchId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::batches::Batch;
use crate::store::{Tx, accounts, batches, contacts, members, respondents as rows};

/// Something that is done to many respondents, and how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Batch)]
pub struct BatchItem {
    /// Its id.
    pub id: BatchId,
    /// The study.
    pub study: StudyId,
    /// What is done.
    pub act: Act,
    /// How far it has come.
    pub state: BatchState,
    /// Whom it chooses as interviewer; null where it chooses nobody in particular, or no interviewer at all.
    pub interviewer: Option<UserId>,
    /// To how many people it is still to be done.
    pub waiting: i64,
    /// To how many it was done.
    pub done: i64,
    /// To how many it is not done, by the reason.
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub skipped: BTreeMap<Fate, i64>,
}

/// Somebody for whom a batch is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchPerson {
    /// The respondent's id.
    pub respondent: RespondentId,
    /// Their code; empty for an id that the study does not know.
    pub code: String,
    /// What becomes of them: `waiting`, `done`, or the reason why nothing is done to them.
    pub fate: Fate,
}

/// One batch of a researcher.
///
/// # Errors
/// Those of access; [`Problem::NotFound`] for that of somebody else, and one that has had its time.
pub fn get(tx: &mut Tx<'_>, now: Instant, user: UserId, id: BatchId) -> Outcome<BatchItem> {
    let Batch { study, act, state, interviewer, .. } = own(tx, now, user, id)?;
    let mut counts = batches::counts(tx, id)?;
    let waiting = counts.remove(&Fate::Waiting).unwrap_or_default();
    let done = counts.remove(&Fate::Done).unwrap_or_default();
    Ok(BatchItem { id, study, act, state, interviewer, waiting, done, skipped: counts })
}

/// A part of the people of a batch, in the order of the list.
///
/// # Errors
/// As [`get`].
pub fn people(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: BatchId,
    (fate, after, limit): (Option<Fate>, Option<RespondentId>, usize),
) -> Outcome<Page<BatchPerson>> {
    own(tx, now, user, id)?;
    let found = batches::page(tx, id, fate, after, one_more(limit))?;
    let person =
        |one: batches::Person| BatchPerson { respondent: one.respondent, code: one.code, fate: one.fate };
    let people = found.into_iter().map(person).collect();
    Ok(Page::cut(people, limit, |last: &BatchPerson| last.respondent.to_string()))
}

/// Somebody of a batch as far as they are still on the list.
#[derive(Debug, Clone)]
pub struct Known {
    /// The name.
    pub name: String,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// How far they have come.
    pub status: RespondentStatus,
}

/// Who some people of a batch are. Whoever does something to them may know.
///
/// # Errors
/// As [`get`].
pub fn known(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: BatchId,
    people: &[BatchPerson],
) -> Outcome<HashMap<RespondentId, Known>> {
    let batch = own(tx, now, user, id)?;
    let ids: Vec<RespondentId> = people.iter().map(|person| person.respondent).collect();
    let found = rows::some(tx, batch.study, &ids)?;
    let theirs: Vec<RespondentId> = found.iter().map(|row| row.id).collect();
    let mut names: HashMap<RespondentId, String> =
        contacts::of(tx, &theirs)?.into_iter().map(|(id, contact)| (id, contact.name)).collect();
    let known = |row: rows::Respondent| {
        let name = names.remove(&row.id).unwrap_or_default();
        (row.id, Known { name, municipality: row.municipality, status: row.status })
    };
    Ok(found.into_iter().map(known).collect())
}

/// The name of the interviewer whom a batch chooses.
///
/// # Errors
/// Only those of the database.
pub fn interviewer_name(tx: &mut Tx<'_>, batch: &BatchItem) -> Outcome<Option<String>> {
    let Some(who) = batch.interviewer else { return Ok(None) };
    Ok(accounts::names(tx, &[who])?.into_iter().map(|(_, name)| name).next())
}

/// The people who can be chosen to interview, for whoever may choose.
///
/// # Errors
/// Those of access.
pub fn interviewers(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Vec<(UserId, String)>> {
    members::require_though_archived(tx, study, user, Act::ChooseInterviewer.right())?;
    let can = |role: Role| role.may(Right::PlanSelf);
    let all = members::of_study(tx, study)?.into_iter().filter(|member| can(member.role));
    Ok(all.map(|member| (member.user, member.name)).collect())
}

fn own(tx: &mut Tx<'_>, now: Instant, user: UserId, id: BatchId) -> Outcome<Batch> {
    let batch = batches::get(tx, id)?;
    members::require_though_archived(tx, batch.study, user, batch.act.right())?;
    if batch.user == user && batch.expires_at > now { Ok(batch) } else { Err(Problem::NotFound) }
}
