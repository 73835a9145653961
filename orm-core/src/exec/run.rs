//! The terminal methods of queries: they live here, so that `query` never knows `exec`.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::bulk::Bulk;
use crate::exec::errors::{BEHIND, hint_at_missing_migration};
use crate::exec::hidden::hidden;
use crate::exec::row::{RawRow, ReadRow as _};
use crate::exec::rows::{Reader, Rows, Running, TakeRow};
use crate::exec::session::TypedParam;
use crate::exec::sink::{First, Sink};
use crate::exec::{Cache, Executor, Lease, errors, levels};
use crate::query::node::{self, Conflict, ConflictTarget, From, InsertRows, Select, Statement};
use crate::query::scope::{Complete, Source};
use crate::query::{
    Delete, Insert, InsertBuilder, Merge, Provided, Query, Refresh, Restricted, Returning, Table,
    Truncate, Update,
};
use crate::sql::{Rendered, Sql, check, render};
use crate::types::cells::Decode;
use bytes::BytesMut;
use std::pin::pin;
use tokio_postgres::types::IsNull;

impl<S, Row, H> Query<S, Row, H> {
    /// All rows.
    ///
    /// # Errors
    /// What the server reports; a column that the struct cannot hold; no connection.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// async fn names(db: &Db) -> orm::Result<Vec<String>> {
    ///     User::query().order_by(User::name.asc()).select(User::name).all(db).await
    /// }
    /// ```
    pub fn all(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<Vec<Row>>> + Send
    where
        S: Complete,
        Row: Decode,
    {
        rows(executor.as_dyn(), Statement::Select(self.select))
    }

    /// The rows as they arrive: a stream that holds a session until its end. The program holds a few of them at a time, however
    /// many there are; see [`Rows`].
    ///
    /// Nothing is sent before the first row is asked for.
    ///
    /// ```
    /// use auth::User;
    /// use futures_util::{StreamExt as _, TryStreamExt as _};
    /// use orm::prelude::*;
    /// async fn lengths(db: &Db) -> orm::Result<usize> {
    ///     let mut users = User::query().stream(db);
    ///     let mut sum = 0;
    ///     while let Some(user) = users.next().await {
    ///         sum += user?.name.len();
    ///     }
    ///     // Or, in the words of `TryStreamExt`:
    ///     let again = User::query().stream(db).try_fold(0, async |sum, user| Ok(sum + user.name.len()));
    ///     assert_eq!(again.await?, sum);
    ///     Ok(sum)
    /// }
    /// ```
    ///
    /// # Errors
    /// Its items are errors as those of [`all`](Self::all); an error is the last item.
    pub fn stream<'e>(self, executor: &'e (impl Executor + ?Sized)) -> Rows<'e, Row>
    where
        S: Complete,
        Row: Decode,
    {
        Rows::new(reader(executor.as_dyn(), self.into_statement()))
    }

    /// The first row, if there is one: `LIMIT 1`, whatever greater limit the query has.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn first(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<Option<Row>>> + Send
    where
        S: Complete,
        Row: Decode,
    {
        first_row(executor.as_dyn(), at_most(self.select, 1))
    }

    /// The only row.
    ///
    /// A limit of the query's own does not make one row out of several: two rows are asked for, also where the limit is
    /// 1 or 20. Only `limit(0)` stays what it is, and gives no row. An offset counts: the rows before it are not seen.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`]; else as [`all`](Self::all).
    pub fn one(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<Row>> + Send
    where
        S: Complete,
        Row: Decode,
    {
        only_row(executor.as_dyn(), at_most(self.select, 2))
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn count(self, executor: &(impl Executor + ?Sized)) -> Result<i64>
    where
        S: Complete,
        Row: Decode,
    {
        only_row(executor.as_dyn(), Statement::Count(self.select)).await
    }

    /// Whether there is a row.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn exists(self, executor: &(impl Executor + ?Sized)) -> Result<bool>
    where
        S: Complete,
        Row: Decode,
    {
        only_row(executor.as_dyn(), Statement::Exists(self.select)).await
    }
}

/// The statement, with this limit; one of the query's own stays where it is 0.
fn at_most(mut select: Select, rows: u64) -> Statement {
    limit(&mut select, rows);
    Statement::Select(select)
}

impl<Row: Decode, T> Returning<Row, T> {
    /// Runs the statement and gives all its rows.
    ///
    /// # Errors
    /// What the server reports, with the constraint that was violated; no connection.
    pub fn all(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<Vec<Row>>> + Send {
        rows(executor.as_dyn(), self.statement)
    }

    /// Runs the statement and gives its rows as they arrive, as [`Query::stream`] does.
    ///
    /// Nothing is sent before the first row is asked for. Dropped before its end, the statement may have changed all of its rows
    /// or none: in a transaction, roll back.
    pub fn stream<'e>(self, executor: &'e (impl Executor + ?Sized)) -> Rows<'e, Row> {
        Rows::new(reader(executor.as_dyn(), self.statement))
    }

    /// Runs the statement and gives its first row, if there is one.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn first(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<Option<Row>>> + Send {
        first_row(executor.as_dyn(), self.statement)
    }

    /// Runs the statement and gives its only row.
    ///
    /// The statement has run, also if it gave none or several: in a transaction, roll back on the error.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`]; else as [`all`](Self::all).
    pub fn one(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<Row>> + Send {
        only_row(executor.as_dyn(), self.statement)
    }
}

impl<T: Table, K> Insert<T, K> {
    /// Runs the insert; gives the number of rows that were inserted, or updated on a conflict: 0 if it has no rows.
    ///
    /// # Errors
    /// An upsert that sets nothing; what the server reports, with the constraint that was violated; no connection.
    pub fn execute(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<u64>> + Send {
        change(executor.as_dyn(), self.into_statement())
    }
}

impl<T: Table, Rows, S> Update<T, Rows, S> {
    /// Runs the update; gives the number of rows that it changed.
    ///
    /// # Errors
    /// An update that sets nothing; what the server reports; no connection.
    pub fn execute(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<u64>> + Send
    where
        Rows: Restricted<T>,
    {
        change(executor.as_dyn(), self.into_statement())
    }
}

impl<T: Table, Rows, S> Delete<T, Rows, S> {
    /// Runs the delete; gives the number of rows that it deleted.
    ///
    /// # Errors
    /// What the server reports, with the foreign key that was violated; no connection.
    pub fn execute(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<u64>> + Send
    where
        Rows: Restricted<T>,
    {
        change(executor.as_dyn(), self.into_statement())
    }
}

impl<T: Table, S: Source> Merge<T, S> {
    /// Runs the merge; gives the number of rows that it inserted, updated or deleted.
    ///
    /// # Errors
    /// A merge that does nothing with any row; what the server reports; no connection.
    pub async fn execute(self, executor: &impl Executor) -> Result<u64> {
        changed(executor, &self.into_statement()).await
    }
}

impl Truncate {
    /// Empties the tables.
    ///
    /// # Errors
    /// What the server reports, such as a table that references one of them; no connection.
    pub async fn execute(self, executor: &impl Executor) -> Result<()> {
        changed(executor, &self.into_statement()).await.map(drop)
    }
}

impl Refresh {
    /// Refreshes the view.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn execute(self, executor: &impl Executor) -> Result<()> {
        changed(executor, &self.into_statement()).await.map(drop)
    }
}

/// Runs the insert that a builder has gathered. In the prelude, so that every builder has it.
pub trait ExecuteInsert: InsertBuilder {
    /// Runs the insert; gives the number of rows that were inserted.
    ///
    /// # Errors
    /// What the server reports, with the constraint that was violated; no connection.
    fn execute(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> impl Future<Output = Result<u64>> + Send
    where
        Self::State: Provided,
    {
        change(executor.as_dyn(), self.build().into_statement())
    }

    /// The SQL and the values of its parameters, without a database.
    fn to_sql(&self) -> Sql
    where
        Self: Clone,
        Self::State: Provided,
    {
        self.clone().build().to_sql()
    }
}

impl<B: InsertBuilder> ExecuteInsert for B {}

/// `to_sql` of every statement.
macro_rules! to_sql {
    ([$($generics:tt)*] $statement:ty $(where $($bound:tt)*)?) => {
        impl<$($generics)*> $statement {
            /// The SQL and the values of its parameters, without a database.
            pub fn to_sql(&self) -> Sql $(where $($bound)*)? {
                Sql::of(&self.clone().into_statement())
            }
        }
    };
}

to_sql!([S, Row, H] Query<S, Row, H>);
to_sql!([Row, T] Returning<Row, T>);
to_sql!([T: Table, K] Insert<T, K>);
to_sql!([T: Table, Rows, S] Update<T, Rows, S> where Rows: Restricted<T>);
to_sql!([T: Table, S: Source] Merge<T, S>);
to_sql!([] Truncate);
to_sql!([] Refresh);
to_sql!([T: Table, Rows, S] Delete<T, Rows, S> where Rows: Restricted<T>);

/// Gives a select this limit; one of its own stays where it is 0.
pub(super) fn limit(select: &mut Select, rows: u64) {
    let is_empty = select.limit.as_ref().is_some_and(is_zero);
    if !is_empty {
        select.limit = Some(node::Param::rows(rows));
    }
}

/// Whether a limit is 0. It is a parameter: its value is read as it is sent.
fn is_zero(limit: &node::Param) -> bool {
    let mut bytes = BytesMut::new();
    limit
        .value
        .write_as(&limit.ty, &mut bytes)
        .is_ok_and(|is_null| matches!(is_null, IsNull::No) && bytes.iter().all(|byte| *byte == 0))
}

/// A statement whose text varies with the number of rows would only push others out of the cache.
fn cache(statement: &Statement) -> Cache {
    match statement {
        Statement::Insert(insert) if matches!(&insert.rows, InsertRows::Values(rows) if rows.len() > 1) => {
            Cache::Unnamed
        }
        // So does that of rows as `VALUES`.
        Statement::Update(update)
            if update.from.iter().any(|item| matches!(&item.from, From::Values(_))) =>
        {
            Cache::Unnamed
        }
        // The condition of a partial index is compared with constants: a plan for any value does not know them.
        Statement::Insert(insert)
            if matches!(
                &insert.conflict,
                Some(Conflict { target: ConflictTarget::Columns(_, filters), .. }) if !filters.is_empty()
            ) =>
        {
            Cache::Unnamed
        }
        _ => Cache::Named,
    }
}

/// A change of an empty list of rows: there is nothing to ask the server.
pub(super) fn changes_nothing(statement: &Statement) -> bool {
    let insert = match statement {
        Statement::Insert(insert) => insert,
        Statement::Update(update) => return update.is_empty,
        _ => return false,
    };
    match &insert.rows {
        InsertRows::Values(rows) => rows.is_empty(),
        InsertRows::Unnest(_, rows) | InsertRows::Regrouped(_, _, rows) => *rows == 0,
        InsertRows::Select(_) => false,
    }
}

/// The rows of a statement.
#[expect(clippy::manual_async_fn, reason = "an `async fn` would move the statement once more")]
fn rows<Row: Decode>(
    executor: &dyn Executor,
    statement: Statement,
) -> impl Future<Output = Result<Vec<Row>>> + Send {
    async move {
        let mut rows = Vec::new();
        take(executor, &statement, &mut rows).await?;
        Ok(rows)
    }
}

/// The rows of a statement that is needed afterwards.
pub(super) async fn rows_of_tree<Row: Decode>(
    executor: &dyn Executor,
    statement: &Statement,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    take(executor, statement, &mut rows).await?;
    Ok(rows)
}

/// The first row of a statement, if there is one; all of them are taken in.
#[expect(clippy::manual_async_fn, reason = "an `async fn` would move the statement once more")]
fn first_row<Row: Decode>(
    executor: &dyn Executor,
    statement: Statement,
) -> impl Future<Output = Result<Option<Row>>> + Send {
    async move {
        let mut first = First::NONE;
        take(executor, &statement, &mut first).await?;
        Ok(first.row)
    }
}

/// The only row of a statement.
#[expect(clippy::manual_async_fn, reason = "an `async fn` would move the statement once more")]
fn only_row<Row: Decode>(
    executor: &dyn Executor,
    statement: Statement,
) -> impl Future<Output = Result<Row>> + Send {
    async move {
        let mut first = First::NONE;
        take(executor, &statement, &mut first).await?;
        match first {
            First { row: Some(row), count: 1 } => Ok(row),
            First { count, .. } => Err(not_one(count, statement.table())),
        }
    }
}

/// Takes the rows of a statement, whatever their type.
fn take<'a>(
    executor: &'a dyn Executor,
    statement: &'a Statement,
    rows: &'a mut dyn Sink,
) -> impl Future<Output = Result<()>> + Send + 'a {
    hidden(take_all(executor, statement, rows))
}

async fn take_all(
    executor: &dyn Executor,
    statement: &Statement,
    rows: &mut dyn Sink,
) -> Result<()> {
    if levels::has_relation(statement) {
        // Boxed: its size would be that of every query's future.
        match Box::pin(levels::take(executor, statement, rows)).await {
            Ok(true) => return Ok(()),
            Ok(false) => rows.restart(0),
            // The database has other types than the code: each column by itself says which.
            Err(error) if error.sqlstate() == Some(DATATYPE_MISMATCH) => {
                rows.restart(0);
                return match Box::pin(take_each(executor, statement, rows)).await {
                    Err(second) if second.sqlstate() == Some(TRANSACTION_IS_ABORTED) => {
                        Err(error.with_hint(BEHIND))
                    }
                    answer => answer,
                };
            }
            Err(error) => return Err(error),
        }
    }
    take_each(executor, statement, rows).await
}

async fn take_each(
    executor: &dyn Executor,
    statement: &Statement,
    rows: &mut dyn Sink,
) -> Result<()> {
    each_at_once(executor, statement, rows).await
}

// Manual, appendix A.
pub(super) const DATATYPE_MISMATCH: &str = "42804";
const TRANSACTION_IS_ABORTED: &str = "25P02";

/// The rows of a statement, on a session that was leased for it.
pub(super) async fn rows_on<Row: Decode>(
    lease: Lease<'_>,
    statement: Statement,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut read = |row: RawRow<'_>| {
        rows.push(Row::from_row(row)?);
        Ok(())
    };
    let rendered = rendered(&statement)?;
    if !changes_nothing(&statement) {
        hidden(each_on(&lease, &statement, rendered, &mut read)).await?;
    }
    Ok(rows)
}

/// The text of a statement that is not prepared under a name. None is one that is looked for among those that were.
///
/// # Errors
/// What cannot run.
fn rendered(statement: &Statement) -> Result<Option<Rendered<'_>>> {
    match cache(statement) {
        Cache::Unnamed => render(statement).map(Some),
        Cache::Named => check(statement).map(|()| None),
    }
}

/// Reads each row of a statement as it arrives.
pub(super) async fn each(
    executor: &dyn Executor,
    statement: &Statement,
    read: &mut dyn TakeRow,
) -> Result<()> {
    // What cannot run, or has nothing to do, takes no session.
    let rendered = rendered(statement)?;
    if changes_nothing(statement) {
        return Ok(());
    }
    let lease = executor.lease().await?;
    each_on(&lease, statement, rendered, read).await
}

/// The same where the rows only go into memory: others may wait for that on a shared session.
pub(super) async fn each_at_once(
    executor: &dyn Executor,
    statement: &Statement,
    read: &mut dyn TakeRow,
) -> Result<()> {
    let rendered = rendered(statement)?;
    if changes_nothing(statement) {
        return Ok(());
    }
    let lease = executor.lease_for_statement().await?;
    each_on(&lease, statement, rendered, read).await
}

async fn each_on(
    lease: &Lease<'_>,
    statement: &Statement,
    rendered: Option<Rendered<'_>>,
    read: &mut dyn TakeRow,
) -> Result<()> {
    let (rows, text) = lease.start_tree(statement, rendered).await?;
    let rows = pin!(rows);
    let lease = Lease::borrowed(lease.session());
    Reader::running(Running::pinned(lease, rows, text, Some(statement))).each(read).await
}

/// Runs a statement once it is asked for a row.
fn reader(executor: &dyn Executor, statement: Statement) -> Reader<'_> {
    Reader::starting(Box::pin(async move {
        let (lease, rows, text) = {
            let rendered = rendered(&statement)?;
            if changes_nothing(&statement) {
                return Ok(None);
            }
            let lease = executor.lease().await?;
            let (rows, text) = lease.start_tree(&statement, rendered).await?;
            (lease, rows, text)
        };
        Ok(Some(Running::new(lease, rows, text).of(statement)))
    }))
}

/// The rows of a statement that is rendered.
pub(super) async fn rows_of<Row: Decode>(
    executor: &dyn Executor,
    text: &str,
    params: &[TypedParam<'_>],
    cache: Cache,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut read = |row: RawRow<'_>| {
        rows.push(Row::from_row(row)?);
        Ok(())
    };
    hidden(each_of(executor, text, params, cache, &mut read)).await?;
    Ok(rows)
}

async fn each_of(
    executor: &dyn Executor,
    text: &str,
    params: &[TypedParam<'_>],
    cache: Cache,
    read: &mut dyn TakeRow,
) -> Result<()> {
    let lease = executor.lease_for_statement().await?;
    let params = lease.encoded(params).await?;
    let rows = lease.start(text, &params, cache).await.map_err(hint_at_missing_migration)?;
    let rows = pin!(rows);
    let lease = Lease::borrowed(lease.session());
    Reader::running(Running::pinned(lease, rows, text, None)).each(read).await
}

/// How many rows a statement changes: a future of one type for all tables.
fn change(
    executor: &dyn Executor,
    statement: Statement,
) -> impl Future<Output = Result<u64>> + Send {
    hidden(async move { changed(executor, &statement).await })
}

pub(super) async fn changed(executor: &dyn Executor, statement: &Statement) -> Result<u64> {
    let rendered = rendered(statement)?;
    if changes_nothing(statement) {
        return Ok(0);
    }
    if let Some(bulk) = Bulk::of(statement)
        // Boxed: it is rare, and its size would be that of every future.
        && let Some(count) = Box::pin(copied(executor, statement, bulk)).await?
    {
        return Ok(count);
    }
    let lease = match statement {
        // They wait for every user of a table, or take long.
        Statement::Truncate(_) | Statement::Refresh(_) => executor.lease().await?,
        _ => executor.lease_for_statement().await?,
    };
    lease.change_tree(statement, rendered).await
}

/// The rows of an insert that were copied; none where it is to be sent as it is written.
async fn copied(
    executor: &dyn Executor,
    statement: &Statement,
    bulk: Bulk<'_>,
) -> Result<Option<u64>> {
    let rendered = render(statement)?;
    let copied = bulk.copy(executor, &rendered.text).await;
    copied.map_err(|error| errors::placed(error, statement, &rendered.params))
}

/// Runs a statement that is rendered, and gives how many rows it changed.
pub(super) async fn changed_of(
    executor: &dyn Executor,
    text: &str,
    params: &[TypedParam<'_>],
    cache: Cache,
) -> Result<u64> {
    let lease = executor.lease_for_statement().await?;
    lease.typed_execute(text, params, cache).await.map_err(hint_at_missing_migration)
}

/// As [`changed`], on a session that was leased for it.
pub(super) async fn changed_on(lease: &Lease<'_>, statement: &Statement) -> Result<u64> {
    let rendered = rendered(statement)?;
    if changes_nothing(statement) {
        return Ok(0);
    }
    lease.change_tree(statement, rendered).await
}

pub(super) fn only<Row>(rows: Vec<Row>, table: &str) -> Result<Row> {
    let count = rows.len();
    match (rows.into_iter().next(), count) {
        (Some(row), 1) => Ok(row),
        _ => Err(not_one(count, table)),
    }
}

/// There is another number of rows than one.
#[cold]
fn not_one(count: usize, table: &str) -> Error {
    if count == 0 {
        return Error::new(ErrorKind::NotFound, format!("no row of table \"{table}\" matches"))
            .at(Some(table), None)
            .with_hint("use `first` if there may be none");
    }
    let message = format!("{count} or more rows of table \"{table}\" match, where one is expected");
    Error::new(ErrorKind::TooManyRows, message)
        .at(Some(table), None)
        .with_hint("use `first` or `all`, or filter by a unique column")
}

impl Select {
    fn table(&self) -> &'static str {
        let Some(source) = &self.from else {
            return self.set.as_ref().map_or("", |set| set.left.table());
        };
        match source.from {
            From::Table(table) | From::Sample(table, ..) => &table.name,
            _ => source.name,
        }
    }
}

impl Statement {
    /// The name of the table that the statement is about.
    pub(super) fn table(&self) -> &'static str {
        match self {
            Self::Select(select) | Self::Count(select) | Self::Exists(select) => select.table(),
            Self::Insert(insert) => &insert.target.table.name,
            Self::Update(update) => &update.target.table.name,
            Self::Delete(delete) => &delete.target.table.name,
            Self::Merge(merge) => &merge.target.table.name,
            Self::Truncate(truncate) => truncate.tables.first().map_or("", |table| &table.name),
            Self::Refresh(refresh) => &refresh.view.name,
        }
    }
}
