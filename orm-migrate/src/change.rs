//! What differs between two schemas: the plain-data vocabulary that `diff` writes, and `plan` and `ddl` read.

use crate::ddl;
use orm_core::schema::{
    Check, Column, ForeignKey, Index, Object, PrimaryKey, Schema, Table, Text, Unique,
};
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
pub enum What {
    /// The table does not exist. Its foreign keys are changes of their own.
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
    /// A constraint or index does not exist.
    Add(Part),
    /// A constraint or index is no longer declared.
    Drop(Part),
    /// A constraint or index has another name.
    Rename {
        /// The part under its old name.
        part: Part,
        /// The declared name.
        to: Text,
    },
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

/// A constraint or index of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
    /// An index that belongs to no constraint.
    Index(Index),
}

impl Part {
    /// Every constraint and index of a table.
    pub fn all(table: &Table) -> impl Iterator<Item = Self> {
        let key = table.primary_key.iter().cloned().map(Self::PrimaryKey);
        let uniques = table.uniques.iter().cloned().map(Self::Unique);
        let foreign_keys = table.foreign_keys.iter().cloned().map(Self::ForeignKey);
        let checks = table.checks.iter().cloned().map(Self::Check);
        let indexes = table.indexes.iter().cloned().map(Self::Index);
        key.chain(uniques).chain(foreign_keys).chain(checks).chain(indexes)
    }

    /// What it is, in PostgreSQL's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PrimaryKey(_) => "primary key",
            Self::Unique(_) => "unique constraint",
            Self::ForeignKey(_) => "foreign key",
            Self::Check(_) => "check",
            Self::Index(Index { unique: true, .. }) => "unique index",
            Self::Index(_) => "index",
        }
    }

    /// Its name; a catalog says it always.
    pub fn name(&self) -> &str {
        let name = match self {
            Self::PrimaryKey(key) => &key.name,
            Self::Unique(unique) => &unique.name,
            Self::ForeignKey(key) => &key.name,
            Self::Check(check) => &check.name,
            Self::Index(index) => &index.name,
        };
        name.as_deref().unwrap_or_default()
    }

    /// The same under another name.
    #[must_use]
    pub fn named(mut self, name: Option<Text>) -> Self {
        *match &mut self {
            Self::PrimaryKey(key) => &mut key.name,
            Self::Unique(unique) => &mut unique.name,
            Self::ForeignKey(key) => &mut key.name,
            Self::Check(check) => &mut check.name,
            Self::Index(index) => &mut index.name,
        } = name;
        self
    }

    /// Whether both say the same, whatever their names.
    pub fn equals_but_for_name(&self, other: &Self) -> bool {
        self.clone().named(None) == other.clone().named(None)
    }

    /// Whether it is an index and no constraint.
    pub fn is_index(&self) -> bool {
        matches!(self, Self::Index(_))
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
                write!(f, "add column {} to {table}", ddl::column(column))
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
    words
}
