//! Enums, domains and composites -> [`model::custom`](crate::model::custom).

use super::item::{Item, items};
use super::{in_option, naming, value};
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::custom::{Composite, Domain, Enumeration, Field, Head, Variant};
use crate::model::{Check, Name};
use crate::names;
use proc_macro2::Ident;
use syn::{Data, DeriveInput, Fields};

fn head(input: &DeriveInput, place: Place, errors: &mut Errors) -> Option<Head> {
    let ident = &input.ident;
    if !input.generics.params.is_empty() {
        let message = format!("`{ident}` has generic parameters: {} is one type", place.noun());
        errors.at(&input.generics, message);
        return None;
    }
    Some(Head {
        ident: ident.clone(),
        name: Name::new(names::snake_case(&names::plain(ident)), ident.span()),
        schema: None,
        comment: None,
        krate: None,
    })
}

/// A key that every declared type has; the item comes back if it is another.
fn head_key(head: &mut Head, mut item: Item, errors: &mut Errors) -> Option<Item> {
    match item.key() {
        "name" => {
            if let Some(name) = item.name(errors) {
                head.name.replace(name);
            }
        }
        "renamed_from" => head.name.renamed_from = item.renamed_from(errors),
        "schema" => head.schema = item.name(errors),
        "comment" => head.comment = item.string(errors).map(|text| text.value()),
        "crate" => head.krate = item.module(errors),
        _ => return Some(item),
    }
    None
}

/// The enum; `None` if it is nothing that could be one.
pub(crate) fn enumeration(input: &DeriveInput, errors: &mut Errors) -> Option<Enumeration> {
    let Data::Enum(data) = &input.data else {
        let message =
            format!("`{}` is not an enum: only an enum can be a PostgreSQL enum", input.ident);
        errors.at(&input.ident, message);
        return None;
    };
    let mut head = head(input, Place::Enum, errors)?;
    let mut rename = names::snake_case as fn(&str) -> String;
    for item in items(&input.attrs, Place::Enum, errors) {
        if let Some(mut item) = head_key(&mut head, item, errors) {
            rename = naming::rename_all(&mut item, errors).unwrap_or(rename);
        }
    }
    let variants = data.variants.iter().map(|variant| {
        let ident = variant.ident.clone();
        let is_plain = matches!(variant.fields, Fields::Unit);
        if !is_plain {
            errors.at(
                &variant.fields,
                format!(
                    "variant `{}::{ident}` has fields: a value of a PostgreSQL enum is a label alone",
                    input.ident
                ),
            );
        }
        let mut label = Name::new(rename(&names::plain(&ident)), ident.span());
        for mut item in items(&variant.attrs, Place::Variant, errors) {
            match item.key() {
                "renamed_from" => label.renamed_from = item.renamed_from(errors),
                _ => {
                    if let Some(name) = item.name(errors) {
                        label.replace(name);
                    }
                }
            }
        }
        Variant { ident, label, is_plain }
    });
    let variants = variants.collect();
    Some(Enumeration { head, variants })
}

/// What a domain does not contain. Reported here for an `Option`, and by the compiler for another name of one.
pub(crate) fn holds_a_value(ident: &Ident) -> String {
    format!("domain `{ident}` holds a value: a column that may be NULL is an `Option<{ident}>`")
}

/// The domain; `None` if it is nothing that could be one.
pub(crate) fn domain(input: &DeriveInput, errors: &mut Errors) -> Option<Domain> {
    let ident = &input.ident;
    let inner = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                fields.unnamed.first().map(|field| field.ty.clone())
            }
            _ => None,
        },
        _ => None,
    };
    let Some(inner) = inner else {
        errors.at(
            ident,
            format!("domain `{ident}` is a struct around one value: `struct {ident}(String);`"),
        );
        return None;
    };
    if in_option(&inner).is_some() {
        errors.at(&inner, holds_a_value(ident));
        return None;
    }
    let mut domain = Domain {
        head: head(input, Place::Domain, errors)?,
        inner,
        data_type: None,
        not_null: None,
        default: None,
        collation: None,
        checks: Vec::new(),
    };
    for item in items(&input.attrs, Place::Domain, errors) {
        let Some(mut item) = head_key(&mut domain.head, item, errors) else { continue };
        match item.key() {
            "data_type" => domain.data_type = item.string(errors).map(|text| text.value()),
            "not_null" => domain.not_null = item.flag(errors),
            "default" => domain.default = value::default(&mut item, errors),
            "collation" => domain.collation = item.collation(errors),
            "check" => domain.checks.extend(check(&mut item, errors)),
            _ => {}
        }
    }
    Some(domain)
}

/// `check = "sql"`, `check("sql")` or `check("name", "sql")`, and in parentheses `not_valid`.
fn check(item: &mut Item, errors: &mut Errors) -> Option<Check> {
    if item.value_ref().is_none() {
        return super::parts::check_with(item, &["name", "not_valid"], errors);
    }
    let sql = item.string(errors)?.value();
    Some(Check { name: None, sql, no_inherit: false, not_valid: false })
}

/// The composite; `None` if it is nothing that could be one.
pub(crate) fn composite(input: &DeriveInput, errors: &mut Errors) -> Option<Composite> {
    let ident = &input.ident;
    let Data::Struct(syn::DataStruct { fields: Fields::Named(named), .. }) = &input.data else {
        errors.at(ident, format!("composite type `{ident}` is a struct with named fields"));
        return None;
    };
    let mut composite =
        Composite { head: head(input, Place::Composite, errors)?, fields: Vec::new() };
    let keys = items(&input.attrs, Place::Composite, errors);
    let fields = named.named.iter().filter_map(|field| {
        let ident: Ident = field.ident.clone()?;
        let name = Name::new(names::snake_case(&names::plain(&ident)), ident.span());
        let mut found =
            Field { ident, ty: field.ty.clone(), name, data_type: None, collation: None };
        for mut item in items(&field.attrs, Place::Field, errors) {
            match item.key() {
                "name" => {
                    if let Some(name) = item.name(errors) {
                        found.name.replace(name);
                    }
                }
                "renamed_from" => found.name.renamed_from = item.renamed_from(errors),
                "data_type" => found.data_type = item.string(errors).map(|text| text.value()),
                "collation" => found.collation = item.collation(errors),
                _ => {}
            }
        }
        Some(found)
    });
    composite.fields = fields.collect();
    for item in keys {
        if let Some(mut item) = head_key(&mut composite.head, item, errors) {
            let fields = composite.fields.iter_mut();
            let names = fields.map(|field| (&field.ident, &mut field.name));
            naming::rename(names, &mut item, errors);
        }
    }
    Some(composite)
}
