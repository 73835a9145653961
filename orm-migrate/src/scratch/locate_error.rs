//! Which part of a table the server refuses: found by building the parts one by one.

use super::{ScratchError, cause};
use crate::change::ObjectName;
use crate::ddl;
use orm_core::Error;
use orm_core::exec::Connection;
use orm_core::schema::{Column, Table, Text};
use orm_core::sql::ident::{Ident, Qualified};

/// Where the parts are tried: it never stays.
const NAME: Qualified<'static> = Qualified("pg_temp", "blame");

/// The error of a table, with the place that caused it.
pub(super) async fn refused(
    connection: &Connection,
    table: &Table,
    error: Error,
) -> Result<ScratchError, Error> {
    if error.sqlstate() == Some("42501") {
        let sql = "SELECT current_database()::text, current_user::text, \
                   has_database_privilege(current_database(), 'TEMPORARY')";
        let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await?;
        let right = rows.first().and_then(|row| {
            Some((row.try_get(0).ok()?, row.try_get(1).ok()?, row.try_get(2).ok()?))
        });
        if let Some((database, role, false)) = right {
            return Ok(ScratchError::NoTemporary { database, role, source: error });
        }
    }
    let error = match cause::other_than_declared(connection, error).await? {
        Ok(other) => return Ok(other),
        Err(error) => error,
    };
    for (part, sql) in parts(table) {
        if let Some(source) = attempt(connection, &sql).await? {
            let place = format!("{part} of table {}", ObjectName::of(table));
            return Ok(ScratchError::Refused { place, hint: hint(&source).into(), source });
        }
    }
    let place = format!("table {}", ObjectName::of(table));
    Ok(ScratchError::Refused { place, hint: hint(&error).into(), source: error })
}

/// The error of an object that is no table.
pub(super) async fn of_object(
    connection: &Connection,
    place: String,
    source: Error,
) -> Result<ScratchError, Error> {
    let source = match cause::other_than_declared(connection, source).await? {
        Ok(other) => return Ok(other),
        Err(source) => source,
    };
    let hint = match source.sqlstate() {
        // The extension is not on the server, or not for this role.
        Some("0A000" | "58P01") => {
            "install the extension's package on the server, or take it out of the declared schema"
        }
        Some("42601") => "look at the SQL of this object",
        _ => hint(&source),
    };
    Ok(ScratchError::Refused { place, hint: hint.into(), source })
}

/// Every part of a table, and SQL that creates it with no more than what it needs: first the types, then the
/// defaults and generated values, which may use other columns, then what is on the columns.
fn parts(table: &Table) -> Vec<(String, String)> {
    let bare = |column: &Column| Column {
        default: None,
        generated: None,
        identity: None,
        ..column.clone()
    };
    let create = |columns: Vec<Column>| {
        ddl::create_table(&NAME, &Table { columns: columns.into(), ..Table::new("", "") })
    };
    let of_column = |column: &Column| format!("column {}", Ident(&column.name));
    let types = table.columns.iter().map(|column| (of_column(column), create(vec![bare(column)])));
    let values = table.columns.iter().map(|column| {
        let columns = table
            .columns
            .iter()
            .map(|other| if other.name == column.name { other.clone() } else { bare(other) });
        (of_column(column), create(columns.collect()))
    });
    let whole = create(table.columns.to_vec());
    let named = |kind: &str, name: &Option<Text>| match name {
        Some(name) => format!("{kind} {}", Ident(name)),
        None => kind.to_owned(),
    };
    let add = |sql: String| format!("{whole};\nALTER TABLE {NAME} ADD {sql}");
    let key = table.primary_key.iter();
    let key = key.map(|it| (named("primary key", &it.name), add(ddl::primary_key(it))));
    let uniques = table.uniques.iter();
    let uniques = uniques.map(|it| (named("unique", &it.name), add(ddl::unique(it))));
    let checks = table.checks.iter();
    let checks = checks.map(|it| (named("check", &it.name), add(ddl::check(it))));
    let indexes = table.indexes.iter();
    let indexes = indexes
        .map(|it| (named("index", &it.name), format!("{whole};\n{}", ddl::index(&NAME, it))));
    let exclusions = table.exclusions.iter();
    let exclusions = exclusions.map(|it| (named("exclusion", &it.name), add(ddl::exclusion(it))));
    let after = |sql: String| format!("{whole};\n{sql}");
    let triggers = table.triggers.iter();
    let triggers = triggers.map(|it| {
        (format!("trigger {}", Ident(&it.name)), after(ddl::trigger::trigger(&NAME, it, false)))
    });
    let policies = table.policies.iter();
    let policies = policies
        .map(|it| (format!("policy {}", Ident(&it.name)), after(ddl::policy::policy(&NAME, it))));
    let constraints = key.chain(uniques).chain(checks).chain(exclusions);
    types.chain(values).chain(constraints).chain(indexes).chain(triggers).chain(policies).collect()
}

/// What to do, by SQLSTATE (manual, appendix A).
fn hint(error: &Error) -> &'static str {
    match error.sqlstate() {
        Some("42704") => {
            "check the spelling; a type, collation or operator class of another schema is written with its schema, and one of an extension or a migration of its own must be in the database first"
        }
        Some("42883") => {
            "check the spelling and the types of the arguments; a function of another schema is written with its schema, and must be in the database first"
        }
        Some("42703") => "in the SQL of an attribute a column has its name in the database",
        Some("42601") => "look at the SQL in the attributes: text stands in 'single quotes'",
        Some("42804" | "22P02" | "22007" | "22008") => {
            "the value must fit the column's type: correct it, cast it, or change the type"
        }
        Some("42501") => "GRANT the right to this role, or connect as another one",
        _ => "look at the attributes of this part",
    }
}

/// Runs SQL; what it did stays if it succeeded, and nothing of it if it failed.
pub(super) async fn keep(connection: &Connection, sql: &str) -> Result<Option<Error>, Error> {
    connection.batch_execute("SAVEPOINT scratch").await?;
    let Err(refused) = connection.batch_execute(sql).await else { return Ok(None) };
    connection.batch_execute("ROLLBACK TO SAVEPOINT scratch").await?;
    Ok(Some(refused))
}

/// What the server says to some SQL, which leaves nothing behind.
async fn attempt(connection: &Connection, sql: &str) -> Result<Option<Error>, Error> {
    connection.batch_execute("SAVEPOINT blame").await?;
    let refused = connection.batch_execute(sql).await.err();
    connection.batch_execute("ROLLBACK TO SAVEPOINT blame").await?;
    Ok(refused)
}
