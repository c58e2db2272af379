//! A look into the tables, for what no address shows.

use diesel::prelude::*;
use diesel::sql_types::Text;
use veldwerk::settings::Database;

use crate::database;
use crate::house::House;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl House {
    /// The rows of a query with one text column that is named `line`.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let rows: Vec<Line> = match self.database() {
            Database::Sqlite(path) => diesel::sql_query(sql).load(&mut database::sqlite(path)).unwrap(),
            Database::Postgres(url) => diesel::sql_query(sql).load(&mut database::postgres(url)).unwrap(),
        };
        rows.into_iter().map(|row| row.line).collect()
    }

    /// The kinds of all letters to a respondent or, with a sequence, to the interviewer, in the order of their making.
    pub fn letters(&self) -> Vec<String> {
        self.lines(
            "SELECT kind || ':' || state || ':' || COALESCE(CAST(sequence AS TEXT), '-') AS line
             FROM letters ORDER BY id",
        )
    }

    /// As if every letter in the outbox had left by now.
    pub fn letters_left(&self) {
        crate::fieldwork::execute(self, "UPDATE letters SET state = 'sent', attempts = 1");
    }

    /// Everything that stands in the database.
    pub fn everything(&self) -> Vec<String> {
        let tables = match self.database() {
            Database::Sqlite(_) => {
                "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            }
            Database::Postgres(_) => {
                "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'"
            }
        };
        let mut all = Vec::new();
        for table in self.lines(tables) {
            let rows = match self.database() {
                Database::Sqlite(_) => {
                    let columns = format!(
                        "SELECT group_concat('quote(' || name || ')', '||') AS line FROM pragma_table_info('{table}')"
                    );
                    let columns = self.lines(&columns).concat();
                    self.lines(&format!("SELECT {columns} AS line FROM {table} ORDER BY 1"))
                }
                Database::Postgres(_) => {
                    self.lines(&format!("SELECT t::text AS line FROM {table} t ORDER BY 1"))
                }
            };
            all.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        }
        all
    }
}
