//! Partitions: what is done to a table is done to all below it.

use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::part::reaches_partitions;
use crate::plan::step::{Lock, LockMode, Step};
use orm_core::schema::Schema;
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
        let own: Vec<Lock> =
            step.locks.iter().filter(|lock| goes_on(step, &lock.table)).cloned().collect();
        // The index of a unique key is built for each partition as any index is.
        let is_unique = |change: &Change| matches!(change.what, What::Add(Part::Unique(_)));
        let is_index = !step.changes.is_empty() && step.changes.iter().all(is_unique);
        for Lock { table, mode } in own {
            let mode = if is_index { mode.min(LockMode::Share) } else { mode };
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

/// Whether a statement for the table is one for its partitions too.
fn goes_on(step: &Step, table: &ObjectName) -> bool {
    step.statements.iter().any(|sql| reaches_partitions(sql, table))
}
