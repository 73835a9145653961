//! `CASE`: manual, section 9.18.1.

use super::custom_function::OfType;
use super::expr::Expr;
use super::expression::{Boolean, Expression};
use super::node::Node;
use super::operand::{Computed, untyped};
use super::reads::NeverNull;
use super::value::IntoExpression;
use crate::types::Value;
use std::marker::PhantomData;

/// `CASE`, without a condition yet. Made by [`func::case`](super::func::case).
#[derive(Debug, Clone, Copy)]
pub struct EmptyCase(());

impl EmptyCase {
    pub(super) const fn new() -> Self {
        Self(())
    }

    /// `WHEN condition THEN value`. The value says the type of all others.
    pub fn when<C: Expression, V: IntoExpression>(
        self,
        condition: C,
        value: V,
    ) -> Case<V::Value, (NeverNull<C::Reads>, V::Reads)>
    where
        C::Value: Boolean,
    {
        Case {
            cases: vec![(condition.into_node(), untyped(value.into_expression()))],
            types: PhantomData,
        }
    }
}

/// `CASE WHEN .. THEN ..`: NULL where no condition holds, unless [`otherwise`](Self::otherwise) says what it is then.
#[must_use = "an expression does nothing until a query uses it"]
pub struct Case<V, Reads> {
    cases: Vec<(Node, Node)>,
    types: PhantomData<fn() -> (V, Reads)>,
}

impl<V, R> Clone for Case<V, R> {
    fn clone(&self) -> Self {
        Self { cases: self.cases.clone(), types: PhantomData }
    }
}

impl<V, R> std::fmt::Debug for Case<V, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.cases.fmt(f)
    }
}

impl<V: Value, R> Case<V, R> {
    /// `WHEN condition THEN value`: the first condition that holds decides.
    pub fn when<C: Expression, O: OfType<V>>(
        mut self,
        condition: C,
        value: O,
    ) -> Case<<O::Value as Value>::Propagate<V>, (R, (NeverNull<C::Reads>, O::Reads))>
    where
        C::Value: Boolean,
    {
        self.cases.push((condition.into_node(), untyped(value.into_of_type())));
        Case { cases: self.cases, types: PhantomData }
    }

    /// `ELSE value`: where no condition holds.
    pub fn otherwise<O: OfType<V>>(
        self,
        value: O,
    ) -> Expr<<O::Value as Value>::Propagate<V>, (R, O::Reads)> {
        Expr::new(Node::Case(self.cases, Some(Box::new(untyped(value.into_of_type())))))
    }
}

impl<V: Value, R> Expression for Case<V, R> {
    type Value = V::Nullable;
    type Reads = R;
    type Subject = Computed<V::Nullable>;

    fn into_node(self) -> Node {
        Node::Case(self.cases, None)
    }
}
