//! Sequences that belong to a column: PostgreSQL drops them with it, and makes them its own when it is there.

use super::step::{Mode, Step};
use super::written::Known;
use crate::change::{Change, ObjectName, What};
use crate::ddl::object;
use orm_core::schema::{Object, OwnedBy, Schema, Sequence};
use orm_core::sql::ident::Qualified;

/// Adds the steps that free sequences first, and those that give them to columns last.
pub(super) fn say(steps: &mut Vec<Step>, from: &Schema, to: &Schema) {
    let freed: Vec<&Sequence> = sequences(from)
        .filter(|it| it.owned_by.as_deref().is_some_and(|by| goes(by, steps)))
        .collect();
    let free = |it: &&Sequence| {
        let title = format!("sequence {} stays when its column goes", name(it));
        step(title, object::own(&it.schema, &it.name, None))
    };
    let mut last = Vec::new();
    for it in sequences(to) {
        let Some(by) = it.owned_by.as_deref() else { continue };
        let is_freed =
            freed.iter().any(|freed| (&freed.schema, &freed.name) == (&it.schema, &it.name));
        if is_freed || steps.iter().flat_map(|step| &step.changes).any(|change| gives(change, it)) {
            let owner = Qualified(&by.schema, &by.table);
            let title = format!("sequence {} belongs to a column of {owner}", name(it));
            let own = step(title, object::own(&it.schema, &it.name, Some(by)));
            // Where nothing else of it changes, this is the change.
            let only = steps.iter().position(|step| {
                step.statements.is_empty() && step.changes.iter().any(|change| gives(change, it))
            });
            last.push(match only.map(|place| steps.remove(place)) {
                Some(only) => Step { title: None, changes: only.changes, ..own },
                None => own,
            });
        }
    }
    steps.splice(0..0, freed.iter().map(free));
    steps.append(&mut last);
}

fn sequences(schema: &Schema) -> impl Iterator<Item = &Sequence> {
    schema.objects.iter().filter_map(|object| match object {
        Object::Sequence(it) => Some(it),
        _ => None,
    })
}

fn name(it: &Sequence) -> Qualified<'_> {
    Qualified(&it.schema, &it.name)
}

fn step(title: String, statement: String) -> Step {
    Step {
        title: Some(title),
        mode: Mode::Transaction,
        ..Step::plain(Vec::new(), vec![statement], Vec::new(), &Known::default())
    }
}

/// Whether the column goes.
fn goes(by: &OwnedBy, steps: &[Step]) -> bool {
    let table = ObjectName { schema: by.schema.to_string(), name: by.table.to_string() };
    steps.iter().flat_map(|step| &step.changes).filter(|it| it.name == table).any(|it| {
        match &it.what {
            What::DropTable(_) => true,
            What::DropColumn(column) => column.name == by.column,
            _ => false,
        }
    })
}

/// Whether the change makes the sequence belong to another column than before.
fn gives(change: &Change, it: &Sequence) -> bool {
    match &change.what {
        What::AddObject(new) => matches!(&**new, Object::Sequence(new) if new == it),
        What::AlterObject { from, to } => match (&**from, &**to) {
            (Object::Sequence(from), Object::Sequence(to)) => {
                to == it && from.owned_by != to.owned_by
            }
            _ => false,
        },
        _ => false,
    }
}
