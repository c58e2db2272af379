//! A respondent who is not the right person names a colleague. That colleague becomes a respondent like one whom a
//! researcher added, and is not written to before a researcher invites them.
//!
//! Whoever names somebody learns nothing by it: it looks the same whether the address is new, known, or one that must
//! not be written to. Of the last nothing is kept. The first letter to the colleague tells that a colleague gave the
//! address (GDPR art. 14(2)(f)), and who that was only if they agreed to it.

use super::add_respondent::{Enlisting, Recruit};
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delivery::Dropped;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::{Step, code, code_width};
use crate::id::{ReferralId, RespondentId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::contacts::Contact;
use crate::store::idempotency::Made;
use crate::store::referrals::NewReferral;
use crate::store::respondents::Respondent;
use crate::store::{Tx, contacts, holds, letters, proposals, referrals, respondents, studies};

/// How many colleagues one respondent can name.
pub const COLLEAGUES: i64 = 3;

/// A colleague as a respondent names them.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Who they are.
    pub contact: Contact,
    /// The municipality that they work for; the respondent's own when left out.
    pub municipality: Option<MunicipalityCode>,
    /// Whether they may be told who named them.
    pub named: bool,
}

/// Takes a colleague up who was named by a respondent, who is locked already and steps back.
///
/// # Errors
/// [`Problem::Withdrawn`], [`Problem::StudyClosed`], [`Problem::WrongState`] while an interview stands or once it was
/// held, [`Problem::EnoughColleagues`] beyond [`COLLEAGUES`], [`Problem::Invalid`] for the respondent's own address
/// (`email`) or an unknown municipality.
pub fn refer(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    colleague: &Colleague,
) -> Outcome<Done<Made<ReferralId>>> {
    let status = respondent.status.after(Step::Referred)?;
    if studies::get(tx, respondent.study)?.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    if referrals::count(tx, respondent.id)? >= COLLEAGUES {
        return Err(Problem::EnoughColleagues);
    }
    let own = contacts::get(tx, respondent.id)?.email;
    if own.folded() == colleague.contact.email.folded() {
        return Err(Problem::field("email", FieldCode::EmailDuplicate));
    }
    let (found, known, entries) = take_up(tx, now, respondent, colleague)?;
    let new = NewReferral {
        study: respondent.study,
        referrer: respondent.id,
        colleague: found,
        known,
        named: colleague.named,
    };
    let id = referrals::insert(tx, new, now)?;
    letters::stop_recruitment(tx, respondent.id, Dropped::Referred)?;
    proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;
    holds::drop_of(tx, respondent.id)?;
    let actor = Actor::Respondent(respondent.id);
    respondents::set_status(tx, respondent, status, actor, now)?;
    let entry = Entry::new(now, actor, "respondent.referred").study(respondent.study);
    Ok(entry.subject(&respondent.code).field("referral", id).with(Made::new(201, id)).after(entries))
}

/// The respondent that a colleague is or becomes, and whether they were one before.
fn take_up(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    colleague: &Colleague,
) -> Outcome<(Option<RespondentId>, bool, Vec<Entry>)> {
    let study = respondent.study;
    // The number is taken first, as when a researcher adds somebody: of two who are named at once the second waits
    // here.
    let number = studies::take_numbers(tx, study, 1)?;
    let digest = contacts::email_digest(tx, study, &colleague.contact.email);
    if let Some(known) = contacts::holder(tx, study, &digest)? {
        return Ok((Some(known), true, Vec::new()));
    }
    if contacts::is_suppressed(tx, study, &digest)? {
        return Ok((None, false, Vec::new()));
    }
    let recruit = Recruit {
        contact: colleague.contact.clone(),
        municipality: colleague.municipality.unwrap_or(respondent.municipality),
        language: Some(respondent.language),
        import: None,
    };
    let actor = Actor::Respondent(respondent.id);
    let code = code(number, code_width(number));
    let (id, entry) = Enlisting::of(tx, now, actor, study)?.enlist(tx, &recruit, &code)?;
    Ok((Some(id), false, vec![entry]))
}
