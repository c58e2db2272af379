//! Who holds an interview together with its interviewer: one who joins it, one who does not come any more, and one who
//! leaves the study. The second interviewer's time is reserved like that of the first.

use super::accompany;
use super::tell::tell;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::InterviewStatus;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{Change, Company, Ending};
use crate::id::{InterviewId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::interviews::{Arrangement, Interview};
use crate::store::letters::Recipient;
use crate::store::{Tx, accounts, attendances, interviews, members, reservations, respondents, studies};

/// Gives a planned interview a second interviewer in the place of the one that it had, or none. Everybody who is or was
/// to be there is told: a respondent knows beforehand who will be at the table.
///
/// # Errors
/// Those of access; [`Problem::WrongState`] unless the interview is planned and not over; a problem with the field
/// `second_interviewer` for its interviewer and for somebody who plans no interviews in the study;
/// [`Problem::SecondInterviewerTaken`] and [`Problem::SecondInterviewerAway`].
pub fn set_second_interviewer(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
    second: Option<UserId>,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = interviews::get(tx, id)?;
    members::require(tx, found.study, user, Right::Interviews)?;
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    let interview = interviews::get(tx, id)?;
    if interview.status != InterviewStatus::Booked || interview.ends_at <= now {
        return Err(Problem::WrongState(interview.status.as_str()));
    }
    if interview.second == second {
        return Ok(Done::housekeeping(Made::new(200, id)));
    }
    if let Some(who) = second
        && (who == interview.interviewer || !members::interviews(tx, interview.study, who)?)
    {
        return Err(Problem::field("second_interviewer", FieldCode::UnknownReference));
    }
    if let Some(who) = second {
        accounts::lock(tx, who)?;
    }
    if interview.second.is_some() {
        reservations::free_second(tx, id)?;
    }
    if let Some(who) = second {
        accompany::join(tx, now, &interview, who, respondent.municipality)?;
    }
    seat(tx, now, &interview, second)?;
    let entry = Entry::new(now, Actor::User(user), "interview.second_set").study(interview.study);
    let entry = entry.subject(&respondent.code).field("interview", id);
    let told = second.map(|who| who.to_string()).unwrap_or_default();
    Ok(entry.field("second_interviewer", told).with(Made::new(200, id)))
}

/// Ends what somebody who leaves a study was to be second interviewer at: the interviews stand. The study is locked.
///
/// # Errors
/// Only those of the database.
pub(super) fn leave_seats(
    tx: &mut Tx<'_>,
    now: Instant,
    study: StudyId,
    who: UserId,
    actor: Actor,
) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    for ahead in interviews::accompanied_by(tx, study, who, now)? {
        let respondent = respondents::lock(tx, ahead.respondent)?;
        // Under the lock it may have been called off by now.
        let interview = interviews::get(tx, ahead.id)?;
        if interview.status == InterviewStatus::Booked && interview.second == Some(who) {
            reservations::free_second(tx, interview.id)?;
            seat(tx, now, &interview, None)?;
            let entry = Entry::new(now, actor, "interview.second_set").study(study);
            let entry = entry.subject(&respondent.code).field("interview", interview.id);
            entries.push(entry.field("second_interviewer", ""));
        }
    }
    Ok(entries)
}

/// Writes down who has the second seat from now on, under the next sequence, and tells everybody.
fn seat(tx: &mut Tx<'_>, now: Instant, before: &Interview, second: Option<UserId>) -> Outcome<()> {
    let arrangement = Arrangement { second, ..before.as_it_is(tx)? };
    let after = interviews::rearrange(tx, before, &arrangement, now)?;
    let name = |tx: &mut Tx<'_>, who: Option<UserId>| {
        who.map(|who| accounts::get(tx, who).map(|account| account.name)).transpose()
    };
    let company = Company { joins: name(tx, second)?, leaves: name(tx, before.second)? };
    let change = Change { company: Some(company), ..Change::default() };
    let respondent = Recipient::Respondent(after.respondent);
    tell(tx, now, &after, respondent, LetterKind::CompanyChanged, Some(&change))?;
    let holder = Recipient::User(after.interviewer);
    tell(tx, now, &after, holder, LetterKind::InterviewerMoved, Some(&change))?;
    if let Some(former) = before.second {
        let ended = Change { ending: Some(Ending::NotNeeded), ..Change::default() };
        let former = Recipient::User(former);
        attendances::forget(tx, after.id, former)?;
        tell(tx, now, &after, former, LetterKind::InterviewerCancelled, Some(&ended))?;
    }
    match after.second {
        Some(who) => tell(tx, now, &after, Recipient::User(who), LetterKind::InterviewerBooked, None),
        None => Ok(()),
    }
}
