//! What booking and moving share: whether a wish can be met, by whom, and which link leads to the meeting.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::availability::{Diaries, Hours, Reservation};
use crate::domain::delegate::Delegate;
use crate::domain::interview::{Asker, Mode};
use crate::domain::meeting::LinkSource;
use crate::domain::municipality::MunicipalityCode;
use crate::id::{InterviewId, RespondentId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::interviews::{Arrangement, Interview};
use crate::store::reservations::Look;
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{Tx, accounts, availability, interviews, meetings, members, travel};

/// When, how and where somebody wants an interview to be.
#[derive(Debug, Clone, ToSchema)]
pub struct Wish {
    /// When it is to begin.
    pub starts_at: Instant,
    /// How it is to be held.
    pub mode: Mode,
    /// Where, in person; null for the town hall.
    #[schema(max_length = 200)]
    pub place: Option<String>,
    /// Who is to hold it; null for whoever is free.
    pub interviewer: Option<UserId>,
    /// Who makes the appointment for the respondent and gets the invite as well; null for nobody. Deleted with the
    /// appointment.
    pub delegate: Option<Delegate>,
}

/// Whose time is looked at: for whom, and which interview does not stand in its own way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// Who asks.
    pub asker: Asker,
    /// The interview that is to be moved, with who holds it now.
    pub moving: Option<(InterviewId, UserId)>,
    /// Its second interviewer, who takes it over only where that is asked for.
    pub second: Option<UserId>,
    /// For whom it is: the time that is kept for them does not stand in their way.
    pub holder: RespondentId,
    /// With whom this very time is kept for them.
    pub kept: Option<UserId>,
    /// Where one would travel to.
    pub municipality: MunicipalityCode,
}

/// How far around a start reservations are read where interviewers are compared: the whole of its week.
const DAYS_COMPARED: i64 = 8;

/// Checks what does not depend on time: the mode is one of the study's, a place goes with an interview in person, the
/// interviewer plans interviews in the study (E29, E30).
///
/// # Errors
/// Everything that is wrong, with the name of each field.
pub(super) fn check_wish(tx: &mut Tx<'_>, study: &StudyRow, wish: &Wish) -> Outcome<()> {
    let mut problems: Vec<FieldProblem> = study.study.rules.check_mode(wish.mode).err().into_iter().collect();
    if wish.mode == Mode::Teams && wish.place.is_some() {
        problems.push(FieldProblem::new("place", FieldCode::Value));
    }
    if let Some(who) = wish.interviewer
        && !members::interviews(tx, study.id, who)?
    {
        problems.push(FieldProblem::new("interviewer", FieldCode::UnknownReference));
    }
    if problems.is_empty() { Ok(()) } else { Err(Problem::Invalid(problems)) }
}

/// A respondent's wish, with the interviewer who was chosen for them.
///
/// # Errors
/// A problem with the field `interviewer` for another one.
pub(super) fn with_chosen(wish: &Wish, respondent: &Respondent) -> Outcome<Wish> {
    match (wish.interviewer, respondent.interviewer) {
        (Some(wanted), Some(chosen)) if wanted != chosen => {
            Err(Problem::field("interviewer", FieldCode::UnknownReference))
        }
        (wanted, chosen) => Ok(Wish { interviewer: chosen.or(wanted), ..wish.clone() }),
    }
}

/// Who has an interview in their hours that begins as wished, and the hours and diaries that say so.
pub(super) struct Offering {
    interviewers: Vec<UserId>,
    hours: BTreeMap<UserId, Hours>,
    diaries: Diaries,
}

/// Looks for who has an interview in their hours that begins as wished.
///
/// # Errors
/// Why nobody has (E7, E9).
pub(super) fn offering(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    wish: &Wish,
    search: Search,
) -> Outcome<Offering> {
    let hours = availability::of_study(tx, study.id)?.by_interviewer();
    let diaries = diaries(tx, now, study, wish, search, hours.clone())?;
    let offering = diaries.offering(wish.starts_at, search.asker, now)?;
    let interviewers = match wish.interviewer {
        None => offering,
        Some(wanted) if offering.contains(&wanted) => vec![wanted],
        Some(_) => return Err(Problem::OutsideAvailability),
    };
    Ok(Offering { interviewers, hours, diaries })
}

/// Chooses who of those that offer the time holds the interview: whoever holds it now or keeps the time for the
/// respondent, else the one with the fewest interviews that week. Their rows stay locked (R1), so nobody else plans
/// their time before this is done.
///
/// # Errors
/// [`Problem::SlotTaken`] when none of them is free.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    wish: &Wish,
    search: Search,
    Offering { interviewers, hours, mut diaries }: Offering,
) -> Outcome<Arrangement> {
    // The second interviewer's time is planned too, in the same order of locks.
    let planned: BTreeSet<UserId> = interviewers.iter().copied().chain(search.second).collect();
    for interviewer in planned {
        accounts::lock(tx, interviewer)?;
    }
    if tx.locks_rows() {
        // Read once more under the locks: a day may have become full, an hour taken. One writer alone need not.
        diaries = self::diaries(tx, now, study, wish, search, hours)?;
    }
    let still = diaries.offering(wish.starts_at, search.asker, now)?;
    let can = |who: &UserId| wish.interviewer.is_some() || search.second != Some(*who);
    let still: Vec<UserId> = still.into_iter().filter(|who| interviewers.contains(who) && can(who)).collect();
    let present = search.moving.map(|(_, who)| who).or(search.kept).filter(|who| still.contains(who));
    let chosen = present
        .and_then(|who| diaries.least_busy(wish.starts_at, &[who]))
        .or_else(|| diaries.least_busy(wish.starts_at, &still));
    let interviewer = chosen.ok_or(Problem::SlotTaken { wanted: None })?;
    let moving = search.moving.map(|(moving, _)| interviews::get(tx, moving)).transpose()?;
    Ok(Arrangement {
        interviewer,
        second: search.second.filter(|second| *second != interviewer),
        starts_at: wish.starts_at,
        ends_at: study.study.rules.timing().ends_at(wish.starts_at),
        mode: wish.mode,
        place: wish.place.clone(),
        join_link: join_link(tx, study, moving.as_ref(), (interviewer, wish.mode))?,
        outlook: Some(study.study.rules.reminding().outlook(wish.starts_at, now)),
    })
}

/// The stretch of the interviewer's time that an arrangement takes: the interview, the study's buffer as it is now, and
/// in person the interviewer's way to the municipality and back (R1).
///
/// # Errors
/// Only those of the database.
pub(super) fn guard(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    arrangement: &Arrangement,
    municipality: MunicipalityCode,
) -> Outcome<Reservation> {
    let (interviewer, mode) = (arrangement.interviewer, arrangement.mode);
    let minutes = travel::minutes(tx, study.id, interviewer, (mode, municipality))?;
    Ok(study.study.rules.timing().reservation(arrangement.starts_at, minutes))
}

/// The link that leads to a meeting of an interview, or of a new one: the interview's own, else that of the meeting
/// which Microsoft made for it, else what the study says; none in person, or while there is none.
///
/// # Errors
/// Only those of the database.
pub(super) fn join_link(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    of: Option<&Interview>,
    (interviewer, mode): (UserId, Mode),
) -> Outcome<Option<String>> {
    if mode == Mode::InPerson {
        return Ok(None);
    }
    if let Some(interview) = of {
        let link = match &interview.own_link {
            Some(own) => Some(own.clone()),
            None => meetings::link(tx, interview.id, interviewer)?,
        };
        if link.is_some() {
            return Ok(link);
        }
    }
    let told = of.and_then(|interview| interview.announced_link.as_ref());
    let source = study.study.rules.teams_link_source;
    if source != LinkSource::Fixed && told.is_none() {
        return Ok(None);
    }
    let theirs = members::teams_link(tx, study.id, interviewer)?;
    let fixed = theirs.or_else(|| study.study.rules.teams_link.clone());
    // A fixed link that was told before the study turned to others serves until there is another one.
    Ok(fixed.filter(|link| source == LinkSource::Fixed || told == Some(link)))
}

fn diaries(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    wish: &Wish,
    search: Search,
    hours: BTreeMap<UserId, Hours>,
) -> Outcome<Diaries> {
    let timing = study.study.rules.timing();
    let days = if hours.len() > 1 { DAYS_COMPARED } else { timing.days_around() };
    let around = (wish.starts_at.plus_days(-days), wish.starts_at.plus_days(days));
    let moving = search.moving.map(|(interview, _)| interview);
    let look = Look { now, moving, holder: Some(search.holder) };
    let diaries = availability::diaries_of(tx, study.id, timing, hours, around, look)?;
    let ways = travel::of_all(tx, study.id, wish.mode, Some(search.municipality))?;
    Ok(diaries.travelling(&ways))
}
