//! What is built in one transaction, so that its locks have room on the server. The tables of a schema do not see each
//! other where they are built, but for partitions and their tables: they may be built some at a time.

use super::ScratchError;
use crate::ddl::serial::is_serial;
use crate::history::Script;
use crate::locks::Room;
use orm_core::Error;
use orm_core::exec::Connection;
use orm_core::schema::{Schema, Table};
use std::collections::BTreeMap;

/// So few fit on every server: nothing is asked.
const FEW: i64 = 500;

/// An object, its schema, and what it depends on.
const OF_OBJECT: i64 = 3;

/// A table, what it stores out of line with the index of that, its types, and its schema.
const OF_TABLE: i64 = 6;

/// The part of the room that is taken: the rest is for other sessions.
const PART: i64 = 2;

/// The schema in parts, of which each has all objects; none where it can be built at once.
///
/// # Errors
/// The objects alone take more locks than there is room for.
pub(super) async fn of(
    connection: &Connection,
    declared: &Schema,
) -> Result<Vec<Schema>, ScratchError> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let of_objects = OF_OBJECT.saturating_mul(count(declared.objects.len()));
    let of_tables: i64 = declared.tables.iter().map(locks).sum();
    if of_objects.saturating_add(of_tables) <= FEW {
        return Ok(Vec::new());
    }
    let room = Room::of(connection).await?;
    if of_objects > room.all() {
        return Err(room.exceeded_by(of_objects).into());
    }
    let part = room.all() / PART;
    if of_objects.saturating_add(of_tables) <= part {
        return Ok(Vec::new());
    }
    let most = part.saturating_sub(of_objects).max(OF_TABLE);
    let mut families: BTreeMap<(&str, &str), Vec<&Table>> = BTreeMap::new();
    for table in &declared.tables {
        families.entry(head(table, &declared.tables)).or_default().push(table);
    }
    let mut parts: Vec<(i64, Vec<Table>)> = Vec::new();
    for family in families.into_values() {
        let locks: i64 = family.iter().map(|it| locks(it)).sum();
        match parts.last_mut() {
            Some((taken, tables)) if taken.saturating_add(locks) <= most => {
                *taken += locks;
                tables.extend(family.into_iter().cloned());
            }
            _ => parts.push((locks, family.into_iter().cloned().collect())),
        }
    }
    Ok(parts.into_iter().map(|(_, tables)| Schema { tables, ..declared.clone() }).collect())
}

/// About how many locks it takes to create the table.
fn locks(table: &Table) -> i64 {
    let keys = table.primary_key.iter().len() + table.uniques.len() + table.exclusions.len();
    let sequences =
        table.columns.iter().filter(|it| is_serial(it) || it.identity.is_some()).count();
    let others = keys + table.indexes.len() + sequences + table.triggers.len();
    OF_TABLE.saturating_add(i64::try_from(others).unwrap_or(i64::MAX))
}

/// The table above all that the table is a partition of, or itself.
fn head<'a>(table: &'a Table, all: &'a [Table]) -> (&'a str, &'a str) {
    let mut head = table;
    // As many steps up as there are tables: a circle is no way up.
    for _ in 0..all.len() {
        let parent = head
            .partition_of
            .as_ref()
            .and_then(|of| all.iter().find(|it| (&it.schema, &it.name) == (&of.schema, &of.table)));
        match parent {
            Some(parent) => head = parent,
            None => break,
        }
    }
    (head.schema.as_ref(), head.name.as_ref())
}

/// More locks than a statement of a copy takes, most often.
const OF_STATEMENT: i64 = 8;

/// So many fit on every server.
const AT_LEAST: usize = 20;

/// Runs SQL on a database of which nothing stays, in several transactions where it is long.
pub(super) async fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    let Ok(script) = Script::parse(sql) else { return connection.batch_execute(sql).await };
    let statements: Vec<&str> = script.statements().map(|it| it.text.as_str()).collect();
    if statements.len() <= AT_LEAST {
        return connection.batch_execute(sql).await;
    }
    let part = Room::of(connection).await?.all() / PART / OF_STATEMENT;
    let at_once = usize::try_from(part).unwrap_or_default().max(AT_LEAST);
    for some in statements.chunks(at_once) {
        connection.batch_execute(&some.join(";\n")).await?;
    }
    Ok(())
}
