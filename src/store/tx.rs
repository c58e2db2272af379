//! A running transaction, as everything outside the store holds it.
//!
//! Every statement goes through [`Tx::run`], the one place where a database's refusal becomes a problem of ours. A
//! failure that is not a constraint poisons the transaction: SQLite may have rolled it back by itself (a full disk),
//! and any further statement would then commit on its own. A row that a constraint refuses poisons it too:
//! PostgreSQL takes no further statement then, and its COMMIT would roll back without a word.

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error};

use super::constraints;
use super::dialect::{self, Conn};
use crate::keys::Keys;
use crate::problem::{Outcome, Problem};

/// A running transaction.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    keys: &'c Keys,
    fault: Option<Fault>,
    writes: bool,
    pub(super) wakes_worker: bool,
}

/// Why a transaction cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The database chose this transaction to give way; it may be run again.
    GaveWay,
    /// A constraint refused a row, so the change as a whole is refused.
    Refused,
    /// The statement failed for a reason that is no rule of ours.
    Broken,
}

impl<'c> Tx<'c> {
    pub(super) const fn new(conn: &'c mut Conn, keys: &'c Keys) -> Self {
        Self { conn, keys, fault: None, writes: false, wakes_worker: false }
    }

    /// The same for a change.
    pub(super) const fn writing(conn: &'c mut Conn, keys: &'c Keys) -> Self {
        Self { writes: true, ..Self::new(conn, keys) }
    }

    /// Whether this is a change and no question.
    pub(super) const fn is_writing(&self) -> bool {
        self.writes
    }

    /// The keys of the installation.
    #[must_use]
    pub const fn keys(&self) -> &'c Keys {
        self.keys
    }

    pub(super) const fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Whether rows can be locked by a statement of their own, which only PostgreSQL needs: SQLite has one writer.
    pub(crate) const fn locks_rows(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    /// Runs one statement.
    pub(super) fn run<T>(&mut self, statement: impl FnOnce(&mut Conn) -> QueryResult<T>) -> Outcome<T> {
        if self.fault.is_some() {
            return Err(Problem::Busy(1));
        }
        statement(self.conn).map_err(|error| self.explain(error))
    }

    /// Runs one statement that may find nothing.
    pub(super) fn maybe<T>(
        &mut self,
        statement: impl FnOnce(&mut Conn) -> QueryResult<T>,
    ) -> Outcome<Option<T>> {
        match self.run(statement) {
            Ok(found) => Ok(Some(found)),
            Err(Problem::NotFound) => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    fn explain(&mut self, error: Error) -> Problem {
        match error {
            Error::NotFound => Problem::NotFound,
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => {
                self.fault = Some(Fault::GaveWay);
                Problem::Busy(1)
            }
            Error::DatabaseError(kind, information) => {
                let message = information.message();
                if let Some(problem) = constraints::problem(information.constraint_name(), message) {
                    self.fault = Some(Fault::Refused);
                    return problem;
                }
                if message.contains("deadlock detected") {
                    self.fault = Some(Fault::GaveWay);
                    return Problem::Busy(1);
                }
                if message.contains("lock timeout") || message.contains("database is locked") {
                    self.fault = Some(Fault::Broken);
                    return Problem::Busy(1);
                }
                self.fault = Some(if is_constraint(kind) { Fault::Refused } else { Fault::Broken });
                dialect::failure(Error::DatabaseError(kind, information))
            }
            other => {
                self.fault = Some(Fault::Broken);
                dialect::failure(other)
            }
        }
    }
}

const fn is_constraint(kind: DatabaseErrorKind) -> bool {
    matches!(
        kind,
        DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::ExclusionViolation
    )
}
