//! A respondent takes part no longer: consent ends, the interview is called off, and no more mail follows but one.
//!
//! Notes of what they said were taken under that consent, so they are deleted with it. The exception for research (GDPR
//! art. 17(3)(d)) needs a reason that somebody gives; nobody is asked for one here, and a note that no page and no
//! export shows any more serves no research. Contact data stay until the researcher erases them, as the respondent is
//! told: they may be needed to answer them. Somebody whose contact data were removed withdraws through a researcher,
//! and gets no letter any more.
//!
//! A planned interview gives its place in the stratum back. One that was held keeps it (E13 counts what was held), so
//! whoever wants another in its stead raises the cap.

use super::call_off::{Why, call_off};
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delivery::Dropped;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::About;
use crate::domain::respondent::{RespondentStatus, Step};
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::letters::NewLetter;
use crate::store::respondents::{Moment, Respondent};
use crate::store::{Tx, consents, contacts, letters, meetings, referrals, respondents, sheets};

/// Withdraws a respondent who is locked already and did it themselves; doing it twice is the same as once (E14).
///
/// # Errors
/// Only those of the database.
pub fn withdraw(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent) -> Outcome<Done<Made<RespondentId>>> {
    withdraw_as(tx, now, respondent, Actor::Respondent(respondent.id))
}

/// The same in the name of somebody else, whom they told.
///
/// # Errors
/// Only those of the database.
pub(super) fn withdraw_as(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    actor: Actor,
) -> Outcome<Done<Made<RespondentId>>> {
    let made = Made::new(200, respondent.id);
    if respondent.status == RespondentStatus::Withdrawn {
        return Ok(Done::housekeeping(made));
    }
    let status = respondent.status.after(Step::Withdrawn)?;
    let called_off = call_off(tx, now, respondent, actor, &Why::Withdrawn)?;
    letters::stop_recruitment(tx, respondent.id, Dropped::Withdrawn)?;
    if let Some(contact) = contacts::find(tx, respondent.id)? {
        let digest = contacts::email_digest(tx, respondent.study, &contact.email);
        contacts::suppress(tx, respondent.study, &digest, now)?;
        // Where an interview was planned, the letter that takes it out of the calendar has said goodbye already.
        if called_off.is_none() {
            say_goodbye(tx, now, respondent)?;
        }
    }
    consents::withdraw(tx, respondent.id, now)?;
    sheets::forget_notes(tx, respondent.id)?;
    referrals::unmention(tx, respondent.id)?;
    meetings::unwant_all_of(tx, respondent.id, now)?;
    respondents::note(tx, respondent.id, Moment::Withdrawn, now)?;
    respondents::set_status(tx, respondent, status, actor, now)?;
    let earlier = called_off.map(|done| done.into_parts().1).unwrap_or_default();
    let entry = Entry::new(now, actor, "respondent.withdrawn").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(made).after(earlier))
}

fn say_goodbye(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent) -> Outcome<()> {
    let letter = NewLetter::to(respondent, LetterKind::Withdrawn, "withdrawn".to_owned(), About::Study, now);
    letters::put(tx, &letter, now).map(drop)
}
