//! Rules over more than one attribute; each with its reason.

mod column;
pub(crate) mod custom;

use crate::errors::Errors;
use crate::model::{Column, Fields, Name, Table};
use crate::names;
use proc_macro2::Ident;
use std::collections::BTreeMap;

/// The most columns that a PostgreSQL table can have (manual, appendix K).
const COLUMNS_MAX: usize = 1600;

/// Functions of `Table`: a constant of that name would hide them.
pub(crate) const ENTRY_POINTS: [&str; 4] = ["query", "insert", "update", "delete"];

pub(crate) fn table(table: &Table, errors: &mut Errors) {
    names(table, errors);
    columns(table, errors);
    primary_key(table, errors);
    lists(table, errors);
    constraint_names(table, errors);
    relations(table, errors);
    has_many(table, errors);
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
        for given in [&column.unique, &column.index].into_iter().flatten().flatten() {
            name(given, &format!("a constraint or index on column `{}`", column.ident), errors);
        }
    }
    let given = table.uniques.iter().chain(table.indexes.iter().map(|index| &index.fields));
    let given = given.filter_map(|fields| fields.name.as_ref());
    for given in given.chain(table.checks.iter().filter_map(|check| check.name.as_ref())) {
        name(given, &format!("a constraint or index of table `{}`", table.ident), errors);
    }
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
        fields(table, key, "primary_key", errors);
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
            errors.at(
                &column.ty,
                format!(
                    "column `{}` is the primary key, which cannot be NULL: remove the `Option`",
                    column.ident
                ),
            );
        }
    }
}

fn lists(table: &Table, errors: &mut Errors) {
    for unique in &table.uniques {
        fields(table, unique, "unique", errors);
    }
    for index in &table.indexes {
        fields(table, &index.fields, if index.unique { "unique_index" } else { "index" }, errors);
    }
}

/// Constraints of a table share one space of names, and so do indexes and the constraints that have an index.
fn constraint_names(table: &Table, errors: &mut Errors) {
    let columns = table.columns.iter();
    let uniques = columns.clone().filter_map(|column| column.unique.as_ref()?.as_ref());
    let uniques = uniques.chain(table.uniques.iter().filter_map(|fields| fields.name.as_ref()));
    let indexes = columns.filter_map(|column| column.index.as_ref()?.as_ref());
    let indexes =
        indexes.chain(table.indexes.iter().filter_map(|index| index.fields.name.as_ref()));
    let checks = table.checks.iter().filter_map(|check| check.name.as_ref());
    let named = uniques
        .map(|name| (name, "unique constraint"))
        .chain(indexes.map(|name| (name, "index")))
        .chain(checks.map(|name| (name, "check")));
    let mut seen: Vec<(&Name, &str)> = Vec::new();
    for (name, kind) in named {
        let taken = seen.iter().find(|(other, other_kind)| {
            // A check has no index: their names do not meet.
            let meet = !matches!((kind, *other_kind), ("check", "index"));
            other.text == name.text && meet
        });
        if let Some((_, other_kind)) = taken
            && !name.text.is_empty()
        {
            let message = format!(
                "the name `{}` of {} {kind} of table `{}` is taken by {} {other_kind}",
                name.text,
                article(kind),
                table.ident,
                article(other_kind),
            );
            errors.push(syn::Error::new(name.span, message));
        }
        seen.push((name, kind));
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with('i') { "an" } else { "a" }
}

fn fields(table: &Table, list: &Fields, key: &str, errors: &mut Errors) {
    let mut seen: Vec<&Ident> = Vec::new();
    for field in &list.fields {
        if table.position(field).is_none() {
            let known: Vec<String> =
                table.columns.iter().map(|column| column.ident.to_string()).collect();
            let hint = names::nearest(&field.to_string(), known.iter().map(String::as_str));
            let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            errors.at(
                field,
                format!("`{key}` names `{field}`, which is not a field of `{}`{hint}", table.ident),
            );
        } else if seen.contains(&field) {
            errors.at(field, format!("`{key}` names field `{field}` twice"));
        }
        seen.push(field);
    }
    if list.fields.is_empty() {
        errors.push(syn::Error::new(
            list.span,
            format!("`{key}` names no field of `{}`", table.ident),
        ));
    }
}

/// Columns and relations are constants of one type: their names must differ.
fn relations(table: &Table, errors: &mut Errors) {
    let mut seen: Vec<(Ident, &str)> =
        table.columns.iter().map(|column| (column.ident.clone(), "column")).collect();
    let to_one = table.columns.iter().filter_map(|column| column.relation_name());
    let to_many = table.has_many.iter().map(|many| many.relation.clone());
    for relation in to_one.chain(to_many) {
        if let Some((_, kind)) = seen.iter().find(|(name, _)| *name == relation) {
            errors.at(
                &relation,
                format!(
                    "relation `{relation}` of table `{}` has the name of a {kind}; give it another: `relation = name`, or another name in `has_many`",
                    table.ident
                ),
            );
        } else if ENTRY_POINTS.contains(&names::plain(&relation).as_str()) {
            errors.at(&relation, format!("relation `{relation}` would hide `Table::{relation}()`"));
        }
        seen.push((relation, "relation"));
    }
}

/// `has_many` names tables.
fn has_many(table: &Table, errors: &mut Errors) {
    for many in &table.has_many {
        let Some(last) = many.table.segments.last() else { continue };
        if !last.arguments.is_empty() {
            errors.at(
                &many.table,
                format!(
                    "relation `{}` of table `{}` is to a table: write its name alone, `{}: Table`",
                    many.relation, table.ident, many.relation
                ),
            );
        } else if last.ident.to_string().starts_with(char::is_lowercase) {
            errors.at(
                &many.table,
                format!(
                    "relation `{}` of table `{}` names `{}`, which is no table; a column is named with its table, `Table::{}`",
                    many.relation, table.ident, last.ident, last.ident
                ),
            );
        }
    }
}
