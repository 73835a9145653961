//! Aggregate functions: manual, section 9.21.

use crate::query::expression::{Boolean, Expression};
use crate::query::node::{Call, Node};
use crate::query::operand::Computed;
use crate::query::order::Order;
use crate::query::reads::{Aggregated, PerRow};
use crate::types::Value;
use std::marker::PhantomData;

/// A call of an aggregate: an expression with one value for each group.
///
/// [`distinct`](Self::distinct), [`filter`](Self::filter) and [`order_by`](Self::order_by) say which rows it takes.
#[must_use = "an expression does nothing until a query uses it"]
pub struct Aggregate<V, Reads> {
    call: Call,
    types: PhantomData<fn() -> (V, Reads)>,
}

impl<V, R> Clone for Aggregate<V, R> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), types: PhantomData }
    }
}

impl<V, R> std::fmt::Debug for Aggregate<V, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.call.fmt(f)
    }
}

impl<V, R> Aggregate<V, R> {
    pub(crate) fn new(call: Call) -> Self {
        Self { call, types: PhantomData }
    }

    /// Takes equal values once: `count(DISTINCT ..)`.
    ///
    /// ```
    /// use auth::Session;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let query = Session::query().select(func::count(Session::user_id).distinct());
    /// assert_eq!(query.to_sql(), r#"SELECT count(DISTINCT "session"."user_id") FROM "session""#);
    /// ```
    pub fn distinct(mut self) -> Self {
        self.call.distinct = true;
        self
    }

    /// Takes only the rows for which `condition` holds: `FILTER (WHERE ..)`.
    pub fn filter<C: Expression>(mut self, condition: C) -> Aggregate<V, (R, C::Reads)>
    where
        C::Value: Boolean,
        C::Reads: PerRow,
    {
        self.call.filter.push(condition.into_node());
        Aggregate::new(self.call)
    }

    /// Takes the rows in this order: `array_agg(x ORDER BY y)`.
    pub fn order_by<O: PerRow>(mut self, order: Order<O>) -> Aggregate<V, (R, O)> {
        self.call.order.push(order.into_key());
        Aggregate::new(self.call)
    }
}

impl<V: Value, R> Expression for Aggregate<V, R> {
    type Value = V;
    type Reads = Aggregated<R>;
    type Subject = Computed<V>;

    fn into_node(self) -> Node {
        Node::Call(Box::new(self.call))
    }
}

/// `count(*)`: how many rows.
pub fn count_star() -> Aggregate<i64, ()> {
    Aggregate::new(Call::new("count", vec![Node::Constant("*")]))
}

/// `count(x)`: how many rows in which it is not NULL.
pub fn count<E: Expression>(of: E) -> Aggregate<i64, E::Reads>
where
    E::Reads: PerRow,
{
    Aggregate::new(Call::new("count", vec![of.into_node()]))
}

/// `min(x)`: NULL over no rows.
pub fn min<E: Expression>(of: E) -> Aggregate<<E::Value as Value>::Nullable, E::Reads>
where
    E::Reads: PerRow,
{
    Aggregate::new(Call::new("min", vec![of.into_node()]))
}

/// `max(x)`: NULL over no rows.
pub fn max<E: Expression>(of: E) -> Aggregate<<E::Value as Value>::Nullable, E::Reads>
where
    E::Reads: PerRow,
{
    Aggregate::new(Call::new("max", vec![of.into_node()]))
}
