//! Rules for structs that derive `FromRow`; each with its reason.

use super::name;
use crate::errors::Errors;
use crate::model::row::{Filled, Row, RowField};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

pub(crate) fn row(row: &Row, errors: &mut Errors) {
    let ident = &row.ident;
    name(&row.name, &format!("`{ident}`"), errors);
    if row.fields.is_empty() {
        errors.at(ident, format!("`{ident}` has no fields: nothing would be selected into it"));
    }
    for (index, field) in row.fields.iter().enumerate() {
        name(&field.name, &format!("field `{}` of `{ident}`", field.ident), errors);
        let Some(other) =
            row.fields.iter().take(index).find(|other| other.name.text == field.name.text)
        else {
            continue;
        };
        // A query around this one could not tell the two apart.
        errors.push(syn::Error::new(
            field.name.span,
            format!(
                "fields `{}` and `{}` of `{ident}` are both the column \"{}\"",
                other.ident, field.ident, field.name.text
            ),
        ));
    }
    for field in &row.fields {
        // One that is deeper is found by the compiler: a constant of the struct depends on itself.
        if holds_itself(row, field) {
            errors.at(
                &field.ident,
                format!(
                    "field `{}` of `{ident}` holds `{ident}` again, and so on without end: give it a struct of its own, with fewer fields",
                    field.ident
                ),
            );
        }
    }
    for field in &row.fields {
        if let Some(through) = &field.through
            && !matches!(field.filled, Filled::Relation(_))
        {
            errors.at(
                through,
                format!(
                    "field `{}` of `{ident}` has `through`, and no `relation` that leads through a join table",
                    field.ident
                ),
            );
        }
    }
    if row.from.is_some() {
        return;
    }
    for field in &row.fields {
        let key = match &field.filled {
            Filled::Relation(..) => "relation",
            Filled::Value(_) => "value",
            Filled::Column | Filled::Nested => continue,
        };
        errors.at(
            &field.ident,
            format!(
                "field `{}` of `{ident}` has `{key}`, which is of a table: name it with `#[from_row(from = Table)]`",
                field.ident
            ),
        );
    }
}

/// Whether the rows of a relation that fills the field are the struct again.
pub(crate) fn holds_itself(row: &Row, field: &RowField) -> bool {
    let ty = &field.ty;
    matches!(field.filled, Filled::Relation(_))
        && names_of(quote!(#ty)).contains(&row.ident.to_string())
}

/// The names in a type.
fn names_of(ty: TokenStream) -> Vec<String> {
    let names = ty.into_iter().flat_map(|token| match token {
        TokenTree::Ident(ident) => vec![ident.to_string()],
        TokenTree::Group(group) => names_of(group.stream()),
        _ => Vec::new(),
    });
    names.collect()
}
