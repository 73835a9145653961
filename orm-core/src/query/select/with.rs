//! `.with(relation)` of a query, and what is loaded by it: relations of the one table whose whole rows it gives.

use super::{Loaded, Query, WholeRows};
use crate::query::loaded::{LoadedWith, push_relation};
use crate::query::node::NestedSelect;
use crate::query::related::{IntoRelated, RelationOf};
use crate::query::scope::Required;
use crate::query::set_operation::ResultOf;

/// A query of one table, whose rows the relation `R` is loaded with.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is loaded with the rows of one table, and this query reads several",
    label = "it reads `{Self}`",
    note = "name the row with its relation in the list: `.select((User.with(User::sessions), Organization::name))`"
)]
pub trait OneSource<R> {
    /// The source; see [`Parent::Then`](crate::query::related::Parent::Then).
    type Source;
    /// `X`.
    type Then<X>;
}

impl<S, R> OneSource<R> for (Required<S>,) {
    type Source = S;
    type Then<X> = X;
}

// That it gives no whole rows is what its shape says.
impl<Row, Reads, R> OneSource<R> for ResultOf<Row, Reads> {
    type Source = Row;
    type Then<X> = X;
}

/// A query with rows of the source `S` which are whole: the relation `R` can be loaded with them.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is loaded with whole rows of `{S}`, not with a select list, groups or a set operation",
    label = "`{Self}`: no whole rows",
    note = "leave out `.select(..)`, or name the relation in its list: `.select(({S}::column, {S}::relation))`"
)]
pub trait GivesWhole<S, R> {
    /// `X`.
    type Then<X>;
}

impl<S, R> GivesWhole<S, R> for WholeRows {
    type Then<X> = X;
}

impl<S, R> GivesWhole<S, R> for Loaded {
    type Then<X> = X;
}

/// A relation that is loaded by a query which reads `Sources`, gives rows of the type `Row` and has the shape `H`.
pub trait LoadedBy<Sources, Row, H> {
    /// The row with what is loaded.
    type With;
    #[doc(hidden)]
    fn into_nested_of(self) -> NestedSelect;
}

/// The row, where the query gives whole rows of one table.
type Whole<Sources, Row, H, N> = <H as GivesWhole<SourceOf<Sources, N>, Definition<N>>>::Then<
    <Sources as OneSource<Definition<N>>>::Then<Row>,
>;
type SourceOf<Sources, N> = <Sources as OneSource<Definition<N>>>::Source;
type Definition<N> = <N as IntoRelated>::Definition;

impl<N, Sources, Row, H> LoadedBy<Sources, Row, H> for N
where
    N: IntoRelated,
    Sources: OneSource<Definition<N>>,
    H: GivesWhole<SourceOf<Sources, N>, Definition<N>>,
    N: RelationOf<SourceOf<Sources, N>>,
    N: LoadedWith<SourceOf<Sources, N>, Whole<Sources, Row, H, N>>,
{
    type With = <N as LoadedWith<SourceOf<Sources, N>, Whole<Sources, Row, H, N>>>::With;

    fn into_nested_of(self) -> NestedSelect {
        self.into_nested()
    }
}

impl<Sources, Row, H> Query<Sources, Row, H> {
    /// Loads a relation of the table with each row, in the same round trip.
    ///
    /// The result holds the row, which it dereferences to, and a field named like the relation. Relations that were not loaded are
    /// [`NotLoaded`](crate::query::NotLoaded). The type is the same whatever the order of the calls.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn page(db: &Db) -> orm::Result<()> {
    ///     let newest = User::sessions.order_by(Session::created_at.desc()).limit(5);
    ///     for user in User::query().with(newest).with(User::accounts).all(db).await? {
    ///         println!("{}: {} {}", user.name, user.sessions.len(), user.accounts.len());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn with<N>(mut self, relation: N) -> Query<Sources, N::With, Loaded>
    where
        N: LoadedBy<Sources, Row, H>,
    {
        let nested = relation.into_nested_of();
        self.select.outputs.with_vec(|outputs| push_relation(outputs, nested));
        Query::new(self.select)
    }
}
