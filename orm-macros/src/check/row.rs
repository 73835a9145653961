//! Rules for structs that derive `FromRow`; each with its reason.

use super::name;
use crate::errors::Errors;
use crate::model::row::{Filled, Row};

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
