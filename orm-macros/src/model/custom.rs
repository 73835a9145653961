//! Annotated enums, domains and composites as plain data with spans.

use super::{Check, Default, Name};
use proc_macro2::{Ident, Span};
use syn::{Path, Type};

/// What every type that a program declares has.
pub(crate) struct Head {
    pub(crate) ident: Ident,
    pub(crate) name: Name,
    pub(crate) schema: Option<Name>,
    pub(crate) comment: Option<String>,
    pub(crate) krate: Option<Path>,
}

/// An enum that derives `Enum`.
pub(crate) struct Enumeration {
    pub(crate) head: Head,
    pub(crate) variants: Vec<Variant>,
}

/// A variant, and the label that stands for it.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) label: Name,
    /// Whether it has no fields, as it must.
    pub(crate) is_plain: bool,
}

/// A struct that derives `Domain`.
pub(crate) struct Domain {
    pub(crate) head: Head,
    /// The type of its only field.
    pub(crate) inner: Type,
    pub(crate) data_type: Option<String>,
    pub(crate) not_null: Option<Span>,
    pub(crate) default: Option<Default>,
    pub(crate) collation: Option<String>,
    pub(crate) checks: Vec<Check>,
}

/// A struct that derives `Composite`.
pub(crate) struct Composite {
    pub(crate) head: Head,
    pub(crate) fields: Vec<Field>,
}

/// A field of a composite.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) name: Name,
    pub(crate) data_type: Option<String>,
    pub(crate) collation: Option<String>,
}

impl Head {
    /// The PostgreSQL schema.
    pub(crate) fn schema(&self) -> &str {
        self.schema.as_ref().map_or("public", |schema| &schema.text)
    }
}
