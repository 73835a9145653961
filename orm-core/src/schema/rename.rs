//! [`Rename`]: what a table, a column or a type was called before.

use super::Text;
use std::borrow::Cow;

/// That something has another name than it had.
///
/// It is about a database that still has the old name. One that has it no longer is not concerned, so what was said once
/// can stay in the code.
///
/// ```
/// use orm_core::schema::{Rename, Renamed, Schema};
/// let renames = [
///     Rename::table(["public", "account"], "user"),
///     Rename::member(Renamed::Column, ["public", "account"], "full_name", "name"),
/// ];
/// assert_eq!(Schema::default().with_renames(renames).renames.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct Rename {
    /// What has another name.
    pub of: Renamed,
    /// The PostgreSQL schema of the table or object, as it is declared.
    pub schema: Text,
    /// The table or object, as it is declared.
    pub name: Text,
    /// The column, value, attribute or part, as it is declared; none where the table or object itself is meant.
    #[cfg_attr(feature = "schema-json", serde(default))]
    pub member: Option<Text>,
    /// The PostgreSQL schema that the table or object was in, where that was another.
    #[cfg_attr(feature = "schema-json", serde(default))]
    pub from_schema: Option<Text>,
    /// What it was called.
    pub from: Text,
}

/// What has another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema-json", serde(rename_all = "snake_case"))]
pub enum Renamed {
    /// A table.
    Table,
    /// An enum, domain, composite type, sequence, function or view.
    Object,
    /// A column of a table.
    Column,
    /// A constraint, index, trigger or policy of a table.
    Part,
    /// A value of an enum.
    Value,
    /// An attribute of a composite type.
    Attribute,
}

impl Rename {
    /// A table, by its schema and name, that was called `from`.
    pub const fn table(name: [&'static str; 2], from: &'static str) -> Self {
        Self::whole(Renamed::Table, name, None, from)
    }

    /// An object that is no table, by its schema and name, that was called `from`.
    pub const fn object(name: [&'static str; 2], from: &'static str) -> Self {
        Self::whole(Renamed::Object, name, None, from)
    }

    /// A table or object that was perhaps in another PostgreSQL schema.
    pub const fn whole(
        of: Renamed,
        name: [&'static str; 2],
        from_schema: Option<&'static str>,
        from: &'static str,
    ) -> Self {
        let from_schema = match from_schema {
            Some(schema) => Some(Cow::Borrowed(schema)),
            None => None,
        };
        Self {
            of,
            schema: Cow::Borrowed(name[0]),
            name: Cow::Borrowed(name[1]),
            member: None,
            from_schema,
            from: Cow::Borrowed(from),
        }
    }

    /// Something of a table or type, which has this schema and name, that was called `from`.
    pub const fn member(
        of: Renamed,
        name: [&'static str; 2],
        member: &'static str,
        from: &'static str,
    ) -> Self {
        Self {
            of,
            schema: Cow::Borrowed(name[0]),
            name: Cow::Borrowed(name[1]),
            member: Some(Cow::Borrowed(member)),
            from_schema: None,
            from: Cow::Borrowed(from),
        }
    }
}
