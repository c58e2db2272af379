//! A researcher can have none of the moments that a respondent proposed, and asks them to choose another.

use super::tell::tell_delegate_again;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{About, Countered, Proposed};
use crate::domain::proposal::{ProposalSource, ProposalState};
use crate::id::{ProposalId, UserId};
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::letters::NewLetter;
use crate::store::proposals::Proposal;
use crate::store::{Tx, interviews, letters, members, proposals, respondents, studies};

/// Declines all moments of a proposal and tells the respondent; one that is declined already stays so. An interview
/// that was to move stands where it stood, which a calendar that proposed it is told as well.
///
/// # Errors
/// Those of access, [`crate::problem::Problem::ProposalOver`] when it was accepted, replaced or lost its point.
pub fn decline_proposal(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: ProposalId,
) -> Outcome<Done<Made<ProposalId>>> {
    let found = proposals::get(tx, id)?;
    members::require(tx, found.study, user, Right::Interviews)?;
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    let proposal = proposals::get(tx, id)?;
    if proposal.state == ProposalState::Declined {
        return Ok(Done::housekeeping(Made::new(200, id)));
    }
    proposal.state.demand_open()?;
    proposals::end_of(tx, respondent.id, ProposalState::Declined, now)?;
    let entry = Entry::new(now, Actor::User(user), "proposal.declined").study(proposal.study);
    let done = entry.subject(&respondent.code).field("proposal", id).with(Made::new(200, id));
    if proposal.delegate.is_some() {
        tell_proposer(tx, now, &proposal)?;
        return Ok(done);
    }
    let counter = countered(tx, &proposal)?;
    let proposed = Proposed {
        counter,
        respondent: respondent.id,
        moments: proposal.moments().collect(),
        mode: proposal.mode,
        moves: proposal.interview.is_some(),
    };
    let about = About::Proposal(proposed);
    let letter = NewLetter::to(&respondent, LetterKind::ProposalDeclined, id.to_string(), about, now);
    letters::put(tx, &letter, now)?;
    Ok(done)
}

/// Tells whoever proposed for the respondent that the appointment stands, by inviting them to it once more: that
/// answers their calendar too (RFC 5546 3.2.7). The respondent asked for nothing, and hears nothing.
fn tell_proposer(tx: &mut Tx<'_>, now: Instant, proposal: &Proposal) -> Outcome<()> {
    let Some(interview) = proposal.interview else { return Ok(()) };
    let interview = interviews::get(tx, interview)?;
    let stays = interview.delegate(tx)?.is_some_and(|named| Some(named.id) == proposal.delegate);
    if stays { tell_delegate_again(tx, now, &interview, &proposal.id.to_string()) } else { Ok(()) }
}

/// The interview that stays where it is, where a calendar proposed to move it and has to be told.
fn countered(tx: &mut Tx<'_>, proposal: &Proposal) -> Outcome<Option<Countered>> {
    let Some(interview) = proposal.interview.filter(|_| proposal.source == ProposalSource::Mail) else {
        return Ok(None);
    };
    let interview = interviews::get(tx, interview)?;
    let Some(sequence) = u32::try_from(interview.sequence).ok() else { return Ok(None) };
    let (starts_at, ends_at) = (interview.starts_at, interview.ends_at);
    Ok(Some(Countered { uid: interview.uid, sequence, starts_at, ends_at }))
}
