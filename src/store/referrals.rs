//! Colleagues that respondents named in their own place. Who they are stands with their contacts, like that of anybody.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{letters, referrals, respondents};
use crate::clock::Instant;
use crate::domain::delivery::LetterState;
use crate::domain::respondent::RespondentStatus;
use crate::id::{ReferralId, RespondentId, StudyId};
use crate::problem::Outcome;

/// A colleague that was named.
#[derive(Debug, Clone, Copy)]
pub struct NewReferral {
    /// The study.
    pub study: StudyId,
    /// Who named them.
    pub referrer: RespondentId,
    /// Who they are in the study; `None` where the address must not be written to, so that nothing is kept of them.
    pub colleague: Option<RespondentId>,
    /// Whether they were in the study before.
    pub known: bool,
    /// Whether they may be told who named them.
    pub named: bool,
}

/// Notes that a colleague was named.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, new: NewReferral, now: Instant) -> Outcome<ReferralId> {
    let id = ReferralId::new();
    tx.run(|c| {
        diesel::insert_into(referrals::table)
            .values((
                referrals::id.eq(id),
                referrals::study.eq(new.study),
                referrals::referrer.eq(new.referrer),
                referrals::colleague.eq(new.colleague),
                referrals::known.eq(new.known),
                referrals::named.eq(new.named),
                referrals::made_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// How many colleagues a respondent named, whatever came of it.
///
/// # Errors
/// Only those of the database.
pub fn count(tx: &mut Tx<'_>, referrer: RespondentId) -> Outcome<i64> {
    tx.run(|c| referrals::table.filter(referrals::referrer.eq(referrer)).count().get_result(c))
}

/// How many colleagues came into a study by being named and wait on the list for somebody to invite them.
///
/// # Errors
/// Only those of the database.
pub fn waiting(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    tx.run(|c| {
        referrals::table
            .inner_join(respondents::table.on(respondents::id.nullable().eq(referrals::colleague)))
            .filter(referrals::study.eq(study))
            .filter(referrals::known.eq(false))
            .filter(respondents::status.eq(RespondentStatus::Listed))
            .count()
            .get_result(c)
    })
}

/// How somebody came into a study by a colleague.
#[derive(Debug, Clone, Queryable)]
pub struct Origin {
    /// Who named them.
    pub referrer: RespondentId,
    /// The pseudonym of who named them.
    pub code: String,
    /// Whether they may be told who it was.
    pub named: bool,
}

/// By whom somebody came into the study, if by a colleague.
///
/// # Errors
/// Only those of the database.
pub fn origin(tx: &mut Tx<'_>, colleague: RespondentId) -> Outcome<Option<Origin>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            referrals::table
                .inner_join(respondents::table.on(respondents::id.eq(referrals::referrer)))
                .filter(referrals::colleague.eq(colleague))
                .filter(referrals::known.eq(false))
                .select((referrals::referrer, respondents::code, referrals::named))
                .first(c)
        })
    })
}

/// A colleague that somebody named, as far as a researcher may know of it.
#[derive(Debug, Clone, Queryable, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Referral)]
pub struct Referral {
    /// When.
    pub made_at: Instant,
    /// The pseudonym of the colleague; null where the address must not be written to.
    pub code: Option<String>,
    /// Who that is.
    pub colleague: Option<RespondentId>,
    /// Whether the colleague was in the study before.
    pub known: bool,
}

/// Whom a respondent named, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn of(tx: &mut Tx<'_>, referrer: RespondentId) -> Outcome<Vec<Referral>> {
    tx.run(|c| {
        referrals::table
            .left_join(respondents::table.on(respondents::id.nullable().eq(referrals::colleague)))
            .filter(referrals::referrer.eq(referrer))
            .order(referrals::id)
            .select((
                referrals::made_at,
                respondents::code.nullable(),
                referrals::colleague,
                referrals::known,
            ))
            .load(c)
    })
}

/// For an export: who of these came into the study by a colleague, with the code of that colleague.
///
/// # Errors
/// Only those of the database.
pub fn origins(tx: &mut Tx<'_>, of: &[RespondentId]) -> Outcome<Vec<(RespondentId, String)>> {
    let rows: Vec<(Option<RespondentId>, String)> = tx.run(|c| {
        referrals::table
            .inner_join(respondents::table.on(respondents::id.eq(referrals::referrer)))
            .filter(referrals::colleague.assume_not_null().eq_any(of.iter().copied()))
            .filter(referrals::known.eq(false))
            .select((referrals::colleague, respondents::code))
            .load(c)
    })?;
    Ok(rows.into_iter().filter_map(|(colleague, code)| colleague.map(|id| (id, code))).collect())
}

/// Mentions somebody no more to those whom they named: their letters are written anew, unless one may have arrived as
/// it is.
///
/// # Errors
/// Only those of the database.
pub fn unmention(tx: &mut Tx<'_>, referrer: RespondentId) -> Outcome<()> {
    let named: Vec<Option<RespondentId>> = tx.run(|c| {
        referrals::table
            .filter(referrals::referrer.eq(referrer))
            .filter(referrals::named.eq(true))
            .select(referrals::colleague)
            .load(c)
    })?;
    tx.run(|c| {
        let theirs = referrals::table.filter(referrals::referrer.eq(referrer));
        diesel::update(theirs).set(referrals::named.eq(false)).execute(c)
    })?;
    for colleague in named.into_iter().flatten() {
        let waiting = letters::table
            .filter(letters::respondent.eq(colleague))
            .filter(letters::state.eq(LetterState::Queued))
            .filter(letters::attempts.le(letters::refused));
        tx.run(|c| {
            diesel::update(waiting)
                .set((letters::message.eq(None::<Vec<u8>>), letters::fence.eq(letters::fence + 1)))
                .execute(c)
        })?;
    }
    Ok(())
}
