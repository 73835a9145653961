//! What is emitted next to errors, so that one mistake is one message: handles that exist, whatever they are.

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// Nothing can be promised for a struct that could not be read: the errors stand alone.
pub(crate) fn table(_: &DeriveInput) -> TokenStream {
    TokenStream::new()
}
