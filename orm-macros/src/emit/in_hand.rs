//! `impl Loadable`: what relations of a row that the program has are found by.

use super::{Context, Reading};
use crate::model::shape::Held;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

// For `struct User { id: String, .. }` with relations emits:
//
//     impl Loadable for User { fn value_at(&self, position) { match position { 0 => Some(as_parameter::<__User::id>(&self.id)), .. } } }
//     impl Loadable for UserWith<..> { fn value_at(&self, position) { self.row.value_at(position) } }
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let relations = context.table.relation_names().count();
    if relations == 0 {
        return TokenStream::new();
    }
    let ident = &context.table.ident;
    // A local variable is only seen by tokens of one origin, and a type may come from a macro of the user's.
    let this = Ident::new("self", Span::call_site());
    let position = Ident::new("position", Span::call_site());
    let arms = context.table.fields.iter().map(|held| match held {
        Held::Skipped(_) => TokenStream::new(),
        Held::Columns(flat) if flat.columns.is_empty() => TokenStream::new(),
        Held::Columns(flat) => {
            let (field, first, end) = (&flat.ident, flat.columns.start, flat.columns.end);
            quote! {
                #first..#end => _orm::Flatten::value_at(&#this.#field, #position - #first),
            }
        }
        Held::Column(at) => {
            let column = &context.table.columns[*at];
            let (field, marker) = (&column.ident, context.marker(&column.ident));
            quote_spanned! {column.inner.span()=>
                #at => ::core::option::Option::Some(_orm::as_parameter::<#marker>(&#this.#field)),
            }
        }
    });
    let arms: TokenStream = match context.reading {
        Reading::Whole => arms.collect(),
        Reading::Mistaken => TokenStream::new(),
    };
    let holder = context.made(&context.table.row_with());
    let types: Vec<Ident> = (0..relations).map(|place| format_ident!("__L{place}")).collect();
    let value_at = quote! {
        fn value_at(
            &#this,
            #position: usize,
        ) -> ::core::option::Option<&dyn _orm::Parameter>
    };
    quote! {
        #[automatically_derived]
        impl _orm::Loadable for #ident {
            type Table = Self;
            #value_at {
                match #position { #arms _ => ::core::option::Option::None }
            }
        }
        #[automatically_derived]
        impl<#(#types: ::core::marker::Send + ::core::marker::Sync + 'static,)* __Row: _orm::Loadable>
            _orm::Loadable for #holder<#(#types,)* __Row>
        {
            type Table = __Row::Table;
            #value_at { _orm::Loadable::value_at(&#this.row, #position) }
        }
    }
}
