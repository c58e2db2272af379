//! How a study is doing, for the first page that a researcher sees of it.
//!
//! All counts of people come from one walk along an index ([`store::tallies`]), so that the funnel, the strata and the
//! map never contradict each other, and a study of 100,000 costs a handful of statements like any other.

mod attention;
mod map;
pub mod register;
mod standing;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::municipality::Places;
use crate::domain::recruitment::DAYS_TO_ANSWER;
use crate::domain::respondent::RespondentStatus;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::overview::{self as store, SetUp, Tally, Upcoming};
use crate::store::strata::{self, Stratum};
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, members, municipalities};

pub use self::attention::{Attention, AttentionKind};
pub use self::map::{Place, RecruitmentMap};
pub use self::standing::{OutsideOverview, Standing, StratumOverview};

/// So many planned interviews are shown.
const UPCOMING: i64 = 10;

/// How a study is doing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Overview {
    /// The counts.
    #[serde(flatten)]
    pub standing: Standing,
    /// The next planned interviews.
    pub upcoming: Vec<Upcoming>,
    /// The outbox.
    pub letters: LettersOverview,
    /// What is still to be done, as stable codes in the order in which it is best done.
    pub next_steps: Vec<NextStep>,
}

/// How many letters are in each state.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct LettersOverview {
    /// Waiting to be sent.
    pub queued: i64,
    /// Sent.
    pub sent: i64,
    /// Failed for good.
    pub failed: i64,
    /// Called off before they were sent.
    pub cancelled: i64,
}

/// Something that is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// No consent form is published, so nobody can be invited or booked.
    PublishConsentForm,
    /// Nobody has hours in which to be booked.
    SetAvailability,
    /// There are no respondents.
    AddRespondents,
    /// Nobody was invited.
    Invite,
    /// No interview guide is published.
    PublishGuide,
    /// Letters failed for good and need somebody to look at them.
    LookAtFailedLetters,
    /// Interviews are over without anybody having told what became of them.
    CloseInterviews,
}

/// What the first page of a study shows.
#[derive(Debug, Clone)]
pub struct Board {
    /// The counts.
    pub standing: Standing,
    /// What the study has been set up with.
    pub steps: Steps,
    /// The municipalities.
    pub map: RecruitmentMap,
}

/// What a study has been set up with.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a step that is taken or not")]
pub struct Steps {
    /// A stratum has a target or a cap.
    pub strata: bool,
    /// All of the privacy notice is written.
    pub privacy_notice: bool,
    /// A consent form is published.
    pub consent_form: bool,
    /// There are hours in which somebody can be booked.
    pub availability: bool,
    /// There are respondents.
    pub respondents: bool,
    /// A guide is published.
    pub guide: bool,
    /// Somebody was invited.
    pub invited: bool,
}

/// What every view of a study is made from, read once.
struct Ground {
    study: StudyRow,
    strata: Vec<Stratum>,
    tallies: Vec<Tally>,
    places: Arc<Places>,
    set_up: SetUp,
}

impl Ground {
    fn read(tx: &mut Tx<'_>, user: UserId, study: StudyId, now: Instant) -> Outcome<Self> {
        members::require(tx, study, user, Right::View)?;
        Ok(Self {
            study: studies::get(tx, study)?,
            strata: strata::of_study(tx, study)?,
            tallies: store::tallies(tx, study, now.plus_days(-DAYS_TO_ANSWER))?,
            places: municipalities::places(tx)?,
            set_up: store::set_up(tx, study)?,
        })
    }
}

/// How a study is doing at a moment.
///
/// # Errors
/// Those of [`members::require`].
pub fn of(tx: &mut Tx<'_>, user: UserId, study: StudyId, now: Instant) -> Outcome<Overview> {
    let ground = Ground::read(tx, user, study, now)?;
    let standing = Standing::read(tx, &ground, now)?;
    let letters = letters(&store::letters(tx, study)?);
    let next_steps = next_steps(ground.set_up, &standing.statuses, letters, standing.interviews_to_close);
    Ok(Overview { standing, upcoming: store::upcoming(tx, study, now, UPCOMING)?, letters, next_steps })
}

/// What the first page of a study shows at a moment.
///
/// # Errors
/// Those of [`members::require`].
pub fn board(tx: &mut Tx<'_>, user: UserId, study: StudyId, now: Instant) -> Outcome<Board> {
    let ground = Ground::read(tx, user, study, now)?;
    let standing = Standing::read(tx, &ground, now)?;
    let steps = Steps {
        strata: ground.strata.iter().any(|stratum| stratum.target.is_some() || stratum.cap.is_some()),
        privacy_notice: ground.study.study.privacy_notice.is_complete(),
        consent_form: ground.set_up.consent_form,
        availability: ground.set_up.availability,
        respondents: standing.funnel.listed > 0,
        guide: ground.set_up.guide,
        invited: standing.funnel.invited > 0,
    };
    Ok(Board { standing, steps, map: map::of(&ground) })
}

fn letters(counts: &[(String, i64)]) -> LettersOverview {
    let count = |state: &str| counts.iter().filter(|(of, _)| of == state).map(|(_, count)| count).sum();
    LettersOverview {
        queued: count("queued"),
        sent: count("sent"),
        failed: count("failed"),
        cancelled: count("cancelled"),
    }
}

fn next_steps(
    set_up: SetUp,
    statuses: &BTreeMap<&'static str, i64>,
    letters: LettersOverview,
    interviews_to_close: i64,
) -> Vec<NextStep> {
    let respondents: i64 = statuses.values().sum();
    let listed = statuses.get(RespondentStatus::Listed.as_str()).copied().unwrap_or_default();
    let steps = [
        (letters.failed > 0, NextStep::LookAtFailedLetters),
        (interviews_to_close > 0, NextStep::CloseInterviews),
        (!set_up.consent_form, NextStep::PublishConsentForm),
        (!set_up.availability, NextStep::SetAvailability),
        (respondents == 0, NextStep::AddRespondents),
        (respondents > 0 && listed == respondents, NextStep::Invite),
        (!set_up.guide, NextStep::PublishGuide),
    ];
    steps.into_iter().filter_map(|(is_due, step)| is_due.then_some(step)).collect()
}
