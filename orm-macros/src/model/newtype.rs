//! A struct that derives `Newtype`, as plain data with spans.

use proc_macro2::Ident;
use syn::{Generics, Member, Path, Type};

/// A struct that derives `Newtype`.
pub(crate) struct Newtype {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) krate: Option<Path>,
    /// The field that holds the value, and its type.
    pub(crate) value: Member,
    pub(crate) inner: Type,
    /// The fields that hold nothing: `PhantomData`.
    pub(crate) markers: Vec<Member>,
}
