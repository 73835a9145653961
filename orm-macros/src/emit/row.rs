//! `impl Decode`, `impl Nested`: a row out of the next cells.

use super::Context;
use crate::model::shape::Held;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

// For `struct User { id: String, .. }` emits:
//
//     impl Decode for User { fn decode(cells) -> Result<Self> { Ok(Self { id: value::<__User::id>(cells)?, .. }) } }
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let ident = &context.table.ident;
    // A local variable is only seen by tokens of one origin, and a type may come from a macro of the user's.
    let cells = Ident::new("cells", Span::call_site());
    let fields = context.table.fields.iter().map(|held| match held {
        Held::Columns(flat) => super::flattened::decoded(flat, &cells),
        Held::Skipped(skipped) => super::flattened::skipped(skipped),
        Held::Column(position) => {
            let column = &context.table.columns[*position];
            let (field, marker) = (&column.ident, context.marker(&column.ident));
            // An unsuitable type is noticed here too: at one place, the compiler says it once.
            let value = quote_spanned!(column.inner.span()=> _orm::value::<#marker>(#cells)?);
            quote!(#field: #value)
        }
    });
    quote! {
        #[automatically_derived]
        impl _orm::Decode for #ident {
            #[inline]
            fn decode(#cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }
        #[automatically_derived]
        impl _orm::DecodeOptional for #ident {
            #[inline]
            fn decode_optional(
                cells: &mut _orm::Cells<'_>,
            ) -> _orm::Result<::core::option::Option<Self>> {
                _orm::row_or_none(cells)
            }
        }
        #[automatically_derived]
        impl _orm::Nested for #ident {
            #[inline]
            fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                _orm::required(cells)
            }
        }
        #[automatically_derived]
        impl _orm::ListElement for #ident {
            type Form = _orm::RecordElement;
            #[inline]
            fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
                _orm::record_list(cells)
            }
        }
    }
}
