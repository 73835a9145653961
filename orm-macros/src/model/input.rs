//! A struct that gives values for columns of a table: `#[derive(Insertable)]`, `#[derive(Patch)]`.

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
    pub(crate) fields: Vec<InputField>,
}

pub(crate) struct InputField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The field of the table's struct.
    pub(crate) column: Ident,
}
