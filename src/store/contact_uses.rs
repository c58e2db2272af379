//! What contact data are still used for, of many respondents at once.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Tx;
use super::incoming_mail::WAITING;
use super::respondents::Respondent;
use super::schema::{incoming_mail, interviews, letters};
use crate::clock::Instant;
use crate::domain::contact_data::ContactUse;
use crate::domain::delivery::LetterState;
use crate::domain::interview::InterviewStatus;
use crate::id::RespondentId;
use crate::problem::Outcome;

/// What the contact data of respondents of one study are used for, most telling first: an interview before a letter
/// about it.
///
/// # Errors
/// Only those of the database.
pub fn of(
    tx: &mut Tx<'_>,
    some: &[Respondent],
    is_closed: bool,
    now: Instant,
) -> Outcome<HashMap<RespondentId, ContactUse>> {
    let ids = || some.iter().map(|respondent| respondent.id);
    let mut found: HashMap<RespondentId, ContactUse> =
        some.iter().map(|respondent| (respondent.id, ContactUse::of(respondent.status, is_closed))).collect();
    let mailed: Vec<Option<RespondentId>> = tx.run(|c| {
        incoming_mail::table
            .filter(incoming_mail::respondent.assume_not_null().eq_any(ids()))
            .filter(incoming_mail::state.eq(WAITING))
            .select(incoming_mail::respondent)
            .load(c)
    })?;
    let written: Vec<Option<RespondentId>> = tx.run(|c| {
        letters::table
            .filter(letters::respondent.assume_not_null().eq_any(ids()))
            .filter(letters::state.eq(LetterState::Queued))
            .select(letters::respondent)
            .load(c)
    })?;
    let ahead: Vec<RespondentId> = tx.run(|c| {
        interviews::table
            .filter(interviews::respondent.eq_any(ids()))
            .filter(interviews::status.eq(InterviewStatus::Booked))
            .filter(interviews::ends_at.gt(now))
            .select(interviews::respondent)
            .load(c)
    })?;
    found.extend(mailed.into_iter().flatten().map(|id| (id, ContactUse::Mail)));
    found.extend(written.into_iter().flatten().map(|id| (id, ContactUse::Letters)));
    found.extend(ahead.into_iter().map(|id| (id, ContactUse::Interview)));
    let removed = some.iter().filter(|respondent| respondent.contact_removed_at.is_some());
    found.extend(removed.map(|respondent| (respondent.id, ContactUse::Removed)));
    Ok(found)
}
