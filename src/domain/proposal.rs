//! Moments that a respondent proposes where none that is offered fits: on their page, or by the calendar in which their
//! interview stands (RFC 5546 3.2.7).
//!
//! A proposal is a question to the researchers and reserves nothing. It may name moments outside the hours, since those
//! inside them could have been booked; whether one of them can be had is decided when it is accepted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::availability::{Reason, Refusal, ReservationKind, date_at};
use super::findings::Findings;
use super::interview::Mode;
use super::study::StudyRules;
use super::text;
use crate::clock::Instant;
use crate::id::{DelegateId, InterviewId};
use crate::problem::{FieldCode, FieldProblem, Problem};

/// The greatest number of moments in one proposal.
pub const MOMENTS_LIMIT: usize = 3;
/// How many days ahead a proposed moment may lie.
pub const HORIZON_DAYS: i64 = 365;
/// The greatest length of the remark, in characters.
pub const REMARK_LIMIT: usize = 1_000;

/// How a proposal came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalSource {
    /// By the form behind the personal link.
    Page,
    /// By a calendar that answered an invite.
    Mail,
}

impl ProposalSource {
    /// Every source.
    pub const ALL: [Self; 2] = [Self::Page, Self::Mail];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Mail => "mail",
        }
    }
}

impl FromStr for ProposalSource {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|source| source.as_str() == text).ok_or(())
    }
}

/// Where a proposal comes from, with what only that way tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalOrigin {
    /// The form behind the personal link.
    Page,
    /// A calendar that answers the invite to an interview.
    Calendar {
        /// The interview that it speaks of.
        interview: InterviewId,
        /// Its DTSTAMP.
        asked_at: Instant,
        /// Whose it is, where it is not the respondent's own.
        delegate: Option<DelegateId>,
    },
}

impl ProposalOrigin {
    /// The name that is kept and told.
    #[must_use]
    pub const fn source(self) -> ProposalSource {
        match self {
            Self::Page => ProposalSource::Page,
            Self::Calendar { .. } => ProposalSource::Mail,
        }
    }

    /// The interview that it speaks of.
    #[must_use]
    pub const fn interview(self) -> Option<InterviewId> {
        match self {
            Self::Page => None,
            Self::Calendar { interview, .. } => Some(interview),
        }
    }

    /// Who proposes for the respondent, where somebody does.
    #[must_use]
    pub const fn delegate(self) -> Option<DelegateId> {
        match self {
            Self::Page => None,
            Self::Calendar { delegate, .. } => delegate,
        }
    }

    /// When it was made elsewhere.
    #[must_use]
    pub const fn asked_at(self) -> Option<Instant> {
        match self {
            Self::Page => None,
            Self::Calendar { asked_at, .. } => Some(asked_at),
        }
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// It waits for a researcher.
    Open,
    /// A researcher took one of its moments.
    Accepted,
    /// A researcher said that none of its moments can be.
    Declined,
    /// The respondent made another one in its place.
    Replaced,
    /// It lost its point: the interview was planned, moved or called off in another way, the respondent left, or the
    /// study closed.
    Ended,
}

impl ProposalState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Open, Self::Accepted, Self::Declined, Self::Replaced, Self::Ended];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Replaced => "replaced",
            Self::Ended => "ended",
        }
    }

    /// Checks that a proposal still waits for an answer.
    ///
    /// # Errors
    /// [`Problem::ProposalOver`] when it got one, or lost its point.
    pub const fn demand_open(self) -> Result<(), Problem> {
        match self {
            Self::Open => Ok(()),
            Self::Accepted | Self::Declined | Self::Replaced | Self::Ended => Err(Problem::ProposalOver),
        }
    }
}

impl fmt::Display for ProposalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProposalState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// What a respondent proposes.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(as = ProposalDraft)]
pub struct Proposing {
    /// How the interview is to be held.
    pub mode: Mode,
    /// Where, in person; null for the town hall.
    #[schema(max_length = 200)]
    pub place: Option<String>,
    /// When it could begin, one to three whole minutes, the best first.
    #[schema(min_items = 1, max_items = 3)]
    pub moments: Vec<Instant>,
    /// What the researcher should know.
    #[schema(max_length = 1_000)]
    pub remark: Option<String>,
}

impl Proposing {
    /// Checks it against the rules of the study. Neither hours nor notice bind a proposal; the fieldwork does, and so
    /// does [`HORIZON_DAYS`], beyond which nobody plans.
    ///
    /// # Errors
    /// Everything that is wrong, with the name of each field: `mode`, `place`, `moments`, `moments.0` …, `remark`.
    pub fn check(&self, rules: &StudyRules, now: Instant) -> Result<(), Problem> {
        let mut findings = Findings::default();
        if self.moments.is_empty() {
            findings.add("moments", FieldCode::Required);
        }
        if self.moments.len() > MOMENTS_LIMIT {
            findings.not_allowed("moments", format!("1–{MOMENTS_LIMIT}"));
        }
        for (number, moment) in self.moments.iter().enumerate() {
            let earlier = self.moments.iter().take(number);
            if let Some(problem) = unfit(rules, *moment, now) {
                findings.note(FieldProblem { field: format!("moments.{number}"), ..problem });
            } else if earlier.into_iter().any(|other| other == moment) {
                findings.add(format!("moments.{number}"), FieldCode::Duplicate);
            }
        }
        if let Some(remark) = &self.remark
            && let Err(code) = bounded(remark)
        {
            findings.refuse("remark", code, REMARK_LIMIT);
        }
        if let Some(place) = &self.place {
            if self.mode == Mode::Teams {
                findings.add("place", FieldCode::Value);
            } else {
                findings.line("place", place);
            }
        }
        let mut problems = findings.into_problems();
        problems.extend(rules.check_mode(self.mode).err());
        if problems.is_empty() { Ok(()) } else { Err(Problem::Invalid(problems)) }
    }
}

/// What keeps a moment from being proposed; the name of the field is the caller's.
fn unfit(rules: &StudyRules, moment: Instant, now: Instant) -> Option<FieldProblem> {
    let timing = rules.timing();
    let date = date_at(rules.time_zone, moment);
    if moment <= now {
        return Some(FieldProblem::new("", FieldCode::Past));
    }
    if moment > now.plus_days(HORIZON_DAYS) {
        return Some(FieldProblem::new("", FieldCode::TooFar).with("limit", HORIZON_DAYS));
    }
    if timing.is_outside_fieldwork(date) {
        return Some(FieldProblem::new("", FieldCode::OutsideFieldwork));
    }
    (moment.unix() % 60 != 0).then(|| FieldProblem::new("", FieldCode::Value))
}

fn bounded(remark: &str) -> Result<(), FieldCode> {
    text::prose(remark)?;
    if remark.chars().count() > REMARK_LIMIT { Err(FieldCode::TooLong) } else { Ok(()) }
}

/// What keeps somebody from holding an interview at a moment that a respondent proposed; `reasons` is all that speaks
/// against it. Who decides about their own hours, or about those of others, is not bound by them; by what is planned,
/// the caps, the fieldwork and the clock they are.
///
/// # Errors
/// The problem that is hardest to change.
pub fn may_accept(reasons: &[Reason], decides_hours: bool) -> Result<(), Problem> {
    let weighty = |reason: &&Reason| !(decides_hours && is_about_hours(**reason));
    // The order of the reasons ends with what is planned, which another moment may not have in its way.
    match reasons.iter().rev().find(weighty) {
        None => Ok(()),
        Some(reason) => Err(refusal(*reason)),
    }
}

/// Whether a reason is no more than what is usually offered to respondents.
#[must_use]
pub const fn is_about_hours(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::OutsideHours
            | Reason::Blocked
            | Reason::Holiday { .. }
            | Reason::OffGrid
            | Reason::EndsAfterHours
            | Reason::BeyondHorizon
            | Reason::Notice
    )
}

fn refusal(reason: Reason) -> Problem {
    match reason {
        Reason::Taken { .. } | Reason::Buffer { .. } | Reason::Travel { .. } => {
            Problem::SlotTaken { wanted: None }
        }
        Reason::SecondInterviewer { by: ReservationKind::Interview | ReservationKind::Hold } => {
            Problem::SecondInterviewerTaken
        }
        Reason::SecondInterviewer { .. } => Problem::SecondInterviewerAway,
        Reason::DayFull => Refusal::DayFull.into(),
        Reason::WeekFull => Refusal::WeekFull.into(),
        Reason::Past | Reason::Notice => Refusal::TooSoon.into(),
        Reason::BeforeFieldwork | Reason::AfterFieldwork | Reason::BeyondHorizon => {
            Refusal::OutsideWindow.into()
        }
        Reason::OutsideHours
        | Reason::Blocked
        | Reason::Holiday { .. }
        | Reason::OffGrid
        | Reason::EndsAfterHours => Refusal::OutsideAvailability.into(),
    }
}

#[cfg(test)]
mod tests;
