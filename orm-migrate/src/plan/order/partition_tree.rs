//! Partitions: what is done to a table is done to all below it.

use super::temporarily_drop::{is_target, references_above};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::part::reaches_partitions;
use crate::plan::step::{Lock, LockMode, Step};
use orm_core::schema::{Schema, Table};
use std::collections::BTreeMap;

/// Whether `table` is a partition of `above`, or of a partition of it.
pub(crate) fn is_above(above: &ObjectName, table: &ObjectName, schema: &Schema) -> bool {
    let mut name = table.clone();
    // As many steps up as there are tables: a circle is no way up.
    for _ in 0..schema.tables.len() {
        let Some(of) =
            schema.table(&name.schema, &name.name).and_then(|it| it.partition_of.as_ref())
        else {
            return false;
        };
        name = ObjectName::parent(of);
        if name == *above {
            return true;
        }
    }
    false
}

/// Says of each step also the locks on partitions, where it does the same to them.
pub(crate) fn lock_partitions(steps: &mut [Step], schema: &Schema) {
    let mut below: BTreeMap<ObjectName, Vec<ObjectName>> = BTreeMap::new();
    for table in &schema.tables {
        if let Some(of) = &table.partition_of {
            below.entry(ObjectName::parent(of)).or_default().push(ObjectName::of(table));
        }
    }
    if below.is_empty() {
        return;
    }
    for step in steps {
        lock_beside_detached(step, schema);
        let own: Vec<Lock> =
            step.locks.iter().filter(|lock| goes_on(step, &lock.table)).cloned().collect();
        // The strongest that a supported release takes: `releases` knows which take less.
        for Lock { table, mode } in own {
            let mut level = below.get(&table).cloned().unwrap_or_default();
            while let Some(table) = level.pop() {
                level.extend(below.get(&table).into_iter().flatten().cloned());
                match step.locks.iter_mut().find(|lock| lock.table == table) {
                    Some(lock) => lock.mode = lock.mode.max(mode),
                    None => step.locks.push(Lock { table, mode }),
                }
            }
        }
    }
}

/// A partition that is detached may have rows for the one that has the rest, and rows that others reference.
fn lock_beside_detached(step: &mut Step, schema: &Schema) {
    for change in step.changes.clone() {
        let What::Detach(of) = &change.what else { continue };
        let is_rest = |it: &&Table| {
            it.partition_of.as_ref().is_some_and(|it| {
                it.table == of.table && it.schema == of.schema && it.bound == "DEFAULT"
            })
        };
        let references = |it: &&Table| {
            it.foreign_keys.iter().any(|key| references_above(key, &change.name, schema))
        };
        let tables = schema.tables.iter();
        for table in tables.filter(|it| is_rest(it) || references(it)).map(ObjectName::of) {
            if table != change.name && step.locks.iter().all(|lock| lock.table != table) {
                step.locks.push(Lock { table, mode: LockMode::AccessExclusive });
            }
        }
    }
}

/// Whether a statement for the table is one for its partitions too.
fn goes_on(step: &Step, table: &ObjectName) -> bool {
    let is_target = |change: &Change| match &change.what {
        What::Drop(Part::ForeignKey(key)) => is_target(table, key),
        _ => false,
    };
    step.changes.iter().any(is_target)
        || step.statements.iter().any(|sql| reaches_partitions(sql, table))
}
