//! [`Insert`]: an insert, and the proof that every required column is set.

use super::Table;
use super::assignment::{Assign, Assignments};
use super::column::{Column, Same, TableColumn};
use super::node::{
    self, ClientValue, Columns, Conflict, ConflictUpdate, Field, InsertNode, InsertRows, Node,
    Output, Statement, Target,
};
use super::reads::PerRow;
use super::returning::Returning;
use super::scope::{Required, Source};
use super::selection::Selection;
use crate::schema;
use crate::types::Value;
use std::marker::PhantomData;

/// The required column `C` is not set yet.
pub struct Missing<C>(PhantomData<C>);
/// The required column is set.
pub enum Set {}

/// `Self`, the state of an insert's required columns, has nothing missing.
#[diagnostic::on_unimplemented(
    message = "an insert must set a required column first: `{Self}`",
    label = "a required column is missing",
    note = "a column may be left out if it has a default, or if its field is an `Option`"
)]
pub trait Provided {}

impl Provided for Set {}
impl Provided for () {}
impl<A: Provided, B: Provided> Provided for (A, B) {}
/// A column that can be NULL is never missing. The derive cannot tell by the word it finds in front of it, `type
/// Maybe<T> = Option<T>`: only the type can.
#[diagnostic::do_not_recommend]
impl<C: TableColumn> Provided for Missing<C> where C::Value: Same<<C::Value as Value>::Nullable> {}

/// `Self`, the state of an insert, after the required column at `Place` is set.
///
/// The state is a balanced tree of pairs, so that the proof that all columns are set is as deep as the logarithm of
/// their number; a place is the list of turns that lead to a leaf.
pub trait SetAt<Place> {
    /// The state afterwards.
    type After;
}

impl<C> SetAt<()> for Missing<C> {
    type After = Set;
}

impl SetAt<()> for Set {
    type After = Self;
}

/// The left of two.
pub enum First {}
/// The right of two.
pub enum Second {}

impl<A: SetAt<Place>, B, Place> SetAt<(First, Place)> for (A, B) {
    type After = (A::After, B);
}

impl<A, B: SetAt<Place>, Place> SetAt<(Second, Place)> for (A, B) {
    type After = (A, B::After);
}

/// `Self`, what a value reads, is nothing: a row that is inserted has no other row to read.
#[diagnostic::on_unimplemented(
    message = "an inserted value reads a table: `{Self}`",
    label = "reads a column",
    note = "a row that is inserted is made of values, functions and subqueries; to insert from other rows, insert from a select"
)]
pub trait Constant {}
impl Constant for () {}
impl<A: Constant, B: Constant> Constant for (A, B) {}
impl<A: Constant, B: Constant> Constant for super::reads::LastOf<A, B> {}
impl<A: Constant> Constant for super::reads::NeverNull<A> {}

/// The values of one row, as the builder of a table gathers them.
#[derive(Debug, Clone)]
pub struct Values {
    values: Vec<(usize, Node)>,
}

impl Default for Values {
    fn default() -> Self {
        Self::new()
    }
}

impl Values {
    /// No value yet.
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// The same with a value for the column `C`; a second one replaces the first.
    #[must_use]
    pub fn set<C: TableColumn>(mut self, value: impl Assign<C, Reads: Constant>) -> Self {
        self.values.retain(|(position, _)| *position != C::POSITION);
        self.values.push((C::POSITION, value.into_assigned()));
        self
    }
}

/// What the builder of a table holds: the values set so far, and as a type which required columns they are.
pub struct InsertState<State> {
    values: Values,
    state: PhantomData<fn() -> State>,
}

impl<State> InsertState<State> {
    /// No value yet.
    pub const fn new() -> Self {
        Self { values: Values::new(), state: PhantomData }
    }

    /// The same with a value for the column `C`, which leads to the state `After`.
    #[must_use]
    pub fn set<C: TableColumn, After>(
        self,
        value: impl Assign<C, Reads: Constant>,
    ) -> InsertState<After> {
        InsertState { values: self.values.set::<C>(value), state: PhantomData }
    }

    /// The values.
    pub fn into_values(self) -> Values {
        self.values
    }
}

impl<State> Default for InsertState<State> {
    fn default() -> Self {
        Self::new()
    }
}

impl<State> Clone for InsertState<State> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), state: PhantomData }
    }
}

impl<State> std::fmt::Debug for InsertState<State> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.values.fmt(f)
    }
}

/// The builder of an insert, made by the derive: one setter for each column.
///
/// These methods are in the prelude, so that every builder has them.
pub trait InsertBuilder: Sized {
    /// The table.
    type Table: Table;
    /// Which required columns are set.
    type State;

    /// The values set so far.
    fn into_values(self) -> Values;

    /// The insert as a statement: what `execute`, `returning` and `on_conflict` start from.
    fn build(self) -> Insert<Self::Table>
    where
        Self::State: Provided,
    {
        Insert::of(vec![self.into_values()])
    }

    /// What to do when a row with the same key exists: name the columns of a unique constraint.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let upsert = User::insert()
    ///     .id("ada")
    ///     .name("Ada")
    ///     .email("ada@example.com")
    ///     .on_conflict(User::email)
    ///     .do_update(User::name.set_excluded());
    /// let sql = upsert.to_sql().text;
    /// assert!(sql.contains(r#"ON CONFLICT ("email") DO UPDATE SET "name" = excluded."name""#));
    /// ```
    fn on_conflict<K: ConflictTarget<Self::Table>>(self, target: K) -> OnConflict<Self::Table>
    where
        Self::State: Provided,
    {
        self.build().on_conflict(target)
    }

    /// Gives the row as it was written, with the defaults the server filled in.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// async fn add(db: &Db) -> orm::Result<User> {
    ///     User::insert().id("ada").name("Ada").email("ada@example.com").returning_all().one(db).await
    /// }
    /// ```
    fn returning_all(self) -> Returning<Self::Table>
    where
        Self::State: Provided,
    {
        self.build().returning_all()
    }

    /// Gives these columns and expressions of the row as it was written.
    fn returning<L, Places>(self, list: L) -> Returning<L::Row>
    where
        Self::State: Provided,
        L: Selection<(Required<Self::Table>,), Places>,
        L::Reads: PerRow,
    {
        self.build().returning(list)
    }
}

/// An insert that is complete.
#[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
pub struct Insert<T> {
    node: InsertNode,
    table: PhantomData<fn() -> T>,
}

impl<T> Clone for Insert<T> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), table: PhantomData }
    }
}

impl<T> std::fmt::Debug for Insert<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T: Table> Insert<T> {
    /// Rows that may set different columns: one that a row does not set gets its default.
    fn of(rows: Vec<Values>) -> Self {
        Self { node: gathered(target::<T>(), T::FIELDS, rows), table: PhantomData }
    }

    /// Several rows in one statement.
    ///
    /// Without any row nothing is inserted and nothing is sent: `execute` gives 0, `returning` no row. What `to_sql`
    /// shows is then a statement that inserts nothing.
    ///
    /// ```
    /// use auth::User;
    /// use orm::Insert;
    /// use orm::prelude::*;
    /// let user = |id: &str| User::insert().id(id).name(id).email(id);
    /// let insert = Insert::rows(["ada", "grace"].map(user));
    /// assert!(insert.to_sql().text.ends_with("VALUES ($1, $2, $3), ($4, $5, $6)"));
    /// ```
    pub fn rows<B>(builders: impl IntoIterator<Item = B>) -> Self
    where
        B: InsertBuilder<Table = T>,
        B::State: Provided,
    {
        Self::of(builders.into_iter().map(InsertBuilder::into_values).collect())
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::Insert(self.node)
    }

    /// What to do when a row with the same key exists: name the columns of a unique constraint.
    pub fn on_conflict<K: ConflictTarget<T>>(self, target: K) -> OnConflict<T> {
        OnConflict { insert: self, target: target.into_columns() }
    }

    /// Gives the rows as they were written, with the defaults the server filled in.
    pub fn returning_all(mut self) -> Returning<T> {
        self.node.returning = vec![whole::<T>()];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows as they were written.
    pub fn returning<L, Places>(mut self, list: L) -> Returning<L::Row>
    where
        L: Selection<(Required<T>,), Places>,
        L::Reads: PerRow,
    {
        list.append_to(&mut self.node.returning);
        Returning::new(self.into_statement())
    }
}

/// The table that a statement changes, under its own name.
pub(crate) fn target<T: Table>() -> Target {
    Target { table: T::TABLE, name: <T as Source>::SOURCE }
}

/// Every column of the table.
pub(crate) fn whole<T: Table>() -> Output {
    Output::Source(<T as Source>::SOURCE, Columns::Table(T::TABLE))
}

/// The rows under the columns that any of them sets, or the client makes.
fn gathered(target: Target, fields: &[Field], rows: Vec<Values>) -> InsertNode {
    let is_set =
        |position| rows.iter().any(|row| row.values.iter().any(|(column, _)| *column == position));
    let columns: Vec<usize> = (0..fields.len())
        .filter(|position| {
            made_by_client(target.table, fields, *position).is_some() || is_set(*position)
        })
        .collect();
    let node = |row: &mut Values, position: usize| match take(row, position) {
        Some(node) => node,
        None => made_by_client(target.table, fields, position).map_or(Node::Default, node::made),
    };
    let rows = rows
        .into_iter()
        .map(|mut row| columns.iter().map(|position| node(&mut row, *position)).collect())
        .collect();
    InsertNode {
        with: Vec::new(),
        target,
        columns,
        rows: InsertRows::Values(rows),
        overriding: None,
        conflict: None,
        returning: Vec::new(),
    }
}

fn take(row: &mut Values, position: usize) -> Option<Node> {
    let index = row.values.iter().position(|(column, _)| *column == position)?;
    Some(row.values.swap_remove(index).1)
}

/// What makes the value on insert: `on_update`, where there is no default that the server would use.
fn made_by_client(table: &schema::Table, fields: &[Field], position: usize) -> Option<ClientValue> {
    let column = table.columns.get(position)?;
    fields.get(position)?.on_update.filter(|_| column.default.is_none())
}

/// An insert that waits to hear what to do on a conflict.
#[must_use = "say `.do_nothing()` or `.do_update(..)`"]
pub struct OnConflict<T> {
    insert: Insert<T>,
    target: Vec<&'static str>,
}

impl<T: Table> std::fmt::Debug for OnConflict<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "on conflict {:?} of {:?}", self.target, self.insert)
    }
}

impl<T: Table> OnConflict<T> {
    /// Leaves the row that exists as it is.
    pub fn do_nothing(mut self) -> Insert<T> {
        self.insert.node.conflict = Some(Conflict { target: columns(self.target), update: None });
        self.insert
    }

    /// Updates the row that exists; columns with `on_update = ..` are set too.
    ///
    /// It sets at least one column: an insert whose assignments turn out to be none (an `Option` that is `None`, an
    /// empty `Vec`) is an error when it is run, and not silently [`do_nothing`](Self::do_nothing).
    pub fn do_update<A: Assignments<T, Place>, Place>(mut self, assignments: A) -> Insert<T> {
        let mut set = Vec::new();
        assignments.append_to(&mut set);
        if !set.is_empty() {
            super::update::add_client_values(T::TABLE, T::FIELDS, &mut set);
        }
        let update = Some(ConflictUpdate { set, filters: Vec::new() });
        self.insert.node.conflict = Some(Conflict { target: columns(self.target), update });
        self.insert
    }
}

fn columns(names: Vec<&'static str>) -> node::ConflictTarget {
    let column = |column| Node::OutputColumn(column);
    node::ConflictTarget::Columns(names.into_iter().map(column).collect(), Vec::new())
}

/// The columns of a unique constraint of table `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns of table `{T}`",
    label = "not columns of `{T}`",
    note = "give a column, `{T}::email`, or a tuple of columns"
)]
pub trait ConflictTarget<T> {
    /// Their names.
    fn into_columns(self) -> Vec<&'static str>;
}

/// A column of the table `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of table `{T}`",
    label = "not a column of `{T}`"
)]
pub trait ColumnOf<T> {
    /// The column's name.
    fn column_name(&self) -> &'static str;
}

#[diagnostic::do_not_recommend]
impl<T, C: TableColumn> ColumnOf<T> for Column<C>
where
    C::Source: Same<T>,
{
    fn column_name(&self) -> &'static str {
        C::NAME
    }
}

#[diagnostic::do_not_recommend]
impl<T, C> ConflictTarget<T> for Column<C>
where
    Self: ColumnOf<T>,
{
    fn into_columns(self) -> Vec<&'static str> {
        vec![self.column_name()]
    }
}

macro_rules! targets {
    ($($name:ident $value:ident),+) => {
        impl<T, $($name: ColumnOf<T>),+> ConflictTarget<T> for ($($name,)+) {
            fn into_columns(self) -> Vec<&'static str> {
                let ($($value,)+) = self;
                vec![$($value.column_name()),+]
            }
        }
    };
}

targets!(A a);
targets!(A a, B b);
targets!(A a, B b, C c);
targets!(A a, B b, C c, D d);
