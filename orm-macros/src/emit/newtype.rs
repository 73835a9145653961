//! What the derive of a newtype adds: the type as a column's type, by the type within it.

use super::asserts;
use super::custom::{Parts, custom_type};
use crate::model::newtype::Newtype;
use crate::parse::newtype::holds_a_value;
use crate::runtime;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{GenericParam, Generics, parse_quote};

/// The generics of the struct, with what the impls need of its parameters.
fn bounded(found: &Newtype) -> Generics {
    let mut generics = found.generics.clone();
    if generics.params.is_empty() {
        // What is missing is then an error at the struct.
        return generics;
    }
    let inner = &found.inner;
    let names_a_parameter = found.generics.params.iter().any(|param| match param {
        GenericParam::Type(param) => mentions(inner.to_token_stream(), &param.ident),
        _ => false,
    });
    let bounds = &mut generics.make_where_clause().predicates;
    bounds.push(parse_quote! {
        Self: ::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync + 'static
    });
    if names_a_parameter {
        bounds.push(parse_quote!(#inner: _orm::Value));
    }
    generics
}

fn mentions(tokens: TokenStream, name: &proc_macro2::Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

// For `struct UserId(Uuid)` emits the impls of a value that is written and read as a `Uuid`, in columns of its type.
pub(crate) fn newtype(found: &Newtype) -> TokenStream {
    let Newtype { ident, value, inner, markers, .. } = found;
    let generics = bounded(found);
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let slot = quote_spanned!(inner.span()=> type Value = #inner;);
    let message = holds_a_value(ident);
    let (is_value, data_type) = if found.generics.params.is_empty() {
        let holds = quote_spanned!(inner.span()=> !_orm::is_nullable_slot::<#ident>());
        (asserts::assert(inner.span(), &holds, &message), quote!(_orm::slot_data_type::<Self>()))
    } else {
        let data_type = quote!({
            ::core::assert!(!_orm::is_nullable_slot::<Self>(), #message);
            _orm::slot_data_type::<Self>()
        });
        (TokenStream::new(), data_type)
    };
    let custom_type = custom_type(
        ident,
        &generics,
        &Parts {
            sql: quote!(_orm::NewtypeOf<Self>),
            element: quote!(_orm::NewtypeOf<Self>),
            data_type,
            items: quote! {
                const DECLARED_AS: &'static [&'static str] = _orm::slot_declared_as::<Self>();
                fn parameter_type() -> _orm::Type { _orm::slot_type::<Self>() }
            },
            accepts: quote!(_orm::slot_accepts::<Self>(ty)),
            read: quote! {
                ::core::result::Result::Ok(Self {
                    #value: _orm::read_slot::<Self>(ty, raw)?,
                    #(#markers: ::core::marker::PhantomData,)*
                })
            },
            write: quote!(_orm::write_slot::<Self>(&self.#value, ty, out)),
        },
    );
    runtime::scoped(
        &runtime::path(found.krate.as_ref()),
        &quote! {
            #[automatically_derived]
            impl #parameters _orm::Slot for #ident #arguments #bounds { #slot }
            #is_value
            #custom_type
            #[automatically_derived]
            impl #parameters _orm::Newtype for #ident #arguments #bounds {
                type Inner = <Self as _orm::Slot>::Value;
            }
        },
    )
}
