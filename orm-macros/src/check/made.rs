//! Rules for the names of what the derive makes: the builder of an insert, its setters, the structs that hold relations.

use super::BUILDER;
use crate::errors::Errors;
use crate::model::Table;
use crate::names;
use proc_macro2::Ident;

pub(super) fn made(table: &Table, errors: &mut Errors) {
    setters(table, errors);
    types(table, errors);
}

/// A method of the type wins over one of a trait: the insert could no longer be run.
fn setters(table: &Table, errors: &mut Errors) {
    if table.view.is_some() {
        for setter in table.columns.iter().filter_map(|column| column.setter.as_ref()) {
            let message =
                format!("`{}` is a view, which has no insert to set columns of", table.ident);
            errors.at(setter, message);
        }
        return;
    }
    let mut seen: Vec<(&Ident, &Ident)> = Vec::new();
    for column in &table.columns {
        let (setter, field) = (column.setter(), &column.ident);
        if column.generated.is_some() {
            if let Some(setter) = &column.setter {
                let message = format!("column `{field}` is generated: only the server sets it");
                errors.at(setter, message);
            }
            continue;
        }
        let name = names::plain(setter);
        if BUILDER.contains(&name.as_str()) {
            let message = format!(
                "the setter of column `{field}` would hide the method `{name}` of the insert; give it another name: `#[column(setter = set_{name})]`"
            );
            errors.at(setter, message);
        }
        if let Some((_, other)) = seen.iter().find(|(taken, _)| names::same(taken, setter))
            // Two columns of one name are a mistake of their own.
            && !names::same(other, field)
        {
            let message = format!(
                "columns `{other}` and `{field}` of table `{}` both have the setter `{setter}`",
                table.ident
            );
            errors.at(setter, message);
        }
        seen.push((setter, field));
    }
}

/// The types that the derive adds have names of their own.
fn types(table: &Table, errors: &mut Errors) {
    if table.view.is_some()
        && let Some(insert) = &table.insert
    {
        errors.at(insert, format!("`{}` is a view, which has no insert", table.ident));
    }
    for (index, (relation, _)) in table.loaded.iter().enumerate() {
        if table.loaded.iter().take(index).any(|(other, _)| names::same(other, relation)) {
            errors.at(relation, format!("`loaded` names relation `{relation}` twice"));
        } else if !table.relation_names().any(|name| names::same(&name, relation)) {
            let known: Vec<String> = table.relation_names().map(|name| name.to_string()).collect();
            let near = names::nearest(&relation.to_string(), known.iter().map(String::as_str));
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            let message = format!(
                "`loaded` names `{relation}`, which is not a relation of table `{}`{hint}",
                table.ident
            );
            errors.at(relation, message);
        }
    }
    let mut seen = vec![(table.insert_ident(), "the insert".to_owned())];
    if table.view.is_some() {
        seen.clear();
    }
    seen.push((table.row_with(), "rows with their relations".to_owned()));
    for relation in table.relation_names() {
        let holder = table.holder(&relation);
        let what = format!("relation `{relation}`");
        // Two relations of one name are a mistake of their own.
        if let Some((_, other)) = seen.iter().find(|(name, _)| names::same(name, &holder))
            && *other != what
        {
            let message = format!(
                "{what} and {other} of table `{}` both make a type `{holder}`; name one: `#[table(loaded({relation} = Name))]`",
                table.ident
            );
            errors.at(&relation, message);
        }
        seen.push((holder, what));
    }
}
