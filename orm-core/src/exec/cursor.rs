//! Cursors in a transaction: rows of a query by the portion.

use crate::error::Result;
use crate::exec::params::typed;
use crate::exec::run::{changed_of, rows_of};
use crate::exec::{Cache, Transaction};
use crate::query::Query;
use crate::query::scope::Complete;
use crate::sql::cursor;
use crate::types::cells::Decode;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

/// A query that is open in a transaction, and gives its rows by the portion (manual, DECLARE).
///
/// Other statements can run in the transaction in between, which a stream on the same session does not allow. The transaction's end
/// closes it.
#[derive(Debug)]
pub struct ServerCursor<'t, 'c, Row> {
    transaction: &'t Transaction<'c>,
    name: String,
    row: PhantomData<fn() -> Row>,
}

/// The number of the next cursor: two in one transaction have different names.
static NEXT: AtomicU64 = AtomicU64::new(1);

impl<S: Complete, Row: Decode, H> Query<S, Row, H> {
    /// Opens the query in a transaction: its rows are fetched by the portion.
    ///
    /// To read all rows once, [`stream`](Self::stream) is simpler and needs no transaction.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// async fn rename(db: &Db) -> orm::Result<()> {
    ///     let tx = db.begin().await?;
    ///     let mut users = User::query().order_by(User::id.asc()).for_update().cursor(&tx).await?;
    ///     loop {
    ///         let portion = users.fetch(100).await?;
    ///         if portion.is_empty() {
    ///             break;
    ///         }
    ///         for user in portion {
    ///             User::update().set(User::name.set(user.name.trim())).find(&user.id).execute(&tx).await?;
    ///         }
    ///     }
    ///     tx.commit().await
    /// }
    /// ```
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn cursor<'t, 'c>(
        self,
        transaction: &'t Transaction<'c>,
    ) -> Result<ServerCursor<'t, 'c, Row>> {
        let name = format!("orm_cursor_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let statement = self.into_statement();
        let rendered = cursor::declare(&name, &statement)?;
        changed_of(transaction, &rendered.text, &typed(&rendered), Cache::Unnamed).await?;
        Ok(ServerCursor { transaction, name, row: PhantomData })
    }
}

impl<Row: Decode> ServerCursor<'_, '_, Row> {
    /// The next rows, at most so many; none at the end.
    ///
    /// # Errors
    /// What the server reports; a column that the struct cannot hold; no connection.
    pub async fn fetch(&mut self, rows: u32) -> Result<Vec<Row>> {
        rows_of(self.transaction, &cursor::fetch(&self.name, rows), &[], Cache::Unnamed).await
    }

    /// Passes over the next rows, and gives how many those were.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn skip(&mut self, rows: u32) -> Result<u64> {
        changed_of(self.transaction, &cursor::skip(&self.name, rows), &[], Cache::Unnamed).await
    }

    /// Closes the cursor before the transaction ends.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn close(self) -> Result<()> {
        changed_of(self.transaction, &cursor::close(&self.name), &[], Cache::Unnamed)
            .await
            .map(drop)
    }
}
