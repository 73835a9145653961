//! Why a statement failed: the server's report, in one line, with what was being done.

use crate::error::{Error, ErrorKind, Unplaced};
use std::error::Error as StdError;
use std::time::Duration;
use tokio_postgres::error::DbError;

/// What the driver said, while running `sql`.
pub(crate) fn statement_failed(error: tokio_postgres::Error, sql: &str) -> Error {
    let Some(report) = error.as_db_error() else {
        return without_report(error, sql).with_sql(sql);
    };
    let code = report.code().code();
    let act = act(sql, report.table());
    let (kind, hint) = kind(code, report.message(), sql);
    let why = because_of_key(report, kind).unwrap_or_else(|| report.message().to_owned());
    let constraint = match report.constraint() {
        Some(name) if !why.contains(name) => format!(" (constraint {name})"),
        _ => String::new(),
    };
    let message = match act {
        Some(act) => format!("could not {act}: {why}{constraint}"),
        None => format!("{why}{constraint}"),
    };
    let mut made = Error::new(kind, message);
    if let Some(hint) = hint {
        made = made.with_hint(hint);
    }
    // The server has a hint for this, without saying what the setting means.
    let is_of_locks = code == "53200"
        && report.hint().is_some_and(|hint| hint.contains("max_locks_per_transaction"));
    let hint = is_of_locks.then_some(
        "one transaction took more locks than the server has room for: raise max_locks_per_transaction in postgresql.conf, \
         which needs a restart, or do it in several transactions",
    );
    let made = made.reported(report);
    let made = match report.where_().and_then(copied) {
        Some((table, column)) => made.at(Some(table), Some(column)),
        None => made,
    };
    let made = if let Some(hint) = hint { made.with_hint(hint) } else { made };
    made.with_source(error).with_sql(sql)
}

/// Whether the error may be gone once the statement is prepared again: what it depends on was dropped or recreated.
///
/// Of a statement that `is_new` only what cannot be its own fault counts.
pub(crate) fn is_stale(error: &tokio_postgres::Error, is_new: bool) -> bool {
    let Some(report) = error.as_db_error() else { return false };
    match report.code().code() {
        // "cached plan must not change result type" has no code of its own; a name that the server has lost, as after
        // `DEALLOCATE ALL`.
        "0A000" | "26000" => true,
        // "cache lookup failed for type 16385": it was dropped. The server has no words for it in other languages.
        "XX000" => !is_new && report.message().starts_with("cache lookup failed"),
        // "type with OID 16385 does not exist"; a function or an operator for it that is gone; a composite whose
        // attributes are no longer those of the plan.
        "42704" | "42883" | "42804" => !is_new,
        _ => false,
    }
}

/// The server was told to stop a statement after `query_timeout`, and has.
pub(crate) fn out_of_time(limit: Duration, sql: &str) -> Error {
    Error::new(ErrorKind::Cancelled, format!("no answer in {limit:?} (query_timeout): cancelled"))
        .with_hint("see pg_stat_activity for what it waits for; or raise `query_timeout`")
        .with_sql(sql)
}

/// Neither an answer nor a sign that the server got the request to cancel.
pub(crate) fn silent(limit: Duration, sql: &str) -> Error {
    Error::new(
        ErrorKind::Closed,
        format!("no answer in {limit:?} (query_timeout), nor to a request to cancel: the connection was ended"),
    )
    .with_hint("the network or the server may be down; whether the statement has run is not known")
    .with_sql(sql)
}

/// A shared session has answered nothing for longer than any of its statements may run.
pub(crate) fn silent_shared(limit: Duration, sql: &str) -> Error {
    Error::new(
        ErrorKind::Closed,
        format!("the shared connection gave no answer for longer than {limit:?} (query_timeout): it was ended"),
    )
    .with_hint(
        "the network or the server may be down, or a future was polled once and neither polled on nor dropped; whether \
         the statement has run is not known",
    )
    .with_sql(sql)
}

/// The server refused to write although `target_session_attrs` is `read-write`.
pub(crate) fn demoted(error: Error) -> Error {
    let sql = error.sql().map(str::to_owned);
    let made = Error::new(
        ErrorKind::ServerReadOnly,
        format!("{error}: the server does not accept writes any more, and target_session_attrs is read-write"),
    )
    .with_hint("run the whole transaction again: the pool looks for a server that accepts writes")
    .with_report_of(&error);
    match sql {
        Some(sql) => made.with_sql(&sql),
        None => made,
    }
    .with_source(error)
}

/// Whether the server sent what the driver does not expect: what is sent later would not get its own answer.
pub(crate) fn is_out_of_step(error: &Error) -> bool {
    let driver = error.source().and_then(|cause| cause.downcast_ref::<tokio_postgres::Error>());
    driver.is_some_and(|error| error.to_string().starts_with(UNEXPECTED))
}

/// How the driver says that a message does not belong to the answer.
const UNEXPECTED: &str = "unexpected message";

/// Whether `COPY` stands in SQL. No function and no prepared statement moves rows to or from the client: a statement
/// that does has the word in it.
fn has_copy(sql: &str) -> bool {
    let words = sql.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.into_iter().any(|word| word.eq_ignore_ascii_case("copy"))
}

/// The connection broke, or a value could not be sent or read.
fn without_report(error: tokio_postgres::Error, sql: &str) -> Error {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    let said = error.to_string();
    if said.starts_with(UNEXPECTED) && has_copy(sql) {
        return Error::new(
            ErrorKind::Query,
            "COPY .. FROM STDIN and COPY .. TO STDOUT are not supported here: the session was ended",
        )
        .with_hint(
            "`CopyIn` and `CopyOut` copy rows of the program; for files use \\copy of psql, or COPY with the name of a file on \
             the server",
        )
        .with_source(error);
    }
    // An I/O error in the middle of a statement is a lost connection too; the driver says so in words only.
    if error.is_closed() || said.starts_with("error communicating") || said.starts_with(UNEXPECTED)
    {
        return Error::new(ErrorKind::Closed, format!("the connection was lost{cause}"))
            .with_hint(
                "the server may have restarted or ended the session, or the tokio runtime that opened it has ended; \
                 a new query gets a new connection",
            )
            .with_source(error);
    }
    let kind =
        if said.contains("serializing") || said.contains("parameters") || said.contains("encoding")
        {
            ErrorKind::Conversion
        } else {
            ErrorKind::Database
        };
    // The driver counts parameters from 0; SQL, and who reads the statement, from 1.
    let number =
        said.strip_prefix("error serializing parameter ").and_then(|it| it.parse::<usize>().ok());
    let Some(number) = number else {
        return Error::new(kind, format!("{said}{cause}")).with_source(error);
    };
    Error::new(kind, format!("could not write parameter ${}{cause}", number + 1))
        .with_unplaced(Unplaced::Parameter { number, rest: cause })
        .with_source(error)
}

/// Kind by SQLSTATE (manual, appendix A), and what to do when the server has no hint of its own.
fn kind(code: &str, message: &str, sql: &str) -> (ErrorKind, Option<&'static str>) {
    match code {
        "23505" => (
            ErrorKind::UniqueViolation,
            Some("another row has these values: use other ones, or update that row"),
        ),
        "23503" => (
            ErrorKind::ForeignKeyViolation,
            Some(
                "insert the row that is referred to first; before a delete, remove the rows that refer to it",
            ),
        ),
        "23502" => (
            ErrorKind::NotNullViolation,
            Some("give the column a value, or declare it as Option<..>"),
        ),
        "23514" => {
            (ErrorKind::CheckViolation, Some("the row does not meet the table's CHECK constraint"))
        }
        "23P01" => (ErrorKind::ExclusionViolation, Some("the row collides with one that is there")),
        "40001" => (ErrorKind::SerializationFailure, Some("run the whole transaction again")),
        "40P01" => (
            ErrorKind::Deadlock,
            Some("run the whole transaction again; let all of them lock rows in the same order"),
        ),
        "55P03" => (
            ErrorKind::LockTimeout,
            Some("another transaction holds the lock: try again, or raise lock_timeout"),
        ),
        "57014" => (ErrorKind::Cancelled, None),
        "42501" => (
            ErrorKind::PermissionDenied,
            Some("GRANT the right to this user, or connect as another one"),
        ),
        "57P01" | "57P02" | "57P05" | "25P03" => (
            ErrorKind::Closed,
            Some("the server ended the session; a new query gets a new connection"),
        ),
        // Outside transactions the session has prepared it anew already; here all of the transaction must run again.
        "0A000" if message.starts_with("cached plan") => (
            ErrorKind::StatementInvalidated,
            Some("a table was changed meanwhile: run the whole transaction again"),
        ),
        "XX000" if message.starts_with("cache lookup failed") => (
            ErrorKind::StatementInvalidated,
            Some(
                "a type, table or function was dropped or recreated meanwhile: run the whole transaction again",
            ),
        ),
        // A pooler has given us a connection of the server that prepared statements have been left on.
        "42P05" => (ErrorKind::Database, Some(UNPREPARED)),
        // Not what a user has prepared or not: our own, which `DEALLOCATE ALL` drops as well.
        "26000" if !sql.trim_start().get(..7).is_some_and(is_of_sql) => {
            (ErrorKind::StatementInvalidated, Some(UNPREPARED))
        }
        "25006" => (
            ErrorKind::Database,
            Some(
                "the transaction, the session or the server is read-only: see transaction_read_only",
            ),
        ),
        "25P01" => (
            ErrorKind::Database,
            Some(
                "a statement such as COMMIT or ROLLBACK has ended the transaction: use the methods instead",
            ),
        ),
        "25P02" => (
            ErrorKind::Database,
            Some(
                "a statement before this one failed and ended the transaction; its error is the one to look at",
            ),
        ),
        _ => (ErrorKind::Database, None),
    }
}

/// What to do where the server does not have the prepared statements that it was told to make.
const UNPREPARED: &str = "the session has lost its prepared statements: run the whole transaction again; behind PgBouncer in \
                          transaction mode write `pgbouncer=true` into the URL, which does without them, or set \
                          max_prepared_statements in pgbouncer.ini (PgBouncer 1.21 or newer)";

/// Whether it begins as `EXECUTE` and `DEALLOCATE` do, which name what SQL has prepared.
fn is_of_sql(beginning: &str) -> bool {
    ["EXECUTE", "DEALLOC"].iter().any(|word| beginning.eq_ignore_ascii_case(word))
}

/// A key violation in our words: what is missing, or what is there already, with the key that says it.
///
/// The detail is in the server's language: where it is not English, the server's message stands.
fn because_of_key(report: &DbError, kind: ErrorKind) -> Option<String> {
    let (columns, rest) = report.detail()?.strip_prefix("Key (")?.split_once(")=(")?;
    match kind {
        ErrorKind::ForeignKeyViolation => {
            if let Some((values, table)) = rest.split_once(") is not present in table \"") {
                let table = table.trim_end_matches("\".");
                return Some(format!("no \"{table}\" with {columns} = {values}"));
            }
            let (values, table) = rest.split_once(") is still referenced from table \"")?;
            let table = table.trim_end_matches("\".");
            Some(format!("rows of \"{table}\" still refer to {columns} = {values}"))
        }
        ErrorKind::UniqueViolation => {
            let (values, _) = rest.split_once(") already exists")?;
            Some(format!("there is already a row with {columns} = {values}"))
        }
        _ => None,
    }
}

/// The table and column in `COPY item, line 2, column short`.
fn copied(context: &str) -> Option<(&str, &str)> {
    let line = context.lines().find_map(|line| line.strip_prefix("COPY "))?;
    let (table, rest) = line.split_once(", line ")?;
    let (_, column) = rest.split_once(", column ")?;
    Some((table, column.split_once(": ").map_or(column, |(column, _)| column)))
}

/// What the statement was about to do; none where its first words do not say.
fn act(sql: &str, reported: Option<&str>) -> Option<String> {
    let mut words = sql.split_whitespace();
    let verb = words.next()?.to_ascii_uppercase();
    let (doing, name) = match verb.as_str() {
        "INSERT" => ("insert into", words.nth(1)),
        "DELETE" => ("delete from", words.nth(1)),
        "UPDATE" => ("update", words.next()),
        _ => return None,
    };
    // The statement's own table: the report's is the referring one when a delete breaks a foreign key.
    let name = name.and_then(table_name).or_else(|| reported.map(str::to_owned))?;
    Some(format!("{doing} \"{name}\""))
}

/// The last part of `"public"."user"`, without quotes.
fn table_name(word: &str) -> Option<String> {
    let word = word.trim_end_matches([';', ',']);
    let word = word.split_once('(').map_or(word, |(name, _)| name);
    let name = match word.strip_suffix('"') {
        Some(inner) => inner.rsplit_once('"').map_or(inner, |(_, name)| name),
        None => word.rsplit_once('.').map_or(word, |(_, name)| name),
    };
    (!name.is_empty()).then(|| name.to_owned())
}
