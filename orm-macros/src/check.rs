//! Rules over more than one attribute; each with its reason.

pub(crate) mod column;
pub(crate) mod custom;
pub(crate) mod group;
mod made;
pub(crate) mod parts;
pub(crate) mod relation;
mod renames;
pub(crate) mod row;

pub(crate) use parts::parts_with_names;

use crate::errors::Errors;
use crate::model::{Column, Name, Table, table_of};
use crate::names;
use proc_macro2::Ident;
use std::collections::BTreeMap;

/// The most columns that a PostgreSQL table can have (manual, appendix K).
const COLUMNS_MAX: usize = 1600;

/// What a struct has by `Table` and `Source`: a constant of that name would hide it.
pub(crate) const ENTRY_POINTS: [&str; 13] = [
    "query",
    "insert",
    "update",
    "delete",
    "SOURCE",
    "COLUMNS",
    "SCHEMA",
    "NAME",
    "TABLE",
    "FIELDS",
    "PRESENCE",
    "IS_KEYWORD",
    "IS_WHOLE",
];

/// The methods of the builder of an insert: a setter of that name would hide it.
pub(crate) const BUILDER: [&str; 9] = [
    "build",
    "clone",
    "execute",
    "into_values",
    "on_conflict",
    "overriding_system_value",
    "returning",
    "returning_all",
    "to_sql",
];

pub(crate) fn table(table: &Table, errors: &mut Errors) {
    names(table, errors);
    columns(table, errors);
    primary_key(table, errors);
    parts::parts(table, errors);
    renames::table(table, errors);
    group::flattened(table, errors);
    relations(table, errors);
    relation::relations(table, errors);
    made::made(table, errors);
    for each in &table.columns {
        column::column(each, errors);
    }
}

fn name(name: &Name, what: &str, errors: &mut Errors) {
    let error = |message: String| syn::Error::new(name.span, message);
    if name.text.is_empty() {
        errors.push(error(format!("the name of {what} is empty")));
    } else if name.text.len() > names::MAX_BYTES {
        // PostgreSQL would cut the name, and two long names could become one.
        let (text, bytes) = (&name.text, name.text.len());
        errors.push(error(format!(
            "the name `{text}` of {what} has {bytes} bytes; PostgreSQL keeps at most {}",
            names::MAX_BYTES
        )));
    } else if name.text.contains('\0') {
        errors.push(error(format!(
            "the name of {what} holds a zero byte, which PostgreSQL does not allow"
        )));
    }
}

fn names(table: &Table, errors: &mut Errors) {
    name(&table.name, &format!("table `{}`", table.ident), errors);
    if let Some(schema) = &table.schema {
        name(schema, &format!("the schema of table `{}`", table.ident), errors);
    }
    for column in &table.columns {
        name(&column.name, &format!("column `{}`", column.ident), errors);
    }
    parts::names_fit(table, errors);
}

fn columns(table: &Table, errors: &mut Errors) {
    if table.columns.is_empty() {
        errors.at(&table.ident, format!("table `{}` has no columns", table.ident));
    }
    if table.columns.len() > COLUMNS_MAX {
        let count = table.columns.len();
        errors.at(
            &table.ident,
            format!("table `{}` has {count} columns; PostgreSQL allows {COLUMNS_MAX}", table.ident),
        );
    }
    let mut seen: BTreeMap<&str, &Column> = BTreeMap::new();
    for column in &table.columns {
        if column.origin.is_some() {
            continue;
        }
        if let Some(other) = seen.insert(&column.name.text, column) {
            let message = format!(
                "fields `{}` and `{}` are both column \"{}\"",
                other.ident, column.ident, column.name.text
            );
            errors.push(syn::Error::new(column.name.span, message));
        }
    }
}

/// A row is found by one key; NULL is not allowed in it (manual, section 5.4.4).
fn primary_key(table: &Table, errors: &mut Errors) {
    let on_columns: Vec<&Column> =
        table.columns.iter().filter(|column| column.primary_key.is_some()).collect();
    if let Some(key) = &table.primary_key {
        if let Some(column) = on_columns.first() {
            errors.at(
                &column.ident,
                format!(
                    "the primary key is given twice: on column `{}` and on the struct",
                    column.ident
                ),
            );
        }
        parts::fields(table, key, "primary_key", errors);
    } else if let [first, second, ..] = on_columns[..] {
        errors.at(
            &second.ident,
            format!(
                "columns `{}` and `{}` are both the primary key; write `#[table(primary_key({}, {}))]` for a composite one",
                first.ident, second.ident, first.ident, second.ident
            ),
        );
    }
    for position in table.key() {
        let Some(column) = table.columns.get(position) else { continue };
        if column.optional {
            errors.at(&column.ty, column::key_is_null(column));
        }
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with('i') { "an" } else { "a" }
}

/// Columns and relations are constants of one type: their names must differ.
fn relations(table: &Table, errors: &mut Errors) {
    let mut seen: Vec<(Ident, &str)> =
        table.columns.iter().map(|column| (column.ident.clone(), "column")).collect();
    seen.extend(table.flattened().map(|flat| (flat.ident.clone(), "flattened field")));
    for relation in table.relation_names() {
        if let Some((_, kind)) = seen.iter().find(|(name, _)| names::same(name, &relation)) {
            errors.at(
                &relation,
                format!(
                    "relation `{relation}` of table `{}` has the name of a {kind}; give it another: `relation = name`, or another name in `has_many`",
                    table.ident
                ),
            );
        } else if ENTRY_POINTS.contains(&names::plain(&relation).as_str()) {
            errors.at(
                &relation,
                format!(
                    "relation `{relation}` of table `{}` would hide `Table::{relation}`; give it another name: `relation = name`, or another name in `has_many`",
                    table.ident
                ),
            );
        }
        if names::plain(&relation) == "row" {
            errors.at(
                &relation,
                format!(
                    "relation `row` of table `{}` would have the name of the field that holds the row itself; give it another: `relation = name`, or another name in `has_many`",
                    table.ident
                ),
            );
        }
        seen.push((relation, "relation"));
    }
}
