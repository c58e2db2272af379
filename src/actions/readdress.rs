//! Lets the mail to a respondent follow them to another address.

use super::renew_link::announce;
use super::tell;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Entry};
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::Addressee;
use crate::domain::respondent::RespondentStatus;
use crate::problem::Outcome;
use crate::store::letters::Recipient;
use crate::store::respondents::Respondent;
use crate::store::{Tx, attendances, contacts, holds, interviews, letters, respondents, studies};

/// Turns the letters that wait to the address that the contact tells by now, and ends the link that stands in letters
/// at the `former` one, where somebody else may read them. The next interview leaves the calendar of the former
/// address, if it can be there, and goes into that of the new one under the next sequence. Whoever was invited and has
/// no interview to be told of gets the new link. Answers what was queued beside letters about the interview.
///
/// # Errors
/// When a seal is broken.
pub(super) fn readdress(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    former: Addressee,
    actor: Actor,
) -> Outcome<Vec<Entry>> {
    respondents::renew_link(tx, respondent)?;
    holds::drop_of(tx, respondent.id)?;
    let mailbox = letters::leave_mailbox(tx, respondent.id, respondent.revision, &former)?;
    let planned = interviews::active_of(tx, respondent.id)?;
    let planned = planned.filter(|it| it.status == InterviewStatus::Booked && it.starts_at > now);
    let Some(interview) = planned else { return reach_again(tx, now, respondent, actor) };
    // One mailbox gets one invite: taking the delegate off later would take it out of the respondent's calendar too.
    let email = contacts::get(tx, respondent.id)?.email;
    if interview.delegate(tx)?.is_some_and(|named| named.who.email.folded() == email.folded()) {
        interviews::forget_delegate(tx, interview.id)?;
    }
    attendances::forget(tx, interview.id, Recipient::Respondent(respondent.id))?;
    let as_it_is = interview.as_it_is(tx)?;
    let interview = interviews::rearrange(tx, &interview, &as_it_is, now)?;
    let mut farewell = tell::letter(tx, now, &interview, mailbox, LetterKind::AddressLeft)?;
    farewell.facts.addressee = Some(former);
    letters::put(tx, &farewell, now)?;
    let recipient = Recipient::Respondent(respondent.id);
    tell::tell(tx, now, &interview, recipient, LetterKind::Confirmation, None)?;
    Ok(Vec::new())
}

/// Sees to it that somebody who was invited has a link that opens. Whom a letter waits for anyway gets it with that; an
/// invitation that failed waits for its researcher to send it again.
fn reach_again(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent, actor: Actor) -> Outcome<Vec<Entry>> {
    let takes_part = matches!(respondent.status, RespondentStatus::Invited | RespondentStatus::Consented);
    let is_closed = studies::get(tx, respondent.study)?.closed_at.is_some();
    if !takes_part
        || is_closed
        || respondent.opted_out_at.is_some()
        || letters::is_to_come(tx, respondent.id, now)?
    {
        return Ok(Vec::new());
    }
    let ((), entries) = announce(tx, now, respondent, actor)?.into_parts();
    Ok(entries)
}
