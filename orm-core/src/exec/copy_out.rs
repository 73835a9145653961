//! [`CopyOut`]: `COPY .. TO STDOUT`, in binary, as a stream of rows.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::copy;
use crate::exec::errors;
use crate::exec::{Executor, Lease};
use crate::types::cells::{Cells, Decode};
use crate::types::known::Lookup;
use bytes::{Buf as _, Bytes};
use futures_util::Stream;
use std::marker::PhantomData;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_postgres::CopyOutStream;
use tokio_postgres::types::Type;

/// The rows of `COPY .. TO STDOUT`, as they arrive: a stream.
///
/// Dropped before its end, it is as with [`Rows`](crate::exec::Rows).
///
/// ```no_run
/// # use orm_core::exec::{CopyOut, Db};
/// # use orm_core::exec::postgres_types::Type;
/// # use futures_util::TryStreamExt as _;
/// # async fn run(db: Db) -> orm_core::Result<()> {
/// let sql = "COPY point (x, y) TO STDOUT (FORMAT binary)";
/// let points = CopyOut::<(i32, Option<i32>)>::start(&db, sql, &[Type::INT4, Type::INT4]).await?;
/// let sum = points.try_fold(0, async |sum, (x, _)| Ok(sum + x)).await?;
/// # Ok(())
/// # }
/// ```
pub struct CopyOut<'a, T> {
    chunks: Pin<Box<CopyOutStream>>,
    parts: Parts,
    row: PhantomData<fn() -> T>,
    sql: Box<str>,
    has_header: bool,
    /// The trailer, or an error.
    is_over: bool,
    lease: Lease<'a>,
}

/// One row: where its values stand in a chunk.
struct Parts {
    types: Vec<Type>,
    ranges: Vec<Option<Range<usize>>>,
}

impl<'a, T: Decode> CopyOut<'a, T> {
    /// Starts the statement, which is `COPY .. TO STDOUT (FORMAT binary)`; `types` are those of its columns.
    ///
    /// # Errors
    /// What the server reports; SQL that is no such statement; `pgbouncer=true`, for `COPY` needs a prepared statement.
    pub async fn start(
        executor: &'a (impl Executor + ?Sized),
        sql: &str,
        types: &[Type],
    ) -> Result<Self> {
        copy::check(sql, "stdout")?;
        let lease = executor.as_dyn().lease().await?;
        let types = lease.as_in_catalog(types.iter()).await?;
        Self::run(lease, sql, types).await
    }

    /// Starts a statement on a session that was leased for it.
    pub(super) async fn run(lease: Lease<'a>, sql: &str, types: Vec<Type>) -> Result<Self> {
        let chunks = lease.copy_out(sql).await?;
        Ok(Self {
            chunks: Box::pin(chunks),
            parts: Parts { types, ranges: Vec::new() },
            row: PhantomData,
            sql: sql.into(),
            has_header: false,
            is_over: false,
            lease,
        })
    }

    /// The statement.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    fn read(&mut self, mut chunk: Bytes) -> Result<Option<T>> {
        if !self.has_header {
            copy::take_header(&mut chunk)?;
            self.has_header = true;
        }
        if !self.parts.split(&chunk)? {
            return Ok(None);
        }
        let lookup = Lookup::new(self.lease.types());
        let mut cells = Cells::of_copy(&chunk, &self.parts.ranges, &self.parts.types, &lookup);
        T::decode(&mut cells).map(Some)
    }
}

impl Parts {
    /// Finds the values of a row; false is the end of all rows.
    fn split(&mut self, chunk: &Bytes) -> Result<bool> {
        let mut rest = chunk.as_ref();
        let count = rest.try_get_i16().map_err(|_short| copy::malformed())?;
        if count == -1 {
            return Ok(false);
        }
        if usize::try_from(count) != Ok(self.types.len()) {
            let message =
                format!("the copy gives {count} columns, where {} are read", self.types.len());
            return Err(Error::new(ErrorKind::Conversion, message));
        }
        self.ranges.clear();
        for _ in 0..count {
            let length = rest.try_get_i32().map_err(|_short| copy::malformed())?;
            let Ok(length) = usize::try_from(length) else {
                self.ranges.push(None);
                continue;
            };
            let start = chunk.len() - rest.len();
            rest = rest.get(length..).ok_or_else(copy::malformed)?;
            self.ranges.push(Some(start..start + length));
        }
        Ok(true)
    }
}

impl<T: Decode> Stream for CopyOut<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        loop {
            let chunk = match ready!(self.chunks.as_mut().poll_next(cx)) {
                Some(Ok(chunk)) => chunk,
                Some(Err(error)) => {
                    self.is_over = true;
                    let error = errors::statement_failed(error, &self.sql);
                    return Poll::Ready(Some(Err(self.lease.watched().failed(error))));
                }
                None => {
                    self.is_over = true;
                    self.lease.watched().answered();
                    return Poll::Ready(None);
                }
            };
            match self.read(chunk) {
                // The trailer; the server ends the statement after it.
                Ok(None) => {}
                Ok(Some(row)) => return Poll::Ready(Some(Ok(row))),
                Err(error) => {
                    // The server goes on: the session stays busy.
                    self.is_over = true;
                    return Poll::Ready(Some(Err(error.with_sql(&self.sql))));
                }
            }
        }
    }
}

impl<T> std::fmt::Debug for CopyOut<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CopyOut").finish_non_exhaustive()
    }
}
