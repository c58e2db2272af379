//! The database itself keeps two reservations of an interviewer from overlapping (R1): PostgreSQL by an exclusion
//! constraint, SQLite by triggers that look at the predecessor only. Both are held against looking at every row.

use std::cell::RefCell;

use diesel::Connection;
use diesel::result::Error;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use veldwerk::settings::Database;

use crate::database::{self, Kind, TestDatabase};

/// One reservation, as it stands or as somebody wants it.
#[derive(Debug, Clone, Copy)]
struct Row {
    interviewer: u8,
    from: i64,
    until: i64,
    active: bool,
}

impl Row {
    fn collides_with(self, other: Self) -> bool {
        self.active
            && other.active
            && self.interviewer == other.interviewer
            && self.from < other.until
            && other.from < self.until
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A new reservation.
    Insert(Row),
    /// One of the earlier ones becomes something else in a single statement: moved, handed over, ended, revived.
    Update(usize, Row),
}

fn rows() -> impl Strategy<Value = Row> {
    (0_u8..2, 0_i64..60, 1_i64..20, prop::bool::weighted(0.8)).prop_map(
        |(interviewer, from, length, active)| Row { interviewer, from, until: from + length, active },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        rows().prop_map(Step::Insert),
        (0_usize..40, rows()).prop_map(|(which, row)| Step::Update(which, row)),
    ];
    prop::collection::vec(step, 1..60)
}

const PEOPLE: &str = "
    INSERT INTO users (id, email, email_folded, name, password_hash, created_at) VALUES ('u0', 'a', 'a', 'A', '', 0);
    INSERT INTO users (id, email, email_folded, name, password_hash, created_at) VALUES ('u1', 'b', 'b', 'B', '', 0)";

fn insert(id: usize, row: Row) -> String {
    let Row { interviewer, from, until, active } = row;
    format!(
        "INSERT INTO reservations (id, interviewer, guard_from, guard_until, kind, active)
         VALUES ('r{id}', 'u{interviewer}', {from}, {until}, 'interview', {active})"
    )
}

fn update(id: usize, row: Row) -> String {
    let Row { interviewer, from, until, active } = row;
    format!(
        "UPDATE reservations SET interviewer = 'u{interviewer}', guard_from = {from}, guard_until = {until},
         active = {active} WHERE id = 'r{id}'"
    )
}

/// Takes the steps, in a transaction that is rolled back, and demands after each that the database refused it
/// exactly when it collides with another row.
fn agree<C: Connection>(conn: &mut C, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut verdict = Ok(());
    let _: Result<(), Error> = conn.transaction(|conn| {
        let mut kept: Vec<Row> = Vec::new();
        for step in steps {
            let (id, row, statement) = match *step {
                Step::Insert(row) => (kept.len(), row, insert(kept.len(), row)),
                Step::Update(which, row) if which < kept.len() => (which, row, update(which, row)),
                Step::Update(..) => continue,
            };
            let collides = kept.iter().enumerate().any(|(other, o)| other != id && row.collides_with(*o));
            let refusal = conn.transaction(|conn| conn.batch_execute(&statement)).err();
            let refused = refusal.as_ref().is_some_and(|e| e.to_string().contains("reservations_overlap"));
            if refused != collides || refusal.is_some() != collides {
                verdict = Err(TestCaseError::fail(format!("{statement}: {refusal:?}, kept {kept:?}")));
                break;
            }
            if !collides && id == kept.len() {
                kept.push(row);
            } else if !collides {
                kept[id] = row;
            }
        }
        Err(Error::RollbackTransaction)
    });
    verdict
}

/// Takes many random walks on a database; the first on which it and the rule part is the error.
fn compare<C: Connection>(mut conn: C, prepare: Option<&str>) -> Result<(), String> {
    conn.batch_execute(PEOPLE).unwrap();
    if let Some(prepare) = prepare {
        conn.batch_execute(prepare).unwrap();
    }
    let conn = RefCell::new(conn);
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| agree(&mut *conn.borrow_mut(), &steps));
    outcome.map_err(|failure| failure.to_string())
}

fn compare_on(kind: Kind, prepare: Option<&str>) -> Result<(), String> {
    let directory = tempfile::tempdir().unwrap();
    let database = TestDatabase::migrated_of(kind, directory.path());
    match database.database() {
        Database::Sqlite(path) => compare(database::sqlite(path), prepare),
        Database::Postgres(url) => compare(database::postgres(url), prepare),
    }
}

#[test]
fn a_reservation_is_refused_exactly_when_it_overlaps_an_active_one_of_the_same_interviewer() {
    for kind in Kind::all() {
        compare_on(kind, None).unwrap_or_else(|failure| panic!("{kind:?}: {failure}"));
    }
}

#[test]
fn without_its_guard_a_database_is_found_out() {
    for kind in Kind::all() {
        let unguarded = match kind {
            Kind::Sqlite => {
                ["DROP TRIGGER reservations_insert", "DROP TRIGGER reservations_update"].as_slice()
            }
            Kind::Postgres => &["ALTER TABLE reservations DROP CONSTRAINT reservations_overlap"],
        };
        for prepare in unguarded {
            assert!(compare_on(kind, Some(*prepare)).is_err(), "{prepare} went unnoticed");
        }
    }
}

#[test]
fn a_reservation_that_ends_before_it_begins_is_refused() {
    fn refuse<C: Connection>(mut conn: C) {
        conn.batch_execute(PEOPLE).unwrap();
        for (from, until) in [(10, 10), (10, 9)] {
            let row = Row { interviewer: 0, from, until, active: true };
            assert!(conn.transaction(|conn| conn.batch_execute(&insert(0, row))).is_err());
        }
    }
    for kind in Kind::all() {
        let directory = tempfile::tempdir().unwrap();
        let database = TestDatabase::migrated_of(kind, directory.path());
        match database.database() {
            Database::Sqlite(path) => refuse(database::sqlite(path)),
            Database::Postgres(url) => refuse(database::postgres(url)),
        }
    }
}
