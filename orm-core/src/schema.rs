//! What a database contains, as plain data: the one model that the derive writes and the catalog reader fills.
//!
//! Holds only what a PostgreSQL catalog can also say; Rust-only facts (field names, relations,
//! `on_update`) live on [`query::Table`](crate::query::Table). Knows no database, no query, no SQL text.
//! `Cow<'static, _>` lets one type serve const data and owned data. Start at [`Schema`].

mod constraint;
mod index;
mod json;
pub mod names;
mod object;
mod policy;
mod rename;
mod said;
mod serial;
mod table;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use constraint::{
    Action, Check, Deferrable, Exclusion, ExclusionElement, ForeignKey, PrimaryKey,
    ReferencedIndex, Unique,
};
pub use index::{Index, IndexKey, IndexPart, NullsOrder, SortOrder};
pub use object::{
    Attribute, Composite, Domain, Enum, Extension, Function, Namespace, Object, OwnedBy, Sequence,
    SequenceOptions, View,
};
pub use policy::{Policy, PolicyCommand, Trigger};
pub use rename::{Rename, Renamed};
pub use said::{Said, SaidOf};
pub(crate) use serial::with_serials;
pub use table::{
    Column, ColumnSequence, Generated, GeneratedKind, Identity, IdentityKind, PartitionOf, Table,
};

/// A name or a piece of SQL: borrowed when the derive wrote it, owned when a catalog said it.
pub type Text = Cow<'static, str>;

/// A list that is const data when the derive wrote it and owned when a catalog said it.
pub type List<T> = Cow<'static, [T]>;

/// The schema every table is in unless it says otherwise: PostgreSQL's `public`.
pub const DEFAULT_SCHEMA: &str = "public";

/// A set of tables, with every constraint and index named.
///
/// ```
/// use orm_core::schema::{Column, Schema, Table};
/// let mut user = Table::new("public", "user");
/// user.columns.to_mut().push(Column::new("id", "text"));
/// let schema = Schema::declared([user]).unwrap();
/// assert_eq!(schema.table("public", "user").unwrap().columns[0].data_type, "text");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct Schema {
    /// The tables, sorted by schema and name.
    pub tables: Vec<Table>,
    /// What there is besides tables, sorted by schema and name.
    #[cfg_attr(feature = "schema-json", serde(default))]
    pub objects: Vec<Object>,
    /// The names that were not declared: they come from [`names`], and a database whose constraint or owned
    /// sequence has another name but the same definition agrees with them. That of a sequence without a
    /// declared owner is here as that of a table, with an empty name.
    #[cfg_attr(feature = "schema-json", serde(default))]
    pub implied_names: BTreeSet<ImpliedName>,
    /// What was called otherwise before; a catalog says nothing of it.
    #[cfg_attr(feature = "schema-json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub renames: Vec<Rename>,
    /// What is said of the parts of tables and declared by nobody; only a catalog says it.
    #[cfg_attr(feature = "schema-json", serde(skip))]
    pub kept: Vec<Said>,
}

/// The place of a name that the author did not write.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct ImpliedName {
    /// The schema of the table.
    pub schema: String,
    /// The table that carries the constraint or index.
    pub table: String,
    /// The name of the constraint or index.
    pub name: String,
}

impl Schema {
    /// The schema that these tables declare: sorted, and every constraint and index named.
    ///
    /// # Errors
    /// A table declared twice, or two constraints or indexes that were given one name.
    pub fn declared(tables: impl IntoIterator<Item = Table>) -> Result<Self, names::NameConflict> {
        names::declared(tables.into_iter().collect())
    }

    /// The same with these objects, and the PostgreSQL schemas that anything in it is in.
    ///
    /// ```
    /// use orm_core::schema::{Extension, Schema};
    /// let schema = Schema::default().with_objects([Extension::new("citext").into()]).unwrap();
    /// assert_eq!(schema.objects[0].kind(), "extension");
    /// ```
    ///
    /// # Errors
    /// Two objects of one name, or one with the name of a table.
    pub fn with_objects(
        self,
        objects: impl IntoIterator<Item = Object>,
    ) -> Result<Self, names::NameConflict> {
        names::with_objects(self, objects.into_iter().collect())
    }

    /// The same with what was called otherwise before.
    #[must_use]
    pub fn with_renames(mut self, renames: impl IntoIterator<Item = Rename>) -> Self {
        self.renames.extend(renames);
        self.renames.sort();
        self.renames.dedup();
        self
    }

    /// The object of that schema and name: see [`Object::name`].
    pub fn object(&self, schema: &str, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.schema() == schema && object.name() == name)
    }

    /// All of it as JSON, but for what only a catalog says (`kept`): what a program that lists its tables prints.
    ///
    /// ```
    /// use orm_core::schema::Schema;
    /// assert!(Schema::default().to_json().starts_with(r#"{"tables":[],"#));
    /// ```
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        json::Json::write(self, &mut out);
        out
    }

    /// The table of that schema and name.
    pub fn table(&self, schema: &str, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.schema == schema && table.name == name)
    }

    /// Whether the author left open to which column this sequence belongs.
    pub fn has_implied_owner(&self, sequence: &Sequence) -> bool {
        self.implied_names.contains(&ImpliedName {
            schema: sequence.schema.to_string(),
            table: sequence.name.to_string(),
            name: String::new(),
        })
    }

    /// Whether the author left this constraint or index of `table` without a name.
    pub fn is_implied(&self, table: &Table, name: &str) -> bool {
        self.implied_names.contains(&ImpliedName {
            schema: table.schema.to_string(),
            table: table.name.to_string(),
            name: name.to_owned(),
        })
    }
}
