//! Moves an interview, or changes how and where it is held. Its id and its identifier in calendars stay; its sequence
//! rises.

use utoipa::ToSchema;

use super::accompany;
use super::arrange::{self, Search, Wish};
use super::book::wanted;
use super::demand_notice::demand_notice;
use super::remove_contact::demand_contact;
use super::tell::{tell, tell_delegate};
use super::want_meeting::want_meeting;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::{Asker, InterviewStatus, Mode, Seat};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{Change, Ending};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::notice::Alteration;
use crate::domain::proposal::ProposalState;
use crate::id::{InterviewId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::interviews::{Arrangement, Interview};
use crate::store::letters::Recipient;
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{
    Tx, accounts, attendances, interviews, members, proposals, reservations, respondents, studies,
};

/// What is to change; what is left out stays.
#[derive(Debug, Clone, ToSchema)]
pub struct Move {
    /// When it is to begin.
    pub starts_at: Instant,
    /// How it is to be held.
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// Where, in person; null for the town hall.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub place: Option<Option<String>>,
    /// Who is to hold it.
    pub interviewer: Option<UserId>,
}

/// A respondent, who is locked already, moves their interview.
///
/// # Errors
/// [`Problem::NoInterview`], [`Problem::StudyClosed`], what is wrong with the wish, [`Problem::TooLateToMove`], what is
/// wrong with its time, [`Problem::SlotTaken`].
pub fn reschedule(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    to: &Move,
) -> Outcome<Done<Made<InterviewId>>> {
    let interview = interviews::active_of(tx, respondent.id)?
        .filter(|interview| interview.status == InterviewStatus::Booked)
        .ok_or(Problem::NoInterview)?;
    rearrange(tx, now, respondent, &interview, to, Actor::Respondent(respondent.id)).map_err(|problem| {
        match problem {
            // Whose time it is that is taken is no matter of theirs; another time is.
            Problem::SecondInterviewerTaken | Problem::SecondInterviewerAway => {
                wanted_at(respondent, &interview, to)
            }
            other => other,
        }
    })
}

/// The time that a respondent cannot have, so that what is free near it can be looked up.
fn wanted_at(respondent: &Respondent, interview: &Interview, to: &Move) -> Problem {
    let mode = to.mode.unwrap_or(interview.mode);
    wanted(respondent, mode, to.starts_at)(Problem::SlotTaken { wanted: None })
}

/// A researcher moves an interview; no notice binds them (E9).
///
/// # Errors
/// Those of access, [`Problem::ContactRemoved`], [`Problem::WrongState`] unless it is planned, otherwise as
/// [`reschedule`].
pub fn reschedule_interview(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: InterviewId,
    to: &Move,
) -> Outcome<Done<Made<InterviewId>>> {
    let found = interviews::get(tx, id)?;
    members::require(tx, found.study, user, Right::Interviews)?;
    studies::hold(tx, found.study)?;
    let respondent = respondents::lock(tx, found.respondent)?;
    demand_contact(&respondent)?;
    let interview = interviews::get(tx, id)?;
    interview.status.may_become(InterviewStatus::Booked, interview.starts_at, now)?;
    rearrange(tx, now, &respondent, &interview, to, Actor::User(user))
}

fn rearrange(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    interview: &Interview,
    to: &Move,
    actor: Actor,
) -> Outcome<Done<Made<InterviewId>>> {
    let study = studies::get(tx, interview.study)?;
    if study.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    let place = interview.place(tx)?;
    let wish = wish(interview, place.clone(), to);
    arrange::check_wish(tx, &study, &wish)?;
    let stays = wish.starts_at == interview.starts_at
        && wish.interviewer.is_none_or(|who| who == interview.interviewer);
    if stays && wish.mode == interview.mode && wish.place == place {
        return Ok(Done::housekeeping(Made::new(200, interview.id)));
    }
    let asker = Asker::of(actor);
    if asker == Asker::Respondent {
        demand_notice(tx, now, &study, interview, Alteration::Move)?;
    }
    let arrangement = if stays {
        let wanted = wanted(respondent, wish.mode, wish.starts_at);
        stay(tx, now, &study, interview, &wish, respondent.municipality).map_err(wanted)?
    } else {
        let municipality = respondent.municipality;
        let moving = Some((interview.id, interview.interviewer));
        let holder = respondent.id;
        let search = Search { asker, moving, second: interview.second, holder, kept: None, municipality };
        let offering = arrange::offering(tx, now, &study, &wish, search)?;
        let wanted = wanted(respondent, wish.mode, wish.starts_at);
        let arrangement = arrange::settle(tx, now, &study, &wish, search, offering).map_err(&wanted)?;
        shift(tx, now, &study, respondent, interview, &arrangement)?;
        arrangement
    };
    complete(tx, now, &study, respondent, interview, &arrangement, actor)
}

/// Takes the time of an arrangement in the place of that which the interview took until now, of everybody who is to
/// hold it. They are locked.
///
/// # Errors
/// [`Problem::SlotTaken`], [`Problem::SecondInterviewerTaken`] and [`Problem::SecondInterviewerAway`].
pub(super) fn shift(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    respondent: &Respondent,
    interview: &Interview,
    to: &Arrangement,
) -> Outcome<()> {
    accompany::follow(tx, now, study, interview, to, respondent.municipality)?;
    let guard = arrange::guard(tx, study, to, respondent.municipality)?;
    let wanted = wanted(respondent, to.mode, to.starts_at);
    reservations::shift(tx, to.interviewer, (interview.id, Seat::First), guard, now).map_err(wanted)
}

/// Moves an interview whose time is taken already: what the respondent proposed has lost its point.
///
/// # Errors
/// Only those of the database.
pub(super) fn complete(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    respondent: &Respondent,
    before: &Interview,
    to: &Arrangement,
    actor: Actor,
) -> Outcome<Done<Made<InterviewId>>> {
    let moved = carry_out(tx, now, study, before, to, actor)?;
    proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;
    let entry = Entry::new(now, actor, "interview.moved").study(study.id).subject(&respondent.code);
    let entry = entry.field("interview", moved.id).field("starts_at", moved.starts_at);
    Ok(entry.field("mode", moved.mode).with(Made::new(200, moved.id)))
}

/// Writes an arrangement down whose time is taken already; its meeting follows, and everybody is told.
///
/// # Errors
/// Only those of the database.
pub(super) fn carry_out(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    before: &Interview,
    to: &Arrangement,
    actor: Actor,
) -> Outcome<Interview> {
    let after = interviews::rearrange(tx, before, to, now)?;
    want_meeting(tx, now, study, &after)?;
    tell_of_move(tx, now, before, &after, actor)?;
    Ok(after)
}

/// The same time with the same interviewer in another way or place. In another mode the travel around it begins or
/// ends; the buffer stays as it was booked.
fn stay(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    interview: &Interview,
    wish: &Wish,
    municipality: MunicipalityCode,
) -> Outcome<Arrangement> {
    let interviewer = interview.interviewer;
    if wish.mode != interview.mode {
        for who in interview.holders() {
            accounts::lock(tx, who)?;
        }
        let (which, how) = ((study.id, interview.id), (wish.mode, municipality));
        accompany::travel_anew(tx, now, which, (interviewer, Seat::First), how)?;
        if let Some(second) = interview.second {
            accompany::travel_anew(tx, now, which, (second, Seat::Second), how)?;
        }
    }
    let join_link = arrange::join_link(tx, study, Some(interview), (interviewer, wish.mode))?;
    let (mode, place) = (wish.mode, wish.place.clone());
    Ok(Arrangement { mode, place, join_link, ..interview.as_it_is(tx)? })
}

fn wish(interview: &Interview, place: Option<String>, to: &Move) -> Wish {
    let mode = to.mode.unwrap_or(interview.mode);
    // An address does not follow an interview online.
    let place = to.place.clone().unwrap_or(place.filter(|_| mode == Mode::InPerson));
    Wish { starts_at: to.starts_at, mode, place, interviewer: to.interviewer, delegate: None }
}

/// Tells everybody who is to be there; where somebody else holds the interview from now on, the one who held it until
/// now as well.
pub(super) fn tell_of_move(
    tx: &mut Tx<'_>,
    now: Instant,
    before: &Interview,
    after: &Interview,
    actor: Actor,
) -> Outcome<()> {
    let was = (before.starts_at, before.ends_at);
    let change = Change {
        by_respondent: actor.is_respondent(),
        before: (was != (after.starts_at, after.ends_at)).then_some(was),
        ..Change::default()
    };
    let handed_over = Change { ending: Some(Ending::HandedOver), ..change.clone() };
    let change = Some(&change);
    tell(tx, now, after, Recipient::Respondent(after.respondent), LetterKind::Moved, change)?;
    tell_delegate(tx, now, after, LetterKind::DelegateInvited, change)?;
    if let Some(second) = after.second {
        tell(tx, now, after, Recipient::User(second), LetterKind::InterviewerMoved, change)?;
    }
    let holder = Recipient::User(after.interviewer);
    if before.interviewer == after.interviewer {
        return tell(tx, now, after, holder, LetterKind::InterviewerMoved, change);
    }
    let mut gone = before.clone();
    gone.sequence = after.sequence;
    let former = Recipient::User(before.interviewer);
    attendances::forget(tx, after.id, former)?;
    tell(tx, now, &gone, former, LetterKind::InterviewerCancelled, Some(&handed_over))?;
    tell(tx, now, after, holder, LetterKind::InterviewerBooked, change)
}
