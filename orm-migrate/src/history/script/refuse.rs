//! What cannot stand in a migration, or not where it stands.

use super::{MARK, ScriptError, fail};

/// With a `COMMIT` inside, a migration could stay half done.
pub(super) fn transaction_control(text: &str, line: usize) -> Result<(), ScriptError> {
    let mut words = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_ascii_uppercase);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let said = match (first.as_str(), second.as_str()) {
        ("BEGIN" | "COMMIT" | "ROLLBACK" | "END" | "ABORT", _) => first,
        // What it prepares is committed by somebody else, or never: without its line in the ledger.
        ("START" | "PREPARE", "TRANSACTION") => format!("{first} {second}"),
        _ => return Ok(()),
    };
    fail(
        line,
        format!(
            "{said} in a migration: its transactions are begun and ended by `orm-migrate apply`"
        ),
    )
}

/// What reports rows without changing any would be run for ever.
pub(super) fn endless(text: &str, line: usize) -> Result<(), ScriptError> {
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    match word.to_ascii_uppercase().as_str() {
        "UPDATE" | "INSERT" | "DELETE" | "MERGE" | "WITH" => Ok(()),
        _ => fail(
            line,
            format!(
                "`-- {MARK}repeat` stands above {word}: only UPDATE, INSERT, DELETE, MERGE and WITH can say that they \
                 changed nothing"
            ),
        ),
    }
}

/// The rows of a `COPY` come from the client, or go there (manual, `COPY`): a migration has none beside its statements.
pub(super) fn copy_by_client(last: &str, word: &str, line: usize) -> Result<(), ScriptError> {
    match (last, word) {
        ("FROM", "STDIN") => fail(
            line,
            "COPY .. FROM STDIN in a migration: write its rows as INSERT (pg_dump does with --inserts), or name a file \
             that the server can read",
        ),
        ("TO", "STDOUT") => fail(
            line,
            "COPY .. TO STDOUT in a migration: nobody is there to take the rows; take the statement out",
        ),
        _ => Ok(()),
    }
}

/// `\\connect` and its like are done by psql; the server knows none of them.
pub(super) fn psql_command<T>(rest: &str, line: usize) -> Result<T, ScriptError> {
    let word = rest.split_whitespace().next().unwrap_or_default();
    fail(
        line,
        format!(
            "`{word}` is a command of psql, and no statement of SQL: take it out, or write the statements that it \
             stands for"
        ),
    )
}
