//! What columns a table has, as the database itself says.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::problem::{Outcome, Problem};
use crate::store::dialect::Conn;

/// A column of a table.
#[derive(QueryableByName)]
pub(super) struct Column {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    declared: String,
}

/// How the values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Flag,
    Bytes,
}

impl Column {
    pub(super) fn kind(&self) -> Kind {
        match self.declared.as_str() {
            "blob" | "bytea" => Kind::Bytes,
            "boolean" => Kind::Flag,
            _ => Kind::Plain,
        }
    }

    /// The type as it is declared, in lower case.
    pub(super) fn declared(&self) -> &str {
        &self.declared
    }
}

/// The columns of a table, by name, so that both databases tell the same row by the same text.
pub(super) fn columns(conn: &mut Conn, table: &str) -> Outcome<Vec<Column>> {
    let columns = found(conn, table)?;
    if columns.is_empty() {
        return Err(Problem::internal(format!("the database has no table {table}")));
    }
    Ok(columns)
}

/// Whether there is a table: tables of an earlier version lack those that came later.
pub(super) fn is_there(conn: &mut Conn, table: &str) -> Outcome<bool> {
    found(conn, table).map(|columns| !columns.is_empty())
}

fn found(conn: &mut Conn, table: &str) -> Outcome<Vec<Column>> {
    match conn {
        Conn::Sqlite(c) => {
            let sql = "SELECT name, lower(type) AS declared FROM pragma_table_info(?) ORDER BY name";
            diesel::sql_query(sql).bind::<Text, _>(table).load(c)
        }
        Conn::Postgres(c) => {
            let sql = "SELECT column_name::text AS name, data_type::text AS declared FROM information_schema.columns \
                       WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name COLLATE \"C\"";
            diesel::sql_query(sql).bind::<Text, _>(table).load(c)
        }
    }
    .map_err(Problem::internal)
}
