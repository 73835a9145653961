//! Explanations: of each step its lock, its cost, how it runs, and why it has its form.

use crate::history::PlannedStep;
use crate::plan::{Plan, Step, TransactionMode};
use serde_json::Value;

/// For people.
pub(in crate::cli) fn text(plan: &Plan) -> String {
    let count = plan.steps.len();
    let steps = plan.steps.iter().enumerate().map(|(index, step)| {
        let mut text = format!("step {} of {count}, {}\n", index + 1, how(step));
        let mut add = |label: &str, what: &str| {
            for line in what.lines() {
                text += &format!("  {label:<8}{line}\n");
            }
        };
        let said = planned(step);
        said.does.iter().for_each(|it| add("does", it));
        said.statements.iter().for_each(|it| add("sql", it));
        for lock in &step.locks {
            add("lock", &format!("{}: {}", step.describe_lock(lock), lock.mode.meaning()));
        }
        for lock in step.object_locks() {
            add("lock", &format!("{lock}: who defines something of it must wait"));
        }
        if step.locks.is_empty() {
            add("lock", "none on a table that exists");
        }
        said.costs.iter().for_each(|it| add("cost", it));
        if said.costs.is_empty() {
            add("cost", "no row is read or written");
        }
        said.hazards.iter().for_each(|it| add("hazard", it));
        said.form.iter().for_each(|it| add("form", it));
        text
    });
    steps.collect::<Vec<_>>().join("\n")
}

fn how(step: &Step) -> &'static str {
    match step.mode {
        TransactionMode::Transaction => "in one transaction with its neighbours",
        TransactionMode::OwnTransaction => "in a new transaction",
        TransactionMode::NewTransaction => "in a new transaction, together with the steps after it",
        TransactionMode::Autocommit if step.repeats => {
            "outside of transactions, until it changes no row"
        }
        TransactionMode::Autocommit => "outside of transactions",
    }
}

/// For machines.
pub(in crate::cli) fn document(plan: &Plan) -> Value {
    // Serialising plain data cannot fail.
    plan.steps.iter().map(|step| serde_json::to_value(planned(step)).unwrap_or_default()).collect()
}

/// A step as `plan.json` says it.
pub(super) fn planned(step: &Step) -> PlannedStep {
    let mode = match step.mode {
        TransactionMode::Transaction => "transaction",
        TransactionMode::OwnTransaction => "own_transaction",
        TransactionMode::NewTransaction => "new_transaction",
        TransactionMode::Autocommit => "autocommit",
    };
    PlannedStep {
        statements: step.statements.clone(),
        locks: (step.locks.iter())
            .map(|lock| step.describe_lock(lock))
            .chain(step.object_locks().iter().map(ToString::to_string))
            .collect(),
        hazards: step.hazards.iter().map(|hazard| hazard.sentence.clone()).collect(),
        costs: step.costs.iter().map(ToString::to_string).collect(),
        does: step.changes.iter().map(ToString::to_string).chain(step.title.clone()).collect(),
        mode: mode.to_owned(),
        repeats: step.repeats,
        form: step.reason.clone(),
    }
}
