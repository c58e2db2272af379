//! A database for one test, of either kind, made ready in milliseconds.
//!
//! SQLite is migrated once to a template file and copied. PostgreSQL is migrated once to a template database and
//! cloned, on the server that `TEST_DATABASE_URL` names or on a throw-away cluster started from installed binaries
//! (see `cluster`). `VELDWERK_TEST_DATABASE=sqlite` or `postgres` chooses the kind for a whole run; without it
//! `TEST_DATABASE_URL` means PostgreSQL, and nothing means SQLite.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use veldwerk::keys::Keys;
use veldwerk::settings::{Database, Secret};
use veldwerk::store::{Migrate, Store};

use crate::cluster::{self, Server};
use crate::house::SECRET;

/// The two kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// The kind that this run of the tests is about.
    pub fn of_this_run() -> Self {
        match std::env::var("VELDWERK_TEST_DATABASE").as_deref() {
            Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("VELDWERK_TEST_DATABASE takes sqlite or postgres, not {other}"),
            Err(_) if cluster::named_server().is_some() => Self::Postgres,
            Err(_) => Self::Sqlite,
        }
    }

    /// Every kind that can be had here, for tests that hold both databases to the same rule. What is missing is said
    /// loudly; with `VELDWERK_TEST_ALL=1` nothing may be missing.
    pub fn all() -> Vec<Self> {
        match server() {
            Ok(_) => vec![Self::Sqlite, Self::Postgres],
            Err(reason) => {
                skip("PostgreSQL", reason);
                vec![Self::Sqlite]
            }
        }
    }
}

/// Says that something is not tested, past the capture of the test harness; refuses where nothing may be skipped.
pub fn skip(what: &str, reason: &str) {
    assert!(
        std::env::var_os("VELDWERK_TEST_ALL").is_none_or(|all| all != "1"),
        "{what} cannot be tested, and VELDWERK_TEST_ALL=1 forbids skipping: {reason}"
    );
    let _ = writeln!(std::io::stderr(), "\n*** NOT TESTED: {what}: {reason} ***\n");
}

/// A database of its own for one test; it ends with the test.
pub struct TestDatabase {
    database: Database,
    clone: Option<String>,
}

impl TestDatabase {
    /// A database of a kind, with all tables; `directory` holds it if it is a file.
    pub fn migrated_of(kind: Kind, directory: &Path) -> Self {
        match kind {
            Kind::Sqlite => {
                let path = directory.join("veldwerk.db");
                std::fs::copy(sqlite_template(), &path).unwrap();
                Self { database: Database::Sqlite(path), clone: None }
            }
            Kind::Postgres => Self::on_server(Some(postgres_template())),
        }
    }

    /// A database of a kind, without any table.
    pub fn empty_of(kind: Kind, directory: &Path) -> Self {
        match kind {
            Kind::Sqlite => Self { database: Database::Sqlite(directory.join("veldwerk.db")), clone: None },
            Kind::Postgres => Self::on_server(None),
        }
    }

    fn on_server(template: Option<&str>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = server().unwrap_or_else(|reason| panic!("no PostgreSQL for the tests: {reason}"));
        let name = format!("{}_{}", server.run, NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template.unwrap_or("template0");
        server.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { database: Database::Postgres(Secret::new(server.url(&name))), clone: Some(name) }
    }

    /// Where it is.
    pub const fn database(&self) -> &Database {
        &self.database
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let (Some(name), Ok(server)) = (&self.clone, server()) {
            server.execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// A connection of a test's own to a SQLite file, beside the store.
pub fn sqlite(path: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    conn
}

/// A connection of a test's own to a PostgreSQL database, beside the store.
pub fn postgres(url: &Secret) -> PgConnection {
    PgConnection::establish(url.expose()).unwrap()
}

fn server() -> Result<&'static Server, &'static str> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    SERVER.get_or_init(Server::find).as_ref().map_err(String::as_str)
}

fn migrate(database: Database) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let keys = Keys::derive(SECRET.as_bytes());
    drop(runtime.block_on(Store::open(database, keys, Migrate::Yes)).unwrap());
}

fn sqlite_template() -> PathBuf {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    let directory = TEMPLATE.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let migrated = directory.path().join("migrated.db");
        migrate(Database::Sqlite(migrated.clone()));
        // One file without a log beside it, whatever the store's threads still have open.
        let template = directory.path().join("template.db");
        sqlite(&migrated).batch_execute(&format!("VACUUM INTO '{}'", template.display())).unwrap();
        directory
    });
    directory.path().join("template.db")
}

fn postgres_template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let server = server().unwrap_or_else(|reason| panic!("no PostgreSQL for the tests: {reason}"));
        let name = format!("{}_template", server.run);
        server.execute(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        migrate(Database::Postgres(Secret::new(server.url(&name))));
        // A database that somebody is connected to cannot be cloned, and the store's threads may still be closing.
        server.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        server.execute(&format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
        name
    })
}
