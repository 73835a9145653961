//! Structs that give values for columns: `impl Insertable`, `impl Patch`.

use crate::model::input::Input;
use crate::{names, runtime};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// One call for each field. An unknown column is an error at the field, a wrong type one at the field's type.
fn puts(input: &Input, rows: &Ident, method: &Ident) -> TokenStream {
    let table = &input.table;
    input
        .fields
        .iter()
        .map(|field| {
            let (ident, column) = (&field.ident, &field.column);
            let column = quote!(#table::#column);
            quote_spanned!(field.ty.span()=> #rows.#method(#column, self.#ident);)
        })
        .collect()
}

fn positions(input: &Input) -> TokenStream {
    let table = &input.table;
    let columns = input.fields.iter().map(|field| &field.column);
    quote!(&[#(#table::#columns.position()),*])
}

// For `#[insert(into = User)] struct NewUser { name: String }` emits:
//
//     impl Insertable for NewUser { type Table = User; fn add_to(self, rows) { rows.put(User::name, self.name); } }
pub(crate) fn insertable(input: &Input) -> TokenStream {
    let (ident, table) = (&input.ident, &input.table);
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let rows = Ident::new("rows", Span::call_site());
    let method = if input.overriding.is_some() { "put_overriding" } else { "put" };
    let puts = puts(input, &rows, &Ident::new(method, Span::call_site()));
    let (positions, name) = (positions(input), names::plain(ident));
    let complete = quote_spanned! {ident.span()=>
        const _: () = _orm::sets_required_columns::<#table>(#name, #positions);
    };
    runtime::scoped(
        &runtime::path(input.krate.as_ref()),
        &quote! {
            #[automatically_derived]
            impl #generics _orm::Insertable for #ident #arguments #bounds {
                type Table = #table;
                fn add_to(self, #rows: &mut _orm::Rows) { #puts }
            }
            #complete
        },
    )
}
