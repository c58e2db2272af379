//! Looks up for whom a batch is, in the order of the list, and says of each whether it is done to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::clock::Instant;
use crate::domain::batch::{Act, BatchState, Fate, Standing};
use crate::domain::contact_data::ContactUse;
use crate::domain::wave::Fitting;
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::batches::{Batch, Person};
use crate::store::respondents::{Filter, Respondent};
use crate::store::{Tx, batches, contact_uses, respondents, strata, studies};

/// How many people one transaction looks up.
const AT_ONCE: usize = 500;

/// Looks up the next people; true when more may follow. Those who were added after the batch began are none of them.
pub(super) fn gather(tx: &mut Tx<'_>, now: Instant, batch: &Batch) -> Outcome<bool> {
    let after = batches::reached(tx, batch.id)?;
    let selection = batch.selection()?;
    let (found, is_more) = if let Some(named) = selection.named_after(after, AT_ONCE) {
        (named_people(tx, now, batch, named)?, named.len() == AT_ONCE)
    } else {
        let stratum = strata::by_key(tx, batch.study, selection.stratum.as_deref())?;
        let Fitting { status, municipality, wave, import } = selection.fitting;
        let filter = Filter { status, stratum, municipality, wave, import, only: None, after };
        let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
        let mut page = respondents::page(tx, batch.study, filter, limit)?;
        page.retain(|respondent| respondent.id.as_str() < batch.id.as_str());
        let is_more = page.len() == AT_ONCE;
        (people(tx, now, batch, &page)?, is_more)
    };
    batches::gather(tx, batch.id, &found)?;
    if !is_more {
        batches::set_state(tx, batch.id, BatchState::Prepared)?;
    }
    Ok(is_more)
}

/// Those who were named, each once; somebody of another study is as unknown as nobody (E29).
fn named_people(
    tx: &mut Tx<'_>,
    now: Instant,
    batch: &Batch,
    named: &[RespondentId],
) -> Outcome<Vec<Person>> {
    let found = respondents::some(tx, batch.study, named)?;
    let mut known: BTreeMap<RespondentId, Person> =
        people(tx, now, batch, &found)?.into_iter().map(|person| (person.respondent, person)).collect();
    let person = |id: &RespondentId| {
        let unknown = || Person { respondent: *id, code: String::new(), fate: Fate::Unknown };
        known.remove(id).unwrap_or_else(unknown)
    };
    Ok(named.iter().map(person).collect())
}

fn people(tx: &mut Tx<'_>, now: Instant, batch: &Batch, found: &[Respondent]) -> Outcome<Vec<Person>> {
    let traces = Traces::of(tx, now, batch, found)?;
    let person = |respondent: &Respondent| Person {
        respondent: respondent.id,
        code: respondent.code.clone(),
        fate: batch.act.spares(traces.standing(batch, respondent)).unwrap_or(Fate::Waiting),
    };
    Ok(found.iter().map(person).collect())
}

/// Where somebody stands at this moment.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    now: Instant,
    batch: &Batch,
    respondent: &Respondent,
) -> Outcome<Standing> {
    Ok(Traces::of(tx, now, batch, std::slice::from_ref(respondent))?.standing(batch, respondent))
}

/// What is known of people beside their rows; it is asked only where it decides anything.
#[derive(Default)]
struct Traces {
    used: BTreeSet<RespondentId>,
    contacts: HashMap<RespondentId, ContactUse>,
}

impl Traces {
    fn of(tx: &mut Tx<'_>, now: Instant, batch: &Batch, found: &[Respondent]) -> Outcome<Self> {
        let mut traces = Self::default();
        match batch.act {
            Act::Remove => {
                let ids: Vec<RespondentId> = found.iter().map(|respondent| respondent.id).collect();
                traces.used = respondents::with_traces(tx, &ids)?;
            }
            Act::RemoveContact => {
                let is_closed = studies::get(tx, batch.study)?.closed_at.is_some();
                traces.contacts = contact_uses::of(tx, found, is_closed, now)?;
            }
            _ => {}
        }
        Ok(traces)
    }

    fn standing(&self, batch: &Batch, respondent: &Respondent) -> Standing {
        let is_removed = respondent.contact_removed_at.is_some();
        let otherwise = if is_removed { ContactUse::Removed } else { ContactUse::Done };
        Standing {
            status: respondent.status,
            has_opted_out: respondent.opted_out_at.is_some(),
            same_interviewer: respondent.interviewer == batch.interviewer,
            in_use: respondent.invited_at.is_some()
                || respondent.opened_at.is_some()
                || self.used.contains(&respondent.id),
            contact: self.contacts.get(&respondent.id).copied().unwrap_or(otherwise),
        }
    }
}
