//! [`Returning`]: an insert, update or delete that gives rows.

use super::Table;
use super::loaded::{Attach, push_relation};
use super::node::Statement;
use super::related::RelationOf;
use std::marker::PhantomData;

/// A statement that changes rows and gives values of type `Row`; whole rows of the table `T`, where that is one.
#[must_use = "a statement does nothing until it is run: `.all(&db)`, `.one(&db)`, .."]
pub struct Returning<Row, T = ()> {
    pub(crate) statement: Statement,
    types: PhantomData<fn() -> (Row, T)>,
}

impl<R, T> Clone for Returning<R, T> {
    fn clone(&self) -> Self {
        Self::new(self.statement.clone())
    }
}

impl<R, T> std::fmt::Debug for Returning<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.statement.fmt(f)
    }
}

impl<Row, T> Returning<Row, T> {
    pub(crate) fn new(statement: Statement) -> Self {
        Self { statement, types: PhantomData }
    }

    pub(crate) fn into_statement(self) -> Statement {
        self.statement
    }
}

impl<Row, T: Table> Returning<Row, T> {
    /// Loads a relation with each row that the statement gives, in the same round trip.
    ///
    /// The related rows are those from before the statement: PostgreSQL shows a statement none of its own changes, and none of other
    /// statements in its `WITH` (manual, section 7.8.4).
    ///
    /// ```
    /// use auth::{Session, SessionWithUser};
    /// use orm::prelude::*;
    /// async fn move_on(db: &Db, id: &str) -> orm::Result<SessionWithUser> {
    ///     let update = Session::update().set(Session::user_agent.set("curl")).filter(Session::id.eq(id));
    ///     update.returning_all().with(Session::user).one(db).await
    /// }
    /// ```
    pub fn with<R>(
        mut self,
        relation: R,
    ) -> Returning<<Row as Attach<R::Relation, R::Loaded>>::Output, T>
    where
        R: RelationOf<T>,
        Row: Attach<R::Relation, R::Loaded>,
    {
        let outputs = match &mut self.statement {
            Statement::Insert(insert) => &mut insert.returning,
            Statement::Update(update) => &mut update.returning,
            Statement::Delete(delete) => &mut delete.returning,
            Statement::Merge(merge) => &mut merge.returning,
            Statement::Select(select) | Statement::Count(select) | Statement::Exists(select) => {
                let nested = relation.into_nested();
                select.outputs.with_vec(|outputs| push_relation(outputs, nested));
                return Returning::new(self.statement);
            }
            // They give no rows.
            Statement::Truncate(_) | Statement::Refresh(_) => {
                return Returning::new(self.statement);
            }
        };
        push_relation(outputs, relation.into_nested());
        Returning::new(self.statement)
    }
}
