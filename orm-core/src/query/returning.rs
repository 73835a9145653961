//! [`Returning`]: an insert, update or delete that gives rows.

use super::Table;
use super::loaded::{LoadedWith, push_relation};
use super::node::{NestedSelect, Statement};
use super::refused::Never;
use super::related::IntoRelated;
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

/// A statement gives whole rows of the table `Self`, which the relation `R` can be loaded with.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is loaded with whole rows, and this statement returns a list",
    label = "`.returning(..)` gives no whole rows",
    note = "call `.returning_all()` first, or name the relation in the list: `.returning((User::id, User::sessions))`"
)]
pub trait ReturnsWhole<R> {
    /// `Self`.
    type Source: Table;
    /// `X`, see [`Parent::Then`](super::related::Parent::Then).
    type Then<X>;
}

#[diagnostic::do_not_recommend]
impl<T: Table, R> ReturnsWhole<R> for T {
    type Source = T;
    type Then<X> = X;
}

type Definition<N> = <N as IntoRelated>::Definition;
type SourceOf<N, T> = <T as ReturnsWhole<Definition<N>>>::Source;
/// The row, where the statement gives whole ones.
type Whole<N, T, Row> = <T as ReturnsWhole<Definition<N>>>::Then<Row>;

// The compiler compares two impls: with one alone, it would go on with `()` as the table, to a second message.
impl<R: Never> ReturnsWhole<R> for () {
    type Source = R;
    type Then<X> = X;
}

/// A relation that is loaded with rows of the type `Row` which a statement returns; whole rows of `T`, where that is a table.
pub trait LoadedByReturning<Row, T> {
    /// The row with what is loaded.
    type With;
    #[doc(hidden)]
    fn into_nested_of(self) -> NestedSelect;
}

impl<N, Row, T> LoadedByReturning<Row, T> for N
where
    N: IntoRelated,
    T: ReturnsWhole<Definition<N>>,
    N: LoadedWith<SourceOf<N, T>, Whole<N, T, Row>>,
{
    type With = <N as LoadedWith<SourceOf<N, T>, Whole<N, T, Row>>>::With;

    fn into_nested_of(self) -> NestedSelect {
        self.into_nested()
    }
}

impl<Row, T> Returning<Row, T> {
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
    pub fn with<N>(mut self, relation: N) -> Returning<N::With, T>
    where
        N: LoadedByReturning<Row, T>,
    {
        let outputs = match &mut self.statement {
            Statement::Insert(insert) => &mut insert.returning,
            Statement::Update(update) => &mut update.returning,
            Statement::Delete(delete) => &mut delete.returning,
            Statement::Merge(merge) => &mut merge.returning,
            Statement::Select(select) | Statement::Count(select) | Statement::Exists(select) => {
                let nested = relation.into_nested_of();
                select.outputs.with_vec(|outputs| push_relation(outputs, nested));
                return Returning::new(self.statement);
            }
            // They give no rows.
            Statement::Truncate(_) | Statement::Refresh(_) => {
                return Returning::new(self.statement);
            }
        };
        push_relation(outputs, relation.into_nested_of());
        Returning::new(self.statement)
    }
}
