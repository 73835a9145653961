//! What differs between two schemas: the plain-data vocabulary that `diff` writes, and `plan` and `ddl` read.

mod part;
mod renaming;

pub use part::Part;
pub use renaming::Renaming;
pub(crate) use renaming::{BETWEEN, back, followed, named};

use crate::ddl;
use orm_core::schema::{Column, List, Object, PartitionOf, Schema, Table, Text};
use orm_core::sql::ident::{Ident, Qualified};
use std::fmt;

/// A table or another object, by schema and name: see [`Object::name`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The PostgreSQL schema.
    pub schema: String,
    /// The name within the schema.
    pub name: String,
}

impl ObjectName {
    /// The name of a table.
    pub fn of(table: &Table) -> Self {
        Self { schema: table.schema.to_string(), name: table.name.to_string() }
    }

    /// The name of the table that a partition belongs to.
    pub fn parent(it: &PartitionOf) -> Self {
        Self { schema: it.schema.to_string(), name: it.table.to_string() }
    }

    /// The name of an object that is no table.
    pub fn of_object(object: &Object) -> Self {
        Self { schema: object.schema().to_owned(), name: object.name().into_owned() }
    }

    /// Every table and object of a schema.
    pub fn all(schema: &Schema) -> impl Iterator<Item = Self> {
        schema.tables.iter().map(Self::of).chain(schema.objects.iter().map(Self::of_object))
    }

    /// The name as SQL, with its schema.
    pub fn qualified(&self) -> Qualified<'_> {
        Qualified(&self.schema, &self.name)
    }
}

/// For people: without the schema where that is `public`.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema == orm_core::schema::DEFAULT_SCHEMA {
            write!(f, "{}", Ident(&self.name))
        } else {
            write!(f, "{}", self.qualified())
        }
    }
}

/// One difference, from the live schema to the declared one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The table or object.
    pub name: ObjectName,
    /// What changes in it.
    pub what: What,
}

/// What changes in a table, or in another object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a migration has few changes, and patterns match columns without a box"
)]
pub enum What {
    /// The table does not exist. Its foreign keys, triggers, policies and row security are changes of their own.
    AddTable(Box<Table>),
    /// The table is no longer declared.
    DropTable(Box<Table>),
    /// The column does not exist.
    AddColumn(Column),
    /// The column is no longer declared.
    DropColumn(Column),
    /// The column differs.
    AlterColumn {
        /// As it is.
        from: Column,
        /// As it is declared.
        to: Column,
    },
    /// A constraint, index, trigger or policy does not exist.
    Add(Part),
    /// A part is no longer declared.
    Drop(Part),
    /// A part differs, in a way that it can be changed.
    AlterPart {
        /// As it is.
        from: Part,
        /// As it is declared.
        to: Part,
    },
    /// A part has another name.
    Rename {
        /// The part under its old name.
        part: Part,
        /// The declared name.
        to: Text,
    },
    /// A table, a type or what is in it has another name.
    Renamed(Renaming),
    /// The table is stored otherwise.
    Storage {
        /// As it is.
        from: Storage,
        /// As it is declared.
        to: Storage,
    },
    /// Row security differs.
    RowSecurity {
        /// As it is.
        from: RowSecurity,
        /// As it is declared.
        to: RowSecurity,
    },
    /// The table becomes a partition.
    Attach(PartitionOf),
    /// The table is a partition no longer.
    Detach(PartitionOf),
    /// The comment on the table differs.
    Comment {
        /// As it is.
        from: Option<Text>,
        /// As it is declared.
        to: Option<Text>,
    },
    /// The object does not exist.
    AddObject(Box<Object>),
    /// The object is no longer declared, or is made again.
    DropObject(Box<Object>),
    /// The object differs, in a way that it can be changed.
    AlterObject {
        /// As it is.
        from: Box<Object>,
        /// As it is declared.
        to: Box<Object>,
    },
}

/// What is said of the storage of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// `WITH (..)`, each as `name=value`.
    pub storage_parameters: List<Text>,
}

impl Storage {
    /// Those of a table.
    pub fn of(table: &Table) -> Self {
        let storage_parameters = table.storage_parameters.clone();
        Self { unlogged: table.unlogged, storage_parameters }
    }
}

/// Whether rows are seen through the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowSecurity {
    /// `ENABLE ROW LEVEL SECURITY`.
    pub enabled: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    pub forced: bool,
}

impl RowSecurity {
    /// That of a table which nobody has secured.
    pub const NONE: Self = Self { enabled: false, forced: false };

    /// That of a table.
    pub fn of(table: &Table) -> Self {
        Self { enabled: table.row_security, forced: table.force_row_security }
    }
}

impl Change {
    /// Whether rows or values are lost. Those of a generated column are made of others.
    pub fn is_destructive(&self) -> bool {
        match &self.what {
            What::DropTable(_) => true,
            What::DropColumn(column) => column.generated.is_none(),
            _ => false,
        }
    }
}

/// One line for people: `add column "age" integer to "user"`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.name;
        match &self.what {
            What::AddTable(it) => write!(f, "create table {table} ({} columns)", it.columns.len()),
            What::DropTable(_) => write!(f, "drop table {table}"),
            What::AddColumn(column) => {
                write!(f, "add column {} to {table}", ddl::column(&table.schema, column))
            }
            What::DropColumn(column) => write!(f, "drop column {} of {table}", Ident(&column.name)),
            What::AlterColumn { from, to } => {
                write!(
                    f,
                    "change column {} of {table}: {}",
                    Ident(&to.name),
                    differences(from, to).join(", ")
                )
            }
            What::Add(part) => write!(f, "add {} {} to {table}", part.kind(), Ident(part.name())),
            What::Drop(part) => write!(f, "drop {} {} of {table}", part.kind(), Ident(part.name())),
            What::Rename { part, to } => {
                write!(
                    f,
                    "rename {} {} of {table} to {}",
                    part.kind(),
                    Ident(part.name()),
                    Ident(to)
                )
            }
            What::Renamed(it) => it.said(table, f),
            What::AlterPart { from, to } if from.clone().validated() == *to => {
                write!(f, "validate {} {} of {table}", to.kind(), Ident(to.name()))
            }
            What::AlterPart { to, .. } => {
                write!(f, "change {} {} of {table}", to.kind(), Ident(to.name()))
            }
            What::Storage { from, to } => match (from.unlogged, to.unlogged) {
                (false, true) => write!(f, "make {table} unlogged"),
                (true, false) => write!(f, "make {table} logged"),
                _ => write!(f, "change the storage parameters of {table}"),
            },
            What::RowSecurity { from, to } => match (from.enabled, to.enabled) {
                (false, true) => write!(f, "enable row security of {table}"),
                (true, false) => write!(f, "disable row security of {table}"),
                _ if to.forced => write!(f, "force row security of {table} on its owner"),
                _ => write!(f, "no longer force row security of {table} on its owner"),
            },
            What::Attach(it) => {
                write!(f, "make {table} a partition of {}: {}", ObjectName::parent(it), it.bound)
            }
            What::Detach(it) => {
                write!(f, "detach {table} from {}", ObjectName::parent(it))
            }
            What::Comment { .. } => write!(f, "change the comment on {table}"),
            What::AddObject(it) => write!(f, "create {} {}", it.kind(), ddl::object::name(it)),
            What::DropObject(it) => write!(f, "drop {} {}", it.kind(), ddl::object::name(it)),
            What::AlterObject { to, .. } => {
                write!(f, "change {} {}", to.kind(), ddl::object::name(to))
            }
        }
    }
}

/// What differs between two columns, in words.
fn differences(from: &Column, to: &Column) -> Vec<String> {
    let mut words = Vec::new();
    if from.data_type != to.data_type {
        words.push(format!("type {} to {}", from.data_type, to.data_type));
    }
    if from.collation != to.collation {
        words.push("collation".to_owned());
    }
    match (from.nullable, to.nullable) {
        (true, false) => words.push("set NOT NULL".to_owned()),
        (false, true) => words.push("drop NOT NULL".to_owned()),
        _ => {}
    }
    match (&from.default, &to.default) {
        (from, to) if from == to => {}
        (_, Some(to)) => words.push(format!("set default {to}")),
        (_, None) => words.push("drop default".to_owned()),
    }
    if from.identity != to.identity {
        words.push(if to.identity.is_some() { "set identity" } else { "drop identity" }.to_owned());
    }
    if from.generated != to.generated {
        words.push("generation expression".to_owned());
    }
    if from.comment != to.comment {
        words.push("comment".to_owned());
    }
    let (old, new) = (&from.sequence, &to.sequence);
    if old.name != new.name {
        words.push("name of its sequence".to_owned());
    }
    if old.logged != new.logged {
        words.push("whether its sequence is logged".to_owned());
    }
    if (&old.data_type, old.options) != (&new.data_type, new.options) {
        words.push("options of its sequence".to_owned());
    }
    words
}
