//! [`Error`]: what went wrong, while doing what, where, and what to do about it.
//! Known by every room; knows none.

use std::error::Error as StdError;
use std::fmt;

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync + 'static>;

/// Any failure of this library.
///
/// `Display` says it all in one line; `{:#}` adds the statement and the hint. No password is ever in it.
///
/// ```
/// use orm_core::{Error, ErrorKind};
/// let error = Error::new(ErrorKind::Config, "POSTGRES_URL is not set").with_hint("export POSTGRES_URL=..");
/// assert_eq!(error.to_string(), "POSTGRES_URL is not set");
/// assert_eq!(format!("{error:#}"), "POSTGRES_URL is not set\nhint: export POSTGRES_URL=..");
/// ```
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    sqlstate: Option<String>,
    constraint: Option<String>,
    table: Option<String>,
    column: Option<String>,
    detail: Option<String>,
    context: Option<String>,
    hint: Option<String>,
    sql: Option<String>,
    position: Option<u32>,
    unplaced: Option<Unplaced>,
    source: Option<Source>,
}

/// What went wrong at a place that is not known by name yet: whoever knows it names it.
#[derive(Debug)]
pub(crate) enum Unplaced {
    /// A cell was not read: its number in the row, and what the message says after the name of the column.
    Cell {
        /// None within a record.
        number: Option<usize>,
        /// ` (text): ..`.
        rest: String,
    },
    /// A parameter was not written: its number, from 0, and why.
    Parameter {
        /// Its number.
        number: usize,
        /// `: ..`.
        rest: String,
    },
}

/// What callers tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting, URL or environment variable is wrong or missing.
    Config,
    /// The server could not be reached, or did not answer in `connect_timeout`.
    Connect,
    /// The server refused the user, password or database.
    Authentication,
    /// TLS could not be agreed on, or the certificate was not accepted.
    Tls,
    /// No connection of the pool became free in `acquire_timeout`.
    PoolTimeout,
    /// The connection was lost while in use.
    Closed,
    /// `UNIQUE` or `PRIMARY KEY` (SQLSTATE 23505).
    UniqueViolation,
    /// `FOREIGN KEY` (SQLSTATE 23503).
    ForeignKeyViolation,
    /// `NOT NULL` (SQLSTATE 23502).
    NotNullViolation,
    /// `CHECK` (SQLSTATE 23514).
    CheckViolation,
    /// `EXCLUDE` (SQLSTATE 23P01).
    ExclusionViolation,
    /// Two transactions that are serializable, or repeatable read, have collided (SQLSTATE 40001).
    SerializationFailure,
    /// Transactions wait for each other, and the server chose this one to fail (SQLSTATE 40P01).
    Deadlock,
    /// A prepared statement no longer runs: what it depends on was dropped or changed meanwhile (SQLSTATE 0A000, XX000), or the
    /// session has lost it (26000). Outside of transactions it is prepared again without an error.
    StatementInvalidated,
    /// The server stopped accepting writes although `target_session_attrs` is `read-write` (SQLSTATE 25006).
    ServerReadOnly,
    /// A lock was not obtained in `lock_timeout` (SQLSTATE 55P03).
    LockTimeout,
    /// The statement was cancelled, by `statement_timeout`, `query_timeout` or by hand (SQLSTATE 57014).
    Cancelled,
    /// The right is missing (SQLSTATE 42501).
    PermissionDenied,
    /// `one` found no row.
    NotFound,
    /// `one` found more than one row.
    TooManyRows,
    /// The cursor of a page was changed or cut short, or belongs to a query with another order.
    Cursor,
    /// A value could not be read as the Rust type, or written as the SQL type.
    Conversion,
    /// Any other error that the server reported.
    Database,
    /// A query that cannot be written as SQL, for instance an update that sets nothing; SQL that cannot be run here, which
    /// is `COPY` from or to the client.
    Query,
}

impl Error {
    /// An error of that kind. `message` says what was being done, where, and what was wrong.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            sqlstate: None,
            constraint: None,
            table: None,
            column: None,
            detail: None,
            context: None,
            hint: None,
            sql: None,
            position: None,
            unplaced: None,
            source: None,
        }))
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same may succeed when the whole transaction is run again, from its first statement.
    ///
    /// ```
    /// # use orm_core::exec::Db;
    /// # async fn transfer(_: &Db) -> orm_core::Result<()> { Ok(()) }
    /// # async fn run(db: Db) -> orm_core::Result<()> {
    /// for _ in 0..3 {
    ///     match transfer(&db).await {
    ///         Err(error) if error.is_retryable() => {}
    ///         done => return done,
    ///     }
    /// }
    /// transfer(&db).await
    /// # }
    /// ```
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::SerializationFailure
                | ErrorKind::Deadlock
                | ErrorKind::StatementInvalidated
                | ErrorKind::ServerReadOnly
        )
    }

    /// The five characters of the server's SQLSTATE (manual, appendix A).
    pub fn sqlstate(&self) -> Option<&str> {
        self.0.sqlstate.as_deref()
    }

    /// The constraint that was violated.
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }

    /// The table concerned.
    pub fn table(&self) -> Option<&str> {
        self.0.table.as_deref()
    }

    /// The column concerned.
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The server's detail line.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Within which functions the server saw the error, innermost first, a line each.
    pub fn context(&self) -> Option<&str> {
        self.0.context.as_deref()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The statement that failed, without its parameters.
    pub fn sql(&self) -> Option<&str> {
        self.0.sql.as_deref()
    }

    /// Where in [`sql`](Self::sql) the server saw the error: a character, counted from 1.
    pub fn position(&self) -> Option<u32> {
        self.0.position
    }

    /// The same error with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error with the statement that failed, unless it has one.
    #[must_use]
    pub fn with_sql(mut self, sql: &str) -> Self {
        self.0.sql.get_or_insert_with(|| sql.to_owned());
        self
    }

    /// The same error with its place.
    #[must_use]
    pub fn at(mut self, table: Option<&str>, column: Option<&str>) -> Self {
        self.0.table = table.map(str::to_owned).or(self.0.table);
        self.0.column = column.map(str::to_owned).or(self.0.column);
        self
    }

    /// The same error, whose place is to be named.
    #[must_use]
    pub(crate) fn with_unplaced(mut self, unplaced: Unplaced) -> Self {
        self.0.unplaced = Some(unplaced);
        self
    }

    /// What is not named yet.
    pub(crate) fn unplaced(&self) -> Option<&Unplaced> {
        self.0.unplaced.as_ref()
    }

    /// The same error with another message.
    #[must_use]
    pub(crate) fn with_message(mut self, message: String) -> Self {
        self.0.message = message;
        self
    }

    /// The same error with the column whose value was not read; the first that names it is right.
    #[cold]
    #[must_use]
    pub(crate) fn in_column(self, table: &str, column: &str) -> Self {
        self.read_from(&format!("\"{table}\".\"{column}\""), true).at(Some(table), Some(column))
    }

    /// The same of a column whose table is not known.
    #[cold]
    #[must_use]
    pub(crate) fn in_field(self, column: &str) -> Self {
        let made = self.read_from(&format!("\"{column}\""), false);
        if made.column().is_some() { made } else { made.at(None, Some(column)) }
    }

    fn read_from(mut self, name: &str, is_whole: bool) -> Self {
        if let Some(Unplaced::Cell { rest, .. }) = &self.0.unplaced {
            self.0.message = format!("could not read column {name}{rest}");
            if is_whole {
                self.0.unplaced = None;
            }
        }
        self
    }

    /// The same error with the column that a parameter is a value of, or is compared with.
    #[must_use]
    pub(crate) fn of_parameter(mut self, table: &str, column: &str, ty: &str) -> Self {
        if let Some(Unplaced::Parameter { number, rest }) = &self.0.unplaced {
            // A value that is compared with a column names it by itself.
            let rest = rest.replacen(&format!("column \"{column}\": "), "", 1);
            self.0.message = format!(
                "could not write parameter ${}, for column \"{table}\".\"{column}\"{ty}{rest}",
                number + 1
            );
            self.0.unplaced = None;
        }
        self.at(Some(table), Some(column))
    }

    /// The same error with the fields that the server reported with another one.
    #[must_use]
    pub(crate) fn with_report_of(mut self, other: &Self) -> Self {
        self.0.sqlstate.clone_from(&other.0.sqlstate);
        self.0.table.clone_from(&other.0.table);
        self.0.detail.clone_from(&other.0.detail);
        self.0.context.clone_from(&other.0.context);
        self
    }

    /// The same error with the fields of a server's report.
    #[must_use]
    pub(crate) fn reported(mut self, report: &tokio_postgres::error::DbError) -> Self {
        use tokio_postgres::error::ErrorPosition;
        let own = |text: Option<&str>| text.map(str::to_owned);
        self.0.sqlstate = Some(report.code().code().to_owned());
        self.0.constraint = own(report.constraint());
        self.0.table = own(report.table());
        self.0.column = own(report.column());
        self.0.detail = own(report.detail());
        self.0.context = own(report.where_());
        self.0.hint = own(report.hint()).or(self.0.hint);
        self.0.position = match report.position() {
            Some(ErrorPosition::Original(position)) => Some(*position),
            _ => None,
        };
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if f.alternate() {
            if let Some(detail) = self.detail() {
                write!(f, "\ndetail: {detail}")?;
            }
            if let Some(hint) = self.hint() {
                write!(f, "\nhint: {hint}")?;
            }
            if let Some(sql) = self.sql() {
                write!(f, "\nstatement: {sql}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// As `{:#}`: what `unwrap` and a failing `main` print should be readable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#} [{:?}]", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests;
