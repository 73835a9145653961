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
