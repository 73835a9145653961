//! Gathers: both sides in the server's words, and what differs between them.

use crate::catalog::{Canonical, Live};
use crate::change::{Change, ObjectName};
use crate::diff::{diff, settled};
use crate::error::Failure;
use crate::history::Migration;
use crate::scratch;
use orm_core::exec::Connection;
use orm_core::schema::Schema;
use std::collections::BTreeSet;

/// What was found.
pub(super) struct Found {
    pub(super) live: Live,
    /// The database after the migration, with the tables that are not ours.
    pub(super) after: Canonical,
    /// Only the tables that are ours.
    pub(super) declared: Canonical,
    pub(super) managed: BTreeSet<ObjectName>,
    pub(super) changes: Vec<Change>,
}

pub(super) async fn find(
    connection: &Connection,
    declared: &Schema,
    migrations: &[Migration],
) -> Result<Found, Failure> {
    let declared = scratch::canonical(connection, declared).await?;
    let live = scratch::live(connection, &declared).await?;
    // What the last migration left us with; a table that nobody declares and we never made is another's.
    let last = migrations.iter().rev().find_map(|migration| migration.plan.as_ref());
    let managed: BTreeSet<ObjectName> = last
        .into_iter()
        .flat_map(|plan| plan.tables.iter().cloned())
        .map(|[schema, name]| ObjectName { schema, name })
        .collect();
    let changes = diff(&live.canonical, &declared, &managed);
    let declared = settled(&live.canonical, &declared);
    let mut after = declared.schema().clone();
    let kept = live.canonical.schema().tables.iter().filter(|table| {
        !managed.contains(&ObjectName::of(table))
            && declared.schema().table(&table.schema, &table.name).is_none()
    });
    after.tables.extend(kept.cloned());
    after.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    Ok(Found { live, after: Canonical::of_catalog(after), declared, managed, changes })
}

impl Found {
    /// What is in the database and not ours.
    pub(super) fn others(&self) -> Vec<(String, String)> {
        let tables = self.after.schema().tables.iter();
        let tables = tables
            .filter(|table| self.declared.schema().table(&table.schema, &table.name).is_none())
            .map(|table| ("table".to_owned(), ObjectName::of(table).to_string()));
        let rest = self.live.unmanaged.iter().map(|it| (it.kind.clone(), it.name.clone()));
        tables.chain(rest).collect()
    }
}
