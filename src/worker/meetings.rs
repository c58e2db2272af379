//! Has meetings made, moved and ended by Microsoft, one after the other, as the rows of meetings say.
//!
//! Nothing waits for this: an interview is booked before Microsoft is asked, and its letters say that the link follows.
//! In whose name a meeting is asked for is written down first, so whatever an answer that got lost has made is found
//! again.

mod asking;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use self::asking::{Attempt, attempt};
use super::closing;
use crate::actions::note_meeting::note_meeting;
use crate::clock::{Clock, Instant};
use crate::domain::audit::Done;
use crate::domain::meeting::{MeetingProblem, next_try};
use crate::outbound::graph::{Access, Graph};
use crate::problem::{Outcome, Problem};
use crate::settings::Settings;
use crate::store::Store;
use crate::store::meetings::{self, Claimed, Standing};

/// How often meetings that are due are looked for.
const EVERY: Duration = Duration::from_secs(2);
/// How long Microsoft is left alone that gave no answer or asked for patience without saying how much.
const PAUSE: Duration = Duration::from_secs(30);
/// How long it is left alone at most, however much patience it asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);
/// How long a meeting that is being asked for may still take when the house closes.
const LAST_MOMENTS: Duration = Duration::from_secs(5);

/// The hand that asks for meetings.
#[derive(Debug, Clone)]
pub struct Meetings {
    graph: Option<Arc<Graph>>,
}

/// What came of a round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// How many meetings were asked for.
    pub asked: usize,
    /// Whether Microsoft as a whole is to be left alone for a while.
    pub away: bool,
    /// For how many seconds it asked to be, with its last refusal.
    pub patience: Option<u64>,
}

impl Meetings {
    /// The hand of an installation; one without access to Microsoft says so of every meeting that is wanted.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self { graph: access(settings).map(|access| Arc::new(Graph::new(access))) }
    }

    /// The same with other patience for each question.
    #[must_use]
    pub fn with_patience(settings: &Settings, patience: Duration) -> Self {
        Self { graph: access(settings).map(|access| Arc::new(Graph::with_patience(access, patience))) }
    }

    /// Asks for the meetings that are due, each once; ends early where Microsoft as a whole gives no answer.
    ///
    /// # Errors
    /// When the database fails; what was claimed is free again when its lease ends.
    pub async fn round(&self, clock: &Clock, store: &Store) -> Outcome<Round> {
        let mut round = Round::default();
        while !round.away && self.one(clock, store, &mut round).await? {}
        Ok(round)
    }

    async fn one(&self, clock: &Clock, store: &Store, round: &mut Round) -> Outcome<bool> {
        let now = clock.now();
        // A look costs less than a claim, and mostly there is nothing.
        if !store.read(move |tx| meetings::is_due(tx, now)).await? {
            return Ok(false);
        }
        let claimed = store.write(move |tx| meetings::claim(tx, now).map(Done::housekeeping)).await?;
        let Some(claimed) = claimed else { return Ok(false) };
        let Attempt { facts, outcome } = match self.graph.clone() {
            Some(graph) => {
                let asked = claimed.clone();
                spawn_blocking(move || attempt(&graph, &asked, now)).await.map_err(Problem::internal)?
            }
            None => Attempt::unasked(&claimed, MeetingProblem::NotSetUp),
        };
        let now = clock.now();
        let standing = match outcome {
            Ok(()) => Standing::Settled,
            Err(trouble) => {
                round.away = trouble.problem.is_of_the_service();
                round.patience = trouble.retry_after.and_then(|seconds| u64::try_from(seconds).ok());
                standing(&claimed, trouble.problem, trouble.retry_after, now)
            }
        };
        round.asked += 1;
        store.write(move |tx| note_meeting(tx, now, &claimed, &facts, standing)).await?;
        Ok(true)
    }
}

fn standing(claimed: &Claimed, problem: MeetingProblem, retry_after: Option<i64>, now: Instant) -> Standing {
    match next_try(problem, claimed.attempts, retry_after, now, &mut rand::rng()) {
        Some(at) => Standing::Later(at, problem),
        None => Standing::Failed(problem),
    }
}

/// By what an installation is let in, if all of it is set.
#[must_use]
pub fn access(settings: &Settings) -> Option<Access> {
    let teams = &settings.teams;
    Some(Access {
        tenant: teams.tenant.clone()?,
        client_id: teams.client_id.clone()?,
        client_secret: teams.client_secret.as_ref()?.expose().to_owned(),
        login_url: teams.login_url.clone(),
        graph_url: teams.graph_url.clone(),
    })
}

/// Asks for meetings until the house closes.
pub(super) async fn keep(
    meetings: Meetings,
    clock: Clock,
    store: Store,
    mut stopping: watch::Receiver<bool>,
) {
    begin(&meetings, &clock, &store).await;
    loop {
        let pause = tokio::select! {
            biased;
            round = meetings.round(&clock, &store) => match round {
                Ok(Round { away: false, .. }) => EVERY,
                Ok(Round { patience, .. }) => {
                    patience.map_or(PAUSE, |seconds| Duration::from_secs(seconds).clamp(PAUSE, LONGEST_PAUSE))
                }
                Err(problem) => {
                    tracing::warn!(%problem, "a round of meetings failed");
                    EVERY
                }
            },
            () = last_moments(&meetings, &mut stopping) => return,
        };
        tokio::select! {
            () = closing(&mut stopping) => return,
            () = sleep(pause) => {}
        }
    }
}

/// Lets a question that is on its way come to its end, and asks no other.
async fn last_moments(meetings: &Meetings, stopping: &mut watch::Receiver<bool>) {
    closing(stopping).await;
    if let Some(graph) = &meetings.graph {
        graph.close();
    }
    sleep(LAST_MOMENTS).await;
}

/// Frees what an earlier run held, and asks again for what failed only because nothing was set up then.
async fn begin(meetings: &Meetings, clock: &Clock, store: &Store) {
    let (now, is_set_up) = (clock.now(), meetings.graph.is_some());
    let freed = store.write(move |tx| {
        meetings::end_leases(tx)?;
        if is_set_up {
            meetings::retry_all_not_set_up(tx, now)?;
        }
        Ok(Done::housekeeping(()))
    });
    if let Err(problem) = freed.await {
        tracing::warn!(%problem, "the meetings of an earlier run are left to come back by themselves");
    }
}
