//! Steps for what is no table.

use super::cost::{Cost, CostKind};
use super::hazard::{Hazard, HazardKind};
use super::order::columns_of;
use super::step::{Lock, LockMode, Step, TransactionMode};
use super::table_rewrite::RewriteContext;
use crate::change::{Change, ObjectName, What};
use crate::ddl::object;
use orm_core::schema::{Check, Domain, Enum, Object, Schema, View};
use orm_core::sql::ident::{Ident, Literal};
use std::collections::BTreeSet;

/// The step of a change of an object; none for a change of a table. `others` are all changes of the plan.
pub(super) fn step(
    change: &Change,
    others: &[Change],
    from: &Schema,
    known: &RewriteContext,
) -> Option<Step> {
    let statements = match &change.what {
        What::AddObject(it) => {
            // A body may name what comes later (manual, section 20.11.1). Not LOCAL: psql may run it line by line.
            let unchecked = matches!(**it, Object::Function(_))
                .then(|| "SET check_function_bodies = off".to_owned());
            unchecked.into_iter().chain(object::made(it)).collect()
        }
        What::DropObject(it) => vec![object::drop(it)],
        What::AlterObject { from: before, to: after } => object::alter(before, after),
        _ => return None,
    };
    let mut step = Step::plain(vec![change.clone()], statements, locks(change), known);
    if let What::AddObject(it) = &change.what
        && matches!(&**it, Object::View(View { materialized: true, .. }))
        && others.iter().any(|it| it.name == change.name && matches!(it.what, What::DropObject(_)))
    {
        step.hazards.push(Hazard {
            kind: HazardKind::LongScan,
            sentence: format!(
                "materialized view {} is made again: the rows that it holds go, its query runs anew, and nobody can read it or write what was changed under it meanwhile",
                change.name
            ),
        });
    }
    if let What::AlterObject { from: before, to: after } = &change.what
        && let (Object::View(before), Object::View(after)) = (&**before, &**after)
        && after.indexes.iter().any(|it| !before.indexes.contains(it))
    {
        step.costs.push(Cost { table: change.name.clone(), kind: CostKind::IndexBuild });
        step.hazards.push(Hazard {
            kind: HazardKind::BlocksWrites,
            sentence: format!("nobody can refresh {} while the index is built", change.name),
        });
    }
    if let What::AlterObject { from: before, to: after } = &change.what
        && let (Object::Domain(before), Object::Domain(after)) = (&**before, &**after)
    {
        restricted(&mut step, &change.name, before, after, from);
    }
    if let What::AlterObject { from, to } = &change.what
        && let (Object::Enum(from), Object::Enum(to)) = (&**from, &**to)
        && is_new_value_used(from, to, others)
    {
        step.mode = TransactionMode::OwnTransaction;
        step.reason =
            Some("a new value can be used when the transaction that adds it is over".to_owned());
    }
    Some(step)
}

/// Views are read as tables are.
fn locks(change: &Change) -> Vec<Lock> {
    let is_view = |it: &Object| matches!(it, Object::View(_));
    match &change.what {
        What::DropObject(it) if is_view(it) => {
            vec![Lock { table: change.name.clone(), mode: LockMode::AccessExclusive }]
        }
        What::AlterObject { from, to } => match (&**from, &**to) {
            (Object::View(from), Object::View(to)) if from.options != to.options => {
                let goes = from.indexes.iter().any(|it| !to.indexes.contains(it));
                let mode = match (to.materialized && !goes, from.indexes != to.indexes) {
                    (false, _) => LockMode::AccessExclusive,
                    (true, true) => LockMode::Share,
                    (true, false) => LockMode::ShareUpdateExclusive,
                };
                vec![Lock { table: change.name.clone(), mode }]
            }
            (Object::View(from), Object::View(to)) if from.indexes != to.indexes => {
                let goes = from.indexes.iter().any(|it| !to.indexes.contains(it));
                let mode = if goes { LockMode::AccessExclusive } else { LockMode::Share };
                vec![Lock { table: change.name.clone(), mode }]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A domain that refuses more: every value that is there is looked at (manual, `ALTER DOMAIN`).
fn restricted(step: &mut Step, name: &ObjectName, before: &Domain, after: &Domain, from: &Schema) {
    // One that has another name holds already.
    let holds = |check: &Check| {
        before.checks.iter().any(|it| it.expression == check.expression && !it.not_valid)
    };
    let is_new = |check: &&Check| !check.not_valid && !holds(check);
    let new: Vec<&Check> = after.checks.iter().filter(is_new).collect();
    if new.is_empty() && (before.not_null || !after.not_null) {
        return;
    }
    let names = BTreeSet::from([name.clone()]);
    for (_, of) in columns_of(from, &names) {
        let (table, column) = (of.table, Ident(&of.column.name));
        let refuses = new.iter().map(|check| check.expression.to_string());
        let refuses: Vec<String> = refuses
            .chain((after.not_null && !before.not_null).then(|| "NOT NULL".to_owned()))
            .collect();
        let mut add = |kind, sentence| step.hazards.push(Hazard { kind, sentence });
        add(
            HazardKind::FailsOnExistingRows,
            format!(
                "it fails if a value in column {column} of table {table} does not satisfy {}",
                refuses.join(" and ")
            ),
        );
        add(
            HazardKind::BlocksWrites,
            format!("nobody can write {table} while every row is checked"),
        );
        let lock = Lock { table: table.clone(), mode: LockMode::Share };
        if !step.locks.contains(&lock) {
            step.locks.push(lock);
            step.costs.push(Cost { table, kind: CostKind::Scan });
        }
    }
}

/// PostgreSQL refuses to use a value before the transaction that added it is over (55P04).
fn is_new_value_used(from: &Enum, to: &Enum, changes: &[Change]) -> bool {
    let new: Vec<String> = to
        .values
        .iter()
        .filter(|value| !from.values.contains(value))
        .map(|value| Literal(value).to_string())
        .collect();
    changes.iter().any(|change| {
        let before = match &change.what {
            What::AlterObject { from, .. } => super::order::texts_of_object(from),
            _ => Vec::new(),
        };
        let texts = super::order::texts_used(change);
        let mut brought = texts.iter().filter(|text| !before.contains(text));
        brought.any(|text| new.iter().any(|it| text.contains(it)))
    })
}
