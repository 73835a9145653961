//! What a declared schema asks for that the server is too old for: said in words, not as the server's syntax error.

use super::ScratchError;
use crate::change::ObjectName;
use orm_core::exec::Connection;
use orm_core::schema::{GeneratedKind, Schema, Table, Text};
use orm_core::sql::ident::Ident;

/// Something that came with a version of PostgreSQL.
struct Need {
    place: String,
    what: &'static str,
    version: i32,
    hint: &'static str,
}

/// Nothing, if the server is new enough for the schema.
pub(super) async fn check(connection: &Connection, declared: &Schema) -> Result<(), ScratchError> {
    let needs: Vec<Need> = declared.tables.iter().flat_map(of_table).collect();
    if needs.is_empty() {
        return Ok(());
    }
    let sql =
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')";
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (number, server): (i32, String) =
        (row.try_get(0).unwrap_or(i32::MAX), row.try_get(1).unwrap_or_default());
    match needs.into_iter().find(|need| number < need.version * 10_000) {
        None => Ok(()),
        Some(Need { place, what, version, hint }) => {
            Err(ScratchError::TooOld { place, what, version, server, hint })
        }
    }
}

fn of_table(table: &Table) -> Vec<Need> {
    let on = |kind: &str, name: &str| {
        format!("{kind} {} of table {}", Ident(name), ObjectName::of(table))
    };
    let text = |name: &Option<Text>| name.as_deref().unwrap_or_default().to_owned();
    let columns = table.columns.iter().filter(|column| {
        column.generated.as_ref().is_some_and(|it| it.kind == GeneratedKind::Virtual)
    });
    let columns = columns.map(|column| Need {
        place: on("column", &column.name),
        what: "GENERATED .. VIRTUAL",
        version: 18,
        hint: "declare it STORED, or use a newer server",
    });
    let nulls = |kind: &str, name: &Option<Text>| Need {
        place: on(kind, &text(name)),
        what: "NULLS NOT DISTINCT",
        version: 15,
        hint: "make the columns NOT NULL, or use a newer server",
    };
    let uniques = table.uniques.iter().filter(|it| it.nulls_not_distinct);
    let uniques = uniques.map(|it| nulls("unique constraint", &it.name));
    let indexes = table.indexes.iter().filter(|it| it.nulls_not_distinct);
    let indexes = indexes.map(|it| nulls("index", &it.name));
    let keys = table.foreign_keys.iter().filter(|it| !it.on_delete_columns.is_empty());
    let keys = keys.map(|it| Need {
        place: on("foreign key", &text(&it.name)),
        what: "a list of columns behind ON DELETE SET NULL or SET DEFAULT",
        version: 15,
        hint: "leave the list out, or use a newer server",
    });
    columns.chain(uniques).chain(indexes).chain(keys).collect()
}
