//! Structs that give values for columns: `impl Insertable`, `impl Patch`.

use crate::model::input::{Input, InputField};
use crate::model::shape::Held;
use crate::{names, runtime};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// One call for each field. An unknown column is an error at the field, a wrong type one at the field's type.
fn puts(input: &Input, rows: &Ident, method: &Ident) -> TokenStream {
    let table = &input.table;
    // `self` is only seen by tokens of one origin, and a type may come from a macro of the user's.
    let this = Ident::new("self", Span::call_site());
    let put = |field: &InputField, value: TokenStream| {
        let column = &field.column;
        let column = quote!(#table::#column);
        field.is_set.then(|| quote_spanned!(field.ty.span()=> #rows.#method(#column, #value);))
    };
    let values = Ident::new("values", Span::call_site());
    let each = input.held.iter().map(|held| match held {
        Held::Skipped(_) => TokenStream::new(),
        Held::Column(position) => {
            let field = &input.fields[*position];
            let ident = &field.ident;
            quote::ToTokens::into_token_stream(put(field, quote!(#this.#ident)))
        }
        Held::Columns(flat) => {
            let (ident, columns) = (&flat.ident, &input.fields[flat.columns.clone()]);
            let puts = columns.iter().enumerate().filter_map(|(at, field)| {
                let at = syn::Index::from(at);
                put(field, quote!(#values.#at))
            });
            quote! {{
                let #values = _orm::Flatten::into_values(#this.#ident);
                #(#puts)*
            }}
        }
    });
    each.collect()
}

fn positions(input: &Input) -> TokenStream {
    let table = &input.table;
    let set = input.fields.iter().filter(|field| field.is_set);
    let columns = set.map(|field| &field.column);
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

// For `#[patch(table = User)] struct UserPatch { name: Option<String> }` emits:
//
//     impl Patch for UserPatch { type Table = User; fn add_to(self, rows) { rows.put_patch(User::name, self.name); } }
//     impl<S> Assignments<User, OfPatch, S> for UserPatch { .. }
pub(crate) fn patch(input: &Input) -> TokenStream {
    let (ident, table) = (&input.ident, &input.table);
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let rows = Ident::new("rows", Span::call_site());
    // A key may be an identity: it finds the row.
    let puts = puts(input, &rows, &Ident::new("put_patch", Span::call_site()));
    let keyed = input.keyed.map(|span| {
        let (positions, name) = (positions(input), names::plain(ident));
        quote_spanned! {span=>
            const _: () = _orm::has_key::<#table>(#name, #positions);
            #[automatically_derived]
            impl #generics _orm::Keyed for #ident #arguments #bounds {}
        }
    });
    let mut with_scope = input.generics.clone();
    with_scope.params.push(syn::parse_quote!(__Scope));
    let (generics_of_set, _, _) = with_scope.split_for_impl();
    runtime::scoped(
        &runtime::path(input.krate.as_ref()),
        &quote! {
            #[automatically_derived]
            impl #generics _orm::Patch for #ident #arguments #bounds {
                type Table = #table;
                fn add_to(self, #rows: &mut _orm::Rows) { #puts }
            }
            #[automatically_derived]
            impl #generics_of_set _orm::Assignments<#table, _orm::OfPatch, __Scope>
                for #ident #arguments #bounds
            {
                fn append_to(self, list: &mut _orm::Assigned) {
                    _orm::append_patch(self, list);
                }
            }
            #keyed
        },
    )
}
