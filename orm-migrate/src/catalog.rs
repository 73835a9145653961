//! What a live database holds, in the words of the schema model. Start at [`read`].
//!
//! The queries are `.sql` files, each with a row struct in `rows` and put together by `assemble`, which is pure.
//! Their number does not depend on the number of tables.

mod assemble;
mod rows;

use orm_core::exec::Connection;
use orm_core::schema::{List, Object, Schema, View};
use orm_core::{Error, ErrorKind, Result};
use rows::{FromRow, ObjectRow, TableRow, UnmanagedRow};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tokio_postgres::types::ToSql;

/// A schema as the server describes it: every expression and type in the server's own words.
///
/// Only a reader of the catalog makes one, so that comparing an author's `now()` with the server's text does not
/// compile.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Canonical(Schema);

impl Canonical {
    /// What the catalog said.
    pub(crate) fn of_catalog(schema: Schema) -> Self {
        Self(schema)
    }

    /// The tables.
    pub fn schema(&self) -> &Schema {
        &self.0
    }

    /// The same with some tables in other words.
    pub(crate) fn with_tables(&self, others: Self) -> Self {
        let mut schema = self.0.clone();
        for other in others.0.tables {
            let mut tables = schema.tables.iter_mut();
            if let Some(table) =
                tables.find(|table| table.schema == other.schema && table.name == other.name)
            {
                *table = other;
            }
        }
        Self(schema)
    }

    /// A hash of the tables and objects, in hexadecimal. The order of columns, constraints and indexes does not count.
    pub fn hash(&self) -> String {
        let mut tables = self.0.tables.clone();
        tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        for table in &mut tables {
            table.columns.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.uniques.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.foreign_keys.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.checks.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.exclusions.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.indexes.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.triggers.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            table.policies.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
            if table.partition_of.is_some() {
                // They are those of its table.
                table.columns = List::default();
            }
        }
        // Serialising plain data cannot fail; if it did, nothing would equal anything.
        let objects = self.0.objects.iter().cloned().map(Object::without_grants);
        let objects: Vec<Object> = objects.collect();
        let json = serde_json::to_vec(&(&tables, &objects)).unwrap_or_default();
        Sha256::digest(&json).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Something that exists and is not managed: it is named, and left alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Unmanaged {
    /// What it is: `view`, `function`, `trigger`, ..
    pub kind: String,
    /// Its name with its schema, quoted where SQL needs it.
    pub name: String,
}

/// A live database.
#[derive(Debug, Clone)]
pub struct Live {
    /// Its tables.
    pub canonical: Canonical,
    /// What is beside them.
    pub unmanaged: Vec<Unmanaged>,
    /// `server_version_num`: 150018 is 15.18.
    pub server_version: i32,
}

/// Whose tables are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The application's.
    Application,
    /// This session's temporary ones.
    Session,
}

/// Reads a live database, in one transaction that changes nothing.
///
/// # Errors
/// What the server reports.
pub async fn read(connection: &Connection) -> Result<Live> {
    // With an empty `search_path` the server qualifies every name that it writes.
    connection
        .batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''")
        .await?;
    let live = read_all(connection).await;
    let ended = connection.batch("ROLLBACK").await;
    // What went wrong first is what to tell.
    live.and_then(|live| ended.map(|()| live))
}

async fn read_all(connection: &Connection) -> Result<Live> {
    let mut schema = tables(connection, Whose::Application).await?;
    schema.objects = objects(connection).await?;
    let unmanaged: Vec<UnmanagedRow> =
        rows(connection, include_str!("catalog/unmanaged.sql"), &[]).await?;
    let version = connection.rows("SELECT current_setting('server_version_num')::int", &[]).await?;
    Ok(Live {
        canonical: Canonical::of_catalog(schema),
        unmanaged: unmanaged
            .into_iter()
            .map(|row| Unmanaged { kind: row.kind, name: row.name })
            .collect(),
        server_version: version.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default(),
    })
}

/// Reads what is no table within a transaction whose `search_path` is empty.
pub(crate) async fn objects(connection: &Connection) -> Result<Vec<Object>> {
    let found: Vec<ObjectRow> = rows(connection, include_str!("catalog/objects.sql"), &[]).await?;
    let mut objects = Vec::with_capacity(found.len());
    let mut materialized = BTreeMap::new();
    for row in found {
        let object = serde_json::from_str(&row.json).map_err(|error| {
            let message = format!("could not read an object of the catalog: {}", row.json);
            Error::new(ErrorKind::Conversion, message).because(error)
        })?;
        if matches!(object, Object::View(View { materialized: true, .. })) {
            materialized.insert(row.oid, objects.len());
        }
        objects.push(object);
    }
    if !materialized.is_empty() {
        let oids: Vec<u32> = materialized.keys().copied().collect();
        let rows = rows(connection, include_str!("catalog/indexes.sql"), &[&oids]).await?;
        for (oid, indexes) in assemble::indexes(rows) {
            let view = materialized.get(&oid).and_then(|place| objects.get_mut(*place));
            if let Some(Object::View(view)) = view {
                view.indexes = indexes.into();
            }
        }
    }
    objects.sort_by(|a: &Object, b| {
        (a.schema(), a.name(), a.kind()).cmp(&(b.schema(), b.name(), b.kind()))
    });
    Ok(objects)
}

/// Reads tables within a transaction whose `search_path` is empty.
pub(crate) async fn tables(connection: &Connection, whose: Whose) -> Result<Schema> {
    let session = whose == Whose::Session;
    let tables: Vec<TableRow> =
        rows(connection, include_str!("catalog/tables.sql"), &[&session]).await?;
    let oids: Vec<u32> = tables.iter().map(|table| table.oid).collect();
    let rows = assemble::Rows {
        tables,
        columns: rows(connection, include_str!("catalog/columns.sql"), &[&oids]).await?,
        constraints: rows(connection, include_str!("catalog/constraints.sql"), &[&oids]).await?,
        indexes: rows(connection, include_str!("catalog/indexes.sql"), &[&oids]).await?,
        triggers: rows(connection, include_str!("catalog/triggers.sql"), &[&oids]).await?,
        policies: rows(connection, include_str!("catalog/policies.sql"), &[&oids]).await?,
    };
    Ok(Schema { tables: assemble::tables(rows), ..Schema::default() })
}

async fn rows<R: FromRow>(
    connection: &Connection,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<R>> {
    connection.rows(sql, params).await?.iter().map(R::from_row).collect()
}
