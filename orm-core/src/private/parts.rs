//! The parts of a table with every option, for the derive: named in emit/table.rs and emit/parts.rs.
//!
//! They are functions, so that the model can grow without the derive's text: a struct that owns texts cannot be taken
//! apart in const code, and so not be completed by `..` either.

use crate::schema::{self, List, Text};
use std::borrow::Cow;

/// A table with all its parts; `name` is its schema and its name, `flags` are whether row security is enabled, whether it
/// is forced, and whether the table is unlogged.
#[expect(clippy::too_many_arguments, reason = "see the room's first lines")]
pub const fn table_with(
    name: [&'static str; 2],
    columns: List<schema::Column>,
    primary_key: Option<schema::PrimaryKey>,
    uniques: List<schema::Unique>,
    foreign_keys: List<schema::ForeignKey>,
    checks: List<schema::Check>,
    exclusions: List<schema::Exclusion>,
    indexes: List<schema::Index>,
    triggers: List<schema::Trigger>,
    flags: [bool; 3],
    policies: List<schema::Policy>,
    partition_by: Option<Text>,
    storage_parameters: List<Text>,
    comment: Option<Text>,
) -> schema::Table {
    schema::Table {
        schema: Cow::Borrowed(name[0]),
        name: Cow::Borrowed(name[1]),
        columns,
        primary_key,
        uniques,
        foreign_keys,
        checks,
        exclusions,
        indexes,
        triggers,
        row_security: flags[0],
        force_row_security: flags[1],
        policies,
        partition_by,
        partition_of: None,
        unlogged: flags[2],
        storage_parameters,
        comment,
    }
}

/// A partition of `parent`.
pub const fn partition(
    name: [&'static str; 2],
    parent: [&'static str; 2],
    bound: &'static str,
    storage_parameters: List<Text>,
) -> schema::Table {
    schema::Table {
        schema: Cow::Borrowed(name[0]),
        name: Cow::Borrowed(name[1]),
        columns: Cow::Borrowed(&[]),
        primary_key: None,
        uniques: Cow::Borrowed(&[]),
        foreign_keys: Cow::Borrowed(&[]),
        checks: Cow::Borrowed(&[]),
        exclusions: Cow::Borrowed(&[]),
        indexes: Cow::Borrowed(&[]),
        triggers: Cow::Borrowed(&[]),
        row_security: false,
        force_row_security: false,
        policies: Cow::Borrowed(&[]),
        partition_by: None,
        partition_of: Some(schema::PartitionOf {
            schema: Cow::Borrowed(parent[0]),
            table: Cow::Borrowed(parent[1]),
            bound: Cow::Borrowed(bound),
        }),
        unlogged: false,
        storage_parameters,
        comment: None,
    }
}

/// A primary key.
pub const fn primary_key_with(
    name: Option<Text>,
    columns: List<Text>,
    include: List<Text>,
    deferrable: schema::Deferrable,
) -> schema::PrimaryKey {
    schema::PrimaryKey { name, columns, include, deferrable }
}

/// A unique constraint.
pub const fn unique_with(
    name: Option<Text>,
    columns: List<Text>,
    include: List<Text>,
    nulls_not_distinct: bool,
    deferrable: schema::Deferrable,
) -> schema::Unique {
    schema::Unique { name, columns, include, nulls_not_distinct, deferrable }
}

/// A foreign key; `table` is the schema and name of its target.
#[expect(clippy::too_many_arguments, reason = "see the room's first lines")]
pub const fn foreign_key_with(
    name: Option<Text>,
    columns: List<Text>,
    table: [&'static str; 2],
    references: &'static [Text],
    match_full: bool,
    on_delete: schema::Action,
    on_update: schema::Action,
    on_delete_columns: List<Text>,
    deferrable: schema::Deferrable,
    not_valid: bool,
) -> schema::ForeignKey {
    schema::ForeignKey {
        name,
        columns,
        references_schema: Cow::Borrowed(table[0]),
        references_table: Cow::Borrowed(table[1]),
        references_columns: Cow::Borrowed(references),
        match_full,
        on_delete,
        on_delete_columns,
        on_update,
        deferrable,
        not_valid,
        index: schema::ReferencedIndex::UNKNOWN,
    }
}

/// A check.
pub const fn check_with(
    name: Option<Text>,
    sql: &'static str,
    no_inherit: bool,
    not_valid: bool,
) -> schema::Check {
    schema::Check { name, expression: Cow::Borrowed(sql), no_inherit, not_valid }
}

/// An exclusion constraint.
pub const fn exclusion(
    name: Option<Text>,
    method: &'static str,
    elements: List<schema::ExclusionElement>,
    include: List<Text>,
    predicate: Option<Text>,
    deferrable: schema::Deferrable,
) -> schema::Exclusion {
    schema::Exclusion {
        name,
        method: Cow::Borrowed(method),
        elements,
        include,
        predicate,
        deferrable,
    }
}

/// An index.
#[expect(clippy::too_many_arguments, reason = "see the room's first lines")]
pub const fn index(
    name: Option<Text>,
    unique: bool,
    method: &'static str,
    parts: &'static [schema::IndexPart],
    include: List<Text>,
    nulls_not_distinct: bool,
    predicate: Option<Text>,
    storage_parameters: List<Text>,
) -> schema::Index {
    schema::Index {
        name,
        unique,
        method: Cow::Borrowed(method),
        parts: Cow::Borrowed(parts),
        include,
        nulls_not_distinct,
        predicate,
        storage_parameters,
    }
}

/// A trigger.
pub const fn trigger(
    name: &'static str,
    constraint: bool,
    events: &'static str,
    action: &'static str,
) -> schema::Trigger {
    schema::Trigger {
        name: Cow::Borrowed(name),
        constraint,
        events: Cow::Borrowed(events),
        action: Cow::Borrowed(action),
    }
}

/// A policy.
pub const fn policy(
    name: &'static str,
    restrictive: bool,
    command: schema::PolicyCommand,
    roles: List<Text>,
    using: Option<Text>,
    with_check: Option<Text>,
) -> schema::Policy {
    schema::Policy { name: Cow::Borrowed(name), restrictive, command, roles, using, with_check }
}

/// A view; `name` is its schema and its name.
pub fn view(
    name: [&'static str; 2],
    materialized: bool,
    query: &'static str,
    options: List<Text>,
    indexes: List<schema::Index>,
    comment: Option<Text>,
) -> schema::Object {
    let [schema, name] = name;
    let view = match materialized {
        true => schema::View::materialized(schema, name, query),
        false => schema::View::new(schema, name, query),
    };
    schema::View { options, indexes, comment, ..view }.into()
}
