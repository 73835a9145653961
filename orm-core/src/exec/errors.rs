//! A driver error becomes an [`Error`]: SQLSTATE, constraint, table, column, position.

use crate::error::{Error, ErrorKind};

/// What the driver said, while running `sql`.
pub(crate) fn statement_failed(error: tokio_postgres::Error, sql: &str) -> Error {
    let Some(report) = error.as_db_error() else {
        let kind = if error.is_closed() { ErrorKind::Closed } else { ErrorKind::Database };
        return Error::new(kind, error.to_string()).because(error).with_sql(sql);
    };
    Error::new(ErrorKind::Database, report.message()).reported(report).with_sql(sql)
}
