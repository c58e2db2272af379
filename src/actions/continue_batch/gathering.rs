//! Looks up for whom a batch is, in the order of the list, and says of each whether it is done to them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::prepare_batch::stratum_of;
use crate::domain::batch::{Act, BatchState, Fate, Standing};
use crate::domain::wave::Fitting;
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::batches::{Batch, Person};
use crate::store::respondents::{Filter, Respondent};
use crate::store::{Tx, batches, respondents};

/// How many people one transaction looks up.
const AT_ONCE: usize = 500;

/// Looks up the next people; true when more may follow. Those who were added after the batch began are none of them.
pub(super) fn gather(tx: &mut Tx<'_>, batch: &Batch) -> Outcome<bool> {
    let after = batches::reached(tx, batch.id)?;
    let selection = batch.selection()?;
    let (found, is_more) = if let Some(named) = selection.named_after(after, AT_ONCE) {
        (named_people(tx, batch, named)?, named.len() == AT_ONCE)
    } else {
        let stratum = stratum_of(tx, batch.study, &selection)?;
        let Fitting { status, municipality, wave, import } = selection.fitting;
        let filter = Filter { status, stratum, municipality, wave, import, only: None, after };
        let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
        let mut page = respondents::page(tx, batch.study, filter, limit)?;
        page.retain(|respondent| respondent.id.as_str() < batch.id.as_str());
        let is_more = page.len() == AT_ONCE;
        (people(tx, batch, &page)?, is_more)
    };
    batches::gather(tx, batch.id, &found)?;
    if !is_more {
        batches::set_state(tx, batch.id, BatchState::Prepared)?;
    }
    Ok(is_more)
}

/// Those who were named, each once; somebody of another study is as unknown as nobody (E29).
fn named_people(tx: &mut Tx<'_>, batch: &Batch, named: &[RespondentId]) -> Outcome<Vec<Person>> {
    let found = respondents::some(tx, batch.study, named)?;
    let mut known: BTreeMap<RespondentId, Person> =
        people(tx, batch, &found)?.into_iter().map(|person| (person.respondent, person)).collect();
    let person = |id: &RespondentId| {
        let unknown = || Person { respondent: *id, code: String::new(), fate: Fate::Unknown };
        known.remove(id).unwrap_or_else(unknown)
    };
    Ok(named.iter().map(person).collect())
}

fn people(tx: &mut Tx<'_>, batch: &Batch, found: &[Respondent]) -> Outcome<Vec<Person>> {
    let used = used(tx, batch.act, found)?;
    let person = |respondent: &Respondent| Person {
        respondent: respondent.id,
        code: respondent.code.clone(),
        fate: batch.act.spares(stands(batch, respondent, &used)).unwrap_or(Fate::Waiting),
    };
    Ok(found.iter().map(person).collect())
}

/// Where somebody stands at this moment.
pub(super) fn standing(tx: &mut Tx<'_>, batch: &Batch, respondent: &Respondent) -> Outcome<Standing> {
    let used = used(tx, batch.act, std::slice::from_ref(respondent))?;
    Ok(stands(batch, respondent, &used))
}

fn stands(batch: &Batch, respondent: &Respondent, used: &BTreeSet<RespondentId>) -> Standing {
    Standing {
        status: respondent.status,
        has_opted_out: respondent.opted_out_at.is_some(),
        same_interviewer: respondent.interviewer == batch.interviewer,
        in_use: respondent.invited_at.is_some()
            || respondent.opened_at.is_some()
            || used.contains(&respondent.id),
    }
}

/// Who of them left traces besides; it is asked only where it decides anything.
fn used(tx: &mut Tx<'_>, act: Act, found: &[Respondent]) -> Outcome<BTreeSet<RespondentId>> {
    if act != Act::Remove {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<RespondentId> = found.iter().map(|respondent| respondent.id).collect();
    respondents::with_traces(tx, &ids)
}
