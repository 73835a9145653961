//! A struct that derives `FromRow` -> [`model::row`](crate::model::row).

use super::item::{Item, items};
use super::naming;
use super::shape::{Written, fields_of};
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::row::{Filled, Row, RowField};
use crate::model::{Column, Name};
use crate::names;
use syn::{Data, DeriveInput, Field, Fields};

/// The struct; `None` if no row can be read into it.
pub(crate) fn row(input: &DeriveInput, written: &Written, errors: &mut Errors) -> Option<Row> {
    let ident = &input.ident;
    let Data::Struct(syn::DataStruct { fields: Fields::Named(named), .. }) = &input.data else {
        errors
            .at(ident, format!("`{ident}` needs named fields: each is a column of a select list"));
        return None;
    };
    if !input.generics.params.is_empty() {
        let message = format!("`{ident}` has generic parameters: a row is one type");
        errors.at(&input.generics, message);
        return None;
    }
    let flat = |column: Column| RowField {
        docs: column.docs,
        ident: column.ident,
        ty: column.ty,
        name: column.name,
        filled: Filled::Column,
        through: None,
    };
    let (fields, held) = fields_of(&named.named, Place::RowField, written, errors, field, flat);
    let mut row = Row {
        ident: ident.clone(),
        visibility: input.vis.clone(),
        name: Name::new(names::snake_case(&names::plain(ident)), ident.span()),
        from: None,
        krate: None,
        fields,
        held,
    };
    for mut item in items(&input.attrs, Place::Row, errors) {
        match item.key() {
            "name" => {
                if let Some(name) = item.name(errors) {
                    row.name.replace(name);
                }
            }
            "rename_all" => {
                let fields = row.fields.iter_mut().map(|field| (&field.ident, &mut field.name));
                naming::rename(fields, &mut item, errors);
            }
            "from" => row.from = item.path(errors),
            "crate" => row.krate = item.module(errors),
            _ => {}
        }
    }
    Some(row)
}

fn field(field: &Field, items: Vec<Item>, errors: &mut Errors) -> Option<RowField> {
    let ident = field.ident.clone()?;
    let name = Name::new(names::snake_case(&names::plain(&ident)), ident.span());
    let mut found = RowField {
        docs: super::docs::docs(&field.attrs),
        ident,
        ty: field.ty.clone(),
        name,
        filled: Filled::Column,
        through: None,
    };
    for mut item in items {
        match item.key() {
            "name" => {
                if let Some(name) = item.name(errors) {
                    found.name.replace(name);
                }
            }
            "nested" if item.flag(errors).is_some() => found.filled = Filled::Nested,
            "relation" => {
                let relation = if item.is_bare() { None } else { item.expr(errors) };
                found.filled = Filled::Relation(relation);
            }
            "through" => found.through = item.path(errors),
            "value" => {
                if let Some(expression) = item.expr(errors) {
                    found.filled = Filled::Value(expression);
                }
            }
            "prefix" => super::shape::needs_flatten(&found.ident, &item, errors),
            _ => {}
        }
    }
    Some(found)
}
