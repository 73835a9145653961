//! Rules for the relations of `has_many(..)`, `has_one(..)` and `belongs_to(..)`.

use crate::errors::Errors;
use crate::model::Table;
use crate::model::relation::{Key, Relation};
use crate::names;
use quote::ToTokens as _;
use syn::Path;

pub(super) fn relations(table: &Table, errors: &mut Errors) {
    for relation in &table.relations {
        is_table(table, relation, &relation.table, errors);
        columns(table, relation, errors);
        through(table, relation, errors);
    }
}

/// Whether the path can be the name of a table.
pub(crate) fn names_table(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| {
        last.arguments.is_empty() && !last.ident.to_string().starts_with(char::is_lowercase)
    })
}

fn is_table(table: &Table, relation: &Relation, path: &Path, errors: &mut Errors) {
    let Some(last) = path.segments.last() else { return };
    let what = format!("relation `{}` of table `{}`", relation.name, table.ident);
    if !last.arguments.is_empty() {
        let message =
            format!("{what} is to a table: write its name alone, `{}: Table`", relation.name);
        errors.at(path, message);
    } else if last.ident == names::plain(&last.ident)
        && last.ident.to_string().starts_with(char::is_lowercase)
    {
        let name = &last.ident;
        let message = format!(
            "{what} names `{name}`, which is no table; a column is named with its table, `Table::{name}`"
        );
        errors.at(path, message);
    }
}

fn columns(table: &Table, relation: &Relation, errors: &mut Errors) {
    let (name, key) = (&relation.name, relation.key.word());
    let what = format!("relation `{name}` of table `{}`", table.ident);
    let related = relation.table.segments.last().map(|last| last.ident.to_string());
    let related = related.unwrap_or_default();
    let Some(on) = &relation.on else {
        if relation.key == Key::BelongsTo {
            let message = format!(
                "{what} has no columns: `belongs_to({name}: {related} on(field = {related}::column))`; of a foreign key the column names it, `#[column(references = {related}::id, relation = {name})]`"
            );
            errors.at(name, message);
        }
        return;
    };
    let other = [
        ("through", relation.through.is_some()),
        ("a column of the related table", relation.picked.is_some()),
    ];
    for (other, is_there) in other {
        if is_there {
            let message = format!("{what} has both `on(..)` and {}", quoted(other));
            errors.push(syn::Error::new(on.span, message));
        }
    }
    for field in
        on.pairs.iter().map(|(field, _)| field).chain(on.own.iter().map(|(field, _)| field))
    {
        if table.position(field).is_some() {
            continue;
        }
        let known: Vec<String> =
            table.columns.iter().map(|column| names::plain(&column.ident)).collect();
        let hint = names::nearest(&field.to_string(), known.iter().map(String::as_str));
        let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        let message = format!(
            "`on(..)` of `{key}({name}: ..)` names `{field}`, which is not a field of table `{}`{hint}",
            table.ident
        );
        errors.at(field, message);
    }
    let mut known: Vec<String> = Vec::new();
    for column in
        on.pairs.iter().map(|(_, column)| column).chain(on.theirs.iter().map(|(column, _)| column))
    {
        let text = names::compact(&column.to_token_stream().to_string());
        if known.contains(&text) {
            errors.at(column, format!("{what} names `{text}` twice in `on(..)`"));
        }
        known.push(text);
    }
}

fn quoted(other: &str) -> String {
    if other == "through" { "`through(..)`".to_owned() } else { other.to_owned() }
}

fn through(table: &Table, relation: &Relation, errors: &mut Errors) {
    let Some(through) = &relation.through else { return };
    let (name, related) = (&relation.name, relation.table.to_token_stream());
    let what = format!("relation `{name}` of table `{}`", table.ident);
    let mut error = |message: String| errors.push(syn::Error::new(through.span, message));
    if relation.key == Key::BelongsTo {
        error(format!(
            "{what} leads through a join table: it is one of `has_many(..)` or `has_one(..)`"
        ));
    }
    if let Some(picked) = &relation.picked {
        error(format!(
            "{what} names a column of the related table; of a join table both columns are named: `{name}: {related} through(Table::column, Table::{picked})`"
        ));
    }
    if let Some((path, _)) = &through.to
        && path.to_token_stream().to_string() != through.table.to_token_stream().to_string()
    {
        error(format!("{what}: both columns of `through(..)` are of the join table"));
    }
    is_table(table, relation, &through.table, errors);
}
