//! Operators of `ltree`: manual, appendix F, `ltree`.

use super::containers::Concatenate;
use super::expr::Expr;
use super::expression::{Compared, Expression, Propagate, binary};
use super::node::{Node, Param};
use super::operand::{Comparable, Operand, Subject};
use crate::types::{Lquery, Ltree, Ltxtquery, OfSqlType, Value};

/// Something of type `ltree`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not of type `ltree`",
    label = "not an `orm::types::Ltree`"
)]
pub trait LtreeSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> LtreeSubject for S where S::Value: OfSqlType<Ltree> {}

crate::custom_type!(Ltree, Lquery, Ltxtquery);

impl<V> Concatenate<V> for Ltree {
    type Value = Ltree;
}

/// The operators of columns and expressions of type `ltree`. `concat` is `||`: see
/// [`ContainerOperators`](super::ContainerOperators).
///
/// ```
/// use orm::prelude::*;
/// use orm::types::{Lquery, Ltree};
///
/// #[derive(Table, Debug)]
/// struct Category {
///     #[column(primary_key)]
///     id: i64,
///     path: Ltree,
/// }
///
/// let science: Ltree = "Top.Science".parse()?;
/// let query = Category::query().filter(Category::path.is_descendant_of(science)).select(Category::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "category"."path" <@ $1"#));
/// let pattern: Lquery = "*.Astronomy.*".parse()?;
/// let query = Category::query().filter(Category::path.matches_lquery(pattern)).select(Category::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "category"."path" ~ $1"#));
/// # Ok::<(), orm::types::InvalidValue>(())
/// ```
#[expect(
    clippy::wrong_self_convention,
    reason = "`is_ancestor_of` takes the expression, as `is_null` does"
)]
pub trait LtreeOperators: Expression {
    /// `@>`: the other node is below this one, or is this one.
    fn is_ancestor_of<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: LtreeSubject,
    {
        binary(self.into_node(), "@>", other.into_comparable())
    }

    /// `<@`: this node is below the other one, or is the other one.
    fn is_descendant_of<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: LtreeSubject,
    {
        binary(self.into_node(), "<@", other.into_comparable())
    }

    /// `~`: the path matches a pattern.
    fn matches_lquery<O: Operand<Lquery>>(
        self,
        pattern: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: LtreeSubject,
    {
        binary(self.into_node(), "~", pattern.into_operand())
    }

    /// `?`: the path matches one of these patterns.
    fn matches_any_lquery(
        self,
        patterns: impl IntoIterator<Item = Lquery>,
    ) -> Expr<<Self::Value as Value>::Propagate<bool>, (Self::Reads, ())>
    where
        Self::Subject: LtreeSubject,
    {
        let patterns: Vec<Lquery> = patterns.into_iter().collect();
        binary(self.into_node(), "?", Node::Param(Param::of(patterns)))
    }

    /// `@`: the path has the labels that a query asks for.
    fn matches_ltxtquery<O: Operand<Ltxtquery>>(
        self,
        query: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: LtreeSubject,
    {
        binary(self.into_node(), "@", query.into_operand())
    }
}

impl<E: Expression> LtreeOperators for E {}
