//! Whom an interview can be booked for.

use crate::domain::access::Right;
use crate::domain::respondent::RespondentStatus;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::page::one_more;
use crate::store::respondents::{self, Filter};
use crate::store::{Tx, members, municipalities};

/// Somebody who has consented and has no interview.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Their pseudonym.
    pub code: String,
    /// The municipality that they work for.
    pub municipality: String,
}

/// The first `limit` of those who have consented and have no interview, by their codes, and whether there are more.
///
/// # Errors
/// Those of access.
pub fn first(tx: &mut Tx<'_>, user: UserId, study: StudyId, limit: usize) -> Outcome<(Vec<Ready>, bool)> {
    members::require(tx, study, user, Right::Interviews)?;
    let filter = Filter { status: Some(RespondentStatus::Consented), ..Filter::default() };
    let rows = respondents::page(tx, study, filter, one_more(limit))?;
    let (more, places) = (rows.len() > limit, municipalities::places(tx)?);
    let ready = rows
        .into_iter()
        .take(limit)
        .map(|row| Ready { municipality: places.name(row.municipality), code: row.code });
    let mut ready: Vec<Ready> = ready.collect();
    ready.sort_by(|a, b| a.code.cmp(&b.code));
    Ok((ready, more))
}
