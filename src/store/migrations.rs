//! Brings the tables up to date, and refuses tables of another version.

use diesel::Connection;
use diesel::connection::SimpleConnection as _;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Migrate;
use super::dialect::{self, Conn};
use crate::problem::{Outcome, Problem};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, as long as all processes of an installation take the same: the lock that lets one of them migrate.
const MIGRATION_LOCK: i64 = 0x5645_4c44;

/// How the tables that were found compare with those that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// Just those.
    Current,
    /// Some migrations of this program are still to be run.
    Older,
    /// A newer program was here.
    Newer,
}

/// Migrates if this process may, and demands the very version that this program knows.
pub(super) fn prepare(conn: &mut Conn, migrate: Migrate) -> Outcome<()> {
    match state(conn)? {
        SchemaState::Current => Ok(()),
        SchemaState::Newer => Err(Problem::internal(
            "the database was made by a newer veldwerk; start that version, or restore a backup made before it",
        )),
        SchemaState::Older
            if migrate == Migrate::No || (migrate == Migrate::IfNew && !version(conn)?.is_empty()) =>
        {
            Err(Problem::internal(
                "the database was made by an older veldwerk; start `veldwerk serve` of this version once",
            ))
        }
        SchemaState::Older => run(conn),
    }
}

/// Refuses tables of another version in words.
pub(super) fn demand_current(conn: &mut Conn) -> Outcome<()> {
    prepare(conn, Migrate::No)
}

/// The version of the tables: the last migration that was run.
pub(super) fn version(conn: &mut Conn) -> Outcome<String> {
    let applied = match conn {
        Conn::Sqlite(c) => c.applied_migrations(),
        Conn::Postgres(c) => c.applied_migrations(),
    };
    let latest = applied.map_err(Problem::Internal)?.into_iter().max_by_key(ToString::to_string);
    Ok(latest.map_or_else(String::new, |version| version.to_string()))
}

/// Makes the tables as they were in an earlier version, in a database that has none.
pub(super) fn make(conn: &mut Conn, wanted: &str) -> Outcome<()> {
    while version(conn)?.as_str() < wanted {
        let made = match conn {
            Conn::Sqlite(c) => c.run_next_migration(SQLITE).map(drop),
            Conn::Postgres(c) => c.run_next_migration(POSTGRES).map(drop),
        };
        made.map_err(|_| Problem::internal("it was made by a newer veldwerk; use that version"))?;
    }
    if version(conn)? == wanted {
        return Ok(());
    }
    Err(Problem::internal("the database has tables of another version already; name an empty one"))
}

/// Runs the migrations that are still to be run.
pub(super) fn run(conn: &mut Conn) -> Outcome<()> {
    match conn {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop).map_err(Problem::Internal),
        Conn::Postgres(c) => c.run_pending_migrations(POSTGRES).map(drop).map_err(Problem::Internal),
    }
}

/// Looks at the tables, or changes them, while no other process does: of several servers that start at once one makes
/// them, and the others find it done. However long it takes; the connection must not serve anybody afterwards.
pub(super) fn alone<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Outcome<T>) -> Outcome<T> {
    let Conn::Postgres(c) = conn else { return work(conn) };
    let begin =
        format!("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK})");
    c.batch_execute(&begin).map_err(dialect::failure)?;
    let outcome = work(conn);
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).map_err(dialect::failure)?;
    outcome
}

/// Compares the migrations that were run with those that this program carries.
pub(super) fn state(conn: &mut Conn) -> Outcome<SchemaState> {
    match conn {
        Conn::Sqlite(c) => compare(c, SQLITE),
        Conn::Postgres(c) => compare(c, POSTGRES),
    }
}

fn compare<C>(conn: &mut C, ours: EmbeddedMigrations) -> Outcome<SchemaState>
where
    C: Connection + MigrationHarness<C::Backend>,
    C::Backend: diesel::backend::Backend + 'static,
    EmbeddedMigrations: diesel::migration::MigrationSource<C::Backend>,
{
    use diesel::migration::MigrationSource;
    let applied = conn.applied_migrations().map_err(Problem::Internal)?;
    let ours = MigrationSource::<C::Backend>::migrations(&ours).map_err(Problem::Internal)?;
    let ours: Vec<String> = ours.iter().map(|m| m.name().version().to_string()).collect();
    let unknown = applied.iter().any(|version| !ours.contains(&version.to_string()));
    Ok(match (unknown, applied.len() < ours.len()) {
        (true, _) => SchemaState::Newer,
        (false, true) => SchemaState::Older,
        (false, false) => SchemaState::Current,
    })
}
