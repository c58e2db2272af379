//! What pages and the API share of what is done to many respondents: preparing it to its end, and going on with it for
//! as long as somebody waits for the answer.

use std::time::{Duration, Instant};

use super::App;
use crate::actions::confirm_batch::confirm_batch;
use crate::actions::continue_batch::continue_batch;
use crate::actions::prepare_batch::{Plan, prepare_batch};
use crate::id::{BatchId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::idempotency::{Made, Once};

/// How long a request goes on before it leaves the rest to the worker and shows how far it is.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Prepares a batch; a short one is looked through by the time this answers.
///
/// # Errors
/// Those of [`prepare_batch`].
pub async fn prepare(
    app: &App,
    once: Option<Once>,
    (user, study): (UserId, StudyId),
    plan: Plan,
) -> Outcome<Made<BatchId>> {
    let now = app.clock.now();
    let made = app.store.write_once(once, move |tx| prepare_batch(tx, now, user, study, &plan)).await?;
    go_on(app, made.resource).await?;
    Ok(made)
}

/// Confirms a batch; a short one is done by the time this answers.
///
/// # Errors
/// Those of [`confirm_batch`].
pub async fn confirm(app: &App, user: UserId, id: BatchId, count: Option<i64>) -> Outcome<()> {
    let now = app.clock.now();
    app.store.write(move |tx| confirm_batch(tx, now, user, id, count)).await?;
    go_on(app, id).await
}

async fn go_on(app: &App, id: BatchId) -> Outcome<()> {
    let (now, began) = (app.clock.now(), Instant::now());
    while began.elapsed() < PATIENCE && app.store.write(move |tx| continue_batch(tx, now, id)).await? {}
    Ok(())
}
