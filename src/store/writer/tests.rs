//! The traps of group commit (R3, design 3 a–d): each test goes red when its guard is taken away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::domain::audit::Done;
use crate::store::migrations;
use crate::store::schema::installation;
use crate::store::{Migrate, Tx};

/// A writer on a database of its own.
struct Desk {
    writer: Writer,
    database: Database,
    _directory: TempDir,
}

type Promise = oneshot::Receiver<Outcome<()>>;

impl Desk {
    fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(directory.path().join("test.db"));
        let mut conn = dialect::connect(&database).unwrap();
        migrations::prepare(&mut conn, Migrate::Yes).unwrap();
        let keys = Keys::derive(b"a secret of the writer's tests only");
        let signals = (Wake::default(), Stuck::default(), WriteBack::start(database.clone()).unwrap());
        let writer = Writer::start(conn, database.clone(), keys, signals).unwrap();
        Self { writer, database, _directory: directory }
    }

    /// Keeps the writer busy; what is handed in before the sender is dropped then shares one batch.
    fn hold(&self) -> (Sender<()>, Promise) {
        let (open, wait) = channel::<()>();
        let (enter, entered) = channel();
        let held = self.submit(move |_| {
            enter.send(()).unwrap();
            let _ = wait.recv();
            Ok(Done::housekeeping(()))
        });
        entered.recv().unwrap();
        (open, held)
    }

    fn submit(&self, change: impl Change<()>) -> Promise {
        self.writer.submit(change).unwrap()
    }

    /// Hands changes in so that they share one batch, and waits for their answers.
    fn together(&self, changes: Vec<Box<dyn Change<()>>>) -> Vec<Outcome<()>> {
        let (open, _) = self.hold();
        let promises: Vec<Promise> =
            changes.into_iter().map(|change| self.submit(move |tx: &mut Tx<'_>| change(tx))).collect();
        drop(open);
        promises.into_iter().map(|promise| promise.blocking_recv().unwrap()).collect()
    }

    /// What another connection finds: only what is committed.
    fn kept(&self) -> Vec<String> {
        let mut conn = dialect::connect(&self.database).unwrap();
        installation::table.select(installation::key).order(installation::key).load(&mut conn).unwrap()
    }
}

fn insert(tx: &mut Tx<'_>, key: &str) -> Outcome<()> {
    let row = (installation::key.eq(key), installation::value.eq(""));
    tx.run(|c| diesel::insert_into(installation::table).values(row).execute(c)).map(drop)
}

fn keep(key: &'static str) -> Box<dyn Change<()>> {
    Box::new(move |tx: &mut Tx<'_>| {
        insert(tx, key)?;
        Ok(Done::housekeeping(()))
    })
}

fn is_busy(outcome: &Outcome<()>) -> bool {
    matches!(outcome, Err(Problem::Busy(_)))
}

#[test]
fn changes_that_wait_together_are_all_kept_when_all_are_answered() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![keep("a"), keep("b"), keep("c")]);
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(desk.kept(), ["a", "b", "c"]);
}

/// A change that counts how often it is run.
fn counted(runs: &Arc<AtomicUsize>, key: &'static str) -> Box<dyn Change<()>> {
    let runs = Arc::clone(runs);
    Box::new(move |tx: &mut Tx<'_>| {
        runs.fetch_add(1, Ordering::SeqCst);
        keep(key)(tx)
    })
}

#[test]
fn a_batch_is_run_anew_only_where_one_of_it_is_refused() {
    let desk = Desk::open();
    let runs = Arc::new(AtomicUsize::new(0));
    desk.together(vec![counted(&runs, "a"), counted(&runs, "b")]);
    assert_eq!(runs.load(Ordering::SeqCst), 2, "nothing is refused");
    let outcomes = desk.together(vec![counted(&runs, "c"), Box::new(|_| Err(Problem::QuotaFull))]);
    assert!(outcomes[0].is_ok() && matches!(outcomes[1], Err(Problem::QuotaFull)));
    assert_eq!(runs.load(Ordering::SeqCst), 4, "with a savepoint of its own");
    assert_eq!(desk.kept(), ["a", "b", "c"]);
}

#[test]
fn a_panic_inside_a_nested_transaction_rolls_back_alone() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![
        keep("before"),
        Box::new(|tx| {
            insert(tx, "outer")?;
            tx.run(|c| {
                c.transaction::<(), diesel::result::Error, _>(|c| {
                    diesel::insert_into(installation::table)
                        .values((installation::key.eq("nested"), installation::value.eq("")))
                        .execute(c)?;
                    panic!("inside a nested transaction")
                })
            })?;
            Ok(Done::housekeeping(()))
        }),
        keep("after"),
    ]);
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "the neighbours: {outcomes:?}");
    assert!(matches!(outcomes[1], Err(Problem::Internal(_))));
    assert_eq!(desk.kept(), ["after", "before"]);
}

#[test]
fn nothing_is_answered_as_done_while_a_savepoint_stays_open_after_the_commit() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![
        keep("before"),
        Box::new(|tx| {
            tx.run(dialect::savepoint)?;
            insert(tx, "inside")?;
            Ok(Done::housekeeping(()))
        }),
        keep("after"),
    ]);
    assert!(outcomes.iter().all(is_busy), "{outcomes:?}");
    assert!(desk.kept().is_empty());
    assert!(desk.together(vec![keep("later")])[0].is_ok(), "on a new connection");
    assert_eq!(desk.kept(), ["later"]);
}

#[test]
fn a_refused_change_leaves_no_trace_while_its_neighbours_commit() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![
        keep("before"),
        Box::new(|tx| {
            insert(tx, "refused")?;
            Err(Problem::QuotaFull)
        }),
        keep("after"),
    ]);
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    assert!(matches!(outcomes[1], Err(Problem::QuotaFull)));
    assert_eq!(desk.kept(), ["after", "before"]);
}

#[test]
fn a_row_that_a_constraint_refuses_rolls_its_change_back_and_no_other() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![
        keep("a"),
        Box::new(|tx| {
            insert(tx, "b")?;
            insert(tx, "a")?;
            Ok(Done::housekeeping(()))
        }),
        keep("c"),
    ]);
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    assert!(matches!(outcomes[1], Err(Problem::Internal(_))));
    assert_eq!(desk.kept(), ["a", "c"]);
}

#[test]
fn a_change_that_goes_on_after_a_failed_statement_is_never_answered_as_done() {
    let desk = Desk::open();
    let ran_on = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&ran_on);
    let outcomes = desk.together(vec![
        Box::new(move |tx| {
            insert(tx, "early")?;
            let _ = tx.run(|c| c.batch_execute("INSERT INTO no_such_table VALUES (1)"));
            seen.store(insert(tx, "late").is_ok(), Ordering::SeqCst);
            Ok(Done::housekeeping(()))
        }),
        keep("neighbour"),
    ]);
    assert!(is_busy(&outcomes[0]), "{outcomes:?}");
    assert!(outcomes[1].is_ok());
    assert!(!ran_on.load(Ordering::SeqCst), "a statement ran after one that had failed");
    assert_eq!(desk.kept(), ["neighbour"]);
}

#[test]
fn when_the_transaction_ends_by_itself_the_whole_batch_fails_and_nothing_commits_on_its_own() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![
        keep("before"),
        Box::new(|tx| {
            // What SQLite may do by itself when the disk is full.
            tx.run(|c| c.batch_execute("ROLLBACK"))?;
            Err(Problem::internal("disk full"))
        }),
        keep("after"),
    ]);
    assert!(outcomes.iter().all(is_busy), "{outcomes:?}");
    assert!(desk.kept().is_empty());
    assert!(desk.together(vec![keep("later")])[0].is_ok(), "on a new connection");
    assert_eq!(desk.kept(), ["later"]);
}

#[test]
fn a_full_disk_refuses_one_change_and_harms_no_other() {
    let desk = Desk::open();
    let outcomes = desk.together(vec![
        keep("before"),
        Box::new(|tx| {
            tx.run(|c| c.batch_execute("PRAGMA max_page_count = 1"))?;
            let much = "x".repeat(10_000_000);
            let row = (installation::key.eq("much"), installation::value.eq(much));
            tx.run(|c| diesel::insert_into(installation::table).values(row).execute(c))?;
            Ok(Done::housekeeping(()))
        }),
    ]);
    assert!(outcomes[1].is_err());
    let kept = if outcomes[0].is_ok() { vec!["before"] } else { vec![] };
    assert_eq!(desk.kept(), kept, "what was answered as done is there, and nothing else");
}

#[test]
fn a_caller_that_gave_up_withdraws_its_change() {
    let desk = Desk::open();
    let (open, _) = desk.hold();
    let ran = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&ran);
    drop(desk.submit(move |tx| {
        seen.store(true, Ordering::SeqCst);
        insert(tx, "unwanted")?;
        Ok(Done::housekeeping(()))
    }));
    let wanted = desk.submit(|tx: &mut Tx<'_>| keep("wanted")(tx));
    drop(open);
    wanted.blocking_recv().unwrap().unwrap();
    assert!(!ran.load(Ordering::SeqCst));
    assert_eq!(desk.kept(), ["wanted"]);
}

#[test]
fn what_is_answered_as_done_survives_the_death_of_the_process() {
    let desk = Desk::open();
    desk.together(vec![keep("durable")]).remove(0).unwrap();
    // The files as they are now are all that a killed process leaves.
    let Database::Sqlite(path) = &desk.database else { unreachable!() };
    let elsewhere = tempfile::tempdir().unwrap();
    for suffix in ["", "-wal"] {
        let name = format!("test.db{suffix}");
        std::fs::copy(path.with_file_name(&name), elsewhere.path().join(&name)).unwrap();
    }
    let mut conn = dialect::connect(&Database::Sqlite(elsewhere.path().join("test.db"))).unwrap();
    let kept: Vec<String> = installation::table.select(installation::key).load(&mut conn).unwrap();
    assert_eq!(kept, ["durable"]);
}
