//! What pages and the API share of a wave: trying it out, and sending it to its end in many short transactions.

use std::time::{Duration, Instant};

use super::App;
use crate::actions::wave::{begin_wave, continue_wave, foresee};
use crate::domain::wave::{Selection, WaveKind};
use crate::id::{StudyId, UserId, WaveId};
use crate::problem::Outcome;
use crate::queries::wave;
use crate::store::idempotency::{Made, Once};
use crate::store::waves::WaveOutcome;

/// A wave that somebody wants to send.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Who wants it.
    pub user: UserId,
    /// In which study.
    pub study: StudyId,
    /// What it brings.
    pub kind: WaveKind,
    /// Whom it is meant for.
    pub selection: Selection,
}

impl Wanted {
    /// What would become of everybody whom it is meant for; nothing is changed.
    ///
    /// # Errors
    /// Those of [`foresee`].
    pub async fn foresee(&self, app: &App) -> Outcome<Vec<WaveOutcome>> {
        let now = app.clock.now();
        let (before, mut after, mut all) = (WaveId::new(), None, Vec::new());
        loop {
            let Self { user, study, kind, selection } = self.clone();
            let (outcomes, more) = app
                .store
                .read(move |tx| foresee(tx, now, user, (study, kind), &selection, (after, before)))
                .await?;
            after = outcomes.last().map(|(id, _)| *id);
            all.extend(outcomes);
            if !more {
                return Ok(all);
            }
        }
    }

    /// Sends it. One that was broken off is completed by sending it again with the same key.
    ///
    /// # Errors
    /// Those of [`begin_wave`].
    pub async fn send(&self, app: &App, once: Option<Once>) -> Outcome<Made<WaveId>> {
        self.send_for(app, once, None).await
    }

    /// As [`Wanted::send`], for so long and no longer: the worker does the rest.
    ///
    /// # Errors
    /// Those of [`begin_wave`].
    pub async fn send_for(
        &self,
        app: &App,
        once: Option<Once>,
        patience: Option<Duration>,
    ) -> Outcome<Made<WaveId>> {
        let began = Instant::now();
        let now = app.clock.now();
        let Self { user, study, kind, selection } = self.clone();
        let made =
            app.store.write_once(once, move |tx| begin_wave(tx, now, user, study, kind, &selection)).await?;
        let wave = made.resource;
        loop {
            let selection = self.selection.clone();
            let more = app.store.write(move |tx| continue_wave(tx, now, user, wave, &selection)).await?;
            if !more || patience.is_some_and(|patience| began.elapsed() >= patience) {
                return Ok(made);
            }
        }
    }
}

/// What became of everybody whom a wave was meant for.
///
/// # Errors
/// Only those of the database.
pub async fn outcomes(app: &App, wave: WaveId) -> Outcome<Vec<WaveOutcome>> {
    let (mut after, mut all) = (Some(0), Vec::new());
    while let Some(place) = after {
        let (outcomes, next) = app.store.read(move |tx| wave::outcomes(tx, wave, place)).await?;
        all.extend(outcomes);
        after = next;
    }
    Ok(all)
}
