//! A struct that derives `Newtype` -> [`model::newtype`](crate::model::newtype).

use super::in_option;
use super::item::items;
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::newtype::Newtype;
use proc_macro2::Ident;
use syn::{Data, DeriveInput, Field, Index, Member, Type};

/// What a newtype does not contain. Reported here for an `Option`, and by the compiler for another name of one.
pub(crate) fn holds_a_value(ident: &Ident) -> String {
    format!("newtype `{ident}` holds a value: a column that may be NULL is an `Option<{ident}>`")
}

/// The newtype; `None` if it is nothing that could be one.
pub(crate) fn newtype(input: &DeriveInput, errors: &mut Errors) -> Option<Newtype> {
    let ident = &input.ident;
    let Data::Struct(data) = &input.data else {
        let message = format!(
            "`{ident}` is not a struct: a newtype is a struct around one value, `struct {ident}(i64);`"
        );
        errors.at(ident, message);
        return None;
    };
    let fields = data.fields.iter().enumerate().map(|(index, field)| (member(index, field), field));
    let (markers, values): (Vec<_>, Vec<_>) =
        fields.partition(|(_, field)| is_phantom_data(&field.ty));
    let mut values = values.into_iter();
    let (Some((value, field)), None) = (values.next(), values.next()) else {
        let count = data.fields.len() - markers.len();
        errors.at(
            ident,
            format!(
                "newtype `{ident}` is a struct around one value, and has {count}: write `struct {ident}(i64);`; a struct of several columns derives `Composite`"
            ),
        );
        return None;
    };
    if in_option(&field.ty).is_some() {
        errors.at(&field.ty, holds_a_value(ident));
        return None;
    }
    let mut krate = None;
    for mut item in items(&input.attrs, Place::Newtype, errors) {
        krate = item.module(errors);
    }
    Some(Newtype {
        ident: ident.clone(),
        generics: input.generics.clone(),
        krate,
        value,
        inner: field.ty.clone(),
        markers: markers.into_iter().map(|(member, _)| member).collect(),
    })
}

fn member(index: usize, field: &Field) -> Member {
    match &field.ident {
        Some(name) => Member::Named(name.clone()),
        None => Member::Unnamed(Index::from(index)),
    }
}

/// A type that is written as `PhantomData<..>`.
fn is_phantom_data(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "PhantomData")
}
