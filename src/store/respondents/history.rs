//! What became of a respondent, and when.

use diesel::prelude::*;

use super::Respondent;
use crate::clock::Instant;
use crate::domain::audit::Actor;
use crate::domain::respondent::RespondentStatus;
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::on_each;
use crate::store::prepared::Prepare as _;
use crate::store::schema::{respondent_history, respondents};

/// Moves a respondent to another status and notes it in the history. Nothing happens when it is that already.
///
/// # Errors
/// Only those of the database.
pub fn set_status(
    tx: &mut Tx<'_>,
    respondent: &Respondent,
    to: RespondentStatus,
    actor: Actor,
    now: Instant,
) -> Outcome<()> {
    if respondent.status == to {
        return Ok(());
    }
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(respondents::table.find(respondent.id))
                .set((respondents::status.eq(to), respondents::revision.eq(respondents::revision + 1)))
                .prepared()
                .execute(c)
        })
    })?;
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(respondent_history::table)
                .values((
                    respondent_history::respondent.eq(respondent.id),
                    respondent_history::at.eq(now),
                    respondent_history::actor.eq(actor.to_string()),
                    respondent_history::from_status.eq(respondent.status),
                    respondent_history::to_status.eq(to),
                ))
                .execute(c)
        })
    })
    .map(drop)
}

/// One step in a respondent's history.
#[derive(Debug, Clone, Queryable, serde::Serialize, utoipa::ToSchema)]
#[schema(as = StatusChange)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// Who, as the audit log names them.
    pub by: String,
    /// From which status.
    pub from: RespondentStatus,
    /// To which status.
    pub to: RespondentStatus,
}

/// A respondent's history, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn history(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<Vec<Step>> {
    tx.run(|c| {
        respondent_history::table
            .filter(respondent_history::respondent.eq(id))
            .order(respondent_history::id)
            .limit(200)
            .select((
                respondent_history::at,
                respondent_history::actor,
                respondent_history::from_status,
                respondent_history::to_status,
            ))
            .load(c)
    })
}

/// The moments in a respondent's story that are noted once, when they first happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The first letter was queued.
    Invited,
    /// The first button on the personal page was pressed.
    Opened,
    /// They objected to letters.
    OptedOut,
    /// They took their consent back.
    Withdrawn,
}

/// Notes a moment, unless it was noted before.
///
/// # Errors
/// Only those of the database.
pub fn note(tx: &mut Tx<'_>, id: RespondentId, moment: Moment, now: Instant) -> Outcome<()> {
    let row = respondents::table.find(id);
    tx.run(|c| {
        on_each!(c, |c| match moment {
            Moment::Invited => diesel::update(row.filter(respondents::invited_at.is_null()))
                .set(respondents::invited_at.eq(now))
                .prepared()
                .execute(c),
            Moment::Opened => diesel::update(row.filter(respondents::opened_at.is_null()))
                .set(respondents::opened_at.eq(now))
                .prepared()
                .execute(c),
            Moment::OptedOut => diesel::update(row.filter(respondents::opted_out_at.is_null()))
                .set(respondents::opted_out_at.eq(now))
                .prepared()
                .execute(c),
            Moment::Withdrawn => diesel::update(row.filter(respondents::withdrawn_at.is_null()))
                .set(respondents::withdrawn_at.eq(now))
                .prepared()
                .execute(c),
        })
    })
    .map(drop)
}
