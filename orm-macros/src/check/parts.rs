//! Rules for constraints, indexes and the other parts of a table; each with its reason.

use super::{article, name, table_of};
use crate::errors::Errors;
use crate::model::{Column, Fields, ForeignKey, Name, Part, PartKey, Table};
use crate::names;
use proc_macro2::{Ident, Span};
use quote::ToTokens as _;

pub(super) fn parts(table: &Table, errors: &mut Errors) {
    lists(table, errors);
    for key in &table.foreign_keys {
        foreign_key(table, key, errors);
    }
    indexes(table, errors);
    exclusions(table, errors);
    constraint_names(table, errors);
    policies(table, errors);
    triggers(table, errors);
    partitions(table, errors);
    view(table, errors);
}

/// A view has columns and, if its rows are kept, indexes; everything else belongs to the tables that it reads.
fn view(table: &Table, errors: &mut Errors) {
    let Some(view) = &table.view else { return };
    let ident = &table.ident;
    not_blank(&view.query, "view", view.span, errors);
    let mut error = |message: String| errors.push(syn::Error::new(view.span, message));
    let of_table = [
        ("unique", !table.uniques.is_empty()),
        ("foreign_key", !table.foreign_keys.is_empty()),
        ("check", !table.checks.is_empty()),
        ("exclude", !table.exclusions.is_empty()),
        ("trigger", !table.triggers.is_empty()),
        ("row_security", table.row_security.is_some()),
        ("policy", !table.policies.is_empty()),
        ("partition_by", table.partition_by.is_some()),
        ("partition", !table.partitions.is_empty()),
        ("unlogged", table.unlogged),
        ("index", !view.materialized && !table.indexes.is_empty()),
    ];
    for (key, is_there) in of_table {
        if is_there {
            error(format!("`{ident}` is a view: `{key}` belongs to a table"));
        }
    }
    for column in &table.columns {
        let of_column = [
            ("unique", column.unique.is_some()),
            ("index", !view.materialized && column.index.is_some()),
            ("default", column.default.is_some()),
            ("identity", column.identity.is_some()),
            ("generated", column.generated.is_some()),
            ("on_update", column.on_update.is_some()),
            ("default_fn", column.default_fn.is_some()),
            ("collation", column.collation.is_some()),
            ("comment", column.comment.is_some()),
        ];
        for (key, is_there) in of_column {
            if is_there {
                let name = &column.ident;
                error(format!(
                    "`{ident}` is a view: `{key}` of column `{name}` belongs to a table"
                ));
            }
        }
    }
}

/// The names that somebody gave, with the kinds of what they are given to.
fn given(table: &Table) -> Vec<(&Name, &'static str)> {
    let columns = table.columns.iter();
    let primary_key = table.primary_key.iter().filter_map(|key| key.name.as_ref());
    let uniques = columns.clone().filter_map(|column| column.unique.as_ref()?.name.as_ref());
    let uniques = uniques.chain(table.uniques.iter().filter_map(|fields| fields.name.as_ref()));
    let indexes = columns.filter_map(|column| column.index.as_ref()?.as_ref());
    let indexes = indexes.chain(table.indexes.iter().filter_map(|index| index.name.as_ref()));
    let exclusions = table.exclusions.iter().filter_map(|it| it.name.as_ref());
    let foreign_keys = table.foreign_keys.iter().filter_map(|key| key.name.as_ref());
    let checks = table.checks.iter().filter_map(|check| check.name.as_ref());
    primary_key
        .map(|name| (name, "primary key"))
        .chain(uniques.map(|name| (name, "unique constraint")))
        .chain(indexes.map(|name| (name, "index")))
        .chain(exclusions.map(|name| (name, "exclusion constraint")))
        .chain(foreign_keys.map(|name| (name, "foreign key")))
        .chain(checks.map(|name| (name, "check")))
        .collect()
}

/// All that has a name which somebody gave, and is neither the table nor a column of it.
pub(crate) fn parts_with_names(table: &Table) -> Vec<(&Name, &'static str)> {
    let triggers = table.triggers.iter().map(|trigger| (&trigger.name, "trigger"));
    let policies = table.policies.iter().map(|policy| (&policy.name, "policy"));
    given(table).into_iter().chain(triggers).chain(policies).collect()
}

pub(super) fn names_fit(table: &Table, errors: &mut Errors) {
    for (given, kind) in given(table) {
        name(given, &format!("{} {kind} of table `{}`", article(kind), table.ident), errors);
    }
    for trigger in &table.triggers {
        name(&trigger.name, &format!("a trigger of table `{}`", table.ident), errors);
    }
    for policy in &table.policies {
        name(&policy.name, &format!("a policy of table `{}`", table.ident), errors);
    }
    for partition in &table.partitions {
        let given = [Some(&partition.name), partition.schema.as_ref()];
        for given in given.into_iter().flatten() {
            name(given, &format!("a partition of table `{}`", table.ident), errors);
        }
    }
}

/// Constraints of a table share one space of names, and so do indexes and the constraints that have an index.
fn constraint_names(table: &Table, errors: &mut Errors) {
    let mut seen: Vec<(&Name, &str)> = Vec::new();
    for (name, kind) in given(table) {
        let taken = seen.iter().find(|(other, other_kind)| {
            // A check and a foreign key have no index: their names do not meet.
            let meet = !(matches!(kind, "check" | "foreign key") && *other_kind == "index");
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

fn lists(table: &Table, errors: &mut Errors) {
    for unique in &table.uniques {
        fields(table, unique, "unique", errors);
    }
    let of_columns = table.columns.iter().filter_map(|column| column.unique.as_ref());
    for unique in of_columns {
        are_fields(table, &unique.include, "include", errors);
    }
}

/// The fields of a key, and those it includes.
pub(super) fn fields(table: &Table, list: &Fields, key: &str, errors: &mut Errors) {
    are_fields(table, &list.fields, key, errors);
    are_fields(table, &list.include, "include", errors);
    not_empty(table, list.fields.is_empty(), key, list.span, errors);
}

fn not_empty(table: &Table, is_empty: bool, key: &str, span: Span, errors: &mut Errors) {
    if is_empty {
        let message = format!("`{key}` names no field of `{}`", table.ident);
        errors.push(syn::Error::new(span, message));
    }
}

fn are_fields(table: &Table, list: &[Ident], key: &str, errors: &mut Errors) {
    let mut seen: Vec<&Ident> = Vec::new();
    for field in list {
        if is_field(table, field, key, errors) && seen.iter().any(|other| names::same(other, field))
        {
            errors.at(field, format!("`{key}` names field `{field}` twice"));
        }
        seen.push(field);
    }
}

fn is_field(table: &Table, field: &Ident, key: &str, errors: &mut Errors) -> bool {
    if table.position(field).is_some() {
        return true;
    }
    let known: Vec<String> = table.columns.iter().map(|column| column.ident.to_string()).collect();
    let hint = names::nearest(&field.to_string(), known.iter().map(String::as_str));
    let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    errors.at(
        field,
        format!("`{key}` names `{field}`, which is not a field of `{}`{hint}", table.ident),
    );
    false
}

fn foreign_key(table: &Table, key: &ForeignKey, errors: &mut Errors) {
    are_fields(table, &key.fields, "foreign_key", errors);
    not_empty(table, key.fields.is_empty(), "foreign_key", key.span, errors);
    let mut error = |span: Span, message: String| errors.push(syn::Error::new(span, message));
    if key.references.len() != key.fields.len() {
        let (own, theirs) = (key.fields.len(), key.references.len());
        error(
            key.span,
            format!(
                "`foreign_key` of table `{}` has {own} fields and references {theirs} columns; write `a, b => Table::x, Table::y`",
                table.ident
            ),
        );
    }
    let mut targets =
        key.references.iter().map(|path| table_of(path).to_token_stream().to_string());
    if let Some(first) = targets.next()
        && let Some(other) = targets.find(|other| *other != first)
    {
        let message = format!(
            "`foreign_key` of table `{}` references one table, not both `{first}` and `{other}`",
            table.ident
        );
        error(key.span, message);
    }
    for field in &key.on_delete_fields {
        if !key.fields.iter().any(|own| names::same(own, field)) {
            let message = format!(
                "the action of `foreign_key` sets `{field}`, which is not one of its fields"
            );
            error(field.span(), message);
        }
    }
    for (word, action) in [("on_delete", &key.on_delete), ("on_update", &key.on_update)] {
        let Some(action) = action else { continue };
        for column in set_by(table, key, word) {
            let name = &column.ident;
            // The server would refuse at the moment of the delete: late, and in production.
            if action.word == "set_null" && column.is_certainly_not_null() {
                error(action.span, needs_null(word, column));
            }
            if action.word == "set_default" && column.default.is_none() {
                error(
                    action.span,
                    format!(
                        "`{word} = set_default` of `foreign_key` needs a `default`: `{name}` has none"
                    ),
                );
            }
        }
    }
}

/// What `set_null` of a foreign key of several columns needs of each: see [`super::column::needs_null`].
pub(crate) fn needs_null(word: &str, column: &Column) -> String {
    format!(
        "`{word} = set_null` of `foreign_key` needs a field that can be NULL: `{}` is no `Option<..>`; list those that are: `set_null(field, ..)`",
        column.ident
    )
}

/// The columns that the action of a foreign key sets.
pub(crate) fn set_by<'a>(
    table: &'a Table,
    key: &'a ForeignKey,
    word: &str,
) -> impl Iterator<Item = &'a Column> {
    let listed = word == "on_delete" && !key.on_delete_fields.is_empty();
    let set = if listed { &key.on_delete_fields } else { &key.fields };
    let set = set.iter().filter(|field| key.fields.iter().any(|own| names::same(own, field)));
    set.filter_map(|field| table.columns.get(table.position(field)?))
}

/// The fields of elements, and that their SQL says something.
fn elements(table: &Table, parts: &[Part], key: &str, errors: &mut Errors) {
    for part in parts {
        match &part.key {
            PartKey::Field(field) => {
                is_field(table, field, key, errors);
            }
            PartKey::Sql(sql) => not_blank(sql, key, part.span, errors),
        }
    }
}

fn not_blank(sql: &str, key: &str, span: Span, errors: &mut Errors) {
    if sql.trim().is_empty() {
        errors.push(syn::Error::new(span, format!("the SQL of `{key}` is empty")));
    }
}

fn indexes(table: &Table, errors: &mut Errors) {
    for index in &table.indexes {
        let key = if index.unique { "unique_index" } else { "index" };
        elements(table, &index.parts, key, errors);
        not_empty(table, index.parts.is_empty(), key, index.span, errors);
        are_fields(table, &index.include, "include", errors);
        let mut seen: Vec<&Ident> = Vec::new();
        for part in &index.parts {
            if part.operator.is_some() {
                let message =
                    format!("`with` is an operator of `exclude`; an element of `{key}` has none");
                errors.push(syn::Error::new(part.span, message));
            }
            // One field with two operator classes is two elements.
            if let PartKey::Field(field) = &part.key
                && part.operator_class.is_none()
            {
                if seen.iter().any(|other| names::same(other, field)) {
                    errors.at(field, format!("`{key}` names field `{field}` twice"));
                }
                seen.push(field);
            }
        }
        if index.nulls_not_distinct && !index.unique {
            let message = "`nulls_not_distinct` is about uniqueness: write `unique_index(..)`";
            errors.push(syn::Error::new(index.span, message));
        }
        if let Some(predicate) = &index.predicate {
            not_blank(predicate, "where", index.span, errors);
        }
    }
}

fn exclusions(table: &Table, errors: &mut Errors) {
    for exclusion in &table.exclusions {
        elements(table, &exclusion.elements, "exclude", errors);
        not_empty(table, exclusion.elements.is_empty(), "exclude", exclusion.span, errors);
        are_fields(table, &exclusion.include, "include", errors);
        for part in &exclusion.elements {
            if part.operator.as_ref().is_none_or(|operator| operator.trim().is_empty()) {
                let message = "an element of `exclude` says by which operator two rows are compared: `room with \"=\"`";
                errors.push(syn::Error::new(part.span, message));
            }
        }
    }
}

/// What the server would refuse, or silently not use (manual, `CREATE POLICY`).
fn policies(table: &Table, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for policy in &table.policies {
        let mut error = |message: String| errors.push(syn::Error::new(policy.name.span, message));
        let name = &policy.name.text;
        if table.row_security.is_none() {
            error(format!(
                "policy `{name}` of table `{}` does nothing without `row_security`",
                table.ident
            ));
        }
        if seen.contains(&name.as_str()) {
            error(format!("two policies of table `{}` have the name `{name}`", table.ident));
        }
        seen.push(name);
        match policy.command {
            "Insert" if policy.using.is_some() => error(format!(
                "policy `{name}` is for `insert`, which sees no row that is there: write `with_check`, not `using`"
            )),
            "Select" | "Delete" if policy.with_check.is_some() => error(format!(
                "policy `{name}` is for `{}`, which writes no row: write `using`, not `with_check`",
                policy.command.to_lowercase()
            )),
            _ => {}
        }
        if policy.using.is_none() && policy.with_check.is_none() {
            error(format!(
                "policy `{name}` of table `{}` says neither `using` nor `with_check`",
                table.ident
            ));
        }
    }
}

fn triggers(table: &Table, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for trigger in &table.triggers {
        let mut error = |message: String| errors.push(syn::Error::new(trigger.name.span, message));
        let name = &trigger.name.text;
        if seen.contains(&name.as_str()) {
            error(format!("two triggers of table `{}` have the name `{name}`", table.ident));
        }
        seen.push(name);
        let first = trigger.events.split_whitespace().next().unwrap_or_default().to_uppercase();
        if !matches!(first.as_str(), "BEFORE" | "AFTER" | "INSTEAD") {
            error(format!(
                "trigger `{name}` fires `BEFORE`, `AFTER` or `INSTEAD OF` something: \"BEFORE UPDATE\""
            ));
        }
        if !trigger.action.to_uppercase().contains("EXECUTE") {
            error(format!(
                "trigger `{name}` calls a function: \"FOR EACH ROW EXECUTE FUNCTION f()\""
            ));
        }
    }
}

fn partitions(table: &Table, errors: &mut Errors) {
    let Some(by) = &table.partition_by else {
        if let Some(partition) = table.partitions.first() {
            let message = format!(
                "partition `{}` of table `{}` needs `partition_by`",
                partition.name.text, table.ident
            );
            errors.push(syn::Error::new(partition.name.span, message));
        }
        return;
    };
    for part in &by.parts {
        let PartKey::Field(field) = part else { continue };
        if !is_field(table, field, "partition_by", errors) {
            continue;
        }
        // Each partition has an index of its own, so a key can only be unique with the column that tells them apart.
        let key = table.key();
        if !key.is_empty() && table.position(field).is_some_and(|position| !key.contains(&position))
        {
            errors.at(
                field,
                format!("table `{}` is partitioned by `{field}`, which must then be part of its primary key", table.ident),
            );
        }
    }
    if by.sql.trim().is_empty() {
        errors.push(syn::Error::new(by.span, "the SQL of `partition_by` is empty"));
    }
    let mut seen: Vec<&str> = vec![&table.name.text];
    for partition in &table.partitions {
        if partition.schema.is_none() && seen.contains(&partition.name.text.as_str()) {
            let message = format!(
                "the name `{}` of a partition of table `{}` is taken",
                partition.name.text, table.ident
            );
            errors.push(syn::Error::new(partition.name.span, message));
        }
        seen.push(&partition.name.text);
    }
}
