//! The only place that knows how generated code reaches the runtime.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// The path of the runtime: `::orm::__private`, unless `#[table(crate = ..)]` names another `orm`.
pub(crate) fn path(krate: Option<&Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(#path::__private),
        None => quote!(::orm::__private),
    }
}

/// The [`path`] as it is written two modules below the struct.
pub(crate) fn from_within(krate: Option<&Path>) -> TokenStream {
    let Some(krate) = krate else { return path(None) };
    let mut rest = krate.segments.iter();
    match rest.next() {
        Some(first) if krate.leading_colon.is_none() && first.ident == "self" => {
            quote!(super::super #(::#rest)*::__private)
        }
        Some(first) if krate.leading_colon.is_none() && first.ident == "super" => {
            quote!(super::super::#krate::__private)
        }
        _ => path(Some(krate)),
    }
}

/// What a module two below the struct imports, so that a path whose first word is another crate or a module of the
/// struct's own module is found there too.
pub(crate) fn modules_around(krate: Option<&Path>) -> TokenStream {
    let first = krate.filter(|krate| krate.leading_colon.is_none());
    let first = first.and_then(|krate| krate.segments.first());
    match first {
        Some(first) if !["self", "super", "crate"].iter().any(|word| first.ident == word) => {
            quote! {
                #[allow(unused_imports)]
                use super::super::*;
            }
        }
        _ => TokenStream::new(),
    }
}

/// Items in a scope of their own, in which `_orm` is the runtime.
pub(crate) fn scoped(runtime: &TokenStream, items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(non_upper_case_globals, clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use #runtime as _orm;
            #items
        };
    }
}

/// The type of what `embed_migrations!` makes, through the crate that re-exports it.
pub(crate) fn embedded() -> TokenStream {
    quote!(::orm_migrate::Embedded)
}

/// The type of where that comes from.
pub(crate) fn embedded_origin() -> TokenStream {
    quote!(::orm_migrate::history::Origin)
}
