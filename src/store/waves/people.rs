//! Whom a wave may be meant for: what decides whether they get a letter, and what is done for many of them in one
//! statement.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::clock::Instant;
use crate::domain::audit::Actor;
use crate::domain::delivery::LetterState;
use crate::domain::letter::LetterKind;
use crate::domain::respondent::RespondentStatus;
use crate::domain::wave::Approached;
use crate::id::{RespondentId, StratumId, StudyId, WaveId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::{Backend, on_each};
use crate::store::respondents::Filter;
use crate::store::schema::{
    contacts, do_not_contact, letters, respondent_history, respondents, strata, wave_outcomes,
};

/// What the store knows of somebody who may get a letter.
#[derive(Debug, Clone, Queryable)]
pub struct Known {
    /// The respondent.
    pub id: RespondentId,
    /// Their code.
    pub code: String,
    /// How far they have come.
    pub status: RespondentStatus,
    /// Their stratum.
    pub stratum: Option<StratumId>,
    /// How many places it has, if it is limited.
    pub cap: Option<i32>,
    /// How many of them are taken.
    pub taken: Option<i32>,
    /// Since when their contact data are gone, if they are.
    pub contact_removed_at: Option<Instant>,
    opted_out_at: Option<Instant>,
    suppressed_at: Option<Instant>,
}

impl Known {
    /// Whether they objected, under this address or at any time.
    #[must_use]
    pub const fn has_opted_out(&self) -> bool {
        self.opted_out_at.is_some() || self.suppressed_at.is_some()
    }
}

/// Which respondents are looked at.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::large_enum_variant, reason = "one lives at a time, and not for long")]
pub enum Among<'a> {
    /// These.
    Named(&'a [RespondentId]),
    /// The next of all of the study, or of those whom a filter leaves.
    All {
        /// Which.
        filter: Filter,
        /// Only those that were there when this wave began.
        before: WaveId,
        /// At most so many.
        limit: i64,
    },
}

/// Respondents in their order with all that decides whether they get a letter, in one question.
///
/// # Errors
/// Only those of the database.
pub fn known(tx: &mut Tx<'_>, study: StudyId, among: Among<'_>) -> Outcome<Vec<Known>> {
    let objection = do_not_contact::study
        .eq(respondents::study)
        .and(do_not_contact::email_digest.nullable().eq(contacts::email_digest.nullable()));
    let mut query = respondents::table
        .left_join(contacts::table.on(contacts::respondent.eq(respondents::id)))
        .left_join(do_not_contact::table.on(objection))
        .left_join(strata::table.on(respondents::stratum.eq(strata::id.nullable())))
        .filter(respondents::study.eq(study))
        .filter(respondents::erased_at.is_null())
        .order(respondents::id)
        .select((
            respondents::id,
            respondents::code,
            respondents::status,
            respondents::stratum,
            strata::cap.nullable(),
            strata::taken.nullable(),
            respondents::contact_removed_at,
            respondents::opted_out_at,
            do_not_contact::at.nullable(),
        ))
        .into_boxed::<Backend>();
    match among {
        Among::Named(ids) => query = query.filter(respondents::id.eq_any(ids.iter().copied())),
        Among::All { filter, before, limit } => {
            query = query.filter(respondents::id.lt(before.to_string())).limit(limit);
            if let Some(status) = filter.status {
                query = query.filter(respondents::status.eq(status));
            }
            if let Some(stratum) = filter.stratum {
                query = query.filter(respondents::stratum.eq(stratum));
            }
            if let Some(municipality) = filter.municipality {
                query = query.filter(respondents::municipality.eq(municipality));
            }
            if let Some(wave) = filter.wave {
                let meant = wave_outcomes::table
                    .filter(wave_outcomes::wave.eq(wave))
                    .filter(wave_outcomes::respondent.eq(respondents::id));
                query = query.filter(diesel::dsl::exists(meant));
            }
            if let Some(import) = filter.import {
                query = query.filter(respondents::import.eq(import));
            }
            if let Some(after) = filter.after {
                query = query.filter(respondents::id.gt(after));
            }
        }
    }
    tx.run(|c| query.load(c))
}

/// How each of the respondents was approached so far.
///
/// # Errors
/// Only those of the database.
pub fn approached(
    tx: &mut Tx<'_>,
    respondents: &[RespondentId],
) -> Outcome<BTreeMap<RespondentId, Approached>> {
    type Row = (Option<RespondentId>, LetterKind, LetterState, Instant, Option<Instant>);
    let recruiting = LetterKind::ALL.into_iter().filter(|kind| kind.is_recruitment());
    let rows: Vec<Row> = tx.run(|c| {
        letters::table
            .filter(letters::respondent.assume_not_null().eq_any(respondents.iter().copied()))
            .filter(letters::kind.eq_any(recruiting))
            .order(letters::id)
            .select((
                letters::respondent,
                letters::kind,
                letters::state,
                letters::created_at,
                letters::sent_at,
            ))
            .load(c)
    })?;
    let mut found: BTreeMap<RespondentId, Approached> = BTreeMap::new();
    for (respondent, kind, state, created_at, sent_at) in rows {
        let Some(respondent) = respondent else { continue };
        let counts = kind == LetterKind::Reminder && state != LetterState::Cancelled;
        let before = found.get(&respondent).map_or(0, |before| before.reminders);
        let at = sent_at.unwrap_or(created_at);
        found.insert(respondent, Approached { state, at, reminders: before + i32::from(counts) });
    }
    Ok(found)
}

/// Notes that an invitation is on its way to respondents who were only listed, with the step in their history.
/// Answers those for whom this is new: another wave may have come first.
///
/// # Errors
/// Only those of the database.
pub fn mark_invited(
    tx: &mut Tx<'_>,
    ids: &[RespondentId],
    actor: Actor,
    now: Instant,
) -> Outcome<Vec<RespondentId>> {
    let (from, to) = (RespondentStatus::Listed, RespondentStatus::Invited);
    let listed = respondents::table
        .filter(respondents::id.eq_any(ids.iter().copied()))
        .filter(respondents::status.eq(from))
        .filter(respondents::erased_at.is_null());
    let invited: Vec<RespondentId> = tx.run(|c| {
        diesel::update(listed)
            .set((
                respondents::status.eq(to),
                respondents::invited_at.eq(now),
                respondents::revision.eq(respondents::revision + 1),
            ))
            .returning(respondents::id)
            .get_results(c)
    })?;
    let steps: Vec<_> = invited
        .iter()
        .map(|id| {
            (
                respondent_history::respondent.eq(*id),
                respondent_history::at.eq(now),
                respondent_history::actor.eq(actor.to_string()),
                respondent_history::from_status.eq(from),
                respondent_history::to_status.eq(to),
            )
        })
        .collect();
    if !steps.is_empty() {
        tx.run(|c| on_each!(c, |c| diesel::insert_into(respondent_history::table).values(steps).execute(c)))?;
    }
    Ok(invited)
}
