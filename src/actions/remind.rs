//! Reminds everybody of an interview that is near.

use super::tell;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::domain::reminder::Planned;
use crate::problem::Outcome;
use crate::store::interviews::Interview;
use crate::store::letters::Recipient;
use crate::store::reminders::{Due, look_at, occasion};
use crate::store::respondents::Respondent;
use crate::store::{Tx, interviews, letters, respondents, studies};

/// Queues the reminder of an interview that is due, if one is, and notes when to look at it next; answers whether
/// anything was queued. Of several that are due together only the last goes.
///
/// The study is held and the respondent locked, as by everybody who moves an interview or calls it off: whichever of
/// two comes second sees what the first one did, on as many servers as there are.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] when the person was erased in between; when the seal of a place is broken.
pub fn remind(tx: &mut Tx<'_>, now: Instant, due: Due) -> Outcome<Done<bool>> {
    studies::hold(tx, due.study)?;
    let respondent = respondents::lock(tx, due.respondent)?;
    let interview = interviews::get(tx, due.interview)?;
    let Some(from) = interview.remind_at.filter(|at| *at <= now) else {
        return Ok(Done::housekeeping(false));
    };
    if interview.status != InterviewStatus::Booked {
        return look_at(tx, interview.id, None).map(|()| Done::housekeeping(false));
    }
    let rules = studies::get(tx, due.study)?.study.rules.reminding();
    let planned = rules.planned(interview.starts_at, interview.arranged_at);
    let next = planned.iter().find(|reminder| reminder.at > now);
    look_at(tx, interview.id, next.map(|reminder| reminder.at))?;
    let last = planned.iter().rfind(|reminder| from <= reminder.at && reminder.at <= now);
    let leaving = last.and_then(|last| Some((*last, rules.leaves_at(*last, interview.starts_at, now)?)));
    let Some((reminder, leaves_at)) = leaving else { return Ok(Done::housekeeping(false)) };
    let mut done = Done::housekeeping(false);
    for (recipient, kind) in sides(&interview, &respondent) {
        if put(tx, now, &interview, (recipient, kind), (reminder, leaves_at))? {
            let entry = Entry::new(now, Actor::System, "letter.queued").study(due.study);
            done = done.and(entry.subject(&respondent.code).field("kind", kind)).map(|_| true);
        }
    }
    Ok(done)
}

/// Who is reminded: whoever holds it, and the respondent unless they object to letters.
fn sides(interview: &Interview, respondent: &Respondent) -> Vec<(Recipient, LetterKind)> {
    let theirs = (Recipient::Respondent(respondent.id), LetterKind::AppointmentReminder);
    let holder = (Recipient::User(interview.interviewer), LetterKind::InterviewerReminder);
    let objects = respondent.opted_out_at.is_some();
    let second = interview.second.map(|who| (Recipient::User(who), LetterKind::InterviewerReminder));
    [(!objects).then_some(theirs), Some(holder), second].into_iter().flatten().collect()
}

fn put(
    tx: &mut Tx<'_>,
    now: Instant,
    interview: &Interview,
    (recipient, kind): (Recipient, LetterKind),
    (reminder, leaves_at): (Planned, Instant),
) -> Outcome<bool> {
    let mut letter = tell::letter(tx, now, interview, recipient, kind)?;
    letter.occasion = occasion(interview.id, interview.starts_at, reminder.lead_minutes);
    letter.due_at = leaves_at;
    Ok(letters::put(tx, &letter, now)?.is_some())
}
