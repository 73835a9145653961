//! Rules for enums, domains and composites; each with its reason.

use super::{name, renames};
use crate::errors::Errors;
use crate::model::Name;
use crate::model::custom::{Composite, Domain, Enumeration, Head};
use proc_macro2::Ident;

fn head(head: &Head, what: &str, errors: &mut Errors) {
    name(&head.name, &format!("{what} `{}`", head.ident), errors);
    if let Some(schema) = &head.schema {
        name(schema, &format!("the schema of {what} `{}`", head.ident), errors);
    }
    renames::whole(&head.name, head.schema(), &format!("{what} `{}`", head.ident), errors);
}

pub(crate) fn enumeration(found: &Enumeration, errors: &mut Errors) {
    head(&found.head, "enum", errors);
    let ident = &found.head.ident;
    if found.variants.is_empty() {
        errors
            .at(ident, format!("enum `{ident}` has no variants: no row could hold a value of it"));
    }
    for variant in &found.variants {
        name(&variant.label, &format!("variant `{ident}::{}`", variant.ident), errors);
    }
    let labels = found.variants.iter().map(|variant| (&variant.ident, &variant.label));
    different(labels, ("variants", &format!("enum `{ident}`"), "label"), errors);
    let labels: Vec<&Name> = found.variants.iter().map(|variant| &variant.label).collect();
    renames::members(&labels, "label", &format!("enum `{ident}`"), errors);
}

pub(crate) fn domain(found: &Domain, errors: &mut Errors) {
    head(&found.head, "domain", errors);
    let ident = &found.head.ident;
    if let Some(default) = &found.default {
        super::column::default(default, &format!("domain `{ident}`"), &found.inner, errors);
    }
    let mut seen: Vec<&Name> = Vec::new();
    for check in &found.checks {
        if check.sql.trim().is_empty() {
            errors.at(ident, format!("a check of domain `{ident}` is empty"));
        }
        let Some(given) = &check.name else { continue };
        name(given, &format!("a check of domain `{ident}`"), errors);
        if seen.iter().any(|other| other.text == given.text) {
            let message = format!("two checks of domain `{ident}` have the name `{}`", given.text);
            errors.push(syn::Error::new(given.span, message));
        }
        seen.push(given);
    }
}

pub(crate) fn composite(found: &Composite, errors: &mut Errors) {
    head(&found.head, "composite type", errors);
    let ident = &found.head.ident;
    if found.fields.is_empty() {
        errors.at(ident, format!("composite type `{ident}` has no fields"));
    }
    for field in &found.fields {
        name(&field.name, &format!("field `{}` of composite type `{ident}`", field.ident), errors);
    }
    let names = found.fields.iter().map(|field| (&field.ident, &field.name));
    different(names, ("fields", &format!("composite type `{ident}`"), "field"), errors);
    let names: Vec<&Name> = found.fields.iter().map(|field| &field.name).collect();
    renames::members(&names, "field", &format!("composite type `{ident}`"), errors);
}

/// Notes two that have one name in the database.
fn different<'a>(
    all: impl Iterator<Item = (&'a Ident, &'a Name)>,
    (kind, of, what): (&str, &str, &str),
    errors: &mut Errors,
) {
    let mut seen: Vec<(&Ident, &Name)> = Vec::new();
    for (ident, name) in all {
        if let Some((other, _)) = seen.iter().find(|(_, other)| other.text == name.text) {
            let message = format!(
                "{kind} `{other}` and `{ident}` of {of} are both the {what} \"{}\"",
                name.text
            );
            errors.push(syn::Error::new(name.span, message));
        }
        seen.push((ident, name));
    }
}
