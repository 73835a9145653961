//! Foreign keys: first for the rows that are written from now on, then for those that are there.

use super::{OnlineSteps, OnlineWork};
use crate::change::{Change, Part};
use crate::ddl::{alter, online};
use crate::plan::step::{Step, TransactionMode};
use crate::plan::{CostKind, Hazard, HazardKind, Lock, LockMode};
use orm_core::schema::ForeignKey;

impl OnlineWork<'_> {
    pub(super) fn add_foreign_key(
        &mut self,
        change: &Change,
        key: &ForeignKey,
        step: Step,
        reason: &str,
    ) {
        let table = &change.name;
        // Since 18 it may, but a plan is the same for all versions.
        if self.is_partitioned(table) {
            return self.add_foreign_key_below(change, key, step, reason);
        }
        let part = Part::ForeignKey(key.clone());
        let add = OnlineSteps {
            table,
            statements: vec![alter::table(table, &[online::add_not_valid(&part)])],
            mode: TransactionMode::Transaction,
            lock: LockMode::ShareRowExclusive,
            cost: None,
        };
        let mut add = add.step(step.changes, None, reason);
        add.locks = step.locks.clone();
        if key.not_valid {
            self.done.push(add);
            return;
        }
        add.hazards.push(Hazard {
            kind: HazardKind::FailsOnExistingRows,
            sentence: format!("it fails if a row of {table} references none"),
        });
        self.done.push(add);
        let validate = OnlineSteps {
            table,
            statements: vec![online::validate(table, part.name())],
            mode: TransactionMode::Autocommit,
            lock: LockMode::ShareUpdateExclusive,
            cost: Some(CostKind::Scan),
        };
        let title = format!("check foreign key {} for the rows that are there", part.name());
        let mut validate = validate.step(Vec::new(), Some(title), reason);
        // Whom it reads only.
        let others = step.locks.iter().filter(|lock| lock.table != *table);
        validate.locks.extend(
            others.map(|lock| Lock { table: lock.table.clone(), mode: LockMode::RowShare }),
        );
        self.done.push(validate);
    }
}
