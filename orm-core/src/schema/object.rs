//! What a database has besides tables: schemas, extensions, types, sequences, functions, views.

use super::{Check, Index, List, Text};
use std::borrow::Cow;

/// An object that is no table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema-json", serde(rename_all = "snake_case"))]
pub enum Object {
    /// `CREATE SCHEMA`.
    Namespace(Namespace),
    /// `CREATE EXTENSION`.
    Extension(Extension),
    /// `CREATE TYPE .. AS ENUM`.
    Enum(Enum),
    /// `CREATE DOMAIN`.
    Domain(Domain),
    /// `CREATE TYPE .. AS (..)`.
    Composite(Composite),
    /// `CREATE SEQUENCE`, when it belongs to no column.
    Sequence(Sequence),
    /// `CREATE FUNCTION` or `CREATE PROCEDURE`.
    Function(Function),
    /// `CREATE [MATERIALIZED] VIEW`.
    View(View),
}

impl Object {
    /// What it is, in PostgreSQL's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Namespace(_) => "schema",
            Self::Extension(_) => "extension",
            Self::Enum(_) => "enum",
            Self::Domain(_) => "domain",
            Self::Composite(_) => "composite type",
            Self::Sequence(_) => "sequence",
            Self::Function(Function { procedure: true, .. }) => "procedure",
            Self::Function(_) => "function",
            Self::View(View { materialized: true, .. }) => "materialized view",
            Self::View(_) => "view",
        }
    }

    /// The schema it is in; empty for an extension, and for a schema its own name.
    pub fn schema(&self) -> &str {
        match self {
            Self::Namespace(it) => &it.name,
            Self::Extension(_) => "",
            Self::Enum(it) => &it.schema,
            Self::Domain(it) => &it.schema,
            Self::Composite(it) => &it.schema,
            Self::Sequence(it) => &it.schema,
            Self::Function(it) => &it.schema,
            Self::View(it) => &it.schema,
        }
    }

    /// Its name within the schema; that of a function with the types of its arguments: `area(integer, integer)`. A
    /// schema has none, so that no other object has the same schema and name.
    pub fn name(&self) -> Text {
        match self {
            Self::Namespace(_) => Cow::Borrowed(""),
            Self::Extension(it) => it.name.clone(),
            Self::Enum(it) => it.name.clone(),
            Self::Domain(it) => it.name.clone(),
            Self::Composite(it) => it.name.clone(),
            Self::Sequence(it) => it.name.clone(),
            Self::Function(it) => format!("{}({})", it.name, it.signature).into(),
            Self::View(it) => it.name.clone(),
        }
    }

    /// What others said of it, as statements: see [`View::grants`].
    pub fn grants(&self) -> &[Text] {
        match self {
            Self::View(it) => &it.grants,
            Self::Function(it) => &it.grants,
            Self::Enum(it) => &it.grants,
            Self::Domain(it) => &it.grants,
            Self::Composite(it) => &it.grants,
            Self::Namespace(_) | Self::Extension(_) | Self::Sequence(_) => &[],
        }
    }

    /// The same without that.
    #[must_use]
    pub fn without_grants(self) -> Self {
        self.with_grants(List::default())
    }

    /// The same with other statements in the place of these; of an object that can have some.
    #[must_use]
    pub fn with_grants(mut self, said: List<Text>) -> Self {
        match &mut self {
            Self::View(View { grants, .. })
            | Self::Function(Function { grants, .. })
            | Self::Enum(Enum { grants, .. })
            | Self::Domain(Domain { grants, .. })
            | Self::Composite(Composite { grants, .. }) => *grants = said,
            Self::Namespace(_) | Self::Extension(_) | Self::Sequence(_) => {}
        }
        self
    }

    /// The comment on it.
    pub fn comment(&self) -> Option<&Text> {
        match self {
            Self::Namespace(it) => it.comment.as_ref(),
            Self::Extension(_) => None,
            Self::Enum(it) => it.comment.as_ref(),
            Self::Domain(it) => it.comment.as_ref(),
            Self::Composite(it) => it.comment.as_ref(),
            Self::Sequence(it) => it.comment.as_ref(),
            Self::Function(it) => it.comment.as_ref(),
            Self::View(it) => it.comment.as_ref(),
        }
    }
}

/// Nothing is written of what nobody said, so that a schema is the same text as before there was a place for it.
#[cfg(feature = "schema-json")]
fn says_nothing(said: &List<Text>) -> bool {
    said.is_empty()
}

/// Gives each kind of object a way into [`Object`].
macro_rules! objects {
    ($($kind:ident),*) => {$(
        impl From<$kind> for Object {
            fn from(it: $kind) -> Self {
                Self::$kind(it)
            }
        }
    )*};
}

objects!(Namespace, Extension, Enum, Domain, Composite, Sequence, Function, View);

/// A PostgreSQL schema: manual, section 5.9.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Namespace {
    /// Its name.
    pub name: Text,
    /// `COMMENT ON SCHEMA`.
    pub comment: Option<Text>,
}

impl Namespace {
    /// A schema of that name.
    pub const fn new(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), comment: None }
    }
}

/// An extension: manual, `CREATE EXTENSION`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Extension {
    /// Its name.
    pub name: Text,
    /// The schema of its objects, if that is to be a certain one.
    pub schema: Option<Text>,
    /// Its version, if that is to be a certain one.
    pub version: Option<Text>,
}

impl Extension {
    /// An extension in any schema and version.
    pub const fn new(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), schema: None, version: None }
    }
}

/// An enum: manual, section 8.7.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Enum {
    /// The schema it is in.
    pub schema: Text,
    /// Its name.
    pub name: Text,
    /// Its values, in their order.
    pub values: List<Text>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<Text>,
    /// Its owner and the rights on it, each as a statement: see [`Function::grants`].
    #[cfg_attr(feature = "schema-json", serde(skip_serializing_if = "says_nothing"))]
    pub grants: List<Text>,
}

impl Enum {
    /// An enum with these values.
    pub const fn new(schema: &'static str, name: &'static str, values: &'static [Text]) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            values: Cow::Borrowed(values),
            comment: None,
            grants: Cow::Borrowed(&[]),
        }
    }
}

/// A domain: manual, section 8.18.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Domain {
    /// The schema it is in.
    pub schema: Text,
    /// Its name.
    pub name: Text,
    /// The type it restricts, as SQL.
    pub data_type: Text,
    /// A collation other than the type's own, as SQL.
    pub collation: Option<Text>,
    /// The default as an SQL expression.
    pub default: Option<Text>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// What its values must satisfy; they call themselves `VALUE`.
    pub checks: List<Check>,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<Text>,
    /// Its owner and the rights on it, each as a statement: see [`Function::grants`].
    #[cfg_attr(feature = "schema-json", serde(skip_serializing_if = "says_nothing"))]
    pub grants: List<Text>,
}

impl Domain {
    /// A domain without restrictions.
    pub const fn new(schema: &'static str, name: &'static str, data_type: &'static str) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            data_type: Cow::Borrowed(data_type),
            collation: None,
            default: None,
            not_null: false,
            checks: Cow::Borrowed(&[]),
            comment: None,
            grants: Cow::Borrowed(&[]),
        }
    }
}

/// A composite type: manual, section 8.16.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Composite {
    /// The schema it is in.
    pub schema: Text,
    /// Its name.
    pub name: Text,
    /// Its attributes, in order.
    pub attributes: List<Attribute>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<Text>,
    /// Its owner and the rights on it, each as a statement: see [`Function::grants`].
    #[cfg_attr(feature = "schema-json", serde(skip_serializing_if = "says_nothing"))]
    pub grants: List<Text>,
}

impl Composite {
    /// A composite type with these attributes.
    pub const fn new(
        schema: &'static str,
        name: &'static str,
        attributes: &'static [Attribute],
    ) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            attributes: Cow::Borrowed(attributes),
            comment: None,
            grants: Cow::Borrowed(&[]),
        }
    }
}

/// One attribute of a composite type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Attribute {
    /// Its name.
    pub name: Text,
    /// Its type as SQL.
    pub data_type: Text,
    /// A collation other than the type's own, as SQL.
    pub collation: Option<Text>,
}

impl Attribute {
    /// An attribute of that type.
    pub const fn new(name: &'static str, data_type: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), data_type: Cow::Borrowed(data_type), collation: None }
    }
}

/// The options of a sequence, each only where it is not PostgreSQL's default: manual, `CREATE SEQUENCE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct SequenceOptions {
    /// `START WITH`: else `MINVALUE`, or `MAXVALUE` when it descends.
    pub start: Option<i64>,
    /// `INCREMENT BY`: else 1.
    pub increment: Option<i64>,
    /// `MINVALUE`: else 1, or the smallest of the type when it descends.
    pub min: Option<i64>,
    /// `MAXVALUE`: else the largest of the type, or -1 when it descends.
    pub max: Option<i64>,
    /// `CACHE`: else 1.
    pub cache: Option<i64>,
    /// `CYCLE`: begins again when it is used up.
    pub cycle: bool,
}

impl SequenceOptions {
    /// PostgreSQL's defaults.
    pub const DEFAULT: Self =
        Self { start: None, increment: None, min: None, max: None, cache: None, cycle: false };

    /// The smallest and the largest number of a sequence of that type.
    pub fn ends(&self, data_type: &str) -> (i64, i64) {
        let (smallest, largest) = match data_type {
            "smallint" | "smallserial" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" | "int" | "serial" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let ascends = self.increment.is_none_or(|increment| increment > 0);
        let (min, max) = if ascends { (1, largest) } else { (smallest, -1) };
        (self.min.unwrap_or(min), self.max.unwrap_or(max))
    }

    /// The same, without what PostgreSQL does anyway for a sequence of that type.
    #[must_use]
    pub fn without_defaults(self, data_type: &str) -> Self {
        let ascends = self.increment.is_none_or(|increment| increment > 0);
        let (min, max) = Self { min: None, max: None, ..self }.ends(data_type);
        let start = if ascends { self.min.unwrap_or(min) } else { self.max.unwrap_or(max) };
        Self {
            start: self.start.filter(|value| *value != start),
            increment: self.increment.filter(|value| *value != 1),
            min: self.min.filter(|value| *value != min),
            max: self.max.filter(|value| *value != max),
            cache: self.cache.filter(|value| *value != 1),
            cycle: self.cycle,
        }
    }
}

/// A sequence of its own: manual, `CREATE SEQUENCE`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Sequence {
    /// The schema it is in.
    pub schema: Text,
    /// Its name.
    pub name: Text,
    /// `smallint`, `integer` or `bigint`.
    pub data_type: Text,
    /// Its options.
    pub options: SequenceOptions,
    /// `OWNED BY`: the column with which it goes. Where it is not said, it may be any or none.
    #[cfg_attr(feature = "schema-json", serde(skip_serializing_if = "Option::is_none"))]
    pub owned_by: Option<Box<OwnedBy>>,
    /// `UNLOGGED` (PostgreSQL 15): after a crash it begins again.
    #[cfg_attr(feature = "schema-json", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub unlogged: bool,
    /// `COMMENT ON SEQUENCE`.
    pub comment: Option<Text>,
}

/// The column that a sequence belongs to: manual, `CREATE SEQUENCE`, `OWNED BY`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct OwnedBy {
    /// The schema of the table.
    pub schema: Text,
    /// The table.
    pub table: Text,
    /// The column.
    pub column: Text,
}

impl Sequence {
    /// A `bigint` sequence with PostgreSQL's defaults.
    pub const fn new(schema: &'static str, name: &'static str) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            data_type: Cow::Borrowed("bigint"),
            options: SequenceOptions::DEFAULT,
            owned_by: None,
            unlogged: false,
            comment: None,
        }
    }
}

/// A function or procedure, from SQL text: manual, `CREATE FUNCTION`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Function {
    /// The schema it is in.
    pub schema: Text,
    /// Its name.
    pub name: Text,
    /// Whether it is a procedure.
    pub procedure: bool,
    /// What stands between the parentheses: `a integer, b integer DEFAULT 0`.
    pub arguments: Text,
    /// The types of its input arguments in the server's words, which tell functions of one name apart; empty until
    /// the server has said them.
    pub signature: Text,
    /// What stands behind the parentheses: `RETURNS integer LANGUAGE sql AS $$ .. $$`.
    pub definition: Text,
    /// `COMMENT ON FUNCTION`.
    pub comment: Option<Text>,
    /// Its owner and the rights on it, where these are not those that every function has, each as a statement. A
    /// catalog says them, so that a function which is made again has them again; they are not compared.
    pub grants: List<Text>,
}

impl Function {
    /// A function: `CREATE FUNCTION schema.name(arguments) definition`.
    pub const fn new(
        schema: &'static str,
        name: &'static str,
        arguments: &'static str,
        definition: &'static str,
    ) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            procedure: false,
            arguments: Cow::Borrowed(arguments),
            signature: Cow::Borrowed(""),
            definition: Cow::Borrowed(definition),
            comment: None,
            grants: Cow::Borrowed(&[]),
        }
    }
}

/// A view or materialised view: manual, `CREATE VIEW`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct View {
    /// The schema it is in.
    pub schema: Text,
    /// Its name.
    pub name: Text,
    /// Whether its rows are kept.
    pub materialized: bool,
    /// The query as SQL, without a closing semicolon.
    pub query: Text,
    /// `WITH (..)`, each as `name=value`, sorted: `security_invoker=true`, `check_option=local`.
    pub options: List<Text>,
    /// The indexes of a materialised view.
    pub indexes: List<Index>,
    /// `COMMENT ON VIEW`.
    pub comment: Option<Text>,
    /// What others said of it: rights, owner, defaults of and comments on its columns, triggers and rules, each as a
    /// statement. A catalog says them, so that a view which is made again has them again; they are not compared.
    pub grants: List<Text>,
}

impl View {
    /// A view of that query.
    pub const fn new(schema: &'static str, name: &'static str, query: &'static str) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            materialized: false,
            query: Cow::Borrowed(query),
            options: Cow::Borrowed(&[]),
            indexes: Cow::Borrowed(&[]),
            comment: None,
            grants: Cow::Borrowed(&[]),
        }
    }

    /// A materialised view of that query.
    pub const fn materialized(
        schema: &'static str,
        name: &'static str,
        query: &'static str,
    ) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            materialized: true,
            query: Cow::Borrowed(query),
            options: Cow::Borrowed(&[]),
            indexes: Cow::Borrowed(&[]),
            comment: None,
            grants: Cow::Borrowed(&[]),
        }
    }
}
