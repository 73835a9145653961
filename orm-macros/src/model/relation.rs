//! The relations that the struct declares: `has_many(..)`, `has_one(..)` and `belongs_to(..)`.

use proc_macro2::{Ident, Span};
use syn::{Expr, Path};

/// One relation of a list.
pub(crate) struct Relation {
    pub(crate) key: Key,
    pub(crate) docs: Vec<String>,
    pub(crate) name: Ident,
    /// The related table.
    pub(crate) table: Path,
    /// Its column, or its relation, that names the foreign key: `Post::author_id`.
    pub(crate) picked: Option<Ident>,
    pub(crate) through: Option<Through>,
    /// `on(field = Table::column, ..)`.
    pub(crate) on: Option<On>,
    /// `filter(..)`.
    pub(crate) filter: Option<Expr>,
}

/// The key that declares a relation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    HasMany,
    HasOne,
    BelongsTo,
}

impl Key {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::HasMany => "has_many",
            Self::HasOne => "has_one",
            Self::BelongsTo => "belongs_to",
        }
    }
}

/// `through(Membership)` or `through(Follow::follower_id, Follow::followed_id)`.
pub(crate) struct Through {
    /// The join table.
    pub(crate) table: Path,
    /// What names its foreign key to this table.
    pub(crate) from: Option<Ident>,
    /// What names its foreign key to the related table, and the table that it is said to be of.
    pub(crate) to: Option<(Path, Ident)>,
    pub(crate) span: Span,
}

/// What is equal along a relation.
pub(crate) struct On {
    /// A field of this table and a column of the related one.
    pub(crate) pairs: Vec<(Ident, Path)>,
    /// A field of this table and its value.
    pub(crate) own: Vec<(Ident, Expr)>,
    /// A column of the related table and its value.
    pub(crate) theirs: Vec<(Path, Expr)>,
    pub(crate) span: Span,
}

impl On {
    pub(crate) fn has_values(&self) -> bool {
        !self.own.is_empty() || !self.theirs.is_empty()
    }
}
