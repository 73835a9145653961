//! SQL that a user wrote, whole: the same methods on a database, a connection and a transaction, and [`RawSql`] for code
//! that takes any of them.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::effects::may_outlast;
use crate::exec::executor::Lease;
use crate::exec::row::RawRow;
use crate::exec::rows::{Reader, Rows, Running};
use crate::exec::{Connection, Db, Executor, PooledConnection, ReadRow, Transaction};
use std::sync::Arc;
use tokio_postgres::types::ToSql;

/// SQL that a user wrote, on whatever runs queries.
///
/// Values are parameters (`$1`, `$2`, ..), never part of the text. What the SQL leaves behind in a session of the pool is
/// undone before the next user gets it; a text that can leave nothing behind costs nothing for that: plain `SELECT`,
/// `INSERT`, `UPDATE`, `DELETE`, `MERGE` and `VALUES` that call functions of PostgreSQL only.
///
/// [`Db`], [`Connection`], [`PooledConnection`] and [`Transaction`] have these methods themselves.
///
/// ```no_run
/// # use orm_core::exec::{Executor, RawSql};
/// async fn names(executor: &impl Executor, least: i64) -> orm_core::Result<Vec<(i64, Option<String>)>> {
///     executor.query("SELECT id, name FROM person WHERE id >= $1", &[&least]).await
/// }
/// ```
pub trait RawSql: Executor {
    /// All rows.
    ///
    /// # Errors
    /// What the server reports, with its message, detail, hint and position; a column that `T` cannot hold. `COPY` from
    /// or to the client is refused, and ends the session.
    fn query<T: ReadRow>(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        query(self.as_dyn(), sql, params)
    }

    /// The only row.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`]; else as [`query`](Self::query).
    fn query_one<T: ReadRow>(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<T>> + Send {
        query_one(self.as_dyn(), sql, params)
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyRows`]; else as [`query`](Self::query).
    fn query_opt<T: ReadRow>(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        query_opt(self.as_dyn(), sql, params)
    }

    /// Starts a statement and gives its rows as they arrive.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    fn query_stream<T: ReadRow>(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Rows<'_, T>>> + Send {
        query_stream(self.as_dyn(), sql, params)
    }

    /// Runs a statement and gives how many rows it changed.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    fn execute(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<u64>> + Send {
        execute(self.as_dyn(), sql, params)
    }

    /// Runs statements without parameters, in one round trip by the simple protocol.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    fn batch_execute(&self, sql: &str) -> impl Future<Output = Result<()>> + Send {
        batch_execute(self.as_dyn(), sql)
    }
}

impl<E: Executor + ?Sized> RawSql for E {}

/// The methods of [`RawSql`], for those who have not imported it.
macro_rules! raw_sql {
    ($($executor:ty),*) => {$(
        impl $executor {
            /// All rows of a statement, each as `T`: the struct of a table, a value, a tuple of these, or a
            /// [`Row`](crate::exec::Row).
            ///
            /// # Errors
            /// What the server reports, with its message, detail, hint and position; a column that `T` cannot hold.
            /// `COPY` from or to the client is refused, and ends the session.
            pub async fn query<T: ReadRow>(
                &self,
                sql: &str,
                params: &[&(dyn ToSql + Sync)],
            ) -> Result<Vec<T>> {
                query(self, sql, params).await
            }

            /// The only row of a statement.
            ///
            /// # Errors
            /// [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`]; else as [`query`](Self::query).
            pub async fn query_one<T: ReadRow>(
                &self,
                sql: &str,
                params: &[&(dyn ToSql + Sync)],
            ) -> Result<T> {
                query_one(self, sql, params).await
            }

            /// The only row of a statement, if there is one.
            ///
            /// # Errors
            /// [`ErrorKind::TooManyRows`]; else as [`query`](Self::query).
            pub async fn query_opt<T: ReadRow>(
                &self,
                sql: &str,
                params: &[&(dyn ToSql + Sync)],
            ) -> Result<Option<T>> {
                query_opt(self, sql, params).await
            }

            /// Starts a statement and gives its rows as they arrive.
            ///
            /// # Errors
            /// As [`query`](Self::query).
            pub async fn query_stream<T: ReadRow>(
                &self,
                sql: &str,
                params: &[&(dyn ToSql + Sync)],
            ) -> Result<Rows<'_, T>> {
                query_stream(self, sql, params).await
            }

            /// Runs a statement and gives how many rows it changed.
            ///
            /// # Errors
            /// As [`query`](Self::query).
            pub async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
                execute(self, sql, params).await
            }

            /// Runs statements without parameters, in one round trip by the simple protocol.
            ///
            /// On a [`Db`] they run on one connection, which then goes back to the pool: a transaction that they begin
            /// and do not end is rolled back.
            ///
            /// # Errors
            /// As [`query`](Self::query).
            pub async fn batch_execute(&self, sql: &str) -> Result<()> {
                batch_execute(self, sql).await
            }
        }
    )*};
}

raw_sql!(Db, Connection, PooledConnection, Transaction<'_>);

async fn reader<'e>(
    executor: &'e dyn Executor,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Reader<'e>> {
    let lease = lease(executor, sql).await?;
    let rows = lease.raw_start(sql, params).await?;
    Ok(Reader::running(Running::new(lease, rows, Arc::from(sql))).of_raw_sql())
}

/// A session for SQL whose answer is read at once: one of its own where it may leave something behind.
async fn lease<'e>(executor: &'e dyn Executor, sql: &str) -> Result<Lease<'e>> {
    if may_outlast(sql) {
        let lease = executor.lease().await?;
        lease.state.mark();
        return Ok(lease);
    }
    executor.lease_for_statement().await
}

async fn query_stream<'e, T: ReadRow>(
    executor: &'e dyn Executor,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Rows<'e, T>> {
    // Its rows are read at whatever pace: nothing may wait behind them.
    let lease = executor.lease().await?;
    lease.note_effects(sql);
    let rows = lease.raw_start(sql, params).await?;
    Ok(Rows::running(lease, rows, sql))
}

async fn query<T: ReadRow>(
    executor: &dyn Executor,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    let reader = reader(executor, sql, params).await?;
    reader
        .each(&mut |row: RawRow<'_>| {
            rows.push(T::from_row(row)?);
            Ok(())
        })
        .await?;
    Ok(rows)
}

async fn query_opt<T: ReadRow>(
    executor: &dyn Executor,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Option<T>> {
    let mut first = None;
    let mut count = 0_u64;
    let reader = reader(executor, sql, params).await?;
    // All are taken in: the session is free afterwards.
    reader
        .each(&mut |row: RawRow<'_>| {
            if count == 0 {
                first = Some(T::from_row(row)?);
            }
            count += 1;
            Ok(())
        })
        .await?;
    if count > 1 {
        let message = format!("the query gave {count} rows, where one is expected");
        return Err(Error::new(ErrorKind::TooManyRows, message)
            .with_hint("use `query` for all of them, or add LIMIT 1 if any will do")
            .with_sql(sql));
    }
    Ok(first)
}

async fn query_one<T: ReadRow>(
    executor: &dyn Executor,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<T> {
    query_opt(executor, sql, params).await?.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "the query gave no row, where one is expected")
            .with_hint("use `query_opt` if there may be none")
            .with_sql(sql)
    })
}

async fn execute(
    executor: &dyn Executor,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<u64> {
    lease(executor, sql).await?.raw_execute(sql, params).await
}

async fn batch_execute(executor: &dyn Executor, sql: &str) -> Result<()> {
    executor.lease().await?.raw_batch(sql).await
}
