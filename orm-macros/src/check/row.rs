//! Rules for structs that derive `FromRow`; each with its reason.

use super::name;
use crate::errors::Errors;
use crate::model::row::Row;

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
    if let Some(from) = &row.from
        && let Some(nested) = row.fields.iter().find(|field| field.nested.is_some())
    {
        let table = quote::quote!(#from).to_string().replace(' ', "");
        errors.at(
            &nested.ident,
            format!(
                "field `{}` is nested, and no column of `{table}`: leave `from = {table}` out",
                nested.ident
            ),
        );
    }
}
