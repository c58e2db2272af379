//! Whom an interview can be booked for.

use crate::domain::access::Right;
use crate::domain::respondent::RespondentStatus;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::respondents::{self, Asked};
use crate::store::{Tx, members};

/// Where those stand who have consented and have no interview to come.
const STANDINGS: [RespondentStatus; 2] = [RespondentStatus::Consented, RespondentStatus::NoShow];

/// Somebody who has consented and has no interview to come.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Their pseudonym.
    pub code: String,
    /// Their name, for whoever may see it.
    pub name: Option<String>,
    /// The municipality that they work for.
    pub municipality: String,
}

/// The first `limit` of those who have consented and have no interview to come, by their codes, and whether there are
/// more.
///
/// # Errors
/// Those of access.
pub fn first(tx: &mut Tx<'_>, user: UserId, study: StudyId, limit: usize) -> Outcome<(Vec<Ready>, bool)> {
    members::require(tx, study, user, Right::Interviews)?;
    let (mut ready, mut is_more) = (Vec::new(), false);
    for standing in STANDINGS {
        let asked = Asked { status: Some(standing), ..Asked::default() };
        let page = respondents::page(tx, user, study, &asked, limit)?;
        is_more |= page.next.is_some();
        ready.extend(page.items.into_iter().map(|found| Ready {
            code: found.code,
            name: found.name,
            municipality: found.municipality.name,
        }));
    }
    ready.sort_by(|a, b| a.code.cmp(&b.code));
    is_more |= ready.len() > limit;
    ready.truncate(limit);
    Ok((ready, is_more))
}
