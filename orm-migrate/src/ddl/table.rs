//! `CREATE TABLE` and `COMMENT`.

use super::index::with;
use super::{check, column, exclusion, primary_key, unique};
use orm_core::schema::Table;
use orm_core::sql::ident::{Ident, Literal, Qualified};
use std::fmt::Display;

/// `CREATE TABLE name (..)` with columns, primary key, uniques, checks and exclusions; foreign keys, indexes, triggers,
/// policies and what is `NOT VALID` come later. `name` is the table's name as SQL.
pub fn create_table(name: &impl Display, table: &Table) -> String {
    // A partition has its columns from its table.
    let columns = table.columns.iter().filter(|_| table.partition_of.is_none());
    let columns = columns.map(|it| column(&table.schema, it));
    let key = table.primary_key.iter().map(primary_key);
    let uniques = table.uniques.iter().map(unique);
    // PostgreSQL takes a check of a new table for valid whatever it is called.
    let checks = table.checks.iter().filter(|check| !check.not_valid).map(check);
    let exclusions = table.exclusions.iter().map(exclusion);
    let lines: Vec<String> = columns
        .chain(key)
        .chain(uniques)
        .chain(checks)
        .chain(exclusions)
        .map(|line| format!("\n    {line}"))
        .collect();
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let by =
        table.partition_by.as_ref().map_or_else(String::new, |by| format!(" PARTITION BY {by}"));
    let with = with(&table.storage_parameters);
    let lines = match (lines.is_empty(), &table.partition_of) {
        (true, Some(_)) => String::new(),
        (true, None) => " ()".to_owned(),
        (false, _) => format!(" ({}\n)", lines.join(",")),
    };
    match &table.partition_of {
        None => format!("CREATE {unlogged}TABLE {name}{lines}{by}{with}"),
        Some(of) => {
            let parent = Qualified(&of.schema, &of.table);
            format!(
                "CREATE {unlogged}TABLE {name} PARTITION OF {parent}{lines} {}{by}{with}",
                of.bound
            )
        }
    }
}

/// What a new table needs beside [`create_table`]: checks that are `NOT VALID`.
pub fn unchecked(name: &impl Display, table: &Table) -> Vec<String> {
    let checks = table.checks.iter().filter(|check| check.not_valid);
    checks.map(|it| format!("ALTER TABLE {name} ADD {}", check(it))).collect()
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
