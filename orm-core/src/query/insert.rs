//! [`Insert`]: an insert, and the proof that every required column is set.

mod arrays;
mod built;
mod changes;
mod completed;
mod conflict;
mod copy;
mod required;
mod row;
mod rows;
mod select;
mod state;
mod values;

use super::Table;
use super::changed::{New, Old};
use super::node::{
    ClientValue, Field, InsertNode, InsertRows, List, Node, OVERRIDING_USER_VALUE, Output,
    PARAMS_MAX, Positions, Statement, Target,
};
use super::reads::PerRow;
use super::returning::Returning;
use super::scope::{Nullable, Required, Source};
use super::selection::Selection;
use crate::schema;
use std::marker::PhantomData;

pub use conflict::{ColumnOf, ConflictTarget, ConstraintName, OnConflict, constraint};
pub(crate) use copy::CopiedRows;
pub use required::{has_key, sets_required_columns};
pub(crate) use row::Place;
pub use row::Values;
pub use rows::{Given, Insertable, Rows};
pub use select::{InsertColumns, InsertInto, Puts};
pub(crate) use state::Overriding;
pub use state::{
    Constant, First, InsertState, Missing, OverridesAt, Provided, Second, Set, SetAt, SystemValue,
};

/// What `RETURNING` of an insert reads: the row, and it before (in an upsert) and after.
type Changes<T> = (Required<T>, Nullable<Old<T>>, Required<New<T>>);

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
        Insert::of(of_row(target::<Self::Table>(), Self::Table::FIELDS, self.into_values()))
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
    fn on_conflict<K: ConflictTarget<Self::Table, By>, By>(
        self,
        target: K,
    ) -> OnConflict<Self::Table, By>
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
    fn returning_all(self) -> Returning<Self::Table, Self::Table>
    where
        Self::State: Provided,
    {
        self.build().returning_all()
    }

    /// Gives these columns and expressions of the row as it was written.
    fn returning<L, Places>(self, list: L) -> Returning<L::Row>
    where
        Self::State: Provided,
        L: Selection<Changes<Self::Table>, Places>,
        L::Reads: PerRow,
    {
        self.build().returning(list)
    }
}

/// An insert that is complete. `Kind` is [`Upsert`] where it updates rows that exist.
#[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
pub struct Insert<T, Kind = ()> {
    node: InsertNode,
    types: PhantomData<fn() -> (T, Kind)>,
}

/// An insert that updates rows that exist.
pub enum Upsert {}

impl<T, K> Clone for Insert<T, K> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}

impl<T, K> std::fmt::Debug for Insert<T, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T: Table> Insert<T> {
    fn of(node: InsertNode) -> Self {
        Self { node, types: PhantomData }
    }

    /// Any number of rows in one statement: structs of the table, structs with `#[derive(Insertable)]`, or builders.
    ///
    /// The values are one parameter for each column, an array, so that the text is the same for any number of rows, it is
    /// prepared once, and the limit of 65,535 parameters is none; a single row is `VALUES ($1, ..)`. `VALUES` stays where a
    /// column has an array type, unless the rows are too many for it: then the elements are sent as one array and put
    /// together again. It stays for any number of rows, and the limit with it, where some rows have a default
    /// ([`Maybe`](super::Maybe)) and others not, and where a builder sets a column to an expression.
    ///
    /// From 5,000 rows on [`execute`](Insert::execute) sends them as `COPY .. FROM STDIN`, which the server takes faster, where
    /// that does the same: without `ON CONFLICT`, not in a [`batch`](crate::exec::batch), and when the server answers that the
    /// table has neither row level security nor rules, and its columns the types that are declared. What `to_sql` shows, and
    /// errors name, is the insert all the same.
    ///
    /// Without any row nothing is inserted and nothing is sent: `execute` gives 0, `returning` no row. What `to_sql`
    /// shows is then a statement that inserts nothing.
    ///
    /// ```
    /// use auth::User;
    /// use orm::Insert;
    /// use orm::prelude::*;
    /// let user = |id: &str| User::insert().id(id).name(id).email(id);
    /// let insert = Insert::values(["ada", "grace"].map(user));
    /// assert!(insert.to_sql().text.ends_with("SELECT unnest($1), unnest($2), unnest($3)"));
    /// # async fn copy(db: &Db, users: Vec<User>) -> orm::Result<u64> {
    /// Insert::values(users).execute(db).await
    /// # }
    /// ```
    pub fn values<R: Insertable<Table = T>>(rows: impl IntoIterator<Item = R>) -> Self {
        Self::of(Rows::to_insert(rows).into_insert::<T>())
    }

    /// Starts an insert of the rows of a query: `INSERT INTO .. SELECT ..`.
    ///
    /// ```
    /// use auth::{Session, User, Verification};
    /// use orm::Insert;
    /// use orm::prelude::*;
    /// let insert = Insert::into(Verification)
    ///     .columns((Verification::id, Verification::identifier, Verification::value, Verification::expires_at))
    ///     .select(
    ///         Session::query()
    ///             .inner_join(User, Session::user_id.eq(User::id))
    ///             .select((Session::id, User::email, Session::token, Session::expires_at)),
    ///     );
    /// assert!(insert.to_sql().text.starts_with(
    ///     r#"INSERT INTO "verification" ("id", "identifier", "value", "expires_at") SELECT "session"."id", "user"."email""#
    /// ));
    /// ```
    pub fn into(_: super::scope::Handle<T>) -> InsertInto<T>
    where
        T: super::Writable,
    {
        InsertInto::new()
    }

    /// What to do when a row with the same key exists: name the columns of a unique constraint, expressions of a unique
    /// index, or the constraint itself, [`constraint`].
    pub fn on_conflict<K: ConflictTarget<T, By>, By>(self, target: K) -> OnConflict<T, By> {
        OnConflict::new(self, target.into_target())
    }

    /// Leaves rows that exist as they are, whatever constraint says so: `ON CONFLICT DO NOTHING`.
    pub fn on_conflict_do_nothing(self) -> Self {
        OnConflict::<T, ()>::new(self, super::node::ConflictTarget::Any).do_nothing()
    }

    /// `OVERRIDING USER VALUE`: of `identity` columns the server makes the values, and those that are given count for
    /// nothing.
    pub fn overriding_user_value(mut self) -> Self {
        self.node.overriding = Some(OVERRIDING_USER_VALUE);
        self
    }
}

impl<T: Table, Kind> Insert<T, Kind> {
    pub(crate) fn into_statement(self) -> Statement {
        Statement::Insert(self.node)
    }

    /// Gives the rows as they were written, with the defaults the server filled in.
    pub fn returning_all(mut self) -> Returning<T, T> {
        self.node.returning = vec![whole::<T>()];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows as they were written; with [`old`](super::old) as they were before.
    pub fn returning<L, Places>(mut self, list: L) -> Returning<L::Row>
    where
        L: Selection<Changes<T>, Places>,
        L::Reads: PerRow,
    {
        list.append_to(&mut self.node.returning);
        Returning::new(self.into_statement())
    }
}

/// An insert of these rows, under these columns.
fn of_rows(target: Target, columns: Positions, rows: InsertRows, overrides: bool) -> InsertNode {
    InsertNode {
        with: Vec::new(),
        target,
        columns,
        rows,
        overriding: overrides.then_some(" OVERRIDING SYSTEM VALUE"),
        conflict: None,
        returning: Vec::new(),
        not_made: None,
    }
}

/// An insert of rows of builders, whatever the table. They may set different columns: one that a row does not set gets its default.
pub(crate) fn of_built(
    target: Target,
    fields: &'static [Field],
    mut rows: Vec<Values>,
) -> InsertNode {
    if rows.len() == 1
        && let Some(row) = rows.pop()
    {
        return of_row(target, fields, row);
    }
    let overrides = rows.iter().any(|row| row.overrides);
    let (columns, rows) = gathered(target.table, fields, rows);
    of_rows(target, columns, rows, overrides)
}

/// An insert of one row, with what the client makes for the columns that it does not set.
pub(crate) fn of_row(target: Target, fields: &'static [Field], row: Values) -> InsertNode {
    let overrides = row.overrides;
    let mut columns = Positions::new();
    // All that it can take.
    let mut nodes = Vec::with_capacity(fields.len());
    let mut put = |position: usize, node: Node| {
        // In the order of the table, in which they mostly come.
        let place = columns.partition_point(|column| *column < position);
        columns.insert(place, position);
        nodes.insert(place, node);
    };
    for (position, make) in made_columns(target.table, fields) {
        if !row.sets(position) {
            put(position, super::node::made(make));
        }
    }
    row.each_node(fields, put);
    of_rows(target, columns, InsertRows::Values(List::One(nodes)), overrides)
}

/// The columns that the client makes where a row does not set them.
fn made_columns(
    table: &schema::Table,
    fields: &[Field],
) -> impl Iterator<Item = (usize, ClientValue)> {
    (0..fields.len())
        .filter_map(move |position| Some((position, made_by_client(table, fields, position)?)))
}

/// The table that a statement changes, under its own name.
pub(crate) fn target<T: Table>() -> Target {
    Target { table: T::TABLE, name: <T as Source>::SOURCE }
}

/// Every column of the table.
pub(crate) fn whole<T: Table>() -> Output {
    Output::Source(<T as Source>::SOURCE, T::COLUMNS)
}

/// The rows under the columns that any of them sets, or the client makes.
fn gathered(
    table: &schema::Table,
    fields: &'static [Field],
    rows: Vec<Values>,
) -> (Positions, InsertRows) {
    let mut is_set = vec![false; fields.len()];
    for position in rows.iter().flat_map(Values::positions) {
        if let Some(is_set) = is_set.get_mut(position) {
            *is_set = true;
        }
    }
    let is_set = |position: usize| is_set.get(position).copied().unwrap_or_default();
    let columns: Positions = (0..fields.len())
        .filter(|position| is_set(*position) || made_by_client(table, fields, *position).is_some())
        .collect();
    let count = rows.len();
    if count > 1
        && let Some(arrays) = built::arrays(table, fields, &columns, &rows)
    {
        return (columns, InsertRows::Unnest(arrays, count));
    }
    let node = |row: &mut Vec<(usize, Node)>, position: usize| match take(row, position) {
        Some(node) => node,
        None => made_by_client(table, fields, position).map_or(Node::Default, super::node::made),
    };
    let rows: Vec<Vec<Node>> = rows
        .into_iter()
        .map(|row| {
            let mut row = row.into_nodes(fields);
            columns.iter().map(|position| node(&mut row, *position)).collect()
        })
        .collect();
    let is_too_much = count.saturating_mul(columns.len()) > PARAMS_MAX;
    let regrouped = if is_too_much { built::regrouped(fields, &columns, &rows) } else { None };
    (columns, regrouped.unwrap_or(InsertRows::Values(rows.into())))
}

fn take(row: &mut Vec<(usize, Node)>, position: usize) -> Option<Node> {
    let index = row.iter().position(|(column, _)| *column == position)?;
    Some(row.swap_remove(index).1)
}

/// What makes the value of a row that gives none: `default_fn`, or `on_update` where there is no default that the server would use.
pub(crate) fn made_by_client(
    table: &schema::Table,
    fields: &[Field],
    position: usize,
) -> Option<ClientValue> {
    let field = fields.get(position)?;
    field.default_fn.or_else(|| made_for_all(table, fields, position))
}

/// The same where one value is for all rows of a query: a `default_fn` makes one for each.
pub(crate) fn made_for_all(
    table: &schema::Table,
    fields: &[Field],
    position: usize,
) -> Option<ClientValue> {
    let (column, field) = (table.columns.get(position)?, fields.get(position)?);
    field.on_update.filter(|_| column.default.is_none() && field.default_fn.is_none())
}

/// The first column that the rows of a query leave to its `default_fn`, and that has no default of the server.
pub(crate) fn not_made<T: Table>(is_set: impl Fn(usize) -> bool) -> Option<&'static str> {
    let mut columns = T::TABLE.columns.iter().zip(T::FIELDS).enumerate();
    let found = columns.find(|(position, (column, field))| {
        field.default_fn.is_some() && column.default.is_none() && !is_set(*position)
    });
    found.map(|(_, (column, _))| &*column.name)
}
