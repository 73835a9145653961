//! `COPY` of typed rows: structs into a table, and what a query gives out of the server.

use crate::error::{Error, Result};
use crate::exec::copy_in::CopyIn;
use crate::exec::copy_out::CopyOut;
use crate::exec::errors::hint_at_missing_migration;
use crate::exec::{Executor, Lease};
use crate::query::insert::CopiedRows;
use crate::query::scope::Complete;
use crate::query::{Copyable, Insertable, Query, Table};
use crate::sql;
use crate::types::cells::Decode;
use futures_util::{Stream, StreamExt as _, pin_mut};

/// A copy, and what writes its rows.
struct Copying<'a> {
    copy: CopyIn<'a>,
    rows: CopiedRows,
}

impl<'a> Copying<'a> {
    async fn start(
        executor: &'a (impl Executor + ?Sized),
        mut rows: CopiedRows,
        text: &str,
    ) -> Result<Self> {
        let copy = CopyIn::start(executor, text, &rows.types).await;
        let mut copy = copy.map_err(hint_at_missing_migration)?;
        let types = copy.types().to_vec();
        copy.add(|out| rows.write_first(&types, out))?;
        Ok(Self { copy, rows })
    }

    fn add<R: Insertable>(&mut self, row: R) -> Result<()> {
        let Self { copy, rows } = self;
        copy.add(|out| rows.write(row, out))
    }
}

/// The rows that begin with this one, and the statement that copies them.
fn starting_with<R: Insertable>(first: R) -> Result<(CopiedRows, String)> {
    let rows = CopiedRows::starting_with(first)?;
    let text = sql::copy_in(<R::Table as Table>::TABLE, &rows.columns);
    Ok((rows, text))
}

/// Copies rows into their table by `COPY .. FROM STDIN`, in binary: the fastest way to many rows (manual, COPY). It gives how
/// many there were.
///
/// The rows are those that [`Insert::values`](crate::query::Insert::values) takes: structs of tables and structs with
/// `#[derive(Insertable)]`. An `identity` and generated columns are left to the server. The first row says which columns are
/// copied: all rows give the same ones, since `COPY` knows no defaults of single rows; a column that may be NULL and has no
/// default is NULL where a row does not give it. `COPY` neither updates nor returns rows.
///
/// Without any row nothing is sent. Of the rows of a failed copy none is there.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// async fn restore(db: &Db, users: Vec<User>) -> orm::Result<u64> {
///     orm::copy_in::<User>(db, users).await
/// }
/// ```
///
/// # Errors
/// A row gives other columns than the first; a value that is an expression; what the server reports of any row;
/// `pgbouncer=true`, for `COPY` needs a prepared statement.
pub async fn copy_in<R: Insertable>(
    executor: &(impl Executor + ?Sized),
    rows: impl IntoIterator<Item = R, IntoIter: Send> + Send,
) -> Result<u64> {
    let mut rows = rows.into_iter();
    let Some(first) = rows.next() else { return Ok(0) };
    let (first, text) = starting_with(first)?;
    let mut copying = Copying::start(executor, first, &text).await?;
    for row in rows {
        copying.add(row)?;
        if copying.copy.is_full() {
            copying.copy.send().await?;
        }
    }
    copying.copy.finish().await
}

/// As [`copy_in`], for rows that arrive one after the other. An error among them ends the copy, and nothing was copied.
///
/// # Errors
/// As [`copy_in`], and the first error of the stream.
pub async fn copy_in_stream<R: Insertable, E: From<Error>>(
    executor: &(impl Executor + ?Sized),
    rows: impl Stream<Item = Result<R, E>> + Send,
) -> Result<u64, E> {
    pin_mut!(rows);
    let Some(first) = rows.next().await else { return Ok(0) };
    let (first, text) = starting_with(first?)?;
    let mut copying = Copying::start(executor, first, &text).await?;
    while let Some(row) = rows.next().await {
        copying.add(row?)?;
        if copying.copy.is_full() {
            copying.copy.send().await?;
        }
    }
    Ok(copying.copy.finish().await?)
}

/// All rows of a table by `COPY .. TO STDOUT`, in binary, as a stream. Views and partitioned tables have them too: it copies
/// a query.
///
/// ```
/// use auth::User;
/// use futures_util::TryStreamExt as _;
/// use orm::prelude::*;
/// async fn names(db: &Db) -> orm::Result<Vec<String>> {
///     orm::copy_out::<User>(db).await?.map_ok(|user| user.name).try_collect().await
/// }
/// ```
///
/// # Errors
/// As [`Query::copy_out`].
pub async fn copy_out<T: Table>(executor: &(impl Executor + ?Sized)) -> Result<CopyOut<'_, T>> {
    T::query().copy_out(executor).await
}

impl<S, Row: Decode, H> Query<S, Row, H> {
    /// The rows by `COPY (SELECT ..) TO STDOUT`, in binary, as a stream. The server is asked for the types of the columns
    /// first.
    ///
    /// `COPY` takes no parameters, so the query can have no values: no `eq("ada")`, and no `limit`.
    ///
    /// ```
    /// use auth::User;
    /// use futures_util::TryStreamExt as _;
    /// use orm::prelude::*;
    /// async fn emails(db: &Db) -> orm::Result<Vec<(String, String)>> {
    ///     let pictured = User::query().filter(User::image.is_not_null()).select((User::id, User::email));
    ///     pictured.copy_out(db).await?.try_collect().await
    /// }
    /// ```
    ///
    /// # Errors
    /// The query has values; what the server reports; `pgbouncer=true`, for `COPY` needs a prepared statement.
    pub async fn copy_out(self, executor: &(impl Executor + ?Sized)) -> Result<CopyOut<'_, Row>>
    where
        S: Complete,
        H: Copyable,
    {
        let (select, copy) = sql::copy_out(&self.into_statement())?;
        let lease = executor.as_dyn().lease().await?;
        run(lease, &select, &copy).await.map_err(hint_at_missing_migration)
    }
}

async fn run<'a, Row: Decode>(
    lease: Lease<'a>,
    select: &str,
    copy: &str,
) -> Result<CopyOut<'a, Row>> {
    let types = lease.output_types(select, copy).await?;
    CopyOut::run(lease, copy, types).await
}
