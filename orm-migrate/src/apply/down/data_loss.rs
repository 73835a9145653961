//! What a way back loses: the plan says what it drops, and the database whether there is anything in it.

use crate::apply::ApplyError;
use crate::history::{Migration, Script, names};
use orm_core::ErrorKind;
use orm_core::exec::Connection;
use orm_core::sql::ident::{Ident, Qualified};

const HAS_COLUMN: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute \
    WHERE attrelid = to_regclass($1) AND ($2 = '' OR attname = $2) AND NOT attisdropped)";

/// Each in a sentence.
pub(super) async fn loses(
    connection: &Connection,
    migration: &Migration,
    script: &Script,
) -> Result<Vec<String>, ApplyError> {
    let name = &migration.name;
    let down = migration.down.as_deref().unwrap_or_default();
    let gone = down.lines().filter_map(|line| line.strip_prefix("-- does not come back: "));
    let mut loses: Vec<String> = gone
        .map(|what| format!("{name}: does not come back, because up.sql dropped it: {what}"))
        .collect();
    let dropped =
        migration.plan.as_ref().map(|plan| plan.down_loses.as_slice()).unwrap_or_default();
    for path in dropped {
        let names = names(path);
        let (what, found) = match names.as_slice() {
            [schema, table] => {
                let rows = format!("SELECT EXISTS (SELECT FROM {})", Qualified(schema, table));
                (
                    format!("the rows of table {path}"),
                    holds(connection, [schema, table, ""], &rows).await?,
                )
            }
            [schema, table, column] => {
                let values = format!(
                    "SELECT EXISTS (SELECT FROM {} WHERE {} IS NOT NULL)",
                    Qualified(schema, table),
                    Ident(column)
                );
                let found = holds(connection, [schema, table, column], &values).await?;
                (format!("the values of column {path}"), found)
            }
            _ => continue,
        };
        match found {
            Some(false) => {}
            Some(true) => loses.push(format!("{name}: {what}")),
            None => loses.push(format!("{name}: {what}, if there are any: that could not be seen")),
        }
    }
    if dropped.is_empty() {
        // Nobody has said what it drops.
        let lossy = script.statements().filter(|statement| is_lossy(&statement.text));
        loses.extend(lossy.map(|statement| {
            let first = statement.text.lines().next().unwrap_or_default();
            format!("{name}: what statement {} of down.sql removes: {first}", statement.number)
        }));
    }
    Ok(loses)
}

/// Whether it holds anything; none where that cannot be told in a moment.
async fn holds(
    connection: &Connection,
    [schema, table, column]: [&str; 3],
    sql: &str,
) -> Result<Option<bool>, ApplyError> {
    let table = Qualified(schema, table).to_string();
    let answer = async {
        let there =
            connection.query::<orm_core::exec::DriverRow>(HAS_COLUMN, &[&table, &column]).await?;
        if !there.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false) {
            return Ok(false);
        }
        connection.batch_execute("SET statement_timeout = '5s'").await?;
        let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await;
        connection.batch_execute("SET statement_timeout = 0").await?;
        Ok(rows?.first().and_then(|row| row.try_get(0).ok()).unwrap_or(true))
    };
    match answer.await {
        Ok(found) => Ok(Some(found)),
        Err(error) if ErrorKind::Closed == orm_core::Error::kind(&error) => {
            Err(ApplyError::Session(error))
        }
        Err(_) => Ok(None),
    }
}

/// What may be dropped without losing a row.
const HARMLESS: &[&str] = &[
    "constraint",
    "index",
    "default",
    "not",
    "identity",
    "expression",
    "trigger",
    "policy",
    "view",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "operator",
    "rule",
    "cast",
    "collation",
    "domain",
    "type",
    "publication",
];

/// Whether a statement may remove rows or values.
fn is_lossy(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_harmless = |word: Option<&String>| {
        word.is_some_and(|word| HARMLESS.contains(&word.as_str()) || word == "materialized")
    };
    words.iter().enumerate().any(|(place, word)| match word.as_str() {
        "drop" => !is_harmless(words.get(place + 1)) || words.iter().any(|it| it == "cascade"),
        "truncate" => true,
        // Not `ON DELETE`.
        "delete" => words.get(place + 1).is_some_and(|next| next == "from"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::is_lossy;

    #[test]
    fn statements_that_remove_rows_or_values_are_recognised() {
        for text in [
            "DROP TABLE a",
            "alter table a drop b",
            "ALTER TABLE a DROP COLUMN b",
            "TRUNCATE a",
            "DELETE FROM a",
            "WITH x AS (DELETE FROM a RETURNING *) SELECT 1",
            "DROP SCHEMA s CASCADE",
            "DROP TYPE t CASCADE",
        ] {
            assert!(is_lossy(text), "{text}");
        }
        for text in [
            "DROP INDEX CONCURRENTLY i",
            "ALTER TABLE a DROP CONSTRAINT c",
            "ALTER TABLE a ALTER b DROP NOT NULL",
            "DROP VIEW v",
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE",
            "UPDATE a SET b = 1",
        ] {
            assert!(!is_lossy(text), "{text}");
        }
    }
}
