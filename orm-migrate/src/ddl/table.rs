//! `CREATE TABLE` and `COMMENT`.

use super::{check, column, primary_key, unique};
use orm_core::schema::Table;
use orm_core::sql::ident::{Ident, Literal, Qualified};
use std::fmt::Display;

/// `CREATE TABLE name (..)` with columns, primary key, uniques and checks; foreign keys and indexes come later.
/// `name` is the table's name as SQL.
pub fn create_table(name: &impl Display, table: &Table) -> String {
    let columns = table.columns.iter().map(column);
    let key = table.primary_key.iter().map(primary_key);
    let uniques = table.uniques.iter().map(unique);
    let checks = table.checks.iter().map(check);
    let lines: Vec<String> = columns
        .chain(key)
        .chain(uniques)
        .chain(checks)
        .map(|line| format!("\n    {line}"))
        .collect();
    if lines.is_empty() {
        return format!("CREATE TABLE {name} ()");
    }
    format!("CREATE TABLE {name} ({}\n)", lines.join(","))
}

/// `COMMENT ON ..` for the table and its columns.
pub fn comments(table: &Table) -> Vec<String> {
    let name = Qualified(&table.schema, &table.name);
    let on_table =
        table.comment.iter().map(|text| format!("COMMENT ON TABLE {name} IS {}", Literal(text)));
    let on_columns = table.columns.iter().filter_map(|column| {
        let text = column.comment.as_ref()?;
        Some(format!("COMMENT ON COLUMN {name}.{} IS {}", Ident(&column.name), Literal(text)))
    });
    on_table.chain(on_columns).collect()
}
