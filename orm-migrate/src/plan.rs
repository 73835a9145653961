//! Changes -> steps in an order that runs, with what each does to a live database. Pure. Start at [`plan`].
//!
//! Foreign keys are always steps of their own: what they join may be changed in any order in between, so circles of
//! tables cannot arise. Neighbouring changes of one table become one `ALTER TABLE`: one lock, one pass.

mod alter;
mod binary_coercible;
mod blockers;
mod cost;
mod down;
mod dropped;
mod hazard;
mod held;
mod lossy_cast;
mod objects;
mod online;
mod order;
mod part;
mod partition;
mod partition_constraint;
mod recreate_types;
mod recreated;
mod releases;
mod rename;
mod restore_metadata;
mod sequence_owner;
mod step;
mod stored;
mod strategy;
mod table_rewrite;
#[cfg(test)]
mod tests;
mod type_change_scans;

pub(crate) use binary_coercible::is_widened;
pub use cost::{Cost, CostKind};
pub use down::Down;
pub use hazard::{Hazard, HazardKind};
pub use held::ObjectLock;
pub use online::{OnlinePlan, Refused, online};
pub(crate) use order::{OfType, columns_of, is_of, rebuilt, texts_of_object};
pub(crate) use partition_constraint::bound_condition;
pub(crate) use recreate_types::lost_values;
pub use rename::{renaming, say_of_bodies};
pub use step::{Lock, LockMode, Step, TransactionMode};
pub(crate) use stored::is_computed_otherwise;
pub use stored::{Stored, StoredKind};
pub use strategy::{Forms, Size, Sizes, Strategy, Thresholds};

use crate::catalog::Canonical;
use crate::change::{Change, ObjectName, What};
use orm_core::schema::{Object, Schema};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A migration that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is run, in order.
    pub steps: Vec<Step>,
}

/// The steps that make these changes to a database that has the schema `from`.
pub fn plan(changes: Vec<Change>, from: &Canonical, to: &Canonical) -> Plan {
    let (changes, renamed) = sequence_owner::renamed(changes);
    let (from, to) = (&sequence_owner::under_new_names(from.schema(), &renamed), to.schema());
    let changes = order::with_all_that_moves(changes, from, to);
    let changes = order::sorted(changes, from);
    let mut steps = step::steps(changes, from, to);
    blockers::say(&mut steps, from, to);
    lossy_cast::say(&mut steps, from, to);
    dropped::say(&mut steps);
    recreated::say(&mut steps, from);
    order::lock_partitions(&mut steps, from);
    // Else what steps aside for a moment would be missing from one transaction to another.
    steps.sort_by_key(|step| !step.only_adds_values());
    sequence_owner::say(&mut steps, from, to);
    sequence_owner::rename(&mut steps, renamed, from, to);
    Plan { steps }
}

/// A whole schema as SQL, in an order that runs on an empty database.
///
/// ```
/// use orm_core::schema::{Column, Schema, Table};
/// let mut user = Table::new("public", "user");
/// user.columns.to_mut().push(Column::new("id", "bigint"));
/// let schema = Schema::declared([user]).unwrap();
/// assert_eq!(
///     orm_migrate::plan::schema_sql(&schema),
///     "CREATE TABLE \"public\".\"user\" (\n    \"id\" bigint NOT NULL\n);\n"
/// );
/// ```
pub fn schema_sql(schema: &Schema) -> String {
    let nothing = Canonical::of_catalog(Schema::default());
    let all = Canonical::of_catalog(schema.clone());
    let changes = crate::diff::diff(&nothing, &all, &BTreeSet::new());
    let plan = plan(changes, &nothing, &all);
    let statements = plan.steps.iter().flat_map(|step| &step.statements);
    statements.fold(String::new(), |mut sql, statement| {
        // Writing to a String cannot fail.
        let _ = writeln!(sql, "{statement};");
        sql
    })
}

/// Objects in an order in which they can be created.
pub(crate) fn in_order(objects: &[Object]) -> Vec<Object> {
    let add = |object: &Object| Change {
        name: ObjectName::of_object(object),
        what: What::AddObject(Box::new(object.clone())),
    };
    let sorted = order::sorted(objects.iter().map(add).collect(), &Schema::default());
    sorted
        .into_iter()
        .filter_map(|change| match change.what {
            What::AddObject(object) => Some(*object),
            _ => None,
        })
        .collect()
}

impl Plan {
    /// The migration as SQL that a person reads and psql runs.
    pub fn up_sql(&self) -> String {
        let mut sql = String::new();
        let mut before = TransactionMode::Transaction;
        for step in &self.steps {
            let is_first = sql.is_empty();
            if !is_first {
                sql.push('\n');
            }
            if let Some(segment) = step.mode.begins_segment(before, is_first) {
                // Writing to a String cannot fail.
                let _ = writeln!(sql, "-- orm:segment {segment}");
            }
            before = step.mode;
            for line in step.comment() {
                let _ = writeln!(sql, "-- {line}");
            }
            for (index, statement) in step.statements.iter().enumerate() {
                if step.repeats && index + 1 == step.statements.len() {
                    sql.push_str("-- orm:repeat\n");
                }
                let _ = writeln!(sql, "{statement};");
            }
        }
        sql
    }

    /// Adds, after all other steps, those that compute again what is stored of the results of functions that change, each
    /// in the form that the size of its table asks for. `to` is the schema that the plan leads to.
    ///
    /// Gives what the way back has to compute again, and what no statement computes again.
    pub fn recompute(
        &mut self,
        stored: &[Stored],
        strategy: &Strategy,
        to: &Schema,
    ) -> (Vec<Stored>, Vec<Stored>) {
        let changes: Vec<Change> =
            self.steps.iter().flat_map(|step| &step.changes).cloned().collect();
        let (before, after): (Vec<Stored>, Vec<Stored>) =
            stored::that_stays(stored, &changes).into_iter().unzip();
        let (steps, left) = stored::recomputed(after.iter(), strategy, to);
        self.steps.extend(steps);
        (before, left)
    }

    /// What of `stored` these steps leave as it is: the rest they make again in any case.
    pub fn leaves(&self, stored: &Stored) -> bool {
        let changes: Vec<Change> =
            self.steps.iter().flat_map(|step| &step.changes).cloned().collect();
        !stored::that_stays(std::slice::from_ref(stored), &changes).is_empty()
    }

    /// What the steps do to people who use the database meanwhile, and to their data.
    pub fn hazards(&self) -> impl Iterator<Item = &Hazard> {
        self.steps.iter().flat_map(|step| &step.hazards)
    }
}
