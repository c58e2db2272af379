//! SQLite's write-ahead log: written back into the database beside the writer, and emptied after an erasure.
//!
//! SQLite writes its log back in the middle of a commit once it is long enough, and everybody waits for that. Here a
//! thread of its own does most of it while changes go on, so that a commit finds little left to do. It decides nothing:
//! what is durable, and from where a page is read, stays SQLite's.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Integer;
use diesel::{QueryResult, RunQueryDsl as _, SqliteConnection};
use tokio::task::spawn_blocking;

use super::Store;
use super::dialect::{self, Conn};
use crate::problem::{Outcome, Problem};
use crate::settings::Database;

/// How many pages wait in the log before it is written back beside the writer: few enough that little is left for a
/// commit, which does it too at `wal_autocheckpoint`, and many enough that pages that are changed often are written
/// once.
const ENOUGH: i32 = 2_000;

/// What SQLite says of its log.
#[derive(diesel::QueryableByName)]
struct Log {
    /// Not 0 when others were in the way.
    #[diesel(sql_type = Integer)]
    busy: i32,
    /// Pages in it.
    #[diesel(sql_type = Integer, column_name = "log")]
    pages: i32,
    /// Those of them that stand in the database too.
    #[diesel(sql_type = Integer, column_name = "checkpointed")]
    written_back: i32,
}

fn checkpoint(conn: &mut SqliteConnection, how: &str) -> QueryResult<Log> {
    diesel::sql_query(format!("PRAGMA wal_checkpoint({how})")).get_result(conn)
}

/// The thread that writes the log back. It ends with this value.
pub(super) struct WriteBack {
    longer: SyncSender<()>,
}

impl WriteBack {
    /// Starts it.
    ///
    /// # Errors
    /// When the machine gives no thread.
    pub(super) fn start(database: Database) -> std::io::Result<Self> {
        // One that waits stands for all that follow it.
        let (longer, told) = sync_channel(1);
        thread::Builder::new()
            .name("veldwerk-log".to_owned())
            .spawn(move || write_back_for_ever(&database, &told))?;
        Ok(Self { longer })
    }

    /// Says that the log has become longer.
    pub(super) fn log_is_longer(&self) {
        let _ = self.longer.try_send(());
    }
}

fn write_back_for_ever(database: &Database, told: &Receiver<()>) {
    let mut conn = None;
    while told.recv().is_ok() {
        if conn.is_none() {
            conn = open(database);
        }
        // What fails here is left to the writer, which answers for what it commits.
        if let Some(open) = &mut conn
            && let Err(error) = write_back(open)
        {
            tracing::warn!(%error, "the log of the database could not be written back");
            conn = None;
        }
    }
}

fn open(database: &Database) -> Option<SqliteConnection> {
    match dialect::connect(database) {
        Ok(Conn::Sqlite(conn)) => Some(conn),
        Ok(Conn::Postgres(_)) => None,
        Err(error) => {
            tracing::warn!(%error, "the database cannot be opened to write its log back");
            None
        }
    }
}

fn write_back(conn: &mut SqliteConnection) -> QueryResult<()> {
    let log = checkpoint(conn, "NOOP")?;
    if log.pages - log.written_back >= ENOUGH {
        checkpoint(conn, "PASSIVE")?;
    }
    Ok(())
}

impl Store {
    /// Empties SQLite's write-ahead log, so that no earlier state of a page outlives an erasure in the file. Done
    /// after every erasure, when the worker begins, in case the process ended in between, and every few minutes.
    ///
    /// # Errors
    /// [`Problem::Busy`] when others kept using the log; trying again later helps.
    pub async fn scrub(&self) -> Outcome<()> {
        let database = self.database().clone();
        if matches!(database, Database::Postgres(_)) {
            return Ok(());
        }
        spawn_blocking(move || empty(&database)).await.map_err(Problem::internal)?
    }
}

fn empty(database: &Database) -> Outcome<()> {
    // A connection of its own: the writer's and the readers' may be in the middle of something.
    let Conn::Sqlite(mut conn) = dialect::connect(database).map_err(Problem::internal)? else {
        return Ok(());
    };
    conn.batch_execute("PRAGMA busy_timeout = 2000").map_err(Problem::internal)?;
    let log = checkpoint(&mut conn, "TRUNCATE").map_err(Problem::internal)?;
    if log.busy == 0 { Ok(()) } else { Err(Problem::Busy(1)) }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A database with so many pages in its log, and a connection to it.
    fn with_log_of(pages: i32) -> (TempDir, Database, SqliteConnection) {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(directory.path().join("test.db"));
        let mut conn = open(&database).unwrap();
        let rows = format!(
            "CREATE TABLE filled (page BLOB);
             WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {pages})
             INSERT INTO filled SELECT zeroblob(4000) FROM numbers;"
        );
        conn.batch_execute(&rows).unwrap();
        (directory, database, conn)
    }

    /// Says once that the log is longer, and runs the thread's work until it ends.
    fn told_once(database: &Database) {
        let (longer, told) = sync_channel(1);
        longer.send(()).unwrap();
        drop(longer);
        write_back_for_ever(database, &told);
    }

    #[test]
    fn a_long_log_is_written_back_while_the_writer_stays_open() {
        let (_directory, database, mut writer) = with_log_of(ENOUGH);
        told_once(&database);
        let log = checkpoint(&mut writer, "NOOP").unwrap();
        assert!(log.pages >= ENOUGH, "the log itself stays: {}", log.pages);
        assert_eq!(log.written_back, log.pages);
    }

    #[test]
    fn a_short_log_is_left_alone() {
        let (_directory, database, mut writer) = with_log_of(ENOUGH / 2);
        told_once(&database);
        assert_eq!(checkpoint(&mut writer, "NOOP").unwrap().written_back, 0);
    }
}
