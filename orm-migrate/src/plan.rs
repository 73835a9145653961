//! Changes -> steps in an order that runs, with what each does to a live database. Pure. Start at [`plan`].
//!
//! Foreign keys are always steps of their own: what they join may be changed in any order in between, so circles of
//! tables cannot arise. Neighbouring changes of one table become one `ALTER TABLE`: one lock, one pass.

mod alter;
mod down;
mod hazard;
mod order;
mod refused;
mod step;
#[cfg(test)]
mod tests;
mod widen;

pub use down::Down;
pub use hazard::{Hazard, HazardKind};
pub use step::{Lock, LockMode, Step};

use crate::catalog::Canonical;
use crate::change::Change;
use std::fmt::Write as _;

/// A migration that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is run, in order.
    pub steps: Vec<Step>,
}

/// The steps that make these changes to a database that has the schema `from`.
pub fn plan(changes: Vec<Change>, from: &Canonical, to: &Canonical) -> Plan {
    let changes = order::with_detached_parts(changes, from.schema(), to.schema());
    let changes = order::sorted(changes);
    let mut steps = step::steps(changes, from.schema());
    refused::say(&mut steps, from.schema(), to.schema());
    Plan { steps }
}

impl Plan {
    /// The migration as SQL that a person reads and psql runs.
    pub fn up_sql(&self) -> String {
        let mut sql = String::new();
        for step in &self.steps {
            if !sql.is_empty() {
                sql.push('\n');
            }
            for line in step.comment() {
                // Writing to a String cannot fail.
                let _ = writeln!(sql, "-- {line}");
            }
            for statement in &step.statements {
                let _ = writeln!(sql, "{statement};");
            }
        }
        sql
    }

    /// What the steps do to people who use the database meanwhile, and to their data.
    pub fn hazards(&self) -> impl Iterator<Item = &Hazard> {
        self.steps.iter().flat_map(|step| &step.hazards)
    }
}
