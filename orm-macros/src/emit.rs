//! model -> tokens: the list of sections in order. Generated code is short and calls the runtime.

mod asserts;
mod columns;
pub(crate) mod custom;
mod docs;
mod flattened;
pub(crate) mod from_row;
pub(crate) mod group;
mod in_hand;
pub(crate) mod input;
mod insert;
pub(crate) mod newtype;
mod parts;
mod related;
mod relations;
mod renames;
mod row;
pub(crate) mod stub;
mod table;
mod written;

use crate::model::Table;
use crate::{names, runtime};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// Everything that the derive adds beside the struct.
pub(crate) fn table(table: &Table) -> TokenStream {
    emit(table, Reading::Whole)
}

/// Whether the struct could be read without mistakes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Whole,
    Mistaken,
}

fn emit(table: &Table, reading: Reading) -> TokenStream {
    let runtime = runtime::path(table.krate.as_ref());
    let markers = format_ident!("__{}", names::plain(&table.ident));
    let context = Context { table, markers, reading };
    let inside = [
        table::emit(&context),
        row::emit(&context),
        columns::emit(&context),
        flattened::emit(&context),
        relations::emit(&context),
        in_hand::emit(&context),
        written::emit(&context),
        insert::emit(&context),
        asserts::emit(&context),
    ];
    let types = columns::types(&context).map(|_| {
        let markers = &context.markers;
        quote!(use #markers::__types as _types;)
    });
    let inside = runtime::scoped(&runtime, &quote!(#types #(#inside)*));
    let outside = [columns::markers(&context), table::handle(&context, &runtime)];
    quote!(#(#outside)* #inside)
}

/// What every section needs.
struct Context<'a> {
    table: &'a Table,
    /// The module that holds one type for each column and relation.
    markers: Ident,
    reading: Reading,
}

impl Context<'_> {
    /// The type that stands for a column or relation.
    fn marker(&self, name: &Ident) -> TokenStream {
        let markers = &self.markers;
        quote!(#markers::#name)
    }

    /// A type that is made for the user's eyes, from within the scope of the impls.
    fn made(&self, name: &Ident) -> TokenStream {
        quote!(_types::#name)
    }
}

/// A list of column names as const data.
fn texts<'a>(names: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() {
        return quote!(_orm::schema::List::Borrowed(&[]));
    }
    quote!({
        const TEXTS: &[_orm::schema::Text] = &[#(_orm::schema::Text::Borrowed(#names)),*];
        _orm::schema::List::Borrowed(TEXTS)
    })
}

/// An optional text as const data.
fn optional_text(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(_orm::schema::Text::Borrowed(#text))),
        None => quote!(::core::option::Option::None),
    }
}
