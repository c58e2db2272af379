//! A researcher tells what a message means that waits: an answer of a respondent, an objection, or nothing.

use crate::actions::opt_out::opt_out;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::attendance::{Attendance, Version};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::InterviewStatus;
use crate::id::{IncomingId, RespondentId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::attendances::{self, NewAnswer};
use crate::store::idempotency::Made;
use crate::store::incoming_mail::{self, Subject, Waiting};
use crate::store::letters::Recipient;
use crate::store::respondents::Respondent;
use crate::store::{Tx, interviews, members, respondents};

/// What a message means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It is the answer of a respondent to the invite to their interview.
    Answer(RespondentId, Attendance),
    /// A respondent wants no more letters.
    Objection(RespondentId),
    /// Nothing that has to be kept.
    Nothing,
}

/// Does what a message means, and deletes what it says. That it means nothing can be told of one in an archived study
/// too, and holds in that study only; anything else settles it wherever it waits.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] when it waits no more, `unknown_reference` for a respondent of another study,
/// [`Problem::NoInterview`] for an answer of somebody without a planned interview.
pub fn settle_mail(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: IncomingId,
    meaning: Meaning,
) -> Outcome<Done<Made<IncomingId>>> {
    let message = incoming_mail::get(tx, id)?;
    let study = message.study.ok_or(Problem::NotFound)?;
    match meaning {
        Meaning::Nothing => members::require_though_archived(tx, study, user, Right::Contacts)?,
        _ => members::require(tx, study, user, Right::Contacts)?,
    };
    let actor = Actor::User(user);
    let mut subject =
        Subject { respondent: message.respondent, interview: message.interview, ..Subject::default() };
    let (result, entries) = match meaning {
        Meaning::Nothing => ("discarded", Vec::new()),
        Meaning::Objection(respondent) => {
            let respondent = theirs(tx, &message, respondent)?;
            subject.respondent = Some(respondent.id);
            ("opted_out", opt_out(tx, now, &respondent, actor)?.into_parts().1)
        }
        Meaning::Answer(respondent, attendance) => {
            members::require(tx, study, user, Right::Interviews)?;
            let respondent = theirs(tx, &message, respondent)?;
            let interview = interviews::active_of(tx, respondent.id)?
                .filter(|interview| interview.status == InterviewStatus::Booked)
                .ok_or(Problem::NoInterview)?;
            let version = Version { sequence: interview.sequence, stamp: now };
            let attendee = Recipient::Respondent(respondent.id);
            let answer = NewAnswer { attendee, attendance, version, comment: None };
            attendances::put(tx, interview.id, &answer, now)?;
            (subject.respondent, subject.interview) = (Some(respondent.id), Some(interview.id));
            let entry = Entry::new(now, actor, "interview.answered").study(study).subject(&respondent.code);
            let entry = entry.field("interview", interview.id).field("attendance", attendance);
            ("answered", vec![entry])
        }
    };
    incoming_mail::settle(tx, id, subject, now)?;
    let entry = Entry::new(now, actor, "mail.settled").study(study).subject(id).result(result);
    let done = entry.with(Made::new(200, id)).after(entries);
    if meaning == Meaning::Nothing { Ok(done) } else { put_away_elsewhere(tx, now, actor, &message, done) }
}

/// Puts the same message away where it waits in other studies: it is known now whose it is.
fn put_away_elsewhere<T>(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    message: &Waiting,
    mut done: Done<T>,
) -> Outcome<Done<T>> {
    for copy in incoming_mail::elsewhere(tx, message)? {
        let subject = Subject { respondent: copy.respondent, ..Subject::default() };
        incoming_mail::settle(tx, copy.id, subject, now)?;
        let entry = Entry::new(now, actor, "mail.settled").subject(copy.id).result("elsewhere");
        done = done.and(match copy.study {
            Some(study) => entry.study(study),
            None => entry,
        });
    }
    Ok(done)
}

/// A respondent of the study that a message waits in, locked.
fn theirs(tx: &mut Tx<'_>, message: &Waiting, id: RespondentId) -> Outcome<Respondent> {
    let unknown = || Problem::field("respondent", FieldCode::UnknownReference);
    match respondents::lock(tx, id) {
        Err(Problem::NotFound) => Err(unknown()),
        found => Some(found?).filter(|found| Some(found.study) == message.study).ok_or_else(unknown),
    }
}
