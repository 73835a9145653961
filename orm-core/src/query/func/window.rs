//! Window functions, and the windows of aggregates: manual, sections 3.5, 4.2.8 and 9.22.

use crate::query::expr::Expr;
use crate::query::expression::Expression;
use crate::query::node::{Bound, Call, Frame, Node, OrderKey, Param, Window as WindowNode};
use crate::query::order::Order;
use crate::query::reads::{BeforeWindows, Windowed};
use crate::types::Value;
use std::marker::PhantomData;

/// The window of a call: which rows it sees, and in which order. Made by [`window`].
#[must_use = "a window does nothing until `.over(..)` is given it"]
pub struct Window<Reads> {
    node: WindowNode,
    reads: PhantomData<fn() -> Reads>,
}

impl<R> Clone for Window<R> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<R> std::fmt::Debug for Window<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

/// A window of all rows: `OVER ()`. Its methods divide and sort them.
///
/// ```
/// use auth::Session;
/// use orm::func;
/// use orm::prelude::*;
/// let newest_first = func::window().partition_by(Session::user_id).order_by(Session::created_at.desc());
/// let query = Session::query().select((Session::id, func::row_number().over(newest_first)));
/// assert_eq!(
///     query.to_sql(),
///     concat!(
///         r#"SELECT "session"."id", row_number() OVER (PARTITION BY "session"."user_id" "#,
///         r#"ORDER BY "session"."created_at" DESC) FROM "session""#
///     )
/// );
/// ```
pub fn window() -> Window<()> {
    Window::new(WindowNode::default())
}

impl<R> Window<R> {
    fn new(node: WindowNode) -> Self {
        Self { node, reads: PhantomData }
    }

    /// Each call sees the rows that are equal in this: an expression, or a tuple. `PARTITION BY`.
    pub fn partition_by<K: Expressions>(mut self, keys: K) -> Window<(R, K::Reads)>
    where
        K::Reads: BeforeWindows,
    {
        self.node.partition.extend(keys.into_nodes());
        Window::new(self.node)
    }

    /// Sorts the rows: by one key, or a tuple. An aggregate then sees the rows up to the current one and its equals, if
    /// no frame says otherwise.
    pub fn order_by<O: WindowOrder>(mut self, order: O) -> Window<(R, O::Reads)>
    where
        O::Reads: BeforeWindows,
    {
        self.node.order.extend(order.into_keys());
        Window::new(self.node)
    }

    /// The frame counts rows: `ROWS BETWEEN .. AND ..`.
    ///
    /// ```
    /// use auth::Session;
    /// use orm::func::{self, FrameBound};
    /// use orm::prelude::*;
    /// let three = func::window()
    ///     .order_by(Session::created_at.asc())
    ///     .rows(FrameBound::preceding(2), FrameBound::current_row());
    /// let query = Session::query().select(func::count_star().over(three));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     concat!(
    ///         r#"SELECT count(*) OVER (ORDER BY "session"."created_at" "#,
    ///         r#"ROWS BETWEEN $1 PRECEDING AND CURRENT ROW) FROM "session""#
    ///     )
    /// );
    /// ```
    pub fn rows(self, start: FrameBound, end: FrameBound) -> Self {
        self.frame("ROWS", start.into_node(), end.into_node())
    }

    /// The frame counts groups of rows that sort equal: `GROUPS BETWEEN .. AND ..`. The window must be sorted.
    pub fn groups(self, start: FrameBound, end: FrameBound) -> Self {
        self.frame("GROUPS", start.into_node(), end.into_node())
    }

    /// The frame is of the rows whose key is that far from the current one's: `RANGE BETWEEN .. AND ..`. With a distance
    /// the window is sorted by exactly one key, from which the distance can be subtracted.
    pub fn range(self, start: RangeBound, end: RangeBound) -> Self {
        self.frame("RANGE", start.0, end.0)
    }

    /// Leaves rows of the frame out. Without a frame it does nothing.
    pub fn exclude(mut self, exclusion: Exclusion) -> Self {
        if let Some(frame) = &mut self.node.frame {
            frame.exclude = Some(exclusion.keyword());
        }
        self
    }

    fn frame(mut self, unit: &'static str, start: Bound, end: Bound) -> Self {
        self.node.frame = Some(Frame { unit, start, end, exclude: None });
        self
    }
}

/// What `EXCLUDE` leaves out of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// The current row.
    CurrentRow,
    /// The current row, and those that sort equal to it.
    Group,
    /// The rows that sort equal to the current one, but for itself.
    Ties,
}

impl Exclusion {
    fn keyword(self) -> &'static str {
        match self {
            Self::CurrentRow => "CURRENT ROW",
            Self::Group => "GROUP",
            Self::Ties => "TIES",
        }
    }
}

/// A bound of a frame of rows or groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameBound {
    distance: Option<u32>,
    keyword: &'static str,
}

impl FrameBound {
    /// The first row of the partition: `UNBOUNDED PRECEDING`. Only a start.
    pub fn unbounded_preceding() -> Self {
        Self { distance: None, keyword: "UNBOUNDED PRECEDING" }
    }

    /// That many rows or groups before the current row.
    pub fn preceding(count: u32) -> Self {
        Self { distance: Some(count), keyword: "PRECEDING" }
    }

    /// The current row; of groups, and of a range, the rows that sort equal to it.
    pub fn current_row() -> Self {
        Self { distance: None, keyword: "CURRENT ROW" }
    }

    /// That many rows or groups after the current row.
    pub fn following(count: u32) -> Self {
        Self { distance: Some(count), keyword: "FOLLOWING" }
    }

    /// The last row of the partition: `UNBOUNDED FOLLOWING`. Only an end.
    pub fn unbounded_following() -> Self {
        Self { distance: None, keyword: "UNBOUNDED FOLLOWING" }
    }

    fn into_node(self) -> Bound {
        let distance = self.distance.map(|count| Node::Param(Param::of(i64::from(count))));
        Bound { distance, keyword: self.keyword }
    }
}

/// A bound of a frame that is a range of values.
#[derive(Debug, Clone)]
pub struct RangeBound(Bound);

impl RangeBound {
    /// The first row of the partition: `UNBOUNDED PRECEDING`. Only a start.
    pub fn unbounded_preceding() -> Self {
        Self(Bound { distance: None, keyword: "UNBOUNDED PRECEDING" })
    }

    /// The rows whose key is at most that much smaller. The distance is of the type of the key, or of one that can be
    /// subtracted from it.
    pub fn preceding<D: Value>(distance: D) -> Self {
        Self(Bound { distance: Some(Node::Param(Param::of(distance))), keyword: "PRECEDING" })
    }

    /// The rows that sort equal to the current one.
    pub fn current_row() -> Self {
        Self(Bound { distance: None, keyword: "CURRENT ROW" })
    }

    /// The rows whose key is at most that much larger.
    pub fn following<D: Value>(distance: D) -> Self {
        Self(Bound { distance: Some(Node::Param(Param::of(distance))), keyword: "FOLLOWING" })
    }

    /// The last row of the partition: `UNBOUNDED FOLLOWING`. Only an end.
    pub fn unbounded_following() -> Self {
        Self(Bound { distance: None, keyword: "UNBOUNDED FOLLOWING" })
    }
}

/// What `.over(..)` takes: a [`Window`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window",
    label = "not a window",
    note = "make one: `func::window().partition_by(..).order_by(..)`"
)]
pub trait WindowOf {
    /// What its keys read.
    type Reads;
    #[doc(hidden)]
    fn into_window(self) -> WindowNode;
}

impl<R> WindowOf for Window<R> {
    type Reads = R;

    fn into_window(self) -> WindowNode {
        self.node
    }
}

/// One expression, or a tuple of at most eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression or a tuple of expressions",
    label = "give a column, an expression, or a tuple of at most eight"
)]
pub trait Expressions {
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
}

impl<E: Expression> Expressions for E {
    type Reads = (E::Reads, ());

    fn into_nodes(self) -> Vec<Node> {
        vec![self.into_node()]
    }
}

/// One key of an order, or a tuple of at most eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order",
    label = "call `.asc()` or `.desc()` on a column or expression"
)]
pub trait WindowOrder {
    /// What the keys read.
    type Reads;
    #[doc(hidden)]
    fn into_keys(self) -> Vec<OrderKey>;
}

impl<R> WindowOrder for Order<R> {
    type Reads = (R, ());

    fn into_keys(self) -> Vec<OrderKey> {
        vec![self.into_key()]
    }
}

macro_rules! tuples {
    (@expressions) => { () };
    (@expressions $first:ident $($rest:ident)*) => {
        (<$first as Expression>::Reads, tuples!(@expressions $($rest)*))
    };
    (@orders) => { () };
    (@orders $first:ident $($rest:ident)*) => { ($first, tuples!(@orders $($rest)*)) };
    ($($name:ident $value:ident),+) => {
        impl<$($name: Expression),+> Expressions for ($($name,)+) {
            type Reads = tuples!(@expressions $($name)+);

            fn into_nodes(self) -> Vec<Node> {
                let ($($value,)+) = self;
                vec![$($value.into_node()),+]
            }
        }
        impl<$($name),+> WindowOrder for ($(Order<$name>,)+) {
            type Reads = tuples!(@orders $($name)+);

            fn into_keys(self) -> Vec<OrderKey> {
                let ($($value,)+) = self;
                vec![$($value.into_key()),+]
            }
        }
    };
}

tuples!(A a);
tuples!(A a, B b);
tuples!(A a, B b, C c);
tuples!(A a, B b, C c, D d);
tuples!(A a, B b, C c, D d, E e);
tuples!(A a, B b, C c, D d, E e, F f);
tuples!(A a, B b, C c, D d, E e, F f, G g);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h);

/// A function that is only called over a window: [`row_number`] and its like.
#[must_use = "a window function is called by `.over(..)`"]
pub struct WindowFunction<V, Reads> {
    call: Call,
    types: PhantomData<fn() -> (V, Reads)>,
}

impl<V, R> Clone for WindowFunction<V, R> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), types: PhantomData }
    }
}

impl<V, R> std::fmt::Debug for WindowFunction<V, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.call.fmt(f)
    }
}

impl<V, R> WindowFunction<V, R> {
    fn new(name: &'static str, arguments: Vec<Node>) -> Self {
        Self { call: Call::new(name, arguments), types: PhantomData }
    }

    /// Calls it for each row: `OVER (..)`.
    pub fn over<W: WindowOf>(mut self, window: W) -> Expr<V, Windowed<(R, W::Reads)>> {
        self.call.over = Some(window.into_window());
        Expr::new(Node::Call(Box::new(self.call)))
    }
}

/// `row_number()`: the number of the row, from 1.
pub fn row_number() -> WindowFunction<i64, ()> {
    WindowFunction::new("row_number", Vec::new())
}

/// `rank()`: the number of the first row that sorts equal; with gaps.
pub fn rank() -> WindowFunction<i64, ()> {
    WindowFunction::new("rank", Vec::new())
}

/// `dense_rank()`: as [`rank`], without gaps.
pub fn dense_rank() -> WindowFunction<i64, ()> {
    WindowFunction::new("dense_rank", Vec::new())
}

/// `percent_rank()`: the rank as a number from 0 to 1.
pub fn percent_rank() -> WindowFunction<f64, ()> {
    WindowFunction::new("percent_rank", Vec::new())
}

/// `cume_dist()`: the part of the rows that sort before or equal to this one.
pub fn cume_dist() -> WindowFunction<f64, ()> {
    WindowFunction::new("cume_dist", Vec::new())
}

/// `ntile(buckets)`: the number of the bucket, from 1, where the rows are divided into so many as equally as possible. Zero
/// or fewer buckets are an error of the server.
pub fn ntile(buckets: i32) -> WindowFunction<i32, ()> {
    WindowFunction::new("ntile", vec![Node::Param(Param::of(buckets))])
}

type Nullable<E> = <<E as Expression>::Value as Value>::Nullable;

/// `lag(x, offset)`: the value in the row that many rows before; NULL where there is none.
///
/// ```
/// use auth::Session;
/// use orm::func;
/// use orm::prelude::*;
/// let by_time = func::window().order_by(Session::created_at.asc());
/// let query = Session::query().select((Session::id, func::lag(Session::id, 1).over(by_time)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "session"."id", lag("session"."id", $1) OVER (ORDER BY "session"."created_at") FROM "session""#
/// );
/// ```
pub fn lag<E: Expression>(of: E, offset: i32) -> WindowFunction<Nullable<E>, (E::Reads, ())>
where
    E::Reads: BeforeWindows,
{
    WindowFunction::new("lag", vec![of.into_node(), Node::Param(Param::of(offset))])
}

/// `lead(x, offset)`: the value in the row that many rows after; NULL where there is none.
pub fn lead<E: Expression>(of: E, offset: i32) -> WindowFunction<Nullable<E>, (E::Reads, ())>
where
    E::Reads: BeforeWindows,
{
    WindowFunction::new("lead", vec![of.into_node(), Node::Param(Param::of(offset))])
}

/// `first_value(x)`: the value in the first row of the frame; NULL where the frame is empty.
pub fn first_value<E: Expression>(of: E) -> WindowFunction<Nullable<E>, (E::Reads, ())>
where
    E::Reads: BeforeWindows,
{
    WindowFunction::new("first_value", vec![of.into_node()])
}

/// `last_value(x)`: the value in the last row of the frame, which by default ends with the current row and its equals.
pub fn last_value<E: Expression>(of: E) -> WindowFunction<Nullable<E>, (E::Reads, ())>
where
    E::Reads: BeforeWindows,
{
    WindowFunction::new("last_value", vec![of.into_node()])
}

/// `nth_value(x, n)`: the value in the row of that number in the frame, from 1; NULL where there is none.
pub fn nth_value<E: Expression>(of: E, n: i32) -> WindowFunction<Nullable<E>, (E::Reads, ())>
where
    E::Reads: BeforeWindows,
{
    WindowFunction::new("nth_value", vec![of.into_node(), Node::Param(Param::of(n))])
}
