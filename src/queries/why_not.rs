//! Why a moment is not offered: what keeps the respondent from it, and for each interviewer every rule that refuses it.
//!
//! What takes an interviewer's time is told by its kind only, in whatever study it is; whose it is stays out.

use serde::Serialize;
use utoipa::ToSchema;

use super::slots::{Held, diaries, look_for, planned, second_at, usual_mode};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::availability::{Reason, SlotRange};
use crate::domain::interview::{Asker, Mode, may_book};
use crate::domain::notice::Alteration;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::interviews::Interview;
use crate::store::reservations::Look;
use crate::store::respondents::Respondent;
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, consent_forms, consents, interviews, members, respondents, strata};

/// What somebody wants to know.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The moment at which an interview would begin.
    pub at: Instant,
    /// How it would be held; as the respondent's interview that stands, else online where the study has that.
    pub mode: Option<Mode>,
    /// For whom. An interview that stands would move.
    pub respondent: Option<RespondentId>,
    /// Who would book or move: the notice binds respondents only (E9), who are held to it here too where they ask.
    pub asker: Asker,
}

/// Why a moment is offered or not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhyNot {
    /// When the interview would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// How it would be held.
    pub mode: Mode,
    /// Whether it could be booked now: nothing is in the way, and an interviewer is free.
    pub offered: bool,
    /// What is in the way at any time.
    pub obstacles: Vec<Obstacle>,
    /// Everybody who plans interviews in the study, in the order in which they joined.
    pub interviewers: Vec<Verdict>,
}

/// What is in the way at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WhyNotObstacle)]
pub enum Obstacle {
    /// The study is closed.
    StudyClosed,
    /// The study holds no interviews in this way.
    ModeNotOffered,
    /// No consent form is published.
    NoConsentForm,
    /// The respondent has withdrawn.
    Withdrawn,
    /// The respondent has not consented to the form as it is now.
    ConsentMissing,
    /// The respondent's interview was held.
    AlreadyBooked,
    /// The respondent's stratum has no place left.
    StratumFull,
    /// The respondent can no longer move their interview themselves.
    TooLateToMove,
}

impl Obstacle {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StudyClosed => "study_closed",
            Self::ModeNotOffered => "mode_not_offered",
            Self::NoConsentForm => "no_consent_form",
            Self::Withdrawn => "withdrawn",
            Self::ConsentMissing => "consent_missing",
            Self::AlreadyBooked => "already_booked",
            Self::StratumFull => "stratum_full",
            Self::TooLateToMove => "too_late_to_move",
        }
    }
}

/// Whether an interviewer is free, and all that speaks against it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WhyNotInterviewer)]
pub struct Verdict {
    /// Who.
    pub interviewer: UserId,
    /// Their name.
    pub name: String,
    /// Whether the moment is offered with them.
    pub free: bool,
    /// Every rule that refuses it; none where they are free.
    pub reasons: Vec<Reason>,
}

/// Why a moment is offered to whoever asks, or not. For a researcher only what has passed is too late.
///
/// # Errors
/// Those of access; `unknown_reference` for a respondent who is not one of the study's.
pub fn of(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    question: Question,
    now: Instant,
) -> Outcome<WhyNot> {
    members::require(tx, study, user, Right::View)?;
    let study = studies::get(tx, study)?;
    let respondent = question.respondent.map(|id| one_of(tx, study.id, id)).transpose()?;
    let planned = match &respondent {
        Some(respondent) => planned(tx, respondent.id)?,
        None => None,
    };
    let mode = question.mode.or(planned.as_ref().map(|found| found.mode));
    let mode = mode.unwrap_or_else(|| usual_mode(&study));
    let mut obstacles = obstacles(tx, &study, respondent.as_ref().zip(Some(planned.as_ref())), mode, now)?;
    if question.asker == Asker::Researcher {
        obstacles.retain(|obstacle| *obstacle != Obstacle::TooLateToMove);
    }

    let chosen = respondent.as_ref().and_then(|found| found.interviewer).filter(|_| planned.is_none());
    let look = match &respondent {
        Some(respondent) => look_for(respondent, planned.as_ref(), now),
        None => Look::at(now),
    };
    let held = Held { mode, municipality: respondent.map(|respondent| respondent.municipality) };
    let range = SlotRange::asked(Some(question.at), Some(question.at), now)?;
    let company = planned.as_ref().and_then(|planned| Some((planned.id, planned.second?)));
    let against = match company {
        Some(company) => second_at(tx, &study, company, held, (question.at, now))?,
        None => Vec::new(),
    };
    let second = company.map(|(_, second)| second);
    let diaries = diaries(tx, &study, range, look, held)?;
    let mut reasons = diaries.reasons(question.at, question.asker, now);
    if question.asker == Asker::Researcher && question.at < now {
        for theirs in reasons.values_mut() {
            theirs.push(Reason::Past);
            theirs.sort_unstable();
        }
    }
    let team = members::of_study(tx, study.id)?;
    let interviewers: Vec<Verdict> = team
        .into_iter()
        .filter(|member| member.role.may(Right::PlanSelf))
        .filter(|member| chosen.is_none_or(|chosen| member.user == chosen))
        .map(|member| {
            // Whoever never set hours has none.
            let mut reasons = reasons.remove(&member.user).unwrap_or_else(|| vec![Reason::OutsideHours]);
            // Who takes the interview over needs nobody beside them.
            if second != Some(member.user) {
                reasons.extend(&against);
            }
            Verdict { interviewer: member.user, name: member.name, free: reasons.is_empty(), reasons }
        })
        .collect();
    // Respondents are not offered that the second interviewer takes over.
    let offers = |verdict: &Verdict| {
        verdict.free && (question.asker == Asker::Researcher || second != Some(verdict.interviewer))
    };
    Ok(WhyNot {
        starts_at: question.at,
        ends_at: study.study.rules.timing().ends_at(question.at),
        mode,
        offered: obstacles.is_empty() && interviewers.iter().any(offers),
        obstacles,
        interviewers,
    })
}

fn one_of(tx: &mut Tx<'_>, study: StudyId, id: RespondentId) -> Outcome<Respondent> {
    let unknown = || Problem::field("respondent", FieldCode::UnknownReference);
    match respondents::get(tx, id) {
        Ok(found) if found.study == study => Ok(found),
        Ok(_) | Err(Problem::NotFound) => Err(unknown()),
        Err(problem) => Err(problem),
    }
}

pub(super) fn obstacles(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    whose: Option<(&Respondent, Option<&Interview>)>,
    mode: Mode,
    now: Instant,
) -> Outcome<Vec<Obstacle>> {
    let rules = &study.study.rules;
    let form = consent_forms::published_version(tx, study.id)?;
    let mut found = vec![
        (study.closed_at.is_some(), Obstacle::StudyClosed),
        (rules.check_mode(mode).is_err(), Obstacle::ModeNotOffered),
        (form.is_none(), Obstacle::NoConsentForm),
    ];
    match whose {
        Some((_, Some(planned))) => {
            let lasts = (planned.starts_at, planned.ends_at);
            let too_late = !rules.may_still(Alteration::Move, lasts, now);
            found.push((too_late, Obstacle::TooLateToMove));
        }
        Some((respondent, None)) => {
            let given = consents::current(tx, respondent.id)?.map(|consent| consent.version);
            let has_interview = interviews::active_of(tx, respondent.id)?.is_some();
            let has_consent = given.is_some() && given == form;
            found.extend(match may_book(respondent.status, has_consent, has_interview) {
                Err(Problem::Withdrawn) => Some((true, Obstacle::Withdrawn)),
                Err(Problem::ConsentMissing) => Some((form.is_some(), Obstacle::ConsentMissing)),
                Err(_) => Some((true, Obstacle::AlreadyBooked)),
                Ok(()) => None,
            });
            let full = match respondent.stratum {
                Some(stratum) => strata::is_full(tx, stratum)?,
                None => false,
            };
            found.push((full, Obstacle::StratumFull));
        }
        None => {}
    }
    Ok(found.into_iter().filter_map(|(holds, obstacle)| holds.then_some(obstacle)).collect())
}
