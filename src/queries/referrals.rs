//! Colleagues that respondents named. Researchers see them by their codes; a colleague learns who it was only from
//! somebody who agreed to that.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::Right;
use crate::domain::correspondence::Referrer;
use crate::id::{RespondentId, UserId};
use crate::problem::Outcome;
use crate::store::referrals::{self, Origin, Referral};
use crate::store::{Tx, contacts, members};

/// Who brought a respondent into the study, and whom they named themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Referrals {
    /// The pseudonym of the colleague by whom they came into the study; null for everybody else.
    pub referred_by: Option<String>,
    /// Who that is.
    pub referrer: Option<RespondentId>,
    /// Whom they named, oldest first.
    pub named: Vec<Referral>,
}

/// The colleague by whom somebody came into the study, as far as they may be told.
///
/// # Errors
/// Only those of the database.
pub fn referrer(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Referrer>> {
    let Some(origin) = referrals::origin(tx, respondent)? else { return Ok(None) };
    if !origin.named {
        return Ok(Some(Referrer::Unnamed));
    }
    let contact = contacts::find(tx, origin.referrer)?;
    Ok(Some(contact.map_or(Referrer::Unnamed, |contact| Referrer::Named(contact.name))))
}

/// Who brought a respondent into the study, and whom they named.
///
/// # Errors
/// Those of access.
pub fn of(tx: &mut Tx<'_>, user: UserId, respondent: RespondentId) -> Outcome<Referrals> {
    members::require_for(tx, respondent, user, Right::View)?;
    let (referrer, referred_by) = match referrals::origin(tx, respondent)? {
        Some(Origin { referrer, code, .. }) => (Some(referrer), Some(code)),
        None => (None, None),
    };
    Ok(Referrals { referred_by, referrer, named: referrals::of(tx, respondent)? })
}
