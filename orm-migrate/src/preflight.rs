//! What live tables hold: how big they are, and the rows that a change would fail on. Asks the database, changes nothing.
//!
//! [`sizes`] decides between plain and online forms; [`checks`] (pure) has the questions about rows, [`failing`] asks
//! them; [`dependents`] asks what depends on that which goes, [`computed`] what is stored of the results of functions that
//! change, [`filled`] which tables have rows.

mod cast_failures;
mod check;
mod check_violations;
mod computed;
mod dependents;
mod exclusion_violations;
mod index;
mod nonempty;
mod run;
mod size;
mod type_violations;
mod uncast;

pub use check::{RowCheck, checks};
pub use computed::computed;
pub use dependents::dependents;
pub use index::used;
pub use nonempty::filled;
pub use run::{CHECK_TIMEOUT, Failing, Findings, failing};
pub use size::sizes;
pub use uncast::uncast;

use orm_core::exec::Connection;
use std::time::Duration;

/// Runs `work` in a transaction that writes nothing and gives up after `timeout`, statement by statement.
async fn reading<T>(
    connection: &Connection,
    timeout: Duration,
    work: impl AsyncFnOnce(&Connection) -> orm_core::Result<T>,
) -> orm_core::Result<T> {
    let limit = timeout.as_millis();
    connection
        .batch_execute(&format!(
            "BEGIN READ ONLY; SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = {limit}"
        ))
        .await?;
    let done = work(connection).await;
    let ended = connection.batch_execute("ROLLBACK").await;
    // What went wrong first is what to tell.
    done.and_then(|done| ended.map(|()| done))
}

/// One column of a row.
fn cell<'r, T: tokio_postgres::types::FromSql<'r>>(
    row: &'r tokio_postgres::Row,
    index: usize,
) -> orm_core::Result<T> {
    row.try_get(index).map_err(|error| {
        orm_core::Error::new(orm_core::ErrorKind::Conversion, format!("column {index}: {error}"))
            .with_source(error)
    })
}
