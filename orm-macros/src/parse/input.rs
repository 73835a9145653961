//! Structs that give values for columns -> [`model::input`](crate::model::input).

use super::item::items;
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::input::{Input, InputField};
use syn::{Data, DataStruct, DeriveInput, Fields};

/// The struct of `#[derive(Insertable)]`; `None` if it is nothing that could be one.
pub(crate) fn insertable(input: &DeriveInput, errors: &mut Errors) -> Option<Input> {
    read(input, Place::Insert, "into", errors)
}

/// The struct of `#[derive(Patch)]`; `None` if it is nothing that could be one.
pub(crate) fn patch(input: &DeriveInput, errors: &mut Errors) -> Option<Input> {
    read(input, Place::Patch, "table", errors)
}

fn read(input: &DeriveInput, place: Place, table_key: &str, errors: &mut Errors) -> Option<Input> {
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
    let fields = named.named.iter().filter_map(|field| {
        let ident = field.ident.clone()?;
        let mut column = ident.clone();
        let mut is_skipped = false;
        for mut item in items(&field.attrs, Place::Given, errors) {
            match item.key() {
                "skip" => is_skipped = item.flag(errors).is_some(),
                _ => column = item.ident(errors).unwrap_or(column),
            }
        }
        (!is_skipped).then(|| InputField { ident, ty: field.ty.clone(), column })
    });
    let fields: Vec<InputField> = fields.collect();
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
    })
}
