//! The only room that knows Diesel. It keeps and finds; it never decides.
//!
//! [`Store::read`], [`Store::write`] and [`Store::write_once`] are the only doors. What they run is a `Fn`, so that
//! PostgreSQL may ask for it again after a conflict; it must therefore do nothing but use its [`Tx`]. One file per
//! noun holds the queries; a query that serves a request has its index in the migrations.

mod columns;
mod constraints;
pub(crate) mod dialect;
mod installation;
mod migrations;
mod prepared;
mod schema;
mod tx;
mod write_ahead_log;
mod writer;

pub mod account_letters;
pub mod account_links;
pub mod accounts;
pub mod agenda;
pub mod agenda_feeds;
pub mod assignment;
pub mod attendances;
pub mod audit;
pub mod availability;
pub mod batches;
pub mod blocks;
pub mod busy_times;
pub mod calendar_looks;
pub mod calendars;
pub mod consent_forms;
pub mod consents;
pub mod contact_uses;
pub mod contacts;
pub mod due;
pub mod erasure;
pub mod exports;
pub mod guides;
pub mod holds;
pub mod idempotency;
pub mod import_drafts;
pub mod import_rows;
pub mod incoming_mail;
pub mod interviews;
pub mod letter_texts;
pub mod letters;
pub mod link_sources;
pub mod mail_folders;
pub mod meetings;
pub mod member_invitations;
pub mod members;
pub mod municipalities;
pub mod overview;
pub mod proposals;

pub mod referrals;
pub mod reminders;
pub mod reservations;
pub mod respondents;
pub mod second_factors;
pub mod sessions;
pub mod sheets;
pub mod strata;
pub mod studies;
pub mod throttles;
pub mod transfer;
pub mod travel;
pub mod waves;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::r2d2::Pool;
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use self::dialect::Connector;
use self::tx::Fault;
use self::write_ahead_log::WriteBack;
use self::writer::Writer;
use crate::domain::audit::Done;
use crate::keys::Keys;
use crate::problem::{Outcome, Problem};
use crate::settings::Database;

pub use self::migrations::SchemaState;
pub use self::tx::Tx;

/// Tells the worker that something may be due.
pub(crate) type Wake = Arc<Notify>;

/// Whether the last attempt to write anything failed for a reason that is no rule of ours.
pub(crate) type Stuck = Arc<AtomicBool>;

/// How long a caller waits for a connection or for the writer before being told to come back (E25).
const PATIENCE: Duration = Duration::from_secs(5);
/// Reading connections of SQLite, and all connections to PostgreSQL.
const CONNECTIONS: u32 = 8;
/// How many of them changes leave to those who only look: when a standby that must confirm them is away, changes wait.
const FOR_READING: u32 = 2;
/// How often a change that gave way to another is run again on PostgreSQL.
const TRIES: usize = 8;

/// Something that changes the database and says so to the log.
pub trait Change<T>: Fn(&mut Tx<'_>) -> Outcome<Done<T>> + Send + 'static {}
impl<T, F: Fn(&mut Tx<'_>) -> Outcome<Done<T>> + Send + 'static> Change<T> for F {}

/// A question on its way to a connection. What carries questions and changes knows one type for all that give the same:
/// there are hundreds of them, and everything would be compiled for each.
type Question<T> = Box<dyn Fn(&mut Tx<'_>) -> Outcome<T> + Send>;
/// A change on its way.
type Changing<T> = Box<dyn Fn(&mut Tx<'_>) -> Outcome<Done<T>> + Send>;
/// What a connection is wanted for.
type Work = Box<dyn FnOnce(&mut dialect::Conn, &Keys) + Send>;

/// The doors to the database.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool<Connector>,
    permits: Semaphore,
    writing: Semaphore,
    writer: Option<Writer>,
    keys: Keys,
    wake: Wake,
    database: Database,
    stuck: Stuck,
}

/// Who brings the tables up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// This process: it serves, or nobody else does.
    Yes,
    /// Another process may be serving, unless there is no table yet.
    IfNew,
    /// Another process may be serving; another version of the tables is refused.
    No,
}

impl Store {
    /// Opens the database, brings its tables up to date and checks that it belongs to this secret.
    ///
    /// # Errors
    /// When the database can't be reached, its tables are of another version, or it was made with another secret.
    pub async fn open(database: Database, keys: Keys, migrate: Migrate) -> Outcome<Self> {
        spawn_blocking(move || Self::open_now(database, keys, migrate)).await.map_err(Problem::internal)?
    }

    fn open_now(database: Database, keys: Keys, migrate: Migrate) -> Outcome<Self> {
        let mut conn = dialect::connect(&database).map_err(Problem::internal)?;
        migrations::alone(&mut conn, |conn| {
            migrations::prepare(conn, migrate)?;
            installation::recognise(conn, &keys)
        })?;
        let (wake, stuck) = (Wake::default(), Stuck::default());
        let embedded = matches!(database, Database::Sqlite(_));
        let connector = Connector { database: database.clone(), read_only: embedded };
        let pool = Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .test_on_check_out(!embedded)
            .build(connector)
            .map_err(Problem::internal)?;
        let writer = if embedded {
            let log = WriteBack::start(database.clone()).map_err(Problem::internal)?;
            let signals = (wake.clone(), stuck.clone(), log);
            Some(Writer::start(conn, database.clone(), keys.clone(), signals).map_err(Problem::internal)?)
        } else {
            None
        };
        let permits = Semaphore::new(CONNECTIONS as usize);
        let writing = Semaphore::new((CONNECTIONS - FOR_READING) as usize);
        Ok(Self { inner: Arc::new(Inner { pool, permits, writing, writer, keys, wake, database, stuck }) })
    }

    /// The keys of the installation.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Which database this is.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Whether changes reach the disk: not while it is full or failing, or the server is away. Whoever keeps the house
    /// writes every few seconds, so this follows what is the case without being asked.
    #[must_use]
    pub fn can_write(&self) -> bool {
        !self.inner.stuck.load(Ordering::Relaxed)
    }

    /// Waits until a change put something into the outbox of this process.
    pub async fn woken(&self) {
        self.inner.wake.notified().await;
    }

    /// Asks a question; all statements of the closure see the same state of the database.
    ///
    /// # Errors
    /// What the closure refuses, or [`Problem::Busy`] when no connection came free in time.
    pub async fn read<T, F>(&self, question: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        let question: Question<T> = Box::new(question);
        self.on_connection(move |conn, keys| {
            dialect::begin_read(conn).map_err(dialect::failure)?;
            let mut tx = Tx::new(conn, keys);
            let answer = question(&mut tx);
            // Nothing was written, so ending the transaction either way is the same.
            let _ = dialect::roll_back(conn);
            answer
        })
        .await
    }

    /// Makes a change in one transaction, which commits with its audit entries or not at all. When this returns
    /// success, the change is durable.
    ///
    /// # Errors
    /// What the closure refuses, or [`Problem::Busy`] when the database gave no turn in time.
    pub async fn write<T, F>(&self, change: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Change<T>,
    {
        self.make(Box::new(change)).await
    }

    async fn make<T: Send + 'static>(&self, change: Changing<T>) -> Outcome<T> {
        let Some(writer) = &self.inner.writer else {
            let turn = timeout(PATIENCE, self.inner.writing.acquire()).await;
            let Ok(Ok(_turn)) = turn else {
                // Those who have a turn are stuck themselves, and can't say so.
                self.inner.stuck.store(true, Ordering::Relaxed);
                return Err(Problem::Busy(1));
            };
            let signals = (self.inner.wake.clone(), self.inner.stuck.clone());
            return self
                .on_connection(move |conn, keys| write_on_server(conn, keys, &signals, &change))
                .await;
        };
        match timeout(PATIENCE, writer.submit(change)?).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Problem::internal("the writer dropped a change")),
            Err(_) => Err(Problem::Busy(1)),
        }
    }

    /// Runs blocking work on a connection of the pool.
    async fn on_connection<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut dialect::Conn, &Keys) -> Outcome<T> + Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        // A caller that has gone needs no answer.
        let work: Work = Box::new(move |conn, keys| drop(caller.send(work(conn, keys))));
        self.run(work).await?;
        outcome.await.map_err(Problem::internal)?
    }

    async fn run(&self, work: Work) -> Outcome<()> {
        let permit = timeout(PATIENCE, self.inner.permits.acquire()).await;
        let Ok(Ok(_permit)) = permit else { return Err(Problem::Busy(1)) };
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let mut conn = inner.pool.get().map_err(|error| {
                tracing::error!(%error, "no connection to the database");
                inner.stuck.store(true, Ordering::Relaxed);
                Problem::Busy(1)
            })?;
            work(&mut conn, &inner.keys);
            Ok(())
        })
        .await
        .map_err(Problem::internal)?
    }
}

/// Runs a change on a database server, again when it gave way to another transaction.
fn write_on_server<T>(
    conn: &mut dialect::Conn,
    keys: &Keys,
    (wake, stuck): &(Wake, Stuck),
    change: &impl Change<T>,
) -> Outcome<T> {
    let mut last = Problem::Busy(1);
    // What a change refuses, or gives way to, says nothing against the server.
    let reached = |is_reached: bool| stuck.store(!is_reached, Ordering::Relaxed);
    for _ in 0..TRIES {
        dialect::begin_write(conn).inspect_err(|_| reached(false)).map_err(dialect::failure)?;
        let mut tx = Tx::writing(conn, keys);
        let outcome = settle(&mut tx, change);
        let (fault, wakes) = (tx.fault(), tx.wakes_worker);
        match (outcome, fault) {
            (Ok(value), None) => match dialect::commit(conn) {
                Ok(()) => {
                    reached(true);
                    if wakes {
                        wake.notify_one();
                    }
                    return Ok(value);
                }
                Err(diesel::result::Error::DatabaseError(
                    diesel::result::DatabaseErrorKind::SerializationFailure,
                    _,
                )) => last = Problem::Busy(1),
                Err(error) => {
                    reached(false);
                    return Err(dialect::failure(error));
                }
            },
            (Ok(_), Some(fault @ (Fault::Broken | Fault::Refused))) => {
                reached(fault == Fault::Refused);
                let _ = dialect::roll_back(conn);
                return Err(Problem::Busy(1));
            }
            (Ok(_), Some(Fault::GaveWay)) => {
                let _ = dialect::roll_back(conn);
            }
            (Err(problem), fault) => {
                reached(fault != Some(Fault::Broken));
                let _ = dialect::roll_back(conn);
                // A key that another request took a moment ago: the next try finds its answer.
                if fault != Some(Fault::GaveWay) && !matches!(problem, Problem::InProgress) {
                    return Err(problem);
                }
                last = problem;
            }
        }
    }
    Err(last)
}

/// Runs a change and writes what it did into the log, in the same transaction.
fn settle<T>(tx: &mut Tx<'_>, change: &impl Change<T>) -> Outcome<T> {
    let (value, entries) = change(tx)?.into_parts();
    audit::record(tx, &entries)?;
    Ok(value)
}
