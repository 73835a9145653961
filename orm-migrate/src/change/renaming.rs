//! [`Renaming`]: what keeps all that it holds under another name.

use super::{Change, ObjectName, What};
use orm_core::schema::{Column, Namespace, Object, Table, Text};
use orm_core::sql::ident::{Ident, Literal};
use std::collections::BTreeSet;
use std::fmt;

/// How a name begins that something has for a moment, while two give each other their names.
pub(crate) const BETWEEN: &str = "orm_rename_";

/// Something that has another name. The change's own name is that of the table or type at this point: the old one for
/// a table or an object, and for what is in it the one that it has when its renaming is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renaming {
    /// A table.
    Table {
        /// As it is.
        from: Box<Table>,
        /// Its name afterwards.
        to: ObjectName,
    },
    /// An object that is no table.
    Object {
        /// As it is.
        from: Box<Object>,
        /// Its name afterwards.
        to: ObjectName,
    },
    /// A column.
    Column {
        /// As it is.
        from: Box<Column>,
        /// Its name afterwards.
        to: Text,
    },
    /// A value of an enum.
    Value {
        /// Its name.
        from: Text,
        /// Its name afterwards.
        to: Text,
    },
    /// An attribute of a composite type.
    Attribute {
        /// Its name.
        from: Text,
        /// Its name afterwards.
        to: Text,
    },
    /// What an extension brings, in another schema.
    Extension {
        /// The schema.
        from: Text,
        /// The schema afterwards.
        to: Text,
    },
}

impl Renaming {
    /// What it is, in PostgreSQL's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Table { .. } => "table",
            Self::Object { from, .. } => from.kind(),
            Self::Column { .. } => "column",
            Self::Value { .. } => "value",
            Self::Attribute { .. } => "attribute",
            Self::Extension { .. } => "extension",
        }
    }

    pub(super) fn said(&self, of: &ObjectName, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Table { to, .. } | Self::Object { to, .. } if to.schema != of.schema => {
                let schema = Ident(&to.schema);
                match to.name == of.name {
                    true => write!(f, "move {kind} {of} to schema {schema}"),
                    false => {
                        write!(f, "move {kind} {of} to schema {schema} as {}", Ident(&to.name))
                    }
                }
            }
            Self::Table { to, .. } | Self::Object { to, .. } => {
                write!(f, "rename {kind} {of} to {to}")
            }
            Self::Column { from, to } => {
                write!(f, "rename column {} of {of} to {}", Ident(&from.name), Ident(to))
            }
            Self::Value { from, to } => {
                write!(f, "rename value {} of {of} to {}", Literal(from), Literal(to))
            }
            Self::Attribute { from, to } => {
                write!(f, "rename attribute {} of {of} to {}", Ident(from), Ident(to))
            }
            Self::Extension { to, .. } => {
                write!(f, "move extension {} to schema {}", Ident(&of.name), Ident(to))
            }
        }
    }

    /// The same the other way around, of what is called `of` now.
    fn back(self, of: ObjectName) -> Change {
        let (name, what) = match self {
            Self::Table { from, to } => {
                let now = Table {
                    schema: to.schema.clone().into(),
                    name: to.name.clone().into(),
                    ..*from
                };
                (to, Self::Table { from: Box::new(now), to: of })
            }
            Self::Object { from, to } => {
                let now = named(*from, &to);
                (to, Self::Object { from: Box::new(now), to: of })
            }
            Self::Column { from, to } => {
                let old = from.name.clone();
                (of, Self::Column { from: Box::new(Column { name: to, ..*from }), to: old })
            }
            Self::Value { from, to } => (of, Self::Value { from: to, to: from }),
            Self::Attribute { from, to } => (of, Self::Attribute { from: to, to: from }),
            Self::Extension { from, to } => (of, Self::Extension { from: to, to: from }),
        };
        Change { name, what: What::Renamed(what) }
    }
}

/// An object under another name.
pub(crate) fn named(mut object: Object, to: &ObjectName) -> Object {
    let (new_schema, new_name) = (Text::from(to.schema.clone()), Text::from(to.name.clone()));
    let (schema, name) = match &mut object {
        Object::Namespace(Namespace { name, .. }) => {
            *name = new_schema;
            return object;
        }
        Object::Extension(it) => {
            it.name = new_name;
            return object;
        }
        Object::Function(it) => {
            // Its arguments are part of what it is found by, not of what it is called.
            let plain = to.name.split_once('(').map_or(to.name.as_str(), |(plain, _)| plain);
            it.name = plain.to_owned().into();
            it.schema = new_schema;
            return object;
        }
        Object::Enum(it) => (&mut it.schema, &mut it.name),
        Object::Domain(it) => (&mut it.schema, &mut it.name),
        Object::Composite(it) => (&mut it.schema, &mut it.name),
        Object::Sequence(it) => (&mut it.schema, &mut it.name),
        Object::View(it) => (&mut it.schema, &mut it.name),
    };
    (*schema, *name) = (new_schema, new_name);
    object
}

/// What takes these renamings back, which make nothing else but the PostgreSQL schemas they move tables to.
pub(crate) fn back(renamings: &[Change]) -> Vec<Change> {
    let inverse = |Change { name, what }: Change| match what {
        What::Renamed(it) => it.back(name),
        What::Rename { part, to } => {
            let old = Text::from(part.name().to_owned());
            Change { name, what: What::Rename { part: part.named(Some(to)), to: old } }
        }
        What::AddObject(it) => Change { name, what: What::DropObject(it) },
        what => Change { name, what },
    };
    renamings.iter().rev().cloned().map(inverse).collect()
}

/// These names as they are when the renamings are done.
pub(crate) fn followed(names: BTreeSet<ObjectName>, renamings: &[Change]) -> BTreeSet<ObjectName> {
    renamings.iter().fold(names, |mut names, change| {
        match &change.what {
            What::Renamed(Renaming::Table { to, .. } | Renaming::Object { to, .. })
                if names.remove(&change.name) =>
            {
                names.insert(to.clone());
            }
            // Whoever makes it may drop it.
            What::AddObject(_) => {
                names.insert(change.name.clone());
            }
            _ => {}
        }
        names
    })
}
