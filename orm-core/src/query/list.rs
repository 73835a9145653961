//! [`List`]: what `is_in` takes.

use super::column::declared;
use super::node::{Node, Param};
use super::operand::{Compatible, Fits, Subject, untyped};
use super::reads::NeverNull;
use super::scope::Scope;
use super::select::{Query, Selected};
use crate::types::{DeclaredType, Type, Value};
use std::sync::Arc;

/// Values, or a subquery, in which a column or expression is looked for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of values of `{C}`",
    label = "not a list for `{C}`",
    note = "give an array, `Vec` or iterator of values, or a query that selects one column of the same type"
)]
pub trait List<C> {
    /// `bool`, or `Option<bool>` where the list can hold NULL.
    type Bool: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_membership(self, operand: Node, is_in: bool) -> Node;
}

/// One value of a list of `V`.
pub trait Element<V> {
    #[doc(hidden)]
    fn into_element(self) -> V;
}

impl<V: Value> Element<V> for V {
    fn into_element(self) -> V {
        self
    }
}

impl<V: Value + Clone> Element<V> for &V {
    fn into_element(self) -> V {
        self.clone()
    }
}

impl Element<String> for &str {
    fn into_element(self) -> String {
        self.to_owned()
    }
}

impl Element<String> for &&str {
    fn into_element(self) -> String {
        (*self).to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl<C: Subject, I: IntoIterator> List<C> for I
where
    I::Item: Element<<C::Value as Value>::NotNull>,
    Vec<<C::Value as Value>::Nullable>: Value,
{
    type Bool = bool;
    type Reads = ();

    fn into_membership(self, operand: Node, is_in: bool) -> Node {
        let values: Vec<<C::Value as Value>::NotNull> =
            self.into_iter().map(Element::into_element).collect();
        let op = if is_in { "= ANY" } else { "<> ALL" };
        let ty = array_type::<C::Value>(declared(C::DECLARED));
        Node::Quantified(Box::new((untyped(operand), Node::Param(Param::array(values, ty)))), op)
    }
}

/// What an array of values of a column is sent as. A `Vec<u8>` is none: the array is one of values that may be NULL.
pub(super) fn array_type<V: Value>(declared: Option<&DeclaredType>) -> Type
where
    Vec<V::Nullable>: Value,
{
    declared.map_or_else(<Vec<V::Nullable> as Value>::parameter_type, DeclaredType::array)
}

impl<C: Subject, S: Scope, V: Value, G> List<C> for Query<S, V, Selected<G>>
where
    V::Sql: Fits<<C::Value as Value>::Sql, Compatible>,
{
    type Bool = V::Propagate<bool>;
    type Reads = NeverNull<S::OuterReads>;

    fn into_membership(self, operand: Node, is_in: bool) -> Node {
        let op = if is_in { "IN" } else { "NOT IN" };
        Node::InSubquery(Box::new(untyped(operand)), op, Arc::new(self.select))
    }
}
