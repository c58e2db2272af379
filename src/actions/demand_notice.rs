//! Holds a respondent to the notice of a study before an interview that stands is changed.

use crate::clock::Instant;
use crate::domain::notice::Alteration;
use crate::problem::{AskInstead, Outcome};
use crate::store::interviews::Interview;
use crate::store::studies::StudyRow;
use crate::store::{Tx, members};

/// Demands that a respondent may still do this to an interview that stands.
///
/// # Errors
/// [`crate::problem::Problem::TooLateToMove`] or [`crate::problem::Problem::TooLateToCancel`], with whom to ask
/// instead.
pub(super) fn demand_notice(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    interview: &Interview,
    alteration: Alteration,
) -> Outcome<()> {
    if study.study.rules.may_still(alteration, (interview.starts_at, interview.ends_at), now) {
        return Ok(());
    }
    Err(alteration.refused(AskInstead {
        researcher: members::first_owner(tx, study.id)?.unwrap_or_default(),
        contact: study.study.contact_email.as_str().to_owned(),
    }))
}
