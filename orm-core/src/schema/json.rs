//! A schema as JSON, written without `serde`: the program that asks a crate for its tables must need no crate that the
//! crate itself does not need, since there may be no network to fetch it from. What reads it is `serde`, in `orm-migrate`.

use super::{
    Action, Attribute, Check, Column, ColumnSequence, Composite, Deferrable, Domain, Enum,
    Exclusion, ExclusionElement, Extension, ForeignKey, Function, Generated, GeneratedKind,
    Identity, IdentityKind, ImpliedName, Index, IndexKey, IndexPart, Namespace, NullsOrder, Object,
    OwnedBy, PartitionOf, Policy, PolicyCommand, PrimaryKey, Rename, Renamed, Schema, Sequence,
    SequenceOptions, SortOrder, Table, Trigger, Unique, View,
};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What has a form in JSON.
pub(crate) trait Json {
    /// Writes it behind what is there.
    fn write(&self, out: &mut String);
}

impl Json for str {
    fn write(&self, out: &mut String) {
        out.push('"');
        for c in self.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                c if c.is_control() => {
                    // Writing to a String cannot fail. All control characters are in the first plane.
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

impl Json for String {
    fn write(&self, out: &mut String) {
        self.as_str().write(out);
    }
}

impl Json for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl Json for i64 {
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl<T: Json> Json for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: Json> Json for Box<T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }
}

impl<T: Json + ToOwned + ?Sized> Json for Cow<'_, T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }
}

impl<T: Json> Json for [T] {
    fn write(&self, out: &mut String) {
        list(self, out);
    }
}

impl<T: Json> Json for Vec<T> {
    fn write(&self, out: &mut String) {
        list(self, out);
    }
}

impl<T: Json> Json for BTreeSet<T> {
    fn write(&self, out: &mut String) {
        list(self, out);
    }
}

fn list<'a, T: Json + 'a>(values: impl IntoIterator<Item = &'a T>, out: &mut String) {
    out.push('[');
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        value.write(out);
    }
    out.push(']');
}

fn object(fields: &[(&str, &dyn Json)], out: &mut String) {
    out.push('{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        name.write(out);
        out.push(':');
        value.write(out);
    }
    out.push('}');
}

/// Each with all its fields: one that is added to the struct and not here does not compile. Behind `;` stands what only a
/// catalog tells, which is no part of the text (`serde(skip)`).
macro_rules! structs {
    ($($name:ident { $($field:ident),* $(; $left_out:ident)? })*) => {$(
        impl Json for $name {
            fn write(&self, out: &mut String) {
                let Self { $($field,)* $($left_out: _)? } = self;
                object(&[$((stringify!($field), $field)),*], out);
            }
        }
    )*};
}

/// Each with all its variants, as `serde` writes them.
macro_rules! enums {
    ($($name:ident { $($variant:ident $(($value:ident))? = $text:literal),* })*) => {$(
        impl Json for $name {
            fn write(&self, out: &mut String) {
                match self {
                    $(Self::$variant $(($value))? => enums!(out $text $($value)?),)*
                }
            }
        }
    )*};
    ($out:ident $text:literal) => { $text.write($out) };
    ($out:ident $text:literal $value:ident) => { object(&[($text, $value)], $out) };
}

structs! {
    Schema { tables, objects, implied_names, renames; kept }
    ImpliedName { schema, table, name }
    Table {
        schema, name, columns, primary_key, uniques, foreign_keys, checks, exclusions, indexes,
        triggers, row_security, force_row_security, policies, partition_by, partition_of, unlogged,
        storage_parameters, comment
    }
    PartitionOf { schema, table, bound }
    Column {
        name, data_type, nullable, default, identity, generated, collation, comment, sequence
    }
    ColumnSequence { name, logged, data_type, options }
    Generated { expression, kind }
    Identity { kind, sequence }
    PrimaryKey { name, columns, include, deferrable }
    Unique { name, columns, include, nulls_not_distinct, deferrable }
    ForeignKey {
        name, columns, references_schema, references_table, references_columns, match_full,
        on_delete, on_delete_columns, on_update, deferrable, not_valid; index
    }
    Check { name, expression, no_inherit, not_valid }
    Exclusion { name, method, elements, include, predicate, deferrable }
    ExclusionElement { part, operator }
    Index {
        name, unique, method, parts, include, nulls_not_distinct, predicate, storage_parameters
    }
    IndexPart { key, collation, operator_class, order, nulls }
    Policy { name, restrictive, command, roles, using, with_check }
    Trigger { name, constraint, events, action }
    Rename { of, schema, name, member, from_schema, from }
    Namespace { name, comment }
    Extension { name, schema, version }
    Enum { schema, name, values, comment, grants }
    Domain { schema, name, data_type, collation, default, not_null, checks, comment, grants }
    Composite { schema, name, attributes, comment, grants }
    Attribute { name, data_type, collation }
    SequenceOptions { start, increment, min, max, cache, cycle }
    Sequence { schema, name, data_type, options, owned_by, unlogged, comment }
    OwnedBy { schema, table, column }
    Function { schema, name, procedure, arguments, signature, definition, comment, grants }
    View { schema, name, materialized, query, options, indexes, comment, grants }
}

enums! {
    Object {
        Namespace(it) = "namespace", Extension(it) = "extension", Enum(it) = "enum",
        Domain(it) = "domain", Composite(it) = "composite", Sequence(it) = "sequence",
        Function(it) = "function", View(it) = "view"
    }
    IndexKey { Column(name) = "Column", Expression(sql) = "Expression" }
    SortOrder { Ascending = "Ascending", Descending = "Descending" }
    NullsOrder { First = "First", Last = "Last" }
    GeneratedKind { Stored = "Stored", Virtual = "Virtual" }
    IdentityKind { Always = "Always", ByDefault = "ByDefault" }
    Action {
        NoAction = "NoAction", Restrict = "Restrict", Cascade = "Cascade", SetNull = "SetNull",
        SetDefault = "SetDefault"
    }
    Deferrable {
        No = "No", InitiallyImmediate = "InitiallyImmediate",
        InitiallyDeferred = "InitiallyDeferred"
    }
    PolicyCommand {
        All = "All", Select = "Select", Insert = "Insert", Update = "Update", Delete = "Delete"
    }
    Renamed {
        Table = "table", Object = "object", Column = "column", Part = "part", Value = "value",
        Attribute = "attribute"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &dyn Json, expected: &str) {
        let mut out = String::new();
        value.write(&mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn texts_lists_and_options_are_written_as_json() {
        check(&"a\"b\\c\n\u{1}é日\u{85}".to_owned(), r#""a\"b\\c\u000a\u0001é日\u0085""#);
        check(&vec![Some(1_i64), None, Some(i64::MIN)], "[1,null,-9223372036854775808]");
        check(&Vec::<bool>::new(), "[]");
        check(&IndexKey::Column("a".into()), r#"{"Column":"a"}"#);
        check(&Renamed::Table, r#""table""#);
        check(&Extension::new("x"), r#"{"name":"x","schema":null,"version":null}"#);
    }
}
