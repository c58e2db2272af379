//! One look at everything that a database holds, at one moment, while others go on writing.

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Row;
use super::catalog::{self, Column, Kind};
use crate::problem::{Outcome, Problem};
use crate::settings::Database;
use crate::store::dialect::{self, Conn};
use crate::store::migrations;

/// A look at a database. It holds a connection of its own and blocks its thread.
pub struct Snapshot {
    conn: Conn,
    version: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Snapshot {
    /// Looks at a database from now on.
    ///
    /// # Errors
    /// When it can't be reached, or its tables are of another version than this program's.
    pub fn of(database: &Database) -> Outcome<Self> {
        let mut conn = dialect::connect(database).map_err(Problem::internal)?;
        migrations::demand_current(&mut conn)?;
        let version = migrations::version(&mut conn)?;
        dialect::begin_read(&mut conn).map_err(Problem::internal)?;
        // The first question fixes the moment.
        diesel::sql_query("SELECT 1 FROM installation").execute(&mut conn).map_err(Problem::internal)?;
        Ok(Self { conn, version })
    }

    /// The version of the tables.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Hands over every row of a table, one after the other, in no order that means anything.
    ///
    /// # Errors
    /// Those of the database and those of `each`.
    pub fn rows(&mut self, table: &str, mut each: impl FnMut(Row) -> Outcome<()>) -> Outcome<()> {
        let columns = catalog::columns(&mut self.conn, table)?;
        match &mut self.conn {
            Conn::Sqlite(c) => {
                let fields: Vec<String> = columns.iter().map(in_sqlite).collect();
                let sql = format!("SELECT json_object({}) AS line FROM {table}", fields.join(", "));
                let lines = diesel::sql_query(sql).load_iter::<Line, DefaultLoadingMode>(c);
                lines.map_err(Problem::internal)?.try_for_each(|line| each(read(line)?))
            }
            Conn::Postgres(c) => {
                let fields: Vec<String> = columns.iter().map(in_postgres).collect();
                let sql =
                    format!("SELECT json_build_object({})::text AS line FROM {table}", fields.join(", "));
                // Row by row, so that a table of any size takes the memory of a row.
                let lines = diesel::sql_query(sql).load_iter::<Line, PgRowByRowLoadingMode>(c);
                lines.map_err(Problem::internal)?.try_for_each(|line| each(read(line)?))
            }
        }
    }
}

fn read(line: QueryResult<Line>) -> Outcome<Row> {
    serde_json::from_str(&line.map_err(Problem::internal)?.line).map_err(Problem::internal)
}

/// The name and the value of a column, for `json_object`.
fn in_sqlite(column: &Column) -> String {
    let name = &column.name;
    match column.kind() {
        Kind::Plain => format!("'{name}', {name}"),
        Kind::Flag => {
            format!("'{name}', json(CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)")
        }
        // `hex` of nothing would be a text without digits.
        Kind::Bytes => format!("'{name}', CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END"),
    }
}

/// The name and the value of a column, for `json_build_object`.
fn in_postgres(column: &Column) -> String {
    let name = &column.name;
    match column.kind() {
        Kind::Plain | Kind::Flag => format!("'{name}', {name}"),
        Kind::Bytes => format!("'{name}', encode({name}, 'hex')"),
    }
}
