//! Tells everybody at each planned online interview when the link to join it has become known or has changed.

use super::arrange::join_link;
use super::tell::tell_all;
use super::want_meeting::want_meeting;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{Change, LinkChange};
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::interviews::{Arrangement, Interview};
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{Tx, interviews, respondents, studies};

/// Queues an update for every planned online interview that has not begun, of one interviewer or of all, whose link
/// differs from the one that its letters last told; answers how many there were. To be called in the transaction that
/// changed a link.
///
/// # Errors
/// Only those of the database.
pub fn announce_link(
    tx: &mut Tx<'_>,
    now: Instant,
    study: StudyId,
    interviewer: Option<UserId>,
) -> Outcome<Done<usize>> {
    let study = studies::get(tx, study)?;
    let mut entries = Vec::new();
    for ahead in interviews::online_ahead(tx, study.id, interviewer, now)? {
        let respondent = respondents::lock(tx, ahead.respondent)?;
        // Under the lock it may have been moved or cancelled by now.
        let interview = interviews::get(tx, ahead.id)?;
        want_meeting(tx, now, &study, &interview)?;
        if let Some(entry) = announce(tx, now, &study, &respondent, &interview)? {
            entries.push(entry);
        }
    }
    Ok(Done::noted(entries.len(), entries))
}

/// Tells both sides of one interview, whose respondent is locked, where its link differs from the one that its letters
/// last told.
pub(super) fn announce(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    respondent: &Respondent,
    interview: &Interview,
) -> Outcome<Option<Entry>> {
    let link = join_link(tx, study, Some(interview), (interview.interviewer, interview.mode))?;
    let stands = interview.status == InterviewStatus::Booked && interview.mode == Mode::Teams;
    // A link that comes after the talk began helps nobody, and an invite to the past alarms.
    if !stands || interview.starts_at <= now || link == interview.announced_link {
        return Ok(None);
    }
    let became = match (&interview.announced_link, &link) {
        (_, None) => LinkChange::Removed,
        (None, Some(_)) => LinkChange::Added,
        (Some(_), Some(_)) => LinkChange::Replaced,
    };
    let change = Change { link: Some(became), ..Change::default() };
    let arrangement = Arrangement { join_link: link, ..interview.as_it_is(tx)? };
    let updated = interviews::rearrange(tx, interview, &arrangement, now)?;
    let kinds = (LetterKind::LinkUpdate, LetterKind::InterviewerMoved);
    tell_all(tx, now, &updated, kinds, Some(&change))?;
    let entry = Entry::new(now, Actor::System, "interview.link_announced").study(study.id);
    Ok(Some(entry.subject(&respondent.code).field("interview", updated.id)))
}
