//! Which part of a table the server refuses: found by building the parts one by one.

use super::ScratchError;
use crate::ddl;
use orm_core::exec::Connection;
use orm_core::schema::Table;
use orm_core::sql::ident::{Ident, Qualified};

const HINT_COLUMN: &str = "look at the column's type and default; types and functions of other schemas are written with their schema";
const HINT_TABLE: &str = "look at the table's attributes";

/// The error of a table, with the place that caused it.
pub(super) async fn refused(
    connection: &Connection,
    table: &Table,
    error: orm_core::Error,
) -> Result<ScratchError, orm_core::Error> {
    let name = Qualified("pg_temp", "blame");
    let bare = Table {
        schema: "pg_temp".into(),
        name: "blame".into(),
        columns: table.columns.clone(),
        ..Table::new("", "")
    };
    for column in table.columns.iter() {
        let alone = Table { columns: vec![column.clone()].into(), ..bare.clone() };
        if let Some(source) = attempt(connection, &ddl::create_table(&name, &alone)).await? {
            let place = format!("column {} of table {}", Ident(&column.name), Ident(&table.name));
            return Ok(ScratchError::Refused { place, hint: HINT_COLUMN, source });
        }
    }
    let create = ddl::create_table(&name, &bare);
    let key = table.primary_key.iter().map(|key| ("primary key", &key.name, ddl::primary_key(key)));
    let uniques = table.uniques.iter().map(|unique| ("unique", &unique.name, ddl::unique(unique)));
    let checks = table.checks.iter().map(|check| ("check", &check.name, ddl::check(check)));
    let constraints = key.chain(uniques).chain(checks);
    let constraints = constraints
        .map(|(kind, name_of, sql)| (kind, name_of, format!("ALTER TABLE {name} ADD {sql}")));
    let indexes =
        table.indexes.iter().map(|index| ("index", &index.name, ddl::index(&name, index)));
    for (kind, name_of, sql) in constraints.chain(indexes) {
        if let Some(source) = attempt(connection, &format!("{create};\n{sql}")).await? {
            let of =
                name_of.as_deref().map_or_else(String::new, |name| format!(" {}", Ident(name)));
            let place = format!("{kind}{of} of table {}", Ident(&table.name));
            return Ok(ScratchError::Refused { place, hint: HINT_TABLE, source });
        }
    }
    let place = format!("table {}", Ident(&table.name));
    Ok(ScratchError::Refused { place, hint: HINT_TABLE, source: error })
}

/// What the server says to some SQL, which leaves nothing behind.
async fn attempt(
    connection: &Connection,
    sql: &str,
) -> Result<Option<orm_core::Error>, orm_core::Error> {
    connection.batch("SAVEPOINT blame").await?;
    let refused = connection.batch(sql).await.err();
    connection.batch("ROLLBACK TO SAVEPOINT blame").await?;
    Ok(refused)
}
