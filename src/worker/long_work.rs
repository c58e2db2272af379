//! Goes on with imports, waves of letters and batches that their researcher confirmed: a long one outlasts the request,
//! and may outlast the machine.

use std::time::{Duration, Instant};

use crate::actions::continue_batch::continue_batch;
use crate::actions::continue_import::continue_import;
use crate::actions::judge_import::go_on_judging;
use crate::actions::wave::carry_on;
use crate::clock::Clock;
use crate::domain::audit::Done;
use crate::domain::import_draft::DraftState;
use crate::problem::{Outcome, Problem};
use crate::store::{Store, batches, import_drafts, waves};

/// How many steps one round takes, so that what else is due gets its turn.
const STEPS: usize = 40;
/// How long one round looks at a list, so that it is not read anew for every few rows.
const TURN: Duration = Duration::from_secs(2);

/// Goes on with each import that is under way; answers whether any has more to do.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn continue_imports(clock: &Clock, store: &Store) -> Outcome<bool> {
    let now = clock.now();
    let mut is_more = false;
    for id in store.read(|tx| import_drafts::in_state(tx, DraftState::Importing)).await? {
        let mut more = true;
        for _ in 0..STEPS {
            more = more && goes_on(store.write(move |tx| continue_import(tx, now, id)).await)?;
        }
        is_more |= more;
    }
    Ok(is_more)
}

/// Goes on with each list whose rows are being looked at; answers whether any has more to do.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn continue_judging(store: &Store) -> Outcome<bool> {
    let mut is_more = false;
    for id in store.read(|tx| import_drafts::in_state(tx, DraftState::Judging)).await? {
        let began = Instant::now();
        is_more |= goes_on(go_on_judging(store, id, || began.elapsed() < TURN).await)?;
    }
    Ok(is_more)
}

/// Goes on with each wave of letters that is under way; answers whether any has more to do.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn continue_waves(clock: &Clock, store: &Store) -> Outcome<bool> {
    let now = clock.now();
    let mut is_more = false;
    for (id, selection) in store.read(waves::under_way).await? {
        let mut more = true;
        for _ in 0..STEPS {
            let selection = selection.clone();
            more = more && goes_on(store.write(move |tx| carry_on(tx, now, id, &selection)).await)?;
        }
        is_more |= more;
    }
    Ok(is_more)
}

/// Goes on with each batch that is under way; answers whether any has more to do.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn continue_batches(clock: &Clock, store: &Store) -> Outcome<bool> {
    let now = clock.now();
    let mut is_more = false;
    for id in store.read(batches::under_way).await? {
        let mut more = true;
        for _ in 0..STEPS {
            more = more && goes_on(store.write(move |tx| continue_batch(tx, now, id)).await)?;
        }
        is_more |= more;
    }
    Ok(is_more)
}

/// Whether there is more to do; one piece of work that can't go on does not keep the others from it.
fn goes_on(step: Outcome<bool>) -> Outcome<bool> {
    match step {
        Err(problem) if !matches!(problem, Problem::Busy(_)) => {
            tracing::error!(%problem, "a long work can't go on");
            Ok(false)
        }
        step => step,
    }
}

/// Forgets lists and batches that have had their time, a stretch at once.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn forget_drafts(clock: &Clock, store: &Store) -> Outcome<()> {
    let now = clock.now();
    while store.write(move |tx| import_drafts::forget_expired(tx, now).map(Done::housekeeping)).await? {}
    while store.write(move |tx| batches::forget_expired(tx, now).map(Done::housekeeping)).await? {}
    Ok(())
}
