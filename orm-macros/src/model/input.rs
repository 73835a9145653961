//! A struct that gives values for columns of a table: `#[derive(Insertable)]`, `#[derive(Patch)]`.

use super::shape::Held;
use proc_macro2::{Ident, Span};
use syn::{Generics, Path, Type};

pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// The table.
    pub(crate) table: Path,
    pub(crate) krate: Option<Path>,
    /// An insert may set `identity` columns.
    pub(crate) overriding: Option<Span>,
    /// A patch has the primary key of the row that it changes.
    pub(crate) keyed: Option<Span>,
    /// The columns that it gives values for.
    pub(crate) fields: Vec<InputField>,
    /// What the fields of the struct are.
    pub(crate) held: Vec<Held>,
}

pub(crate) struct InputField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The field of the table's struct.
    pub(crate) column: Ident,
    /// Whether the client sets it.
    pub(crate) is_set: bool,
}
