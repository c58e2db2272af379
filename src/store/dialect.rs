//! The two databases behind one connection type, and all that differs between them.
//!
//! Queries are written once against [`Conn`]. What the enum cannot express (ON CONFLICT, inserting many rows, row
//! locks) is written per variant through [`on_each!`], the only place where the two may part.

use std::path::Path;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, ConnectionError, ConnectionResult, PgConnection, QueryResult, SqliteConnection};

use crate::problem::Problem;
use crate::settings::Database;

// Named so that it is linked: the bundled client library of PostgreSQL calls it.
use openssl_sys as _;

/// A connection to whichever database the installation uses.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// Embedded.
    Sqlite(SqliteConnection),
    /// A server.
    Postgres(PgConnection),
}

/// What a boxed query is written for: either database.
pub(super) type Backend = MultiBackend;

/// Runs the same expression against the concrete connection of either variant: what the enum cannot express, and what
/// runs for every request, since the enum writes the text of a statement anew each time.
macro_rules! on_each {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::dialect::Conn::Sqlite($c) => $body,
            $crate::store::dialect::Conn::Postgres($c) => $body,
        }
    };
}
pub(super) use on_each;

/// Durability and integrity for every SQLite connection (R3), with what each must answer when asked back. A commit
/// writes the log back itself only at 128 MB: by then most of it has been done beside it ([`super::write_ahead_log`]).
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA wal_autocheckpoint = 32000;
    PRAGMA cache_size = -8000;";

/// What a connection has that only reads; there are several of them, so each keeps fewer pages in memory.
const READING: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -1000;";

const READ_BACK: [(&str, &str); 5] = [
    ("busy_timeout", "5000"),
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("foreign_keys", "1"),
    ("secure_delete", "1"),
];

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

/// Opens a connection. The scheme decides the variant, so that the cause of a failure is that of the real database.
///
/// # Errors
/// When the database cannot be reached, or a setting that durability rests on is not taken.
pub(super) fn connect(database: &Database) -> ConnectionResult<Conn> {
    match database {
        Database::Sqlite(path) => {
            create_private(path).map_err(|error| {
                ConnectionError::BadConnection(format!(
                    "the database file {} cannot be made: {error}",
                    path.display()
                ))
            })?;
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
            conn.batch_execute(PRAGMAS).map_err(ConnectionError::CouldntSetupConfiguration)?;
            read_back(&mut conn)?;
            Ok(Conn::Sqlite(conn))
        }
        Database::Postgres(url) => {
            let mut conn = PgConnection::establish(url.expose())?;
            conn.batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET statement_timeout = '60s'")
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Postgres(conn))
        }
    }
}

/// Makes the file for its owner only, if it is new; SQLite gives the files beside it the same mode (E27). A file that
/// is there is not even opened: closing it would drop every lock that this process holds on it (POSIX), and whoever
/// opened it next would take itself for the only one and throw the log away, with what was answered for.
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    match std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// What a database says when it is away, in another role, or has no room: trying again later can help, and nothing is
/// wrong with what was asked.
const AWAY: [&str; 12] = [
    "closed the connection",
    "terminating connection",
    "connection to server",
    "no connection to the server",
    "could not receive data",
    "could not send data",
    "shutting down",
    "starting up",
    "recovery mode",
    "read-only transaction",
    "database or disk is full",
    "disk I/O error",
];

/// A failure that is nobody's doing as a problem: to come back later where the database is away, else a fault.
pub(super) fn failure(error: Error) -> Problem {
    let is_away = match &error {
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _) | Error::BrokenTransactionManager => {
            true
        }
        Error::DatabaseError(_, information) => AWAY.iter().any(|said| information.message().contains(said)),
        _ => false,
    };
    if !is_away {
        return Problem::internal(error);
    }
    tracing::error!(%error, "the database is away");
    Problem::Busy(1)
}

/// Demands of a connection that it took every setting that durability and integrity rest on.
fn read_back(conn: &mut SqliteConnection) -> ConnectionResult<()> {
    for (pragma, wanted) in READ_BACK {
        let found = read_pragma(conn, pragma)?;
        if found != wanted {
            return Err(ConnectionError::BadConnection(format!(
                "SQLite keeps {pragma} at {found} where {wanted} is needed"
            )));
        }
    }
    Ok(())
}

fn read_pragma(conn: &mut SqliteConnection, pragma: &str) -> ConnectionResult<String> {
    use diesel::RunQueryDsl;
    let column = if pragma == "busy_timeout" { "timeout" } else { pragma };
    diesel::sql_query(format!("SELECT CAST({column} AS TEXT) AS value FROM pragma_{pragma}"))
        .get_result::<Setting>(conn)
        .map(|setting| setting.value)
        .map_err(ConnectionError::CouldntSetupConfiguration)
}

/// Begins a transaction that will write. On SQLite the write lock is taken at once, since a read transaction that
/// turns into a writing one fails without waiting.
pub(super) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
    }
}

/// Begins a transaction that sees one state of the database throughout and cannot write.
pub(super) fn begin_read(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }
}

/// Opens a savepoint inside the running transaction.
pub(super) fn savepoint(conn: &mut Conn) -> QueryResult<()> {
    <Conn as Connection>::TransactionManager::begin_transaction(conn)
}

/// Commits the innermost transaction or releases the innermost savepoint.
pub(super) fn commit(conn: &mut Conn) -> QueryResult<()> {
    <Conn as Connection>::TransactionManager::commit_transaction(conn)
}

/// Rolls the innermost transaction or savepoint back.
pub(super) fn roll_back(conn: &mut Conn) -> QueryResult<()> {
    <Conn as Connection>::TransactionManager::rollback_transaction(conn)
}

/// How many transactions and savepoints are open; `None` when the connection no longer knows.
pub(super) fn depth(conn: &mut Conn) -> Option<u32> {
    <Conn as Connection>::TransactionManager::transaction_manager_status_mut(conn)
        .transaction_depth()
        .ok()
        .map(|depth| depth.map_or(0, std::num::NonZeroU32::get))
}

/// Gives connections to a pool.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    pub(super) database: Database,
    /// Whether the connections may only read; the database itself then refuses writes.
    pub(super) read_only: bool,
}

impl ManageConnection for Connector {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        let mut conn = connect(&self.database).map_err(diesel::r2d2::Error::ConnectionError)?;
        if self.read_only && matches!(conn, Conn::Sqlite(_)) {
            conn.batch_execute(READING).map_err(diesel::r2d2::Error::QueryError)?;
        }
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_lacks_one_setting_of_durability_is_refused_by_its_name() {
        let directory = tempfile::tempdir().unwrap();
        for (lacking, value) in [
            ("busy_timeout", "0"),
            ("journal_mode", "DELETE"),
            ("synchronous", "NORMAL"),
            ("foreign_keys", "OFF"),
            ("secure_delete", "OFF"),
        ] {
            let path = directory.path().join(lacking);
            let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
            conn.batch_execute(PRAGMAS).unwrap();
            assert!(read_back(&mut conn).is_ok(), "the control: with all settings it is taken");
            conn.batch_execute(&format!("PRAGMA {lacking} = {value}")).unwrap();
            let refusal = read_back(&mut conn).unwrap_err().to_string();
            assert!(refusal.contains(lacking), "{refusal}");
        }
    }

    #[test]
    fn a_connection_for_reading_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(directory.path().join("test.db"));
        let reader = Connector { database, read_only: true };
        let mut conn = reader.connect().unwrap();
        assert!(conn.batch_execute("CREATE TABLE t (a)").is_err());
    }
}
