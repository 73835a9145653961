//! A struct that derives `FromRow`, as plain data with spans.

use super::Name;
use super::shape::Held;
use proc_macro2::Ident;
use syn::{Expr, Path, Type, Visibility};

/// A struct that derives `FromRow`.
pub(crate) struct Row {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    /// What it is called as a source.
    pub(crate) name: Name,
    /// The table that its columns are picked from.
    pub(crate) from: Option<Path>,
    pub(crate) krate: Option<Path>,
    /// The columns.
    pub(crate) fields: Vec<RowField>,
    /// What the fields of the struct are.
    pub(crate) held: Vec<Held>,
}

/// A field of it.
pub(crate) struct RowField {
    pub(crate) ident: Ident,
    pub(crate) docs: Vec<String>,
    pub(crate) ty: Type,
    pub(crate) name: Name,
    pub(crate) filled: Filled,
    /// The join table of the relation that fills it: `through = Membership`.
    pub(crate) through: Option<Path>,
}

/// What fills a field.
pub(crate) enum Filled {
    /// A column or expression.
    Column,
    /// `nested`: it is a struct of columns, or an `Option` of one.
    Nested,
    /// `relation`: the rows of a relation; an expression says which, if it is not named like the field.
    Relation(Option<Expr>),
    /// `value = ..`: an expression.
    Value(Expr),
}

impl Row {
    /// Whether queries that give it can be read from: each field is a column.
    pub(crate) fn is_source(&self) -> bool {
        let is_column =
            |field: &RowField| matches!(field.filled, Filled::Column | Filled::Value(_));
        self.fields.iter().all(is_column)
    }

    /// The struct of a select list.
    pub(crate) fn select_ident(&self) -> Ident {
        let name = crate::names::plain(&self.ident);
        Ident::new(&format!("{name}Select"), self.ident.span())
    }
}
