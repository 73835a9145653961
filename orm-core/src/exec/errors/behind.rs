//! The hint that a migration is missing: the server does not know what the code declares.

use crate::error::Error;

/// A query of ours names what the code declares: where the server does not know it, a migration is missing.
pub(crate) fn hint_at_missing_migration(error: Error) -> Error {
    let message = error.to_string();
    let is_about = |row: &str| message.contains(&format!("FROM-clause entry for table \"{row}\""));
    match error.sqlstate() {
        Some("42P01") if is_about("old") || is_about("new") => {
            error.with_hint("PostgreSQL 18 and later give the values before and after a change")
        }
        // Undefined table, column, type, schema (manual, appendix A).
        Some("42P01" | "42703" | "42704" | "3F000") => {
            let hint = match error.hint() {
                // "Perhaps you meant to reference the column .."
                Some(of_server) => format!("{of_server} Or {BEHIND}"),
                None => BEHIND.to_owned(),
            };
            match column_missing(&message) {
                Some((table, column)) => error.at(Some(table), Some(column)),
                None => error,
            }
            .with_hint(hint)
        }
        _ => error,
    }
}

pub(crate) const BEHIND: &str =
    "the database may be behind the code: run `orm-migrate diff`, then `orm-migrate apply`";

/// The table and column in `column item.n does not exist`; the server has no words for them in other languages.
fn column_missing(message: &str) -> Option<(&str, &str)> {
    let (name, _) = message.split_once(" does not exist")?;
    let (_, name) = name.rsplit_once("column ")?;
    let (table, column) = name.split_once('.')?;
    Some((table.trim_matches('"'), column.trim_matches('"')))
}
