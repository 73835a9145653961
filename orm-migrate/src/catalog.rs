//! What a live database holds, in the words of the schema model. Start at [`read`].
//!
//! The queries are `.sql` files, each with a row struct in `rows` and put together by `assemble`, which is pure.
//! Their number does not depend on the number of tables.

mod assemble;
mod options;
mod rows;
pub(crate) mod spelling;

use orm_core::exec::Connection;
use orm_core::schema::{List, Object, Said, Schema, Table, Text, View};
use orm_core::{Error, ErrorKind, Result};
use rows::{FromRow, IndexRow, ObjectRow, TableRow, UnmanagedRow};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
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

    /// The same with the tables of the other one.
    pub(crate) fn and_tables(mut self, other: Self) -> Self {
        self.0.tables.extend(other.0.tables);
        self
    }

    /// The same with its tables in the order in which these are.
    pub(crate) fn in_order_of(mut self, tables: &[Table]) -> Self {
        let places: BTreeMap<(&str, &str), usize> = (tables.iter().enumerate())
            .map(|(place, it)| ((it.schema.as_ref(), it.name.as_ref()), place))
            .collect();
        self.0
            .tables
            .sort_by_key(|it| places.get(&(it.schema.as_ref(), it.name.as_ref())).copied());
        self
    }

    /// The same with these objects.
    pub(crate) fn with_objects(&self, objects: Vec<Object>) -> Self {
        Self(Schema { objects, ..self.0.clone() })
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

/// `server_version_num` of a session's server: 150018 is 15.18.
///
/// # Errors
/// What the server reports.
pub(crate) async fn server_version(connection: &Connection) -> Result<i32> {
    let sql = "SELECT current_setting('server_version_num')::int";
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default())
}

/// `150018` as 15.18.
pub(crate) fn release(server_version: i32) -> String {
    format!("{}.{}", server_version / 10_000, server_version % 10_000)
}

/// Reads a live database, in one transaction that changes nothing.
///
/// # Errors
/// What the server reports.
pub async fn read(connection: &Connection) -> Result<Live> {
    // With an empty `search_path` the server qualifies every name that it writes.
    connection
        .batch_execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''",
        )
        .await?;
    let live = read_all(connection).await;
    let ended = connection.batch_execute("ROLLBACK").await;
    // What went wrong first is what to tell.
    live.and_then(|live| ended.map(|()| live))
}

async fn read_all(connection: &Connection) -> Result<Live> {
    let (mut objects, materialized) = views_without_indexes(connection).await?;
    let found = tables_and(connection, Whose::Application, materialized.keys().copied()).await?;
    put_indexes(&mut objects, &materialized, found.indexes_of_views);
    let schema = Schema { objects: in_order(objects), ..found.schema };
    let unmanaged: Vec<UnmanagedRow> =
        rows(connection, include_str!("catalog/unmanaged.sql"), &[&options::known()]).await?;
    let (version, unmanaged): (Vec<_>, Vec<_>) =
        unmanaged.into_iter().partition(|row| row.kind == "server_version_num");
    Ok(Live {
        canonical: Canonical::of_catalog(schema),
        unmanaged: unmanaged
            .into_iter()
            .map(|row| Unmanaged { kind: row.kind, name: row.name })
            .collect(),
        server_version: version.first().and_then(|row| row.name.parse().ok()).unwrap_or_default(),
    })
}

/// Reads what is no table within a transaction whose `search_path` is empty.
pub(crate) async fn objects(connection: &Connection) -> Result<Vec<Object>> {
    let (mut objects, materialized) = views_without_indexes(connection).await?;
    if !materialized.is_empty() {
        let oids: Vec<u32> = materialized.keys().copied().collect();
        let rows = rows(connection, include_str!("catalog/indexes.sql"), &[&oids]).await?;
        put_indexes(&mut objects, &materialized, rows);
    }
    Ok(in_order(objects))
}

/// What is no table, and where in it the materialised views are, by their oid.
async fn views_without_indexes(
    connection: &Connection,
) -> Result<(Vec<Object>, BTreeMap<u32, usize>)> {
    let found: Vec<ObjectRow> = rows(connection, include_str!("catalog/objects.sql"), &[]).await?;
    let mut objects = Vec::with_capacity(found.len());
    let mut materialized = BTreeMap::new();
    for row in found {
        let mut object = serde_json::from_str(&row.json).map_err(|error| {
            let message = format!("could not read an object of the catalog: {}", row.json);
            Error::new(ErrorKind::Conversion, message).with_source(error)
        })?;
        in_one_spelling(&mut object);
        if let Object::View(View { materialized: is_materialized, options, .. }) = &mut object {
            let of = if *is_materialized { "tables" } else { "views" };
            options.to_mut().retain(|option| options::is_compared(of, option));
            if *is_materialized {
                materialized.insert(row.oid, objects.len());
            }
        }
        objects.push(object);
    }
    Ok((objects, materialized))
}

/// Expressions as all releases write them.
fn in_one_spelling(object: &mut Object) {
    let settle = |text: &mut Text| *text = spelling::settled(text).into_owned().into();
    match object {
        Object::View(it) => settle(&mut it.query),
        Object::Function(it) => {
            settle(&mut it.arguments);
            settle(&mut it.definition);
        }
        Object::Domain(it) => {
            it.default.iter_mut().for_each(settle);
            it.checks.to_mut().iter_mut().for_each(|check| settle(&mut check.expression));
        }
        _ => {}
    }
}

fn put_indexes(objects: &mut [Object], places: &BTreeMap<u32, usize>, rows: Vec<IndexRow>) {
    for (oid, indexes) in assemble::indexes(rows) {
        let view = places.get(&oid).and_then(|place| objects.get_mut(*place));
        if let Some(Object::View(view)) = view {
            view.indexes = indexes.into();
        }
    }
}

fn in_order(mut objects: Vec<Object>) -> Vec<Object> {
    objects.sort_by(|a: &Object, b| {
        (a.schema(), a.name(), a.kind()).cmp(&(b.schema(), b.name(), b.kind()))
    });
    objects
}

/// Reads tables within a transaction whose `search_path` is empty.
pub(crate) async fn tables(connection: &Connection, whose: Whose) -> Result<Schema> {
    Ok(tables_and(connection, whose, std::iter::empty()).await?.schema)
}

struct Tables {
    schema: Schema,
    indexes_of_views: Vec<IndexRow>,
}

/// Tables, and in the same query as their indexes those of some materialised views.
async fn tables_and(
    connection: &Connection,
    whose: Whose,
    views: impl Iterator<Item = u32>,
) -> Result<Tables> {
    let session = whose == Whose::Session;
    let tables: Vec<TableRow> =
        rows(connection, include_str!("catalog/tables.sql"), &[&session]).await?;
    let oids: Vec<u32> = tables.iter().map(|table| table.oid).collect();
    let relations: Vec<u32> = oids.iter().copied().chain(views).collect();
    let indexes: Vec<IndexRow> =
        rows(connection, include_str!("catalog/indexes.sql"), &[&relations]).await?;
    let of_tables: BTreeSet<u32> = oids.iter().copied().collect();
    let (indexes, indexes_of_views) =
        indexes.into_iter().partition(|index| of_tables.contains(&index.table));
    let rows = assemble::Rows {
        tables,
        columns: rows(connection, include_str!("catalog/columns.sql"), &[&oids]).await?,
        constraints: rows(connection, include_str!("catalog/constraints.sql"), &[&oids]).await?,
        indexes,
        triggers: rows(connection, include_str!("catalog/triggers.sql"), &[&oids]).await?,
        policies: rows(connection, include_str!("catalog/policies.sql"), &[&oids]).await?,
    };
    // Nothing is said of what is there for a moment.
    let kept = match whose {
        Whose::Application => rows_of_kept(connection, &oids).await?,
        Whose::Session => Vec::new(),
    };
    let schema = Schema { tables: assemble::tables(rows), kept, ..Schema::default() };
    Ok(Tables { schema, indexes_of_views })
}

async fn rows_of_kept(connection: &Connection, tables: &[u32]) -> Result<Vec<Said>> {
    Ok(assemble::kept(rows(connection, include_str!("catalog/kept.sql"), &[&tables]).await?))
}

async fn rows<R: FromRow>(
    connection: &Connection,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<R>> {
    connection
        .query::<orm_core::exec::DriverRow>(sql, params)
        .await?
        .iter()
        .map(R::from_row)
        .collect()
}
