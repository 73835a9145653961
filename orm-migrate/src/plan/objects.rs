//! Steps for what is no table.

use super::cost::{Cost, CostKind};
use super::hazard::{Hazard, HazardKind};
use super::order::columns_of_type;
use super::step::{Lock, LockMode, Mode, Step};
use crate::change::{Change, ObjectName, What};
use crate::ddl::object::{self, TypedColumn, can_be_altered};
use orm_core::schema::{Enum, Object, Schema};
use orm_core::sql::ident::Literal;

/// The step of a change of an object; none for a change of a table. `others` are all changes of the plan.
pub(super) fn step(change: &Change, others: &[Change], from: &Schema, to: &Schema) -> Option<Step> {
    let statements = match &change.what {
        What::AddObject(it) => {
            // A body may name what comes later (manual, section 20.11.1).
            let unchecked = matches!(**it, Object::Function(_))
                .then(|| "SET LOCAL check_function_bodies = off".to_owned());
            unchecked.into_iter().chain(object::made(it)).collect()
        }
        What::DropObject(it) => vec![object::drop(it)],
        What::AlterObject { from: before, to: after } => {
            if let (Object::Enum(before), Object::Enum(after)) = (&**before, &**after)
                && !can_be_altered(&before.clone().into(), &after.clone().into())
            {
                return Some(rebuilt(change, before, after, others, from, to));
            }
            object::alter(before, after)
        }
        _ => return None,
    };
    let mut step = Step::plain(vec![change.clone()], statements, locks(change));
    if let What::AlterObject { from, to } = &change.what
        && let (Object::Enum(from), Object::Enum(to)) = (&**from, &**to)
        && is_new_value_used(from, to, others)
    {
        step.mode = Mode::OwnTransaction;
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
        _ => Vec::new(),
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
    let is_alter = |change: &Change| matches!(change.what, What::AlterObject { .. });
    changes.iter().filter(|change| !is_alter(change)).any(|change| {
        super::order::texts_used(change).iter().any(|text| new.iter().any(|it| text.contains(it)))
    })
}

/// An enum that loses values or changes their order.
fn rebuilt(
    change: &Change,
    before: &Enum,
    after: &Enum,
    others: &[Change],
    from: &Schema,
    to: &Schema,
) -> Step {
    // Tables go before types change.
    let is_gone = |table: &ObjectName| {
        others.iter().any(|it| it.name == *table && matches!(it.what, What::DropTable(_)))
    };
    let found: Vec<_> =
        columns_of_type(from, &change.name).filter(|(table, ..)| !is_gone(table)).collect();
    let columns: Vec<TypedColumn<'_>> = found
        .iter()
        .map(|(table, column, is_array)| TypedColumn {
            table,
            from: column,
            to: to.table(&table.schema, &table.name).and_then(|it| it.column(&column.name)),
            is_array: *is_array,
        })
        .collect();
    let mut tables: Vec<&ObjectName> = columns.iter().map(|column| column.table).collect();
    tables.dedup();
    let lock =
        |table: &&ObjectName| Lock { table: (*table).clone(), mode: LockMode::AccessExclusive };
    let locks = tables.iter().map(lock).collect();
    let mut step =
        Step::plain(vec![change.clone()], object::rebuild(before, after, &columns), locks);
    let gone: Vec<String> = before
        .values
        .iter()
        .filter(|value| !after.values.contains(value))
        .map(|value| Literal(value).to_string())
        .collect();
    for table in tables {
        step.costs.push(Cost { table: table.clone(), kind: CostKind::Rewrite });
        if !gone.is_empty() {
            step.hazards.push(Hazard {
                kind: HazardKind::FailsOnExistingRows,
                sentence: format!("it fails if a row of {table} has {}", gone.join(" or ")),
            });
        }
    }
    step
}
