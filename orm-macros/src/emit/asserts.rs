//! Assertions about the types of columns, which only the compiler can resolve: `type Maybe<T> = Option<T>`.
//!
//! Each is evaluated when the crate is compiled and fails with the message that `check` has for a type it knows.

use super::{Context, Reading};
use crate::check::column::{is_integer, is_no_integer, key_is_null, needs_null};
use crate::check::parts;
use crate::data_type::DataType;
use crate::model::Column;
use crate::names;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned as _;

// For `#[column(references = User::id, on_delete = set_null)] user_id: Maybe<i64>` emits:
//
//     const _: () = assert!(is_nullable::<__Session::user_id>(), "`on_delete = set_null` of column `user_id` needs ..");
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let table = context.table;
    let mut asserts = TokenStream::new();
    if context.reading == Reading::Mistaken {
        // Some of these mistakes are reported already.
        return asserts;
    }
    for column in &table.columns {
        let marker = context.marker(&column.ident);
        for (key, action) in
            [("on_delete", &column.on_delete), ("on_update", &column.on_update_action)]
        {
            let Some(action) = action.as_ref().filter(|action| action.word == "set_null") else {
                continue;
            };
            asserts.extend(nullable(context, column, action.span, &needs_null(key, column)));
        }
        asserts.extend(is_stored(context, column));
        let counts = column.identity.is_some() || column.is_serial();
        if counts && !column.optional && !is_integer(&column.ty) {
            let found = quote_spanned!(column.ty.span()=> _orm::is_integer::<#marker>());
            asserts.extend(assert(column.ty.span(), &found, &is_no_integer(column)));
        }
    }
    for column in table.key().into_iter().filter_map(|position| table.columns.get(position)) {
        if !column.is_certainly_not_null() {
            let (marker, span) = (context.marker(&column.ident), column.ty.span());
            let found = quote_spanned!(span=> !_orm::is_nullable::<#marker>());
            asserts.extend(assert(span, &found, &key_is_null(column)));
        }
    }
    for key in &table.foreign_keys {
        for (word, action) in [("on_delete", &key.on_delete), ("on_update", &key.on_update)] {
            let Some(action) = action.as_ref().filter(|action| action.word == "set_null") else {
                continue;
            };
            for column in parts::set_by(table, key, word) {
                let message = parts::needs_null(word, column);
                asserts.extend(nullable(context, column, action.span, &message));
            }
        }
    }
    asserts
}

// For `#[column(data_type = "numeric(10, 2)")] price: f64` emits:
//
//     const _: () = assert!(is_stored_as::<__Product::price>("numeric", false), "column `price` of table ..");
fn is_stored(context: &Context<'_>, column: &Column) -> Option<TokenStream> {
    let text = column.data_type.as_deref()?;
    let data_type = DataType::of(text);
    let held_by = data_type.held_by()?;
    let (marker, span, ty) = (context.marker(&column.ident), column.inner.span(), &column.inner);
    let (name, is_array) = (&data_type.name, data_type.is_array);
    let rust = match &column.origin {
        Some(origin) => origin.spelled.clone(),
        None => names::compact(&quote::quote!(#ty).to_string()),
    };
    let (elements, brackets) = if is_array { ("a `Vec` of ", "[]") } else { ("", "") };
    let message = format!(
        "column `{}` of table `{}` is declared `{text}`, which `{rust}` does not hold; a value of `{name}{brackets}` is {elements}{held_by}",
        column.name.text, context.table.name.text,
    );
    let found = quote_spanned!(span=> _orm::is_stored_as::<#marker>(#name, #is_array));
    Some(assert(span, &found, &message))
}

/// Nothing, where the type is written as an `Option`.
fn nullable(
    context: &Context<'_>,
    column: &Column,
    span: Span,
    message: &str,
) -> Option<TokenStream> {
    let marker = context.marker(&column.ident);
    let found = quote_spanned!(span=> _orm::is_nullable::<#marker>());
    (!column.optional).then(|| assert(span, &found, message))
}

pub(super) fn assert(span: Span, holds: &TokenStream, message: &str) -> TokenStream {
    quote_spanned!(span=> const _: () = ::core::assert!(#holds, #message);)
}
