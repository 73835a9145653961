//! Builds a schema for real and takes it back: the server is the judge. Start at [`canonical`] and [`prove`].
//!
//! PostgreSQL gives a default, a check or a predicate back in words of its own, and no list of text rules covers
//! that. So what is declared is created as temporary tables, in a transaction that is rolled back, and read by the
//! same reader as the live database. That takes no lock on any table of the application, and no right but TEMPORARY.

mod blame;
mod proof;

pub use proof::{Proof, prove};

use crate::catalog::{self, Canonical, Whose};
use crate::ddl;
use orm_core::exec::Connection;
use orm_core::schema::{Schema, Table, Text};
use orm_core::sql::ident::Qualified;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Why a declared schema could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScratchError {
    /// The server does not accept what is declared.
    #[error("{place}: {source}\nhint: {hint}")]
    Refused {
        /// The table, and the column, constraint or index if that is known.
        place: String,
        /// What to do.
        hint: &'static str,
        /// What the server said.
        source: orm_core::Error,
    },
    /// The role may not create temporary tables.
    #[error(
        "the declared tables are compared through temporary tables, which this role may not create: {source}\nhint: grant it: GRANT TEMPORARY ON DATABASE .. TO .."
    )]
    NoTemporary {
        /// What the server said.
        source: orm_core::Error,
    },
    /// The connection failed.
    #[error(transparent)]
    Database(#[from] orm_core::Error),
}

/// What the server makes of a declared schema. Nothing of it stays.
///
/// # Errors
/// The server does not accept a column, default, check or index; the right TEMPORARY is missing.
pub async fn canonical(
    connection: &Connection,
    declared: &Schema,
) -> Result<Canonical, ScratchError> {
    connection.batch("BEGIN").await?;
    let read = build_and_read(connection, declared).await;
    // Also when it failed: nothing stays.
    connection.batch("ROLLBACK").await?;
    read
}

async fn build_and_read(
    connection: &Connection,
    declared: &Schema,
) -> Result<Canonical, ScratchError> {
    let mut aliases = Vec::with_capacity(declared.tables.len());
    for (number, table) in declared.tables.iter().enumerate() {
        let alias = Alias::of(table, number);
        connection.batch("SAVEPOINT scratch").await?;
        if let Err(error) = connection.batch(&alias.sql()).await {
            connection.batch("ROLLBACK TO SAVEPOINT scratch").await?;
            if error.sqlstate() == Some("42501") {
                return Err(ScratchError::NoTemporary { source: error });
            }
            return Err(blame::refused(connection, table, error).await?);
        }
        aliases.push(alias);
    }
    // Read with an empty search_path, so that every name comes qualified; built with the session's own, so that an
    // expression means what it will mean when it runs.
    connection.batch("SET LOCAL search_path = ''").await?;
    let mut read = catalog::tables(connection, Whose::Session).await?;
    let mut tables: BTreeMap<String, Table> =
        read.tables.drain(..).map(|table| (table.name.to_string(), table)).collect();
    let tables = aliases
        .iter()
        .filter_map(|alias| Some(alias.restore(tables.remove(&alias.table.name.to_string())?)))
        .collect();
    Ok(Canonical::of_catalog(Schema { tables, implied_names: declared.implied_names.clone() }))
}

/// A declared table under names that cannot collide: temporary tables of two schemas share one namespace.
struct Alias<'a> {
    declared: &'a Table,
    /// The table as it is created.
    table: Table,
    /// The names it is created with, and what they stand for.
    names: BTreeMap<String, Option<Text>>,
}

impl<'a> Alias<'a> {
    fn of(declared: &'a Table, number: usize) -> Self {
        let mut names = BTreeMap::new();
        let mut fresh = |name: &mut Option<Text>| {
            let alias = format!("n{number}_{}", names.len());
            names.insert(alias.clone(), name.take());
            *name = Some(Cow::Owned(alias));
        };
        let mut table = declared.clone();
        table.schema = Cow::Borrowed("pg_temp");
        table.name = Cow::Owned(format!("t{number}"));
        // They have no expression, and a temporary table may not reference a permanent one.
        table.foreign_keys = Cow::Borrowed(&[]);
        table.primary_key.iter_mut().for_each(|key| fresh(&mut key.name));
        table.uniques.to_mut().iter_mut().for_each(|unique| fresh(&mut unique.name));
        table.checks.to_mut().iter_mut().for_each(|check| fresh(&mut check.name));
        table.indexes.to_mut().iter_mut().for_each(|index| fresh(&mut index.name));
        Self { declared, table, names }
    }

    fn sql(&self) -> String {
        let name = Qualified(&self.table.schema, &self.table.name);
        let indexes = self.table.indexes.iter().map(|index| ddl::index(&name, index));
        [ddl::create_table(&name, &self.table)]
            .into_iter()
            .chain(indexes)
            .collect::<Vec<_>>()
            .join(";\n")
    }

    /// The table that was read, under its own names.
    fn restore(&self, mut read: Table) -> Table {
        let original = |name: &mut Option<Text>| {
            if let Some(declared) = name.as_deref().and_then(|name| self.names.get(name)) {
                *name = declared.clone();
            }
        };
        read.schema = self.declared.schema.clone();
        read.name = self.declared.name.clone();
        read.comment = self.declared.comment.clone();
        for column in read.columns.to_mut() {
            column.comment =
                self.declared.column(&column.name).and_then(|column| column.comment.clone());
        }
        read.foreign_keys = self.declared.foreign_keys.clone();
        read.primary_key.iter_mut().for_each(|key| original(&mut key.name));
        read.uniques.to_mut().iter_mut().for_each(|unique| original(&mut unique.name));
        read.checks.to_mut().iter_mut().for_each(|check| original(&mut check.name));
        read.indexes.to_mut().iter_mut().for_each(|index| original(&mut index.name));
        read
    }
}
