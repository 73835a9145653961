//! Steps for what is no table.

use super::step::{Lock, LockMode, Mode, Step};
use crate::change::{Change, What};
use crate::ddl::object;
use orm_core::schema::{Enum, Object};
use orm_core::sql::ident::Literal;

/// The step of a change of an object; none for a change of a table. `others` are all changes of the plan.
pub(super) fn step(change: &Change, others: &[Change]) -> Option<Step> {
    let statements = match &change.what {
        What::AddObject(it) => {
            // A body may name what comes later (manual, section 20.11.1).
            let unchecked = matches!(**it, Object::Function(_))
                .then(|| "SET LOCAL check_function_bodies = off".to_owned());
            unchecked.into_iter().chain(object::made(it)).collect()
        }
        What::DropObject(it) => vec![object::drop(it)],
        What::AlterObject { from: before, to: after } => object::alter(before, after),
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
