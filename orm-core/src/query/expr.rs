//! [`Expr`]: a computed value, whose Rust type and reads are known.

use super::expression::{Boolean, Expression};
use super::node::Node;
use super::operand::Computed;
use crate::types::Value;
use std::marker::PhantomData;

/// An expression of the Rust type `V`; `Reads` says what it reads and whether it is an aggregate or a window call.
#[must_use = "an expression does nothing until a query uses it"]
pub struct Expr<V, Reads> {
    node: Node,
    types: PhantomData<fn() -> (V, Reads)>,
}

impl<V, R> Clone for Expr<V, R> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<V, R> std::fmt::Debug for Expr<V, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<V, R> Expr<V, R> {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, types: PhantomData }
    }

    /// The node, of an expression that may have no Rust type.
    pub(crate) fn into_erased(self) -> Node {
        self.node
    }
}

impl<V: Value, R> Expression for Expr<V, R> {
    type Value = V;
    type Reads = R;
    type Subject = Computed<V>;

    fn into_node(self) -> Node {
        self.node
    }
}

impl<V: Boolean, R> std::ops::Not for Expr<V, R> {
    type Output = Expr<V, (R, ())>;

    fn not(self) -> Self::Output {
        Expression::not(self)
    }
}
