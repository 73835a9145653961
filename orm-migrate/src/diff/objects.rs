//! What is no table: schemas, extensions, types, sequences, functions, views.

use crate::change::{Change, ObjectName, What};
use crate::ddl::object::{can_be_altered, is_of_column};
use crate::ddl::serial;
use orm_core::schema::{Extension, Object, OwnedBy, Schema, Sequence};
use std::collections::BTreeSet;

/// What leads from the objects of one schema to those of the other.
pub(super) fn diff(
    from: &Schema,
    to: &Schema,
    managed: &BTreeSet<ObjectName>,
    changes: &mut Vec<Change>,
) {
    let mut add =
        |object: &Object, what| changes.push(Change { name: ObjectName::of_object(object), what });
    for object in &to.objects {
        let live = of_serial(object, from);
        let live = from.object(object.schema(), &object.name()).or(live.as_ref());
        match live {
            None => add(object, What::AddObject(Box::new(object.clone()))),
            Some(live) if is_same(live, object, to) => {}
            Some(live) => {
                let to = Box::new(with_rights(object, live, to));
                let from = Box::new(live.clone());
                // An enum that loses values is made again together with the columns of its type.
                let is_enum = matches!((live, object), (Object::Enum(_), Object::Enum(_)));
                if is_enum || can_be_altered(&from, &to) {
                    add(object, What::AlterObject { from, to });
                } else {
                    add(live, What::DropObject(from));
                    add(object, What::AddObject(to));
                }
            }
        }
    }
    let is_gone = |object: &&Object| {
        to.object(object.schema(), &object.name()).is_none()
            && managed.contains(&ObjectName::of_object(object))
            && of_serial(object, to).is_none()
    };
    // One that becomes that of a serial column.
    for live in from.objects.iter().filter(|it| to.object(it.schema(), &it.name()).is_none()) {
        let Some(declared) = of_serial(live, to) else { continue };
        if *live != declared {
            let (from, to) = (Box::new(live.clone()), Box::new(declared));
            add(live, What::AlterObject { from, to });
        }
    }
    for object in from.objects.iter().filter(is_gone) {
        let still_holds = |namespace: &str| {
            let kept = |name: &ObjectName| !managed.contains(name);
            from.tables.iter().any(|it| it.schema == namespace && kept(&ObjectName::of(it)))
                || from.objects.iter().any(|it| {
                    *it != *object && it.schema() == namespace && kept(&ObjectName::of_object(it))
                })
        };
        match object {
            // Somebody else has things in it.
            Object::Namespace(it) if still_holds(&it.name) => {}
            object => add(object, What::DropObject(Box::new(object.clone()))),
        }
    }
}

/// The same sequence as a serial column of the schema has it; there it is no object of its own. Nothing is known of the
/// comment on that.
fn of_serial(object: &Object, schema: &Schema) -> Option<Object> {
    let Object::Sequence(it) = object else { return None };
    let tables = schema.tables.iter().filter(|table| table.schema == it.schema);
    let mut sequences = tables.flat_map(|table| {
        table.columns.iter().filter_map(move |column| serial::as_object(table, column))
    });
    let own = sequences.find(|own| own.name == it.name)?;
    Some(Object::Sequence(Sequence { comment: it.comment.clone(), ..own }))
}

/// Gives the extensions of `to` what was left open and `from` says, and the other objects the rights on them.
pub(super) fn settle(from: &Schema, to: &mut Schema) {
    let declared = to.clone();
    for object in &mut to.objects {
        let live = of_serial(object, from);
        if let Some(live) = from.object(object.schema(), &object.name()).or(live.as_ref()) {
            *object = with_rights(object, live, &declared);
        }
    }
    let Schema { tables, objects, .. } = to;
    for object in objects {
        let Object::Sequence(it) = object else { continue };
        let is_there = |by: &OwnedBy| {
            tables.iter().any(|table| {
                (&table.schema, &table.name) == (&by.schema, &by.table)
                    && table.column(&by.column).is_some()
            })
        };
        // It stays when its column goes.
        it.owned_by = it.owned_by.take().filter(|by| is_there(by));
    }
}

/// Whether nothing is to be done; what was left open agrees with anything.
fn is_same(live: &Object, object: &Object, declared: &Schema) -> bool {
    live.clone().without_grants() == with_rights(object, live, declared).without_grants()
}

/// The declared object with what nobody declares: the version of an extension, the rights on another object, the
/// column that a sequence belongs to.
fn with_rights(object: &Object, live: &Object, declared: &Schema) -> Object {
    match (object, live) {
        (Object::Extension(it), Object::Extension(live)) => Object::Extension(Extension {
            name: it.name.clone(),
            schema: it.schema.clone().or_else(|| live.schema.clone()),
            version: it.version.clone().or_else(|| live.version.clone()),
        }),
        (Object::View(it), Object::View(live)) if it.grants.is_empty() => {
            let mut it = it.clone();
            let is_same = it.query == live.query && it.materialized == live.materialized;
            let said = live.grants.iter().filter(|text| is_same || !is_of_column(text)).cloned();
            it.grants = said.collect();
            Object::View(it)
        }
        (Object::Sequence(it), Object::Sequence(live)) if declared.has_implied_owner(it) => {
            Object::Sequence(Sequence { owned_by: live.owned_by.clone(), ..it.clone() })
        }
        (declared, live)
            if declared.kind() == live.kind()
                && !matches!(declared, Object::View(_))
                && declared.grants().is_empty() =>
        {
            declared.clone().with_grants(live.grants().to_vec().into())
        }
        (declared, _) => declared.clone(),
    }
}
