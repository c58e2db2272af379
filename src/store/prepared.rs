//! Statements that are prepared once for each connection and then kept.
//!
//! Diesel keeps a prepared statement only where the types of a query fix its text, which no UPDATE and no piece of
//! literal SQL does. To parse and plan such a statement anew costs several times what running it does. Here the store
//! says that a statement has few texts; Diesel then keeps it under its text. A statement whose text depends on how
//! many values it takes must not be kept: every number of them would stay for ever.

use std::cell::Cell;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::internal::derives::multiconnection::AstPassHelper as _;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement to keep.
pub(super) struct Prepared<Q>(Q);

/// Says of a statement that it has few texts.
pub(super) trait Prepare: Sized {
    /// The statement, prepared once for each connection.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q: QueryId> Prepare for Q {}

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<Q> {
    /// Writes the text and gives the values. Of the other walks, one asks whether the statement may be kept; whoever
    /// says nothing agrees.
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let matters = Cell::new(false);
        let pass = pass.cast_database::<DB>(
            |values| {
                matters.set(true);
                values
            },
            |text| {
                matters.set(true);
                text
            },
            |backend| backend,
            |lookup| lookup,
        );
        if matters.get() { self.0.walk_ast(pass) } else { Ok(()) }
    }
}

/// It is known by its text.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> diesel::RunQueryDsl<C> for Prepared<Q> {}
