//! Steps that give other names. They come before all others: what is compared afterwards has the new names already.

use super::order::is_string;
use super::step::{Lock, LockMode, Step, steps};
use super::{Hazard, HazardKind};
use crate::change::{BETWEEN, Change, ObjectName, Renaming, What};
use crate::diff::has_word;
use orm_core::schema::{Function, Object, Schema, Text};
use orm_core::sql::ident::{Ident, Literal};

/// The steps of these renamings, in their order.
///
/// The changes of the same migration that they make room for are planned by [`plan`](super::plan()).
pub fn renaming(renamings: &[Change]) -> Vec<Step> {
    let mut steps = steps(renamings.to_vec(), &Schema::default(), &Schema::default());
    let given: Vec<_> =
        renamings.iter().filter_map(names).map(|(place, _, to)| (place, to)).collect();
    for step in &mut steps {
        let Some((place, from, _)) = step.changes.first().and_then(names) else { continue };
        let is_passed_on = given.contains(&(place, from));
        for hazard in step.hazards.iter_mut().filter(|_| is_passed_on) {
            hazard.sentence =
                hazard.sentence.replace("fail from then on", "find another one there from then on");
        }
    }
    steps
}

/// Says which functions have an old name in their body. Where that is a string, PostgreSQL reads it only when the
/// function runs, so that it does not follow. `from` is what is there under its new names, and `others` are the other
/// changes of the migration.
pub fn say_of_bodies(steps: &mut [Step], from: &Schema, others: &[Change]) {
    let is_changed = |object: &Object| {
        let name = ObjectName::of_object(object);
        others.iter().any(|change| change.name == name)
    };
    let functions = from.objects.iter().filter(|object| !is_changed(object));
    let bodies: Vec<(String, &Function)> = functions
        .filter_map(|object| match object {
            Object::Function(it) if is_string(it) => Some((ObjectName::of_object(object), it)),
            _ => None,
        })
        .map(|(name, it)| (name.to_string(), it))
        .collect();
    // A column is looked for where its table is said, by any of its names.
    let tables: Vec<(String, ObjectName)> = (steps.iter().flat_map(|step| &step.changes))
        .filter_map(|change| match &change.what {
            What::Renamed(Renaming::Table { from, to }) => {
                Some((from.name.to_string(), to.clone()))
            }
            _ => None,
        })
        .collect();
    for step in steps {
        let Some(change) = step.changes.first() else { continue };
        let What::Renamed(renaming) = &change.what else { continue };
        if !is_said(renaming) {
            continue;
        }
        let (old, place) = match renaming {
            Renaming::Table { from, .. } => (from.name.to_string(), None),
            Renaming::Object { from, .. } if is_called(from) => (change.name.name.clone(), None),
            Renaming::Column { from, .. } => (from.name.to_string(), Some(&change.name)),
            _ => continue,
        };
        let says = |body: &str| {
            has_word(body, &old)
                && place.is_none_or(|place| {
                    has_word(body, &place.name)
                        || tables.iter().any(|(old, to)| to == place && has_word(body, old))
                })
        };
        let said = bodies.iter().filter(|(_, it)| says(&it.definition));
        let kind = renaming.kind();
        step.hazards.extend(said.map(|(function, it)| Hazard {
            kind: HazardKind::OldName,
            sentence: format!(
                "{} {function} seems to say {kind} {} in its body, which PostgreSQL reads only when it runs: give it a body with the new name",
                if it.procedure { "procedure" } else { "function" },
                Ident(&old)
            ),
        }));
    }
}

/// Where the names stand, the old one and the new one.
fn names(change: &Change) -> Option<(String, String, String)> {
    let What::Renamed(renaming) = &change.what else { return None };
    let of = change.name.to_string();
    Some(match renaming {
        Renaming::Table { to, .. } | Renaming::Object { to, .. } => {
            (String::new(), of, to.to_string())
        }
        Renaming::Column { from, to } => (of, from.name.to_string(), to.to_string()),
        Renaming::Value { from, to }
        | Renaming::Attribute { from, to }
        | Renaming::Extension { from, to } => (of, from.to_string(), to.to_string()),
    })
}

/// The locks of a renaming of what is called `of`, or of what is in it. Types have none that people wait for.
pub(super) fn locks(of: &ObjectName, renaming: &Renaming) -> Vec<Lock> {
    match renaming {
        Renaming::Table { .. } | Renaming::Column { .. } => {
            vec![Lock { table: of.clone(), mode: LockMode::AccessExclusive }]
        }
        Renaming::Object { .. }
        | Renaming::Value { .. }
        | Renaming::Attribute { .. }
        | Renaming::Extension { .. } => Vec::new(),
    }
}

/// What a renaming does to programs that run already.
pub(super) fn hazard(of: &ObjectName, renaming: &Renaming) -> Option<Hazard> {
    let kind = renaming.kind();
    let what = match renaming {
        Renaming::Table { .. } => format!("table {of}"),
        // What it brings is found by whoever has the schema in the path.
        Renaming::Extension { .. } => return None,
        // The types of columns are not said by those who read and write them.
        Renaming::Object { from, .. } if !is_called(from) => return None,
        Renaming::Object { .. } => format!("{kind} {of}"),
        Renaming::Column { from, .. } => format!("column {} of {of}", Ident(&from.name)),
        Renaming::Value { from, .. } => format!("value {} of {of}", Literal(from)),
        Renaming::Attribute { from, .. } => format!("attribute {} of {of}", Ident(from)),
    };
    is_said(renaming).then(|| Hazard {
        kind: HazardKind::OldName,
        sentence: format!("programs that run meanwhile and still say {what} fail from then on"),
    })
}

fn is_called(object: &Object) -> bool {
    matches!(object, Object::View(_) | Object::Function(_) | Object::Sequence(_))
}

/// A name that something only has in between is said by nobody.
fn is_said(renaming: &Renaming) -> bool {
    let is_between = |name: &str| name.starts_with(BETWEEN);
    match renaming {
        Renaming::Table { from, .. } => !is_between(&from.name),
        Renaming::Object { from, .. } => !is_between(&from.name()),
        Renaming::Column { from, .. } => !is_between(&from.name),
        // It is that of a schema, which stays.
        Renaming::Extension { .. } => false,
        Renaming::Value { from, .. } | Renaming::Attribute { from, .. } => {
            let name: &Text = from;
            !is_between(name)
        }
    }
}
