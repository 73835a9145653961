//! What a step of a partition locks and reads beside the partition and its table.

use super::cost::{Cost, CostKind};
use super::hazard::{Hazard, HazardKind};
use super::step::{Lock, LockMode, Step, target};
use crate::change::{ObjectName, Part, What};
use orm_core::schema::Schema;
use std::collections::BTreeSet;

/// A table that becomes a partition gets the foreign keys of its table, or has them already.
pub(super) fn joins_keys(step: &mut Step, from: &Schema, to: &Schema) {
    for change in &step.changes {
        let What::Attach(of) = &change.what else { continue };
        let Some(parent) = to.table(&of.schema, &of.table) else { continue };
        let live = from.table(&change.name.schema, &change.name.name);
        for key in parent.foreign_keys.iter() {
            let part = Part::ForeignKey(key.clone());
            let has = live.is_some_and(|it| Part::all(it).any(|it| it.equals_but_for_name(&part)));
            let mode = if has { LockMode::AccessExclusive } else { LockMode::ShareRowExclusive };
            step.locks.push(Lock { table: target(key), mode });
        }
    }
}

/// A partition takes rows out of the one that has the rest: every row of that is looked at. Not of one that is gone.
pub(super) fn reads_the_rest(step: &mut Step, from: &Schema, gone: &BTreeSet<ObjectName>) {
    let parents: Vec<ObjectName> = (step.changes.iter())
        .filter_map(|change| match &change.what {
            What::AddTable(table) => table.partition_of.as_ref(),
            What::Attach(of) => Some(of),
            _ => None,
        })
        .filter(|of| of.bound != "DEFAULT")
        .map(ObjectName::parent)
        .collect();
    let rest = parents.iter().flat_map(|parent| super::online::rest_of(parent, from));
    for table in rest.map(ObjectName::of).filter(|table| !gone.contains(table)) {
        step.hazards.push(Hazard {
            kind: HazardKind::FailsOnExistingRows,
            sentence: format!("it fails if a row of {table} is one for the new partition; nobody can read or write {table} while every row is checked"),
        });
        step.locks.push(Lock { table: table.clone(), mode: LockMode::AccessExclusive });
        step.costs.push(Cost { table, kind: CostKind::Scan });
    }
}

/// A partition that is detached keeps the foreign keys of its table as its own: what they reference gets triggers for
/// them, and loses these with the table.
pub(super) fn leaves_keys(step: &mut Step, from: &Schema) {
    for change in &step.changes {
        let (of, mode) = match &change.what {
            What::Detach(of) => (of, LockMode::ShareRowExclusive),
            What::DropTable(table) => match &table.partition_of {
                Some(of) => (of, LockMode::AccessExclusive),
                None => continue,
            },
            _ => continue,
        };
        let Some(parent) = from.table(&of.schema, &of.table) else { continue };
        let mut targets: Vec<ObjectName> = parent.foreign_keys.iter().map(target).collect();
        targets.sort();
        targets.dedup();
        step.locks.extend(targets.into_iter().map(|table| Lock { table, mode }));
    }
}
