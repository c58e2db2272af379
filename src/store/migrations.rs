//! Brings the tables up to date, and refuses tables of another version.

use diesel::Connection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Migrate;
use super::dialect::Conn;
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
        SchemaState::Older if migrate == Migrate::No => Err(Problem::internal(
            "the database was made by an older veldwerk; start `veldwerk serve` of this version once",
        )),
        SchemaState::Older => run(conn),
    }
}

fn run(conn: &mut Conn) -> Outcome<()> {
    match conn {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop).map_err(Problem::Internal),
        Conn::Postgres(c) => {
            // Only one of several starting processes migrates; the others find it done.
            lock(c, "SELECT pg_advisory_lock($1)")?;
            let outcome = c.run_pending_migrations(POSTGRES).map(drop).map_err(Problem::Internal);
            lock(c, "SELECT pg_advisory_unlock($1)")?;
            outcome
        }
    }
}

fn lock(conn: &mut diesel::PgConnection, statement: &str) -> Outcome<()> {
    use diesel::RunQueryDsl;
    diesel::sql_query(statement)
        .bind::<diesel::sql_types::BigInt, _>(MIGRATION_LOCK)
        .execute(conn)
        .map(drop)
        .map_err(Problem::internal)
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
