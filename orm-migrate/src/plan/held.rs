//! The locks that a step takes on what is no table, as measured on PostgreSQL 15.18, 15.20 and 18. Until such a
//! transaction is over, others wait that define something of it, as an index that calls a function: no query does.

use super::step::{LockMode, Step};
use crate::change::{Change, Renaming, What};
use crate::ddl::object;
use orm_core::schema::Object;
use orm_core::sql::ident::Ident;
use std::fmt;

/// A lock on a function, a type or a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectLock {
    /// What it is on: `function "public"."f"(integer)`.
    pub object: String,
    /// How strong, on the release that takes the strongest.
    pub mode: LockMode,
    /// The first minor release that takes it, where not all do.
    pub since: Option<&'static str>,
}

/// As a migration says it.
impl fmt::Display for ObjectLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.mode, self.object)?;
        self.since.map_or(Ok(()), |since| write!(f, " (on PostgreSQL {since}, not on 15.18)"))
    }
}

impl Step {
    /// The locks on functions, types and schemas that are there, in the order of the changes.
    pub fn object_locks(&self) -> Vec<ObjectLock> {
        self.changes.iter().filter_map(of).collect()
    }
}

/// The first release of 15 that locks what others depend on.
const NEW: Option<&str> = Some("15.20");

fn of(change: &Change) -> Option<ObjectLock> {
    let lock = |it: &Object, mode, since| {
        let object = format!("{} {}", it.kind(), object::name(it));
        Some(ObjectLock { object, mode, since })
    };
    match &change.what {
        What::DropObject(it) if is_locked(it) => lock(it, LockMode::AccessExclusive, None),
        What::AlterObject { from, to } => match (&**from, &**to) {
            (Object::Function(before), Object::Function(after)) => {
                let is_same = (&before.arguments, &before.definition)
                    == (&after.arguments, &after.definition);
                match is_same {
                    true => lock(from, LockMode::ShareUpdateExclusive, None),
                    false => lock(from, LockMode::AccessExclusive, NEW),
                }
            }
            (Object::Enum(before), Object::Enum(after)) if before.values != after.values => {
                lock(from, LockMode::Exclusive, None)
            }
            (Object::Domain(before), Object::Domain(after)) if before.checks != after.checks => {
                lock(from, LockMode::AccessExclusive, NEW)
            }
            (Object::Composite(before), Object::Composite(after))
                if before.attributes != after.attributes =>
            {
                lock(from, LockMode::AccessExclusive, None)
            }
            _ => None,
        },
        What::Renamed(Renaming::Object { from, .. }) => match &**from {
            Object::Function(_) => lock(from, LockMode::AccessExclusive, None),
            Object::Namespace(it) => Some(ObjectLock {
                object: format!("schema {}", Ident(&it.name)),
                mode: LockMode::AccessExclusive,
                since: NEW,
            }),
            _ => None,
        },
        What::Renamed(Renaming::Value { .. }) => Some(ObjectLock {
            object: format!("enum {}", change.name.qualified()),
            mode: LockMode::Exclusive,
            since: None,
        }),
        _ => None,
    }
}

/// Of the others the server locks a relation, or nothing.
fn is_locked(object: &Object) -> bool {
    matches!(
        object,
        Object::Function(_)
            | Object::Enum(_)
            | Object::Domain(_)
            | Object::Composite(_)
            | Object::Namespace(_)
    )
}
