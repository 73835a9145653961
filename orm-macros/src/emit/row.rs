//! `impl Decode`, `impl Nested`: a row out of the next cells.

use super::Context;
use proc_macro2::TokenStream;
use quote::quote;

// For `struct User { id: String, .. }` emits:
//
//     impl Decode for User { fn decode(cells) -> Result<Self> { Ok(Self { id: cells.value()?, .. }) } }
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let ident = &context.table.ident;
    let fields = context.table.columns.iter().map(|column| &column.ident);
    quote! {
        #[automatically_derived]
        impl _orm::Decode for #ident {
            fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                ::core::result::Result::Ok(Self { #(#fields: cells.value()?),* })
            }
        }
        #[automatically_derived]
        impl _orm::Nested for #ident {
            fn nested(cell: ::core::option::Option<&[u8]>) -> _orm::Result<Self> {
                _orm::required(cell)
            }
        }
    }
}
