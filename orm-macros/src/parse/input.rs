//! Structs that give values for columns -> [`model::input`](crate::model::input).

use super::item::{Item, items};
use super::shape::{Written, fields_of};
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::Column;
use crate::model::input::{Input, InputField};
use syn::{Data, DataStruct, DeriveInput, Field, Fields};

/// The struct of `#[derive(Insertable)]`; `None` if it is nothing that could be one.
pub(crate) fn insertable(
    input: &DeriveInput,
    written: &Written,
    errors: &mut Errors,
) -> Option<Input> {
    read(input, written, Place::Insert, "into", errors)
}

/// The struct of `#[derive(Patch)]`; `None` if it is nothing that could be one.
pub(crate) fn patch(input: &DeriveInput, written: &Written, errors: &mut Errors) -> Option<Input> {
    read(input, written, Place::Patch, "table", errors)
}

fn read(
    input: &DeriveInput,
    written: &Written,
    place: Place,
    table_key: &str,
    errors: &mut Errors,
) -> Option<Input> {
    let ident = &input.ident;
    let Data::Struct(DataStruct { fields: Fields::Named(named), .. }) = &input.data else {
        errors.at(ident, format!("`{ident}` is {}: a struct with named fields", place.noun()));
        return None;
    };
    let (mut table, mut krate, mut overriding, mut keyed) = (None, None, None, None);
    for mut item in items(&input.attrs, place, errors) {
        match item.key() {
            "overriding_system_value" => overriding = item.flag(errors),
            "keyed" => keyed = item.flag(errors),
            "crate" => krate = item.module(errors),
            _ => table = item.path(errors),
        }
    }
    // What only the server sets is left out, as of the struct of a table; a patch finds its row by an identity.
    let sets_identity = place == Place::Patch || overriding.is_some();
    let flat = |column: Column| InputField {
        is_set: column.generated.is_none() && (sets_identity || !column.is_always_identity()),
        ident: column.ident.clone(),
        ty: column.ty,
        column: column.ident,
    };
    let (fields, held) = fields_of(&named.named, Place::Given, written, errors, field, flat);
    let Some(table) = table else {
        let attribute = place.attribute();
        errors.at(
            ident,
            format!(
                "`{ident}` does not name its table: write `#[{attribute}({table_key} = User)]`"
            ),
        );
        return None;
    };
    if fields.is_empty() {
        errors.at(ident, format!("`{ident}` gives a value for no column"));
    }
    for (index, field) in fields.iter().enumerate() {
        if fields.iter().take(index).any(|other| crate::names::same(&other.column, &field.column)) {
            errors.at(
                &field.ident,
                format!("two fields of `{ident}` are both for column `{}`", field.column),
            );
        }
    }
    Some(Input {
        ident: ident.clone(),
        generics: input.generics.clone(),
        table,
        krate,
        overriding,
        keyed,
        fields,
        held,
    })
}

fn field(field: &Field, items: Vec<Item>, errors: &mut Errors) -> Option<InputField> {
    let ident = field.ident.clone()?;
    let mut column = ident.clone();
    for mut item in items {
        match item.key() {
            "prefix" => super::shape::needs_flatten(&ident, &item, errors),
            _ => column = item.ident(errors).unwrap_or(column),
        }
    }
    Some(InputField { ident, ty: field.ty.clone(), column, is_set: true })
}
