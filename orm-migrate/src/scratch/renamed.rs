//! The live schema under its new names, as the server says it: a check, a default, a view or a policy that says an old
//! name says the new one afterwards, and only the server knows where.

use super::{ScratchError, ScratchServer, blame, reread};
use crate::catalog::{self, Canonical};
use crate::change::{Change, ObjectName, Renaming, What};
use crate::ddl;
use crate::plan::schema_sql;
use orm_core::exec::Connection;
use orm_core::schema::{Object, Schema, Table};

/// Copies the live schema to a scratch database, does the renamings there, and reads what comes out, in words that can
/// be compared with those of `to`.
///
/// # Errors
/// Nothing can be built on the server; the live schema cannot be copied; a renaming is refused.
pub async fn renamed(
    server: &ScratchServer,
    live: &Canonical,
    renamings: &[Change],
    to: &Canonical,
) -> Result<Canonical, ScratchError> {
    let database = server.database().await?;
    let read = match database.connect().await {
        Ok(connection) => {
            let read = on_copy(&connection, live, renamings, to).await;
            connection.close().await;
            read
        }
        Err(error) => Err(error),
    };
    // Also when it failed; what went wrong first is what to tell.
    let closed = database.close().await;
    let read = read?;
    closed?;
    Ok(read)
}

async fn on_copy(
    connection: &Connection,
    live: &Canonical,
    renamings: &[Change],
    to: &Canonical,
) -> Result<Canonical, ScratchError> {
    let sql = format!("SET check_function_bodies = off;\n{}", schema_sql(live.schema()));
    connection.batch(&sql).await.map_err(|source| ScratchError::Copy { source })?;
    renamed_here(connection, live, renamings, to).await
}

/// The same where the live schema is already.
async fn renamed_here(
    connection: &Connection,
    live: &Canonical,
    renamings: &[Change],
    to: &Canonical,
) -> Result<Canonical, ScratchError> {
    let copy = catalog::read(connection).await?.canonical;
    connection.batch("BEGIN").await?;
    for change in renamings {
        let sql = statements(change).join(";\n");
        if let Some(source) = blame::keep(connection, &sql).await? {
            connection.batch("ROLLBACK").await?;
            let hint = "drop what has the new name already, or choose another".into();
            return Err(ScratchError::Refused { place: change.to_string(), hint, source });
        }
    }
    connection.batch("COMMIT").await?;
    let read = catalog::read(connection).await?.canonical;
    let read = reread(connection, &read, to).await?;
    Ok(Canonical::of_catalog(merged(live.schema(), copy.schema(), read.schema(), renamings)))
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
fn merged(live: &Schema, copy: &Schema, read: &Schema, renamings: &[Change]) -> Schema {
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
    let is_made = |name: &ObjectName| {
        renamings.iter().any(|it| match &it.what {
            What::AddObject(_) => it.name == *name,
            What::Renamed(Renaming::Object { to, .. }) => to == name,
            _ => false,
        })
    };
    let is_ours = |it: &&Object| {
        let name = ObjectName::of_object(it);
        live.object(&name.schema, &name.name).is_some() || is_made(&name)
    };
    Schema {
        tables: read.tables.iter().map(table).collect(),
        objects: read.objects.iter().filter(is_ours).map(object).collect(),
        ..Schema::default()
    }
}
