//! A contact list that is being prepared, as the one who prepares it sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::page::{Page, one_more};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::contact_list::{Glance, Layout};
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::municipality::Places;
use crate::id::{ImportId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::import_rows::Row;
use crate::store::{Tx, import_drafts, import_rows, members, municipalities};

/// How far a list has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its state.
    pub state: DraftState,
    /// How it is read.
    pub layout: Layout,
    /// How many rows come to what.
    pub counts: BTreeMap<&'static str, i64>,
    /// How many rows there are, once that is known.
    pub total: u64,
    /// Whether its text is still there, so that its columns can be chosen anew.
    pub has_text: bool,
}

impl Progress {
    /// How many rows come to this.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.counts.get(verdict.as_str()).copied().unwrap_or_default().unsigned_abs()
    }
}

/// How far a list of a researcher has come.
///
/// # Errors
/// Those of access; [`Problem::NotFound`] for a list of another study or researcher, and one that has had its time.
pub fn progress(
    tx: &mut Tx<'_>,
    now: Instant,
    (user, study): (UserId, StudyId),
    id: ImportId,
) -> Outcome<Progress> {
    members::require(tx, study, user, Right::Contacts)?;
    let draft = import_drafts::get(tx, id)?;
    if draft.study != study || draft.user != user || draft.expires_at <= now {
        return Err(Problem::NotFound);
    }
    let layout =
        Layout::of_text(&draft.layout).ok_or_else(|| Problem::internal("a layout cannot be read"))?;
    Ok(Progress {
        state: draft.state,
        layout,
        counts: import_rows::counts(tx, id)?,
        total: u64::from(draft.total.unsigned_abs()),
        has_text: import_drafts::has_text(tx, id)?,
    })
}

/// The imports of a researcher that are done and can be looked up, latest first: when each came in, and its rows.
///
/// # Errors
/// Those of access.
pub fn done(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
) -> Outcome<Vec<(ImportId, Instant, u64)>> {
    members::require(tx, study, user, Right::Contacts)?;
    let all = import_drafts::done(tx, study, user, now)?.into_iter();
    Ok(all.map(|draft| (draft.id, draft.created_at, u64::from(draft.total.unsigned_abs()))).collect())
}

/// The list that a researcher has not confirmed yet, if there is one.
///
/// # Errors
/// Those of access.
pub fn waiting(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
) -> Outcome<Option<(ImportId, DraftState)>> {
    members::require(tx, study, user, Right::Contacts)?;
    Ok(import_drafts::waiting(tx, study, user, now)?.map(|draft| (draft.id, draft.state)))
}

/// What stands in the columns of a list, read by its own layout or by another one.
///
/// # Errors
/// As [`progress`].
pub fn glance(
    tx: &mut Tx<'_>,
    now: Instant,
    who: (UserId, StudyId),
    id: ImportId,
    (layout, rows): (Option<&Layout>, usize),
) -> Outcome<Glance> {
    let progress = progress(tx, now, who, id)?;
    Ok(Glance::at(&import_drafts::text(tx, id)?, layout.unwrap_or(&progress.layout), rows))
}

/// A part of the rows of a list, with what is needed to name municipalities.
///
/// # Errors
/// As [`progress`].
pub fn rows(
    tx: &mut Tx<'_>,
    now: Instant,
    who: (UserId, StudyId),
    id: ImportId,
    (verdict, after, limit): (Option<Verdict>, i32, usize),
) -> Outcome<(Progress, Page<Row>, Arc<Places>)> {
    let progress = progress(tx, now, who, id)?;
    let rows = import_rows::page(tx, id, verdict, after, one_more(limit))?;
    Ok((progress, Page::cut(rows, limit, |row| row.place.to_string()), municipalities::places(tx)?))
}
