//! `COPY` from and to the client: its binary format (manual, section "COPY", "Binary Format"), and starting it.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::statements::Cache;
use crate::exec::{Session, effects, errors};
use crate::types::cells::hidden_type;
use bytes::{Buf as _, Bytes};
use std::future::Future;
use tokio_postgres::types::Type;
use tokio_postgres::{Column, CopyInSink, CopyOutStream, Statement};

/// How a copy in binary begins.
pub(super) const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";

/// Whether the statement copies in binary, from or to `place`: `stdin` or `stdout`. Another one would run before its answer
/// shows what it is, and in another format the server would misread the rows.
///
/// # Errors
/// It does not.
pub(super) fn check(sql: &str, place: &str) -> Result<()> {
    let has = |wanted: &str| {
        let mut words = sql.split(|it: char| !it.is_alphanumeric() && it != '_');
        words.any(|word| word.eq_ignore_ascii_case(wanted))
    };
    if !effects::begins_with(sql, "copy") || !has(place) {
        return Err(no_copy(sql));
    }
    if has("binary") {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Query,
        "rows are copied in binary, and the statement does not say so",
    )
    .with_hint("write `(FORMAT binary)` at its end")
    .with_sql(sql))
}

/// Takes the signature, the flags and the extension off the first chunk.
pub(super) fn take_header(chunk: &mut Bytes) -> Result<()> {
    if !chunk.starts_with(SIGNATURE) {
        return Err(malformed());
    }
    chunk.advance(SIGNATURE.len());
    let _flags = chunk.try_get_i32().map_err(|_short| malformed())?;
    let extension = chunk.try_get_i32().map_err(|_short| malformed())?;
    match usize::try_from(extension) {
        Ok(length) if length <= chunk.len() => chunk.advance(length),
        _ => return Err(malformed()),
    }
    Ok(())
}

/// What arrived is no copy in binary.
pub(super) fn malformed() -> Error {
    Error::new(ErrorKind::Conversion, "what the server copied is not in the binary format of COPY")
}

impl Session {
    /// Starts `COPY .. FROM STDIN`. It counts as on its way until its watch is told of its end.
    pub(super) async fn copy_in(&self, sql: &str) -> Result<CopyInSink<Bytes>> {
        let statement = self.to_copy(sql).await?;
        self.state.begun();
        self.copying(sql, self.client.copy_in(&statement)).await
    }

    /// Starts an insert as the copy `copy`. Its statement is prepared each time: one that the server has lost could not be prepared
    /// again, since the rows are on their way then.
    pub(super) async fn copy_of_insert(
        &self,
        copy: &str,
        insert: &str,
    ) -> Result<CopyInSink<Bytes>> {
        let prepared = async {
            let prepared = self.client.prepare_typed(copy, &[]).await;
            prepared.map_err(|error| errors::statement_failed(error, insert))
        };
        let statement = self.answer(insert, prepared).await?;
        self.state.begun();
        self.copying(insert, self.client.copy_in(&statement)).await
    }

    /// Starts `COPY .. TO STDOUT`, as [`copy_in`](Self::copy_in).
    pub(super) async fn copy_out(&self, sql: &str) -> Result<CopyOutStream> {
        let statement = self.to_copy(sql).await?;
        self.state.begun();
        self.copying(sql, self.client.copy_out(&statement)).await
    }

    /// The types of what a select gives that `copy` copies, as the catalog has them now: those of a statement that was prepared before may
    /// have changed.
    pub(super) async fn output_types(&self, select: &str, copy: &str) -> Result<Vec<Type>> {
        // Refused where nothing is prepared.
        self.to_copy(copy).await?;
        let described = async {
            let statement = self.client.prepare_typed(select, &[]).await;
            let statement = statement.map_err(|error| errors::statement_failed(error, select))?;
            self.look_up_columns(&statement).await?;
            Ok(statement)
        };
        let statement = self.answer(select, described).await?;
        let ty = |column: &Column| {
            let known = hidden_type(column).and_then(|oid| self.types().get(oid));
            known.unwrap_or_else(|| column.type_().clone())
        };
        Ok(statement.columns().iter().map(ty).collect())
    }

    async fn to_copy(&self, sql: &str) -> Result<Statement> {
        self.note_effects(sql);
        self.prepared(sql).await?.ok_or_else(|| {
            Error::new(
                ErrorKind::Query,
                "COPY needs a prepared statement, and this database was opened without them (`pgbouncer=true`)",
            )
            .with_hint("copy on a connection to the server itself, or insert many rows with one INSERT")
            .with_sql(sql)
        })
    }

    /// A part of a copy; an error is its end.
    pub(super) async fn copying<T>(
        &self,
        sql: &str,
        part: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T> {
        let part = async { part.await.map_err(|error| errors::statement_failed(error, sql)) };
        self.limited(sql, part).await.map_err(|error| {
            let is_no_copy = errors::is_out_of_step(&error);
            let error = self.watched().failed(error);
            if is_no_copy { no_copy(sql).with_source(error) } else { error }
        })
    }

    /// A named statement without parameters; none where nothing is prepared.
    async fn prepared(&self, sql: &str) -> Result<Option<Statement>> {
        let statement = self.statement(sql, &[], Cache::Named);
        let prepared = self.answer(sql, statement).await?;
        Ok(prepared.map(|prepared| prepared.statement))
    }
}

fn no_copy(sql: &str) -> Error {
    Error::new(ErrorKind::Query, "the statement does not copy rows in this direction")
        .with_hint("`CopyIn` takes COPY .. FROM STDIN, and `CopyOut` takes COPY .. TO STDOUT")
        .with_sql(sql)
}
