//! Rules for structs of columns, and for the fields that hold one; each with its reason.

use super::name;
use crate::errors::Errors;
use crate::model::shape::{Flat, Group, Held};
use crate::model::{Column, Table};
use crate::names;

/// A struct that derives `Columns`.
pub(crate) fn group(group: &Group, errors: &mut Errors) {
    let ident = &group.ident;
    if group.columns.is_empty() && group.fields.is_empty() {
        errors.at(ident, format!("`{ident}` has no fields: a table would get no columns of it"));
    }
    for held in &group.fields {
        if let Held::Columns(flat) = held {
            // Its columns are known where it is declared, not here.
            let message = format!(
                "field `{}` of `{ident}` is flattened: a struct of columns holds no other one; flatten both in the table",
                flat.ident
            );
            errors.at(&flat.ident, message);
        }
    }
    for (index, column) in group.columns.iter().enumerate() {
        name(&column.name, &format!("column `{}`", column.ident), errors);
        super::column::column(column, errors);
        let mut before = group.columns.iter().take(index);
        if let Some(other) = before.find(|other| other.name.text == column.name.text) {
            let message = format!(
                "fields `{}` and `{}` are both column \"{}\"",
                other.ident, column.ident, column.name.text
            );
            errors.push(syn::Error::new(column.name.span, message));
        }
    }
}

/// The fields of a table that hold structs of columns: each has a handle, and so has each of their columns.
pub(super) fn flattened(table: &Table, errors: &mut Errors) {
    for flat in table.flattened() {
        let ident = &flat.ident;
        if super::ENTRY_POINTS.contains(&names::plain(ident).as_str()) {
            let message = format!("field `{ident}` would hide `Table::{ident}`; rename it");
            errors.at(ident, message);
        }
        let same = |column: &&Column| names::same(&column.ident, ident);
        if let Some(column) = table.columns.iter().find(same) {
            let message = format!(
                "field `{ident}` and column `{}` would both be `{}::{ident}`; rename the field, or give it a `prefix`",
                column.name.text, table.ident
            );
            errors.at(ident, message);
        }
        let own = table.columns.get(flat.columns.clone()).unwrap_or_default();
        let twice = own.iter().filter(|column| is_there_already(table, flat, column));
        let twice: Vec<String> = twice.map(|column| format!("`{}`", column.name.text)).collect();
        if !twice.is_empty() {
            let noun = if twice.len() == 1 { "column" } else { "columns" };
            let message = format!(
                "field `{ident}` brings {noun} {}, which table `{}` has already: give it another `prefix`",
                twice.join(", "),
                table.ident
            );
            errors.at(ident, message);
        }
    }
}

/// Whether a column has the name of another, in the table or in Rust: of the table's own, or of a struct before.
fn is_there_already(table: &Table, flat: &Flat, column: &Column) -> bool {
    table.columns.iter().enumerate().any(|(position, other)| {
        let counts = other.origin.is_none() || position < flat.columns.start;
        let same = names::same(&other.ident, &column.ident) || other.name.text == column.name.text;
        counts && same
    })
}
