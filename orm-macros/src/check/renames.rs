//! Rules for `renamed_from`; each with its reason.

use super::name;
use super::parts::parts_with_names;
use crate::errors::Errors;
use crate::model::{Name, Table};

pub(super) fn table(table: &Table, errors: &mut Errors) {
    let ident = &table.ident;
    let what = if table.view.is_some() { "view" } else { "table" };
    let schema = table.schema.as_ref().map_or("public", |schema| &schema.text);
    whole(&table.name, schema, &format!("{what} `{ident}`"), errors);
    for partition in &table.partitions {
        let schema = partition.schema.as_ref().map_or(schema, |schema| &schema.text);
        whole(&partition.name, schema, &format!("a partition of table `{ident}`"), errors);
    }
    let columns: Vec<&Name> = table.columns.iter().map(|column| &column.name).collect();
    if let Some(from) = columns.iter().find_map(|it| it.renamed_from.as_ref())
        && table.view.is_some()
    {
        let message = format!("`{ident}` is a view: its query says what its columns are called");
        errors.push(syn::Error::new(from.span, message));
    } else {
        members(&columns, "column", &format!("table `{ident}`"), errors);
    }
    let parts: Vec<&Name> = parts_with_names(table).into_iter().map(|(name, _)| name).collect();
    members(&parts, "constraint or index", &format!("table `{ident}`"), errors);
}

/// A table or type, which may have been in another PostgreSQL schema.
pub(super) fn whole(now: &Name, schema: &str, what: &str, errors: &mut Errors) {
    let (Some(from), Some((old_schema, old_name))) = (&now.renamed_from, now.was()) else { return };
    let error = |message: String| syn::Error::new(from.span, message);
    for part in old_schema.into_iter().chain([old_name]) {
        name(&Name::new(part.to_owned(), from.span), &format!("what {what} was"), errors);
    }
    if old_name == now.text && old_schema.is_none_or(|old| old == schema) {
        errors.push(error(format!("`renamed_from` of {what} is the name it has")));
    }
}

/// Names of one kind within one table or type.
pub(super) fn members(all: &[&Name], kind: &str, of: &str, errors: &mut Errors) {
    for (number, now) in all.iter().enumerate() {
        let Some(from) = &now.renamed_from else { continue };
        let mut error = |message: String| errors.push(syn::Error::new(from.span, message));
        let (old, new) = (&from.text, &now.text);
        if old == new {
            error(format!("`renamed_from` of {kind} `{new}` of {of} is the name it has"));
            continue;
        }
        let is_same =
            |other: &&&Name| other.renamed_from.as_ref().is_some_and(|it| it.text == *old);
        if let Some(other) = all.iter().take(number).find(is_same) {
            error(format!(
                "{kind}s `{}` and `{new}` of {of} are both renamed from `{old}`: one of them is new",
                other.text
            ));
        }
        match all.iter().find(|other| other.text == *old) {
            Some(other) if other.renamed_from.is_none() => error(format!(
                "{kind} `{new}` of {of} is renamed from `{old}`, which is another {kind} of it"
            )),
            // Each time the names were compared, they would be passed on again.
            Some(_) if is_in_a_circle(all, now) => error(format!(
                "{kind} `{new}` of {of} is renamed from `{old}` and at last from itself: say it once, with `orm-migrate diff --rename`"
            )),
            _ => name(from, &format!("what {kind} `{new}` of {of} was"), errors),
        }
    }
}

fn is_in_a_circle(all: &[&Name], start: &Name) -> bool {
    let mut at = start;
    for _ in all {
        let Some(from) = &at.renamed_from else { return false };
        let Some(before) = all.iter().find(|it| it.text == from.text) else { return false };
        if before.text == start.text {
            return true;
        }
        at = before;
    }
    false
}
