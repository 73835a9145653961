//! [`CopyIn`]: `COPY .. FROM STDIN`, in binary: the fastest way to many rows (manual, section 14.4.2).

use crate::error::{Error, ErrorKind, Result};
use crate::exec::copy;
use crate::exec::{Executor, Lease};
use crate::types::Parameter;
use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::{SinkExt as _, Stream, StreamExt as _, pin_mut};
use std::pin::Pin;
use tokio_postgres::CopyInSink;
use tokio_postgres::types::{IsNull, Type};

/// How many bytes are gathered before they are sent: enough that what a message costs does not count.
const CHUNK: usize = 32 * 1024;

/// Rows on their way into a table.
///
/// Nothing of it is there before [`finish`](Self::finish). Dropped before, the server gives it up: outside of a
/// transaction the session is as it was; in one, the transaction has failed.
///
/// ```no_run
/// # use orm_core::exec::{CopyIn, Db};
/// # use orm_core::exec::postgres_types::Type;
/// # async fn run(db: Db) -> orm_core::Result<()> {
/// let sql = "COPY point (x, y) FROM STDIN (FORMAT binary)";
/// let mut copy = CopyIn::start(&db, sql, &[Type::INT4, Type::INT4]).await?;
/// for x in 0..100_000 {
///     copy.write(|row| row.value(&x)?.value(&None::<i32>)?.end()).await?;
/// }
/// assert_eq!(copy.finish().await?, 100_000);
/// # Ok(())
/// # }
/// ```
pub struct CopyIn<'a> {
    sink: Pin<Box<CopyInSink<Bytes>>>,
    rows: Encoder,
    sql: Box<str>,
    /// A part of it was not sent, or not known to be: it can no longer end well.
    is_broken: bool,
    lease: Lease<'a>,
}

/// What is gathered, and the types of its columns.
struct Encoder {
    out: BytesMut,
    types: Vec<Type>,
    count: u64,
}

impl<'a> CopyIn<'a> {
    /// Starts the statement, which is `COPY .. FROM STDIN (FORMAT binary)`; `types` are those of its columns.
    ///
    /// # Errors
    /// What the server reports; SQL that is no such statement; `pgbouncer=true`, for `COPY` needs a prepared statement.
    pub async fn start(
        executor: &'a (impl Executor + ?Sized),
        sql: &str,
        types: &[Type],
    ) -> Result<Self> {
        copy::check(sql, "stdin")?;
        let lease = executor.as_dyn().lease().await?;
        let types = lease.as_in_catalog(types.iter()).await?;
        let sink = lease.copy_in(sql).await?;
        Ok(Self::on(lease, sink, types, sql))
    }

    /// Starts an insert as the copy `copy`: errors are those of `insert`.
    pub(super) async fn of_insert(lease: Lease<'a>, copy: &str, insert: &str) -> Result<Self> {
        let sink = lease.copy_of_insert(copy, insert).await?;
        Ok(Self::on(lease, sink, Vec::new(), insert))
    }

    fn on(lease: Lease<'a>, sink: CopyInSink<Bytes>, types: Vec<Type>, sql: &str) -> Self {
        let mut out = BytesMut::with_capacity(CHUNK + CHUNK / 4);
        out.put_slice(copy::SIGNATURE);
        // No flags, no extension of the header.
        out.put_i32(0);
        out.put_i32(0);
        let rows = Encoder { out, types, count: 0 };
        Self { sink: Box::pin(sink), rows, sql: sql.into(), is_broken: false, lease }
    }

    /// Writes a row: `encode` gives its values, in the order of the columns.
    ///
    /// # Errors
    /// What `encode` gives; another number of values than of columns; a connection that is lost. What is wrong with a
    /// row for the server is said by [`finish`](Self::finish). After an error it cannot be finished.
    pub async fn write(
        &mut self,
        encode: impl FnOnce(&mut RowEncoder<'_>) -> Result<()>,
    ) -> Result<()> {
        self.gather(encode)?;
        if self.is_full() { self.send().await } else { Ok(()) }
    }

    fn gather(&mut self, encode: impl FnOnce(&mut RowEncoder<'_>) -> Result<()>) -> Result<()> {
        let written = self.rows.write(encode);
        self.is_broken |= written.is_err();
        written.map_err(|error| error.with_sql(&self.sql))
    }

    /// The types of the columns, as the catalog has them.
    pub(super) fn types(&self) -> &[Type] {
        &self.rows.types
    }

    /// Has `write` add a whole row to what is gathered.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut BytesMut) -> Result<()>) -> Result<()> {
        self.rows.count += 1;
        let written = write(&mut self.rows.out);
        self.is_broken |= written.is_err();
        written.map_err(|error| error.with_sql(&self.sql))
    }

    /// Has `next` add a whole row to what is gathered; gives whether there was one.
    pub(super) fn add_from(&mut self, next: &mut impl FnMut(&mut BytesMut) -> bool) -> bool {
        let length = self.rows.out.len();
        let is_row = next(&mut self.rows.out);
        if is_row {
            self.rows.count += 1;
        } else {
            self.rows.out.truncate(length);
        }
        is_row
    }

    /// Whether enough is gathered to be sent.
    pub(super) fn is_full(&self) -> bool {
        self.rows.out.len() >= CHUNK
    }

    pub(super) async fn send(&mut self) -> Result<()> {
        // Until the future has come to its end it is not known what was sent.
        let was_broken = std::mem::replace(&mut self.is_broken, true);
        let chunk = self.rows.out.split().freeze();
        self.lease.copying(&self.sql, self.sink.send(chunk)).await?;
        self.rows.out.reserve(CHUNK + CHUNK / 4);
        self.is_broken = was_broken;
        Ok(())
    }

    /// Ends it, and gives how many rows were copied.
    ///
    /// # Errors
    /// What the server reports of any of the rows, and then none of them is there; a row that could not be written
    /// before.
    pub async fn finish(mut self) -> Result<u64> {
        if self.is_broken {
            let message = "the copy cannot be finished: a row of it could not be written";
            return Err(Error::new(ErrorKind::Query, message)
                .with_hint("its error was given before; nothing was copied")
                .with_sql(&self.sql));
        }
        self.rows.out.put_i16(-1);
        self.send().await?;
        let copied = self.lease.copying(&self.sql, self.sink.as_mut().finish()).await?;
        self.lease.watched().answered();
        Ok(copied)
    }
}

impl std::fmt::Debug for CopyIn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CopyIn").field("rows", &self.rows.count).finish_non_exhaustive()
    }
}

impl Encoder {
    fn write(&mut self, encode: impl FnOnce(&mut RowEncoder<'_>) -> Result<()>) -> Result<()> {
        let columns = self.types.len();
        let Ok(count) = i16::try_from(columns) else {
            return Err(Error::new(ErrorKind::Query, format!("{columns} columns are too many")));
        };
        self.count += 1;
        self.out.put_i16(count);
        let mut row =
            RowEncoder { out: &mut self.out, types: &self.types, next: 0, number: self.count };
        encode(&mut row)?;
        row.end()
    }
}

/// Takes the values of one row.
pub struct RowEncoder<'a> {
    out: &'a mut BytesMut,
    types: &'a [Type],
    next: usize,
    number: u64,
}

impl RowEncoder<'_> {
    /// Writes the value of the next column.
    ///
    /// # Errors
    /// The column has another type; there is no column left.
    pub fn value(&mut self, value: &dyn Parameter) -> Result<&mut Self> {
        let Some(ty) = self.types.get(self.next) else { return Err(self.miscounted("more")) };
        self.next += 1;
        let start = self.out.len();
        self.out.put_i32(0);
        let written = value.write_as(ty, self.out);
        let length = match written {
            Ok(IsNull::Yes) => -1,
            Ok(IsNull::No) => i32::try_from(self.out.len() - start - 4)
                .map_err(|error| self.unwritten(ty, Box::new(error)))?,
            Err(error) => return Err(self.unwritten(ty, error)),
        };
        if let Some(place) = self.out.get_mut(start..start + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
        Ok(self)
    }

    /// Checks that each column has its value. It is done after each row; called at the end of a chain of
    /// [`value`](Self::value), it gives what the closure has to.
    ///
    /// # Errors
    /// A column has none.
    pub fn end(&self) -> Result<()> {
        if self.next == self.types.len() { Ok(()) } else { Err(self.miscounted("fewer")) }
    }

    fn miscounted(&self, how: &str) -> Error {
        let message = format!(
            "row {} has {how} values than the {} columns of the copy",
            self.number,
            self.types.len()
        );
        Error::new(ErrorKind::Query, message)
    }

    fn unwritten(&self, ty: &Type, cause: Box<dyn std::error::Error + Sync + Send>) -> Error {
        let message =
            format!("could not write value {} of row {} ({ty}): {cause}", self.next, self.number);
        Error::new(ErrorKind::Conversion, message).with_source(cause)
    }
}

impl std::fmt::Debug for RowEncoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowEncoder").field("row", &self.number).finish_non_exhaustive()
    }
}

/// Copies rows by a statement of one's own, as [`CopyIn`] does: `encode` gives the values of each.
/// [`copy_in`](crate::exec::copy_in) needs neither for the rows of a table.
///
/// # Errors
/// As those of [`CopyIn`]; nothing was copied then.
///
/// ```no_run
/// # use orm_core::exec::{Db, raw_copy_in};
/// # use orm_core::exec::postgres_types::Type;
/// # async fn run(db: Db, points: Vec<(i32, i32)>) -> orm_core::Result<()> {
/// let sql = "COPY point (x, y) FROM STDIN (FORMAT binary)";
/// let types = [Type::INT4, Type::INT4];
/// raw_copy_in(&db, sql, &types, &points, |(x, y), row| row.value(x)?.value(y)?.end()).await?;
/// # Ok(())
/// # }
/// ```
pub async fn raw_copy_in<T>(
    executor: &(impl Executor + ?Sized),
    sql: &str,
    types: &[Type],
    rows: impl IntoIterator<Item = T, IntoIter: Send> + Send,
    mut encode: impl FnMut(T, &mut RowEncoder<'_>) -> Result<()> + Send,
) -> Result<u64> {
    let rows = rows.into_iter();
    let mut copy = CopyIn::start(executor, sql, types).await?;
    for row in rows {
        copy.gather(|out| encode(row, out))?;
        if copy.is_full() {
            copy.send().await?;
        }
    }
    copy.finish().await
}

/// As [`raw_copy_in`], for rows that arrive one after the other. An error among them ends the copy, and nothing was copied.
///
/// # Errors
/// As [`raw_copy_in`], and the first error of the stream.
pub async fn raw_copy_in_stream<T, E: From<Error>>(
    executor: &(impl Executor + ?Sized),
    sql: &str,
    types: &[Type],
    rows: impl Stream<Item = Result<T, E>> + Send,
    mut encode: impl FnMut(T, &mut RowEncoder<'_>) -> Result<()> + Send,
) -> Result<u64, E> {
    let mut copy = CopyIn::start(executor, sql, types).await?;
    pin_mut!(rows);
    while let Some(row) = rows.next().await {
        let row = row?;
        copy.write(|out| encode(row, out)).await?;
    }
    Ok(copy.finish().await?)
}
