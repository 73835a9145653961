//! What the fields of a struct are: a column, the columns of another struct, or none. Knows no `quote`.

use super::Column;
use proc_macro2::Ident;
use std::ops::Range;
use syn::{Expr, Path, Type, Visibility};

/// A field of a struct that is read from a row.
pub(crate) enum Held {
    /// One column, at this position.
    Column(usize),
    /// `#[column(flatten)]`: the columns of another struct.
    Columns(Flat),
    /// `#[column(skip)]`: no column.
    Skipped(Box<Skipped>),
}

/// A field that is a struct of columns.
pub(crate) struct Flat {
    pub(crate) ident: Ident,
    /// The user's.
    pub(crate) docs: Vec<String>,
    /// The struct.
    pub(crate) path: Path,
    /// The positions of its columns.
    pub(crate) columns: Range<usize>,
}

/// A field that is no column.
pub(crate) struct Skipped {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// What it is when a row is read, if not the default of its type.
    pub(crate) value: Option<Expr>,
}

/// Where a column comes from that a struct of columns declares.
pub(crate) struct Origin {
    /// The struct.
    pub(crate) path: Path,
    /// The position in it.
    pub(crate) at: usize,
    /// Its type as it is written there.
    pub(crate) spelled: String,
    pub(crate) certainly_not_null: bool,
}

/// A struct that derives `Columns`.
pub(crate) struct Group {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) krate: Option<Path>,
    pub(crate) columns: Vec<Column>,
    pub(crate) fields: Vec<Held>,
    /// `rename_all`: the tables take the names as they are here.
    pub(crate) is_renamed: bool,
    /// The fields that are columns, as they are written.
    pub(crate) written: Vec<syn::Field>,
}
