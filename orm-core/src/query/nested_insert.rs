//! Rows that are inserted together with rows of their relations: [`InsertRow::with`], [`Relation::insert`].

pub(crate) mod keys;
pub(crate) mod linked;
pub(crate) mod tree;

use super::Table;
use super::find::{PrimaryKeyValue, PrimaryKeyed};
use super::insert::{Insert, InsertBuilder, Provided};
use super::loaded::Attach;
use super::node::Param;
use super::related::{Parent, Relation};
use super::relation::{AtMostOne, Kind, Many, RelationDefinition};
use keys::{Carries, LinksRows, ProvidedWith, RelatedTable, WrittenRelation};
use std::marker::PhantomData;
use tree::{AnyRow, Link, RowRows, RowWrite, TreeRow, Written};

/// A row to be inserted, alone or with rows of its relations: a builder, `User::insert()`, or what [`with`](Self::with) makes
/// of one.
///
/// Its method is in the prelude, so that every builder has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row that can be inserted with others",
    label = "not the builder of an insert",
    note = "give a builder: `User::insert().id(..)`, alone or `.with(User::sessions.insert(..))`"
)]
pub trait InsertRow: Sized {
    /// The table.
    type Table: Table;
    /// Which required columns are set.
    type State;
    /// The row, with what is inserted with it.
    type Row: Send + 'static;

    #[doc(hidden)]
    fn into_tree(self) -> TreeRow;

    /// Inserts rows of a relation with it, or links rows that exist to it. The keys are carried over: those that the server
    /// makes, too.
    ///
    /// All rows of one relation are one statement, and all statements one transaction: a transaction of its own, or a
    /// savepoint in that of the caller.
    ///
    /// ```
    /// use auth::{Account, Session, User};
    /// use orm::prelude::*;
    /// async fn sign_up(db: &Db, token: &str) -> orm::Result<u64> {
    ///     let session = Session::insert().id("s1").token(token).expires_at(Utc::now());
    ///     let account = Account::insert().id("a1").account_id("ada").provider_id("github");
    ///     User::insert()
    ///         .id("ada")
    ///         .name("Ada")
    ///         .email("ada@example.com")
    ///         .with(User::sessions.insert([session]))
    ///         .with(User::accounts.insert([account]))
    ///         .execute(db)
    ///         .await
    /// }
    /// ```
    fn with<W>(self, write: W) -> InsertTree<Self::Table, W::State, W::Row>
    where
        W: WrittenWith<Self::Table, Self::State, Self::Row>,
    {
        let mut row = self.into_tree();
        row.writes.push(write.into_write());
        InsertTree { row, types: PhantomData }
    }
}

#[diagnostic::do_not_recommend]
impl<B: InsertBuilder> InsertRow for B {
    type Table = B::Table;
    type State = B::State;
    type Row = B::Table;

    fn into_tree(self) -> TreeRow {
        TreeRow { values: self.into_values(), writes: Vec::new() }
    }
}

/// A row with rows of its relations, to be inserted. `Row` is what it is then: `UserWith<Vec<Session>>`.
#[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
pub struct InsertTree<T, State, Row> {
    row: TreeRow,
    types: PhantomData<fn() -> (T, State, Row)>,
}

impl<T: Table, S, Row> std::fmt::Debug for InsertTree<T, S, Row> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("InsertTree").field(&<T as Table>::NAME).field(&self.row.values).finish()
    }
}

impl<T: Table, S, Row: Send + 'static> InsertRow for InsertTree<T, S, Row> {
    type Table = T;
    type State = S;
    type Row = Row;

    fn into_tree(self) -> TreeRow {
        self.row
    }
}

impl<T: Table, S, Row> InsertTree<T, S, Row> {
    pub(crate) fn into_trees(self) -> InsertTrees<Row>
    where
        S: Provided,
    {
        InsertTrees { table: Written::of::<T>(), rows: vec![self.row], types: PhantomData }
    }

    /// Gives the row as it was written, with the rows that were inserted with it.
    ///
    /// Rows that were linked are not read: [`load`](super::load) them.
    ///
    /// ```
    /// use auth::{Session, User, UserWithSessions};
    /// use orm::prelude::*;
    /// async fn sign_up(db: &Db, token: &str) -> orm::Result<UserWithSessions> {
    ///     let session = Session::insert().id("s1").token(token).expires_at(Utc::now());
    ///     User::insert()
    ///         .id("ada")
    ///         .name("Ada")
    ///         .email("ada@example.com")
    ///         .with(User::sessions.insert([session]))
    ///         .returning_all()
    ///         .one(db)
    ///         .await
    /// }
    /// ```
    pub fn returning_all(self) -> ReturningTree<Row>
    where
        S: Provided,
    {
        ReturningTree { trees: self.into_trees() }
    }
}

/// Any number of rows with rows of their relations, to be inserted. Made by [`Insert::trees`].
#[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
pub struct InsertTrees<Row> {
    pub(crate) table: Written,
    pub(crate) rows: Vec<TreeRow>,
    types: PhantomData<fn() -> Row>,
}

impl<Row> std::fmt::Debug for InsertTrees<Row> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InsertTrees")
            .field("table", &self.table.table.name)
            .field("rows", &self.rows.len())
            .finish()
    }
}

impl<Row> InsertTrees<Row> {
    /// Gives the rows as they were written, in their order, with the rows that were inserted with them.
    pub fn returning_all(self) -> ReturningTree<Row> {
        ReturningTree { trees: self }
    }
}

/// An insert of rows with rows of their relations that gives what was inserted.
#[derive(Debug)]
#[must_use = "an insert does nothing until it is run: `.one(&db)`, `.all(&db)`"]
pub struct ReturningTree<Row> {
    pub(crate) trees: InsertTrees<Row>,
}

impl<T: Table> Insert<T> {
    /// Any number of rows, each with rows of its relations: as many statements as for one.
    ///
    /// ```
    /// use auth::{Session, User, UserWithSessions};
    /// use orm::Insert;
    /// use orm::prelude::*;
    /// async fn sign_up(db: &Db, names: Vec<&str>) -> orm::Result<Vec<UserWithSessions>> {
    ///     let users = names.into_iter().map(|name| {
    ///         let session = Session::insert().id(name).token(name).expires_at(Utc::now());
    ///         let user = User::insert().id(name).name(name).email(name);
    ///         user.with(User::sessions.insert([session]))
    ///     });
    ///     Insert::trees(users).returning_all().all(db).await
    /// }
    /// ```
    pub fn trees<N>(rows: impl IntoIterator<Item = N>) -> InsertTrees<N::Row>
    where
        N: InsertRow<Table = T>,
        N::State: Provided,
    {
        let rows = rows.into_iter().map(InsertRow::into_tree).collect();
        InsertTrees { table: Written::of::<T>(), rows, types: PhantomData }
    }
}

/// What is written along a relation of the table `T` with a row of it: [`Relation::insert`], [`Relation::connect`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not written with a row of table `{T}`",
    label = "nothing that is written along a relation of `{T}`",
    note = "give rows to be inserted, `{T}::relation.insert(..)`, or keys of rows to be linked, `{T}::relation.connect(..)`"
)]
pub trait WrittenWith<T, Before, RowBefore> {
    /// Which required columns of the row are set then.
    type State;
    /// The row, with what was inserted.
    type Row: Send + 'static;
    #[doc(hidden)]
    fn into_write(self) -> RowWrite;
}

/// Rows that are inserted along the relation `R`; `Row` is what one of them is then.
#[must_use = "rows of a relation are inserted with a row that has it: `.with(..)`"]
pub struct InsertAlong<R, Row> {
    rows: Vec<TreeRow>,
    types: PhantomData<fn() -> (R, Row)>,
}

impl<R: RelationDefinition, Row> std::fmt::Debug for InsertAlong<R, Row> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("InsertAlong").field(&R::NAME).field(&self.rows.len()).finish()
    }
}

/// Rows that exist, by their primary keys, which are linked along the relation `R`.
#[must_use = "rows of a relation are linked to a row that has it: `.with(..)`"]
pub struct ConnectAlong<R> {
    keys: Vec<Vec<Param>>,
    types: PhantomData<fn() -> R>,
}

impl<R: RelationDefinition> std::fmt::Debug for ConnectAlong<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ConnectAlong").field(&R::NAME).field(&self.keys).finish()
    }
}

/// `X`, where the relation `R` is one of the table `T`.
type Then<T, R, X> = <<R as RelationDefinition>::From as Parent<T, R>>::Then<X>;

impl<T, S, Before, R, Row> WrittenWith<T, S, Before> for InsertAlong<R, Row>
where
    R: WrittenRelation<From: Parent<T, R>> + Carries<Then<T, R, S>>,
    Row: Send + 'static,
    Then<T, R, Before>: Attach<R, <R::Kind as Kind>::Of<Row>, Output: Send + 'static> + 'static,
{
    type State = <R as Carries<Then<T, R, S>>>::After;
    type Row = <Then<T, R, Before> as Attach<R, <R::Kind as Kind>::Of<Row>>>::Output;

    fn into_write(self) -> RowWrite {
        RowWrite {
            link: Link::of::<R>(),
            rows: RowRows::Insert(self.rows, attached::<R, Then<T, R, Before>, Row>),
        }
    }
}

impl<T, S, Before: Send + 'static, R> WrittenWith<T, S, Before> for ConnectAlong<R>
where
    R: WrittenRelation<From: Parent<T, R>>,
{
    type State = S;
    type Row = Before;

    fn into_write(self) -> RowWrite {
        RowWrite { link: Link::of::<R>(), rows: RowRows::Connect(self.keys) }
    }
}

/// The row with what was inserted along the relation.
fn attached<R, Before, Row>(row: AnyRow, rows: Vec<AnyRow>) -> Option<AnyRow>
where
    R: RelationDefinition,
    Row: 'static,
    Before: Attach<R, <R::Kind as Kind>::Of<Row>, Output: Send + 'static> + 'static,
{
    let row = row.downcast::<Before>().ok()?;
    let rows = rows.into_iter().map(|row| Some(*row.downcast::<Row>().ok()?));
    let rows = <R::Kind as Kind>::of_rows(rows.collect::<Option<Vec<Row>>>()?)?;
    Some(Box::new(row.attach(rows)))
}

/// Rows of the table `To`, as many as a relation of this shape leads to, that leave out the key that the row with the
/// relation gives them: a list of [`InsertRow`], or one.
pub trait RowsAlong<Shape, Key, From, To> {
    /// What one of them is when it is inserted.
    type Row: Send + 'static;
    #[doc(hidden)]
    fn into_trees(self) -> Vec<TreeRow>;
}

impl<I, N, K, From, To> RowsAlong<Many, K, From, To> for I
where
    I: IntoIterator<Item = N>,
    N: InsertRow<Table: RelatedTable<To>>,
    N::State: ProvidedWith<K, From>,
{
    type Row = N::Row;

    fn into_trees(self) -> Vec<TreeRow> {
        self.into_iter().map(InsertRow::into_tree).collect()
    }
}

impl<N, K, From, To> RowsAlong<AtMostOne, K, From, To> for N
where
    N: InsertRow<Table: RelatedTable<To>>,
    N::State: ProvidedWith<K, From>,
{
    type Row = N::Row;

    fn into_trees(self) -> Vec<TreeRow> {
        vec![self.into_tree()]
    }
}

impl<R: WrittenRelation> Relation<R> {
    /// Rows of this relation, to be inserted with the row that has it: `.with(..)` of an insert. The foreign key is carried
    /// over and is left out; of a row that another belongs to, the other gets its key.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn session(db: &Db) -> orm::Result<u64> {
    ///     let user = User::insert().id("ada").name("Ada").email("ada@example.com");
    ///     let session = Session::insert().id("s1").token("secret").expires_at(Utc::now());
    ///     // The user is inserted first.
    ///     session.with(Session::user.insert(user)).execute(db).await
    /// }
    /// ```
    pub fn insert<N>(self, rows: N) -> InsertAlong<R, N::Row>
    where
        N: RowsAlong<<R::Kind as Kind>::Shape, R::Key, R::From, R::To>,
    {
        InsertAlong { rows: rows.into_trees(), types: PhantomData }
    }

    /// Rows of this relation that exist, by their primary keys, to be linked to the row that is inserted: `.with(..)` of an
    /// insert. Their foreign key is set, or rows of the join table are inserted.
    pub fn connect<K>(self, keys: impl IntoIterator<Item = K>) -> ConnectAlong<R>
    where
        R::Key: LinksRows<R>,
        R::To: PrimaryKeyed,
        K: PrimaryKeyValue<<R::To as PrimaryKeyed>::KeyColumns>,
    {
        let keys = keys.into_iter().map(PrimaryKeyValue::into_params).collect();
        ConnectAlong { keys, types: PhantomData }
    }
}
