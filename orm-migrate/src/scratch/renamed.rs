//! The live schema under its new names, as the server says it: a check, a default, a view or a policy that says an old
//! name says the new one afterwards, and only the server knows where.

use super::{ScratchError, locate_error};
use crate::catalog::{self, Canonical};
use crate::change::{Change, What};
use crate::ddl;
use crate::plan::schema_sql;
use orm_core::exec::Connection;
use orm_core::schema::{Object, Said, Schema, Table};

/// Builds the live schema on an empty scratch database, does the renamings there, and reads what comes out. All of it
/// stays: what is declared can be read there under the new names.
///
/// # Errors
/// The live schema cannot be built; a renaming is refused.
pub async fn renamed(
    connection: &Connection,
    live: &Canonical,
    renamings: &[Change],
) -> Result<Canonical, ScratchError> {
    let sql = format!(
        "SET check_function_bodies = off;\n{};\nRESET check_function_bodies",
        schema_sql(live.schema()).trim_end().trim_end_matches(';')
    );
    let copied = super::batches::run(connection, &sql).await;
    copied.map_err(|source| ScratchError::Copy { source })?;
    let copy = catalog::read(connection).await?.canonical;
    connection.batch_execute("BEGIN").await?;
    for change in renamings {
        let sql = statements(change).join(";\n");
        if let Some(source) = locate_error::keep(connection, &sql).await? {
            connection.batch_execute("ROLLBACK").await?;
            let hint = "drop what has the new name already, or choose another".into();
            return Err(ScratchError::Refused { place: change.to_string(), hint, source });
        }
    }
    connection.batch_execute("COMMIT").await?;
    let read = catalog::read(connection).await?.canonical;
    Ok(Canonical::of_catalog(merged(live.schema(), copy.schema(), read.schema())))
}

fn statements(change: &Change) -> Vec<String> {
    match &change.what {
        What::Renamed(it) => ddl::rename::statements(&change.name, it),
        What::Rename { part, to } => vec![ddl::alter::rename(&change.name, part, to)],
        What::AddObject(it) => ddl::object::made(it),
        _ => Vec::new(),
    }
}

/// What the renamings have changed, and all else as the live database says it: a copy may differ in what is not ours.
fn merged(live: &Schema, copy: &Schema, read: &Schema) -> Schema {
    let table = |it: &Table| {
        let as_it_was = live.table(&it.schema, &it.name);
        let is_untouched = copy.table(&it.schema, &it.name) == Some(it);
        as_it_was.filter(|_| is_untouched).unwrap_or(it).clone()
    };
    let object = |it: &Object| {
        let as_it_was = live.object(it.schema(), &it.name());
        let is_untouched = copy.object(it.schema(), &it.name()) == Some(it);
        as_it_was.filter(|_| is_untouched).unwrap_or(it).clone()
    };
    // What the scratch database had before is not ours; what is new there comes of the new names, such as a function that
    // is told apart by a type.
    let is_ours = |it: &&Object| {
        live.object(it.schema(), &it.name()).is_some()
            || copy.object(it.schema(), &it.name()).is_none()
    };
    let is_as_it_was = |it: &&Said| {
        let now = read.table(&it.schema, &it.table);
        now.is_some() && now == copy.table(&it.schema, &it.table)
    };
    Schema {
        tables: read.tables.iter().map(table).collect(),
        objects: read.objects.iter().filter(is_ours).map(object).collect(),
        // It would be said with old names.
        kept: live.kept.iter().filter(|it| is_as_it_was(it)).cloned().collect(),
        ..Schema::default()
    }
}
