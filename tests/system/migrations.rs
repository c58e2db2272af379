//! Both databases have the same tables, and the tables are those that `src/store/schema` speaks of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::migration::MigrationSource;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use veldwerk::settings::Database;

use crate::database::{self, Kind, TestDatabase};

/// Each table's columns in their order: name, kind of value, whether it may be null.
type Tables = BTreeMap<String, Vec<(String, String, bool)>>;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

/// An INTEGER PRIMARY KEY of SQLite is the row's own number, 64 bits and never null; a part of a longer key is not.
const SQLITE_COLUMNS: &str = "SELECT m.name AS \"table\", c.name AS name,
        CASE WHEN c.type = 'INTEGER' AND own.number = c.name THEN 'BIGINT' ELSE c.type END AS kind,
        CASE WHEN c.\"notnull\" = 1 OR (c.type = 'INTEGER' AND own.number = c.name) THEN 'no' ELSE 'yes' END AS nullable
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    LEFT JOIN (
        SELECT m.name AS name, MAX(k.name) AS number FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS k
        WHERE m.type = 'table' AND k.pk > 0 GROUP BY m.name HAVING COUNT(*) = 1
    ) AS own ON own.name = m.name
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'
    ORDER BY m.name, c.cid";

const POSTGRES_COLUMNS: &str = "SELECT table_name::text AS \"table\", column_name::text AS name,
        data_type::text AS kind, lower(is_nullable::text) AS nullable
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'
    ORDER BY table_name, ordinal_position";

fn tables_of(database: &Database) -> Tables {
    let columns: Vec<Column> = match database {
        Database::Sqlite(path) => sql_query(SQLITE_COLUMNS).load(&mut database::sqlite(path)).unwrap(),
        Database::Postgres(url) => sql_query(POSTGRES_COLUMNS).load(&mut database::postgres(url)).unwrap(),
    };
    let mut tables = Tables::new();
    for column in columns {
        let kind = kind_of(&column.kind);
        tables.entry(column.table).or_default().push((column.name, kind, column.nullable == "yes"));
    }
    tables
}

/// One name for what each of the three sources calls a column's kind of value.
fn kind_of(named: &str) -> String {
    match named.to_ascii_lowercase().as_str() {
        "text" => "text",
        "int4" | "integer" => "integer",
        "bigint" => "bigint",
        "bool" | "boolean" => "boolean",
        "binary" | "bytea" | "blob" => "bytes",
        "date" => "date",
        "double" | "double precision" => "double",
        other => panic!("no column of ours is a {other}"),
    }
    .to_owned()
}

/// The tables as Diesel is told about them.
fn tables_of_the_schema() -> Tables {
    let read =
        |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let parts = ["accounts", "appointments", "mail_in", "recruitment"];
    let parts = parts.map(|part| read(&format!("src/store/schema/{part}.rs"))).concat();
    let source = read("src/store/schema.rs") + parts.as_str();
    let mut tables = Tables::new();
    for block in source.split("diesel::table! {").skip(1) {
        let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty());
        let head = lines.next().unwrap();
        let table = head.split_whitespace().next().unwrap().to_owned();
        let columns = lines.take_while(|line| *line != "}").map(|line| {
            let (name, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            (name.to_owned(), kind_of(inner.unwrap_or(kind)), inner.is_some())
        });
        tables.insert(table, columns.collect());
    }
    tables
}

fn migration_names(kind: &str) -> BTreeSet<String> {
    let folder = std::fs::read_dir(Path::new(MIGRATIONS).join(kind)).unwrap();
    folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let (sqlite, postgres) = (migration_names("sqlite"), migration_names("postgres"));
    assert_eq!(sqlite, postgres);
    for kind in ["sqlite", "postgres"] {
        for name in migration_names(kind) {
            for file in ["up.sql", "down.sql"] {
                assert!(Path::new(MIGRATIONS).join(kind).join(&name).join(file).is_file(), "{name}/{file}");
            }
        }
    }
}

#[test]
fn every_database_has_the_tables_columns_and_nullability_of_the_schema() {
    let schema = tables_of_the_schema();
    assert!(schema.contains_key("respondents"), "the schema was read");
    for kind in Kind::all() {
        let directory = tempfile::tempdir().unwrap();
        let database = TestDatabase::migrated_of(kind, directory.path());
        let tables = tables_of(database.database());
        assert_eq!(tables.keys().collect::<Vec<_>>(), schema.keys().collect::<Vec<_>>(), "{kind:?}");
        for (table, columns) in &tables {
            assert_eq!(columns, &schema[table], "{kind:?}, table {table}");
        }
    }
}

#[test]
fn every_migration_can_be_taken_back_and_run_again() {
    fn up_down_up<C>(conn: &mut C, source: FileBasedMigrations, tables: impl Fn() -> Tables)
    where
        C: MigrationHarness<C::Backend> + diesel::Connection,
        C::Backend: Backend + 'static,
        FileBasedMigrations: MigrationSource<C::Backend>,
    {
        let count = conn.run_pending_migrations(source.clone()).unwrap().len();
        let first = tables();
        assert_eq!(conn.revert_all_migrations(source.clone()).unwrap().len(), count);
        assert!(tables().is_empty(), "left behind: {:?}", tables().keys());
        conn.run_pending_migrations(source).unwrap();
        assert_eq!(tables(), first);
    }
    let source = |kind: &str| FileBasedMigrations::from_path(Path::new(MIGRATIONS).join(kind)).unwrap();
    for kind in Kind::all() {
        let directory = tempfile::tempdir().unwrap();
        let database = TestDatabase::empty_of(kind, directory.path());
        let tables = || tables_of(database.database());
        match database.database() {
            Database::Sqlite(path) => {
                let mut conn = database::sqlite(path);
                conn.batch_execute("PRAGMA foreign_keys = ON").unwrap();
                up_down_up(&mut conn, source("sqlite"), tables);
            }
            Database::Postgres(url) => {
                up_down_up(&mut database::postgres(url), source("postgres"), tables);
            }
        }
    }
}

#[test]
fn no_constraint_of_sqlite_is_checked_as_late_as_the_commit() {
    // It would refuse a whole batch of changes for the fault of one (design 3 b).
    for name in migration_names("sqlite") {
        let path = Path::new(MIGRATIONS).join("sqlite").join(&name).join("up.sql");
        let sql = std::fs::read_to_string(path).unwrap().to_ascii_uppercase();
        assert!(!sql.contains("DEFERRABLE") && !sql.contains("DEFER_FOREIGN_KEYS"), "{name}");
    }
}
