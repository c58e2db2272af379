//! Filling an empty database with rows that came from elsewhere: all of them, or none.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::catalog::{self, Column, Kind};
use super::{Row, TABLES};
use crate::problem::{Outcome, Problem};
use crate::settings::Database;
use crate::store::dialect::{self, Conn};
use crate::store::migrations;

/// How many rows one statement brings in.
const AT_ONCE: usize = 500;

/// A database that is being filled, in one transaction. It holds a connection of its own and blocks its thread. Dropped
/// before [`Filling::finish`], it leaves the tables empty.
pub struct Filling {
    conn: Conn,
    waiting: Vec<Row>,
    table: &'static str,
    columns: Vec<Column>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

impl Filling {
    /// Begins. The tables are made as they were in `version`; [`Filling::finish`] brings them up to date.
    ///
    /// # Errors
    /// When the database can't be reached, holds something already, or the version is not known to this program.
    pub fn begin(database: &Database, version: &str) -> Outcome<Self> {
        let mut conn = dialect::connect(database).map_err(Problem::internal)?;
        migrations::make(&mut conn, version)?;
        for table in ["users", "studies", "audit"] {
            let found: Found = diesel::sql_query(format!("SELECT COUNT(*) AS rows FROM {table}"))
                .get_result(&mut conn)
                .map_err(Problem::internal)?;
            if found.rows > 0 {
                return Err(Problem::internal(
                    "the database holds something already; name an empty one, so that nothing is overwritten",
                ));
            }
        }
        dialect::begin_write(&mut conn).map_err(Problem::internal)?;
        // What making the tables put there comes with the rows again.
        for table in TABLES.iter().rev() {
            empty(&mut conn, table)?;
        }
        Ok(Self { conn, waiting: Vec::with_capacity(AT_ONCE), table: "", columns: Vec::new() })
    }

    /// Goes on with a table. They come in the order of [`TABLES`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn table(&mut self, table: &'static str) -> Outcome<()> {
        self.flush()?;
        self.columns = catalog::columns(&mut self.conn, table)?;
        self.table = table;
        Ok(())
    }

    /// Puts a row into the table.
    ///
    /// # Errors
    /// When it has not the columns of the table, or the database refuses it.
    pub fn put(&mut self, row: Row) -> Outcome<()> {
        if !row.keys().eq(self.columns.iter().map(|column| &column.name)) {
            return Err(Problem::internal(format!(
                "a row of {} has other columns than the table",
                self.table
            )));
        }
        self.waiting.push(row);
        if self.waiting.len() < AT_ONCE { Ok(()) } else { self.flush() }
    }

    /// Forgets what must not come back with old rows: sessions that were ended since, and links to get in by, which may
    /// have been used or revoked, with the letters that bring them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn end_sessions(&mut self) -> Outcome<()> {
        self.flush()?;
        let tables = [
            "sessions",
            "sign_in_links",
            "account_links",
            "account_letters",
            "member_invitations",
            "agenda_feeds",
        ];
        tables.into_iter().try_for_each(|table| empty(&mut self.conn, table))
    }

    /// Makes it durable and brings the tables up to date.
    ///
    /// # Errors
    /// Those of the database.
    pub fn finish(mut self) -> Outcome<()> {
        self.flush()?;
        if let Conn::Postgres(c) = &mut self.conn {
            // Rows brought their numbers along; new ones go on after them.
            for table in ["audit", "respondent_history", "wave_outcomes"] {
                c.batch_execute(&format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), \
                     (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}), false)"
                ))
                .map_err(Problem::internal)?;
            }
        }
        dialect::commit(&mut self.conn).map_err(Problem::internal)?;
        migrations::run(&mut self.conn)
    }

    fn flush(&mut self) -> Outcome<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = serde_json::to_string(&self.waiting).map_err(Problem::internal)?;
        self.waiting.clear();
        let (table, columns) = (self.table, &self.columns);
        let names = list(columns, |column| column.name.clone());
        match &mut self.conn {
            Conn::Sqlite(c) => {
                let values = list(columns, from_sqlite);
                let sql = format!("INSERT INTO {table} ({names}) SELECT {values} FROM json_each(?)");
                diesel::sql_query(sql).bind::<Text, _>(rows).execute(c)
            }
            Conn::Postgres(c) => {
                let values = list(columns, from_postgres);
                let types = list(columns, |column| match column.kind() {
                    Kind::Bytes => format!("{} text", column.name),
                    Kind::Plain | Kind::Flag => format!("{} {}", column.name, column.declared()),
                });
                let sql = format!(
                    "INSERT INTO {table} ({names}) SELECT {values} FROM json_to_recordset($1::json) AS row({types})"
                );
                diesel::sql_query(sql).bind::<Text, _>(rows).execute(c)
            }
        }
        .map(drop)
        .map_err(|error| Problem::internal(format!("rows of {table} are refused: {error}")))
    }
}

/// Empties a table, if the version at hand has it.
fn empty(conn: &mut Conn, table: &str) -> Outcome<()> {
    if !catalog::is_there(conn, table)? {
        return Ok(());
    }
    conn.batch_execute(&format!("DELETE FROM {table}")).map_err(Problem::internal)
}

fn list(columns: &[Column], told: impl Fn(&Column) -> String) -> String {
    columns.iter().map(told).collect::<Vec<_>>().join(", ")
}

fn from_sqlite(column: &Column) -> String {
    let value = format!("value ->> '$.{}'", column.name);
    if column.kind() == Kind::Bytes { format!("unhex({value})") } else { value }
}

fn from_postgres(column: &Column) -> String {
    let name = &column.name;
    if column.kind() == Kind::Bytes { format!("decode({name}, 'hex')") } else { name.clone() }
}
