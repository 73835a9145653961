//! Rows with what was loaded through relations: `UserWith<Vec<Session>>`.

use super::load::Loadable;
use super::node::{NestedSelect, Output};
use super::reads::RowOf;
use super::related::RelationOf;
use super::relation::RelationDefinition;
use super::scope::{Handle, Nullness, PartOf, Source};
use super::selection::Selectable;
use crate::error::Result;
use crate::types::cells::{Cells, Decode, DecodeOptional};
use crate::types::nested::Nested;
use std::marker::PhantomData;

/// How the relations of a query are loaded: see [`Query::loading`](super::Query::loading).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Loading {
    /// By levels where that is possible, else correlated.
    #[default]
    Automatic,
    /// Each relation is a subquery that is computed for each row, and comes as a cell of it: an array of records.
    Correlated,
    /// Each relation is a common table expression, and its rows come after those of the level above, in the same statement.
    Levels,
}

/// The relation `R` was not loaded: what the field of a row holds then. Nothing can be done with it.
pub struct NotLoaded<R>(PhantomData<fn() -> R>);

impl<R> NotLoaded<R> {
    #[doc(hidden)]
    pub const NOTHING: Self = Self(PhantomData);
}

impl<R> Clone for NotLoaded<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for NotLoaded<R> {}

impl<R> PartialEq for NotLoaded<R> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<R: RelationDefinition> std::fmt::Debug for NotLoaded<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NotLoaded")
    }
}

/// What the field of a relation holds: [`NotLoaded`], or the related rows.
pub trait Held: Sized + Send {
    /// How many cells it is read from.
    const CELLS: usize;
    #[doc(hidden)]
    fn held(cells: &mut Cells<'_>) -> Result<Self>;
}

impl<R: RelationDefinition> Held for NotLoaded<R> {
    const CELLS: usize = 0;

    fn held(_: &mut Cells<'_>) -> Result<Self> {
        Ok(Self::NOTHING)
    }
}

impl<N: Nested> Held for N {
    const CELLS: usize = 1;

    fn held(cells: &mut Cells<'_>) -> Result<Self> {
        N::nested(cells)
    }
}

/// A row to which what the relation `R` loads can be added: one that does not have it yet.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is given twice",
    label = "`{Self}` has it already",
    note = "give it once; a struct with `#[derive(FromRow)]` can have several fields of one relation"
)]
pub trait Attach<R, Loaded> {
    /// The row with it.
    type Output;
    #[doc(hidden)]
    fn attach(self, loaded: Loaded) -> Self::Output;
}

/// A relation of the source `T` that is loaded with rows which are a `Row` so far.
pub trait LoadedWith<T, Row>: RelationOf<T> {
    /// The row with what is loaded.
    type With;
}

impl<N, T, Row> LoadedWith<T, Row> for N
where
    N: RelationOf<T>,
    N::Then<Row>: Attach<N::Relation, N::Loaded>,
{
    type With = <N::Then<Row> as Attach<N::Relation, N::Loaded>>::Output;
}

/// A relation of the table `T` that is loaded with related rows which are a `Row` so far.
pub trait LoadedBelow<T, Row>: RelationOf<T> {
    /// The row with what is loaded.
    type With;
}

impl<N, T, Row> LoadedBelow<T, Row> for N
where
    N: RelationOf<T>,
    <N as RelationOf<T>>::Then<Row>: WholeRow<T, <N as RelationOf<T>>::Relation>,
    N: LoadedWith<T, Whole<N, T, Row>>,
{
    type With = <N as LoadedWith<T, Whole<N, T, Row>>>::With;
}

/// The row, where it is a whole one.
type Whole<N, T, Row> =
    <<N as RelationOf<T>>::Then<Row> as WholeRow<T, <N as RelationOf<T>>::Relation>>::Row;

/// `Self` is a whole row of the table `T`, alone or with relations.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is loaded with whole rows of `{T}`, and these have a select list",
    label = "`{Self}` is no whole row of `{T}`",
    note = "leave out `.select(..)`, or name the relation in its list"
)]
pub trait WholeRow<T, R> {
    /// `Self`, see [`Parent::Then`](super::related::Parent::Then).
    type Row;
}

#[diagnostic::do_not_recommend]
impl<Row: Loadable<Table = T>, T, R> WholeRow<T, R> for Row {
    type Row = Row;
}

/// No relation. Without these two, the compiler would take the one relation that is not loaded yet for the one that is meant, and
/// compare the two where it should say that a relation is loaded twice.
#[derive(Debug)]
pub enum NoRelation<const N: bool> {}

/// Adds a relation to what a select gives: in the order in which the rows hold them, whatever the order of the calls.
pub(super) fn push_relation(outputs: &mut Vec<Output>, nested: NestedSelect) {
    let is_later = |output: &Output| matches!(output, Output::Relation(other) if other.position > nested.position);
    let place = outputs.iter().position(is_later).unwrap_or(outputs.len());
    outputs.insert(place, Output::Relation(Box::new(nested)));
}

/// A whole row with relations, to be selected. Made by [`Handle::with`].
#[must_use = "a selection does nothing until a query uses it"]
pub struct RowWith<S, Row> {
    relations: Vec<Output>,
    types: PhantomData<fn() -> (S, Row)>,
}

impl<S, Row> Clone for RowWith<S, Row> {
    fn clone(&self) -> Self {
        Self { relations: self.relations.clone(), types: PhantomData }
    }
}

impl<S: Source, Row> std::fmt::Debug for RowWith<S, Row> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple(S::SOURCE).field(&self.relations).finish()
    }
}

impl<S: Source> Handle<S> {
    /// The whole row with a relation, in the select list of a query that reads other tables as well.
    ///
    /// ```
    /// use auth::{Member, Organization, User, UserWithSessions};
    /// use orm::prelude::*;
    /// async fn owners(db: &Db) -> orm::Result<Vec<(UserWithSessions, String)>> {
    ///     Member::query()
    ///         .inner_join(User, Member::user)
    ///         .inner_join(Organization, Member::organization)
    ///         .filter(Member::role.eq("owner"))
    ///         .select((User.with(User::sessions), Organization::name))
    ///         .all(db)
    ///         .await
    /// }
    /// ```
    pub fn with<N>(self, relation: N) -> RowWith<S, N::With>
    where
        N: LoadedWith<S, S::Row>,
    {
        let mut relations = Vec::new();
        push_relation(&mut relations, relation.into_nested());
        RowWith { relations, types: PhantomData }
    }
}

impl<S: Source, Row> RowWith<S, Row> {
    /// The same with another relation.
    pub fn with<N>(mut self, relation: N) -> RowWith<S, N::With>
    where
        N: LoadedWith<S, Row>,
    {
        push_relation(&mut self.relations, relation.into_nested());
        RowWith { relations: self.relations, types: PhantomData }
    }
}

impl<S, Row, Scope, Place> Selectable<Scope, (Place,)> for RowWith<S, Row>
where
    S: Source + PartOf<Scope, Place>,
    Row: DecodeOptional,
{
    type Output = <S::Null as Nullness>::Row<Row>;
    type Reads = RowOf<S>;

    fn append_output(self, outputs: &mut Vec<Output>) {
        outputs.push(Output::Source(S::SOURCE, S::COLUMNS));
        outputs.extend(self.relations);
    }
}

/// The end of a row with relations: for generated code.
///
/// # Errors
/// As [`Decode::decode`].
pub fn with_or_none<T: DecodeOptional, W: Decode>(
    cells: &mut Cells<'_>,
    relations: usize,
    with: impl FnOnce(&mut Cells<'_>, T) -> Result<W>,
) -> Result<Option<W>> {
    match T::decode_optional(cells)? {
        Some(row) => with(cells, row).map(Some),
        None => {
            cells.skip(relations)?;
            Ok(None)
        }
    }
}
