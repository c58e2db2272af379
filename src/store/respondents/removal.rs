//! Taking somebody off the list as if they had never been on it. What their row refers to would be lost, so it is done
//! only to those of whom nothing tells but the list itself.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::schema::{
    consents, contacts, incoming_mail, interviews, letters, proposals, referrals, respondent_history,
    respondents,
};

/// Who of the given respondents occurs in a letter, a consent, an interview, a proposal, a referral or a message that
/// came in.
///
/// # Errors
/// Only those of the database.
pub fn with_traces(tx: &mut Tx<'_>, ids: &[RespondentId]) -> Outcome<BTreeSet<RespondentId>> {
    let ids = || ids.iter().copied();
    let mut found: BTreeSet<RespondentId> = BTreeSet::new();
    let sure: [Vec<RespondentId>; 4] = [
        tx.run(|c| {
            let theirs = consents::table.filter(consents::respondent.eq_any(ids()));
            theirs.select(consents::respondent).load(c)
        })?,
        tx.run(|c| {
            let theirs = interviews::table.filter(interviews::respondent.eq_any(ids()));
            theirs.select(interviews::respondent).load(c)
        })?,
        tx.run(|c| {
            let theirs = proposals::table.filter(proposals::respondent.eq_any(ids()));
            theirs.select(proposals::respondent).load(c)
        })?,
        tx.run(|c| {
            let theirs = referrals::table.filter(referrals::referrer.eq_any(ids()));
            theirs.select(referrals::referrer).load(c)
        })?,
    ];
    let perhaps: [Vec<Option<RespondentId>>; 3] = [
        tx.run(|c| {
            let theirs = letters::table.filter(letters::respondent.assume_not_null().eq_any(ids()));
            theirs.select(letters::respondent).load(c)
        })?,
        tx.run(|c| {
            let theirs = referrals::table.filter(referrals::colleague.assume_not_null().eq_any(ids()));
            theirs.select(referrals::colleague).load(c)
        })?,
        tx.run(|c| {
            let theirs =
                incoming_mail::table.filter(incoming_mail::respondent.assume_not_null().eq_any(ids()));
            theirs.select(incoming_mail::respondent).load(c)
        })?,
    ];
    found.extend(sure.into_iter().flatten());
    found.extend(perhaps.into_iter().flatten().flatten());
    Ok(found)
}

/// Deletes a respondent with contact and history. A wave that passed them over goes on telling so, under an id that
/// leads nowhere.
///
/// # Errors
/// Only those of the database; among them that something still refers to them.
pub fn remove(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<()> {
    tx.run(|c| {
        diesel::delete(respondent_history::table.filter(respondent_history::respondent.eq(id))).execute(c)
    })?;
    tx.run(|c| diesel::delete(contacts::table.find(id)).execute(c))?;
    tx.run(|c| diesel::delete(respondents::table.find(id)).execute(c)).map(drop)
}
