//! SQLite's one writer, with group commit.
//!
//! A single thread owns the only writing connection. It takes the changes that wait, at most [`BATCH`], runs them in
//! one IMMEDIATE transaction, commits once, and only then answers: one fsync carries many changes, and an answer of
//! success still means durable (R3).
//!
//! Where one of them is refused, the batch begins anew with a savepoint for each. Savepoints are not there from the
//! beginning since SQLite copies every page that a change touches within one, and most batches have nothing to refuse.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use tokio::sync::oneshot;

use super::dialect::{self, Conn};
use super::tx::Tx;
use super::write_ahead_log::WriteBack;
use super::{Change, Stuck, Wake, settle};
use crate::keys::Keys;
use crate::problem::{Outcome, Problem};
use crate::settings::Database;

/// The most changes that share one commit.
pub(super) const BATCH: usize = 64;
/// The most changes that may wait; beyond it a caller is told at once to come back.
const QUEUE: usize = 4096;

/// A change on its way through the writer.
trait Errand: Send {
    /// Whether the caller has given up waiting.
    fn is_withdrawn(&self) -> bool;
    /// Runs the change; true when its savepoint may be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Replaces whatever came out by a failure.
    fn fail(&mut self, problem: Problem);
    /// Tells the caller.
    fn answer(self: Box<Self>);
}

struct Waiting<T, F> {
    change: F,
    outcome: Option<Outcome<T>>,
    caller: oneshot::Sender<Outcome<T>>,
}

impl<T: Send, F: Change<T>> Errand for Waiting<T, F> {
    fn is_withdrawn(&self) -> bool {
        self.caller.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = settle(tx, &self.change);
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn fail(&mut self, problem: Problem) {
        self.outcome = Some(Err(problem));
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(Problem::Busy(1)));
        // A caller that has gone needs no answer.
        let _ = self.caller.send(outcome);
    }
}

/// The way to the writing thread.
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Errand>>,
}

impl Writer {
    /// Starts the thread on a connection that is already open.
    ///
    /// # Errors
    /// When the machine gives no thread.
    pub(super) fn start(
        conn: Conn,
        database: Database,
        keys: Keys,
        signals: (Wake, Stuck, WriteBack),
    ) -> std::io::Result<Self> {
        let (queue, waiting) = sync_channel(QUEUE);
        thread::Builder::new()
            .name("veldwerk-writer".to_owned())
            .spawn(move || write_for_ever(conn, &database, &keys, &signals, &waiting))?;
        Ok(Self { queue })
    }

    /// Hands a change in; the receiver gets its outcome after the commit.
    pub(super) fn submit<T: Send + 'static, F: Change<T>>(
        &self,
        change: F,
    ) -> Outcome<oneshot::Receiver<Outcome<T>>> {
        let (caller, outcome) = oneshot::channel();
        match self.queue.try_send(Box::new(Waiting { change, outcome: None, caller })) {
            Ok(()) => Ok(outcome),
            Err(TrySendError::Full(_)) => Err(Problem::Busy(1)),
            Err(TrySendError::Disconnected(_)) => Err(Problem::internal("the writer has stopped")),
        }
    }
}

fn write_for_ever(
    conn: Conn,
    database: &Database,
    keys: &Keys,
    (wake, stuck, log): &(Wake, Stuck, WriteBack),
    waiting: &Receiver<Box<dyn Errand>>,
) {
    let mut conn = Some(conn);
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(BATCH - 1));
        batch.retain(|errand| !errand.is_withdrawn());
        if conn.is_none() {
            conn = reopen(database);
        }
        let sound = match &mut conn {
            Some(conn) => commit_together(conn, keys, wake, &mut batch),
            None => fail_all(&mut batch),
        };
        stuck.store(!sound, Ordering::Relaxed);
        if !sound {
            conn = None;
        }
        for errand in batch {
            errand.answer();
        }
        log.log_is_longer();
    }
}

fn reopen(database: &Database) -> Option<Conn> {
    dialect::connect(database)
        .inspect_err(|error| tracing::error!(%error, "the database cannot be reopened for writing"))
        .ok()
}

fn fail_all(batch: &mut [Box<dyn Errand>]) -> bool {
    for errand in batch {
        errand.fail(Problem::Busy(1));
    }
    false
}

/// Runs a batch and commits it. False when the connection can't be trusted any more; every caller is then told so.
fn commit_together(conn: &mut Conn, keys: &Keys, wake: &Wake, batch: &mut [Box<dyn Errand>]) -> bool {
    if batch.is_empty() {
        return true;
    }
    let ran = match run_together(conn, keys, batch) {
        Some(Ran::Refused) => run_each_alone(conn, keys, batch),
        ran => ran,
    };
    let Some(Ran::Kept { wakes }) = ran else { return fail_all(batch) };
    // After a commit nothing may be open: an answer would be given for something that is not durable.
    match dialect::commit(conn) {
        Ok(()) if dialect::depth(conn) == Some(0) => {
            if wakes {
                wake.notify_one();
            }
            true
        }
        Ok(()) => {
            tracing::error!("a transaction was still open after the commit");
            fail_all(batch)
        }
        Err(error) => {
            tracing::error!(%error, "a batch of changes could not be committed");
            fail_all(batch)
        }
    }
}

/// What came of running a batch.
enum Ran {
    /// All of it waits for the commit, but for what was refused alone.
    Kept { wakes: bool },
    /// One was refused, and all are rolled back.
    Refused,
}

fn begin(conn: &mut Conn) -> Option<()> {
    let began = dialect::begin_write(conn);
    began.inspect_err(|error| tracing::error!(%error, "a write transaction could not begin")).ok()
}

/// Runs a batch as one, up to the first that is refused. `None` when the connection can't be trusted any more.
fn run_together(conn: &mut Conn, keys: &Keys, batch: &mut [Box<dyn Errand>]) -> Option<Ran> {
    begin(conn)?;
    let mut wakes = false;
    for errand in batch {
        let mut tx = Tx::writing(conn, keys);
        let kept = catch_unwind(AssertUnwindSafe(|| errand.run(&mut tx))).unwrap_or(false);
        if !kept || tx.fault().is_some() {
            while dialect::depth(conn)? > 0 {
                dialect::roll_back(conn).ok()?;
            }
            return Some(Ran::Refused);
        }
        wakes |= tx.wakes_worker;
    }
    Some(Ran::Kept { wakes })
}

/// Runs a batch in which something is refused. `None` when the connection can't be trusted any more.
fn run_each_alone(conn: &mut Conn, keys: &Keys, batch: &mut [Box<dyn Errand>]) -> Option<Ran> {
    begin(conn)?;
    let mut wakes = false;
    for errand in batch {
        wakes |= run_alone(conn, keys, errand.as_mut())?;
    }
    Some(Ran::Kept { wakes })
}

/// Runs one errand in a savepoint of its own. `None` when the savepoint could not be ended.
fn run_alone(conn: &mut Conn, keys: &Keys, errand: &mut dyn Errand) -> Option<bool> {
    dialect::savepoint(conn).ok()?;
    let mut tx = Tx::writing(conn, keys);
    let ran = catch_unwind(AssertUnwindSafe(|| errand.run(&mut tx)));
    let (broken, wakes) = (tx.fault().is_some(), tx.wakes_worker);
    let succeeded = ran.unwrap_or_else(|_| {
        errand.fail(Problem::internal("a change panicked"));
        false
    });
    if succeeded && !broken {
        return dialect::commit(conn).ok().map(|()| wakes);
    }
    if succeeded {
        // It went on after a statement had failed; what it believes to have done is not there.
        errand.fail(Problem::Busy(1));
    }
    // A panic inside a nested transaction leaves its savepoint open too.
    while dialect::depth(conn)? > 1 {
        dialect::roll_back(conn).ok()?;
    }
    Some(false)
}

#[cfg(test)]
mod tests;
