//! Aggregate functions: manual, section 9.21.

use super::window::WindowOf;
use crate::query::expr::Expr;
use crate::query::expression::{Boolean, Expression, TextSubject};
use crate::query::node::{Call, Node, OrderKey, Param};
use crate::query::operand::{Computed, Operand, computed};
use crate::query::order::Order;
use crate::query::reads::{Aggregated, BeforeWindows, InAggregate, Windowed};
use crate::types::{ArrayElement, Float8, HalfVector, Numeric, OfSqlType, Value, Vector};
use std::marker::PhantomData;
use std::num::{NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};

/// An aggregate over the rows as they come: it can also be called [`over`](Aggregate::over) a window.
pub enum AnyRows {}
/// An aggregate over sorted or different rows.
pub enum SortedRows {}

/// A call of an aggregate: an expression with one value for each group.
///
/// [`distinct`](Self::distinct), [`filter`](Self::filter) and [`order_by`](Self::order_by) say which rows it takes.
#[must_use = "an expression does nothing until a query uses it"]
pub struct Aggregate<V, Reads, Rows = AnyRows> {
    call: Call,
    types: PhantomData<fn() -> (V, Reads, Rows)>,
}

impl<V, R, Rows> Clone for Aggregate<V, R, Rows> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), types: PhantomData }
    }
}

impl<V, R, Rows> std::fmt::Debug for Aggregate<V, R, Rows> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.call.fmt(f)
    }
}

impl<V, R, Rows> Aggregate<V, R, Rows> {
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
    ///
    /// Where it is also sorted, the argument is the key: PostgreSQL refuses others.
    pub fn distinct(mut self) -> Aggregate<V, R, SortedRows> {
        self.call.distinct = true;
        Aggregate::new(self.call)
    }

    /// Takes only the rows for which `condition` holds: `FILTER (WHERE ..)`; called twice, both must hold.
    ///
    /// ```
    /// use auth::User;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let query = User::query().select(func::count_star().filter(User::email_verified));
    /// assert_eq!(query.to_sql(), r#"SELECT count(*) FILTER (WHERE "user"."email_verified") FROM "user""#);
    /// ```
    pub fn filter<C: Expression>(mut self, condition: C) -> Aggregate<V, (R, C::Reads), Rows>
    where
        C::Value: Boolean,
        C::Reads: BeforeWindows,
    {
        self.call.filter.push(condition.into_node());
        Aggregate::new(self.call)
    }

    /// Takes the rows in this order; called twice, the second sorts within the first.
    ///
    /// ```
    /// use auth::User;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let query = User::query().select(func::string_agg(User::name, ", ").order_by(User::name.asc()));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT string_agg("user"."name", $1 ORDER BY "user"."name") FROM "user""#
    /// );
    /// ```
    pub fn order_by<O: BeforeWindows>(
        mut self,
        order: Order<O>,
    ) -> Aggregate<V, (R, O), SortedRows> {
        self.call.order.push(order.into_key());
        Aggregate::new(self.call)
    }
}

impl<V, R> Aggregate<V, R> {
    /// Calls it for each row, over a window of rows: `OVER (..)` (manual, section 3.5). The rows stay as they are.
    ///
    /// ```
    /// use auth::Team;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let of_organization = func::window().partition_by(Team::organization_id);
    /// let query = Team::query().select((Team::name, func::sum(Team::member_count).over(of_organization)));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "team"."name", sum("team"."member_count") OVER (PARTITION BY "team"."organization_id") FROM "team""#
    /// );
    /// ```
    pub fn over<W: WindowOf>(mut self, window: W) -> Expr<V, Windowed<(R, W::Reads)>> {
        self.call.over = Some(window.into_window());
        Expr::new(Node::Call(Box::new(self.call)))
    }
}

impl<V: Value, R: InAggregate, Rows> Expression for Aggregate<V, R, Rows> {
    type Value = V;
    type Reads = Aggregated<R>;
    type Subject = Computed<V>;

    fn into_node(self) -> Node {
        Node::Call(Box::new(self.call))
    }
}

/// The type `E` has where it cannot be NULL.
type NotNull<E> = <<E as Expression>::Value as Value>::NotNull;
/// The type `E` has where it can be NULL.
type Nullable<E> = <<E as Expression>::Value as Value>::Nullable;

pub(super) fn aggregate<V, R>(name: &'static str, arguments: Vec<Node>) -> Aggregate<V, R> {
    Aggregate::new(Call::new(name, arguments))
}

/// `count(*)`: how many rows.
pub fn count_star() -> Aggregate<i64, ()> {
    aggregate("count", vec![Node::Constant("*")])
}

/// `count(x)`: how many rows in which it is not NULL.
pub fn count<E: Expression>(of: E) -> Aggregate<i64, E::Reads>
where
    E::Reads: BeforeWindows,
{
    aggregate("count", vec![of.into_node()])
}

/// Aggregates of one argument whose result has its type, and is NULL over no rows.
macro_rules! same_type {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: Expression>(of: E) -> Aggregate<Nullable<E>, E::Reads>
        where
            E::Reads: BeforeWindows,
        {
            aggregate(stringify!($name), vec![of.into_node()])
        }
    )*};
}

same_type! {
    /// `min(x)`: NULL over no rows.
    min;
    /// `max(x)`: NULL over no rows.
    max;
    /// `any_value(x)`: one of the values that are not NULL. PostgreSQL 16 and later.
    any_value;
}

/// A number that can be summed, or a vector of the extension pgvector.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that can be summed",
    label = "`sum` and `avg` are of numbers",
    note = "cast it: `.cast::<i64>()`"
)]
pub trait Sum: Value {
    /// The type of the sum: `bigint` of integers, `numeric` of `bigint`.
    type Sum: Value;
    /// The type of the average: `numeric` of integers.
    type Average: Value;
}

/// A number that can deviate from the average.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "deviations and variances are of numbers",
    note = "cast it: `.cast::<i64>()`"
)]
pub trait Deviation: Sum {}

macro_rules! sums {
    ($($of:ty, $sum:ty, $average:ty;)*) => {$(
        impl Sum for $of {
            type Sum = $sum;
            type Average = $average;
        }
        impl Deviation for $of {}
    )*};
}

macro_rules! vector_sums {
    ($($of:ty)*) => {$(
        impl Sum for $of {
            type Sum = $of;
            type Average = $of;
        }
    )*};
}

vector_sums! { Vector HalfVector }

sums! {
    i16, i64, Numeric;
    i32, i64, Numeric;
    i64, Numeric, Numeric;
    i8, i64, Numeric;
    u8, i64, Numeric;
    u16, i64, Numeric;
    u32, Numeric, Numeric;
    u64, Numeric, Numeric;
    NonZeroI16, i64, Numeric;
    NonZeroI32, i64, Numeric;
    NonZeroI64, Numeric, Numeric;
    NonZeroU8, i64, Numeric;
    NonZeroU16, i64, Numeric;
    NonZeroU32, Numeric, Numeric;
    NonZeroU64, Numeric, Numeric;
    f32, f32, f64;
    f64, f64, f64;
    Numeric, Numeric, Numeric;
}

#[cfg(feature = "rust_decimal")]
sums! { rust_decimal::Decimal, rust_decimal::Decimal, rust_decimal::Decimal; }

#[cfg(feature = "bigdecimal")]
sums! { bigdecimal::BigDecimal, bigdecimal::BigDecimal, bigdecimal::BigDecimal; }

/// `sum(x)`: NULL over no rows. Of `i16` and `i32` an `i64`, of `i64` a [`Numeric`].
///
/// ```
/// use auth::Team;
/// use orm::func;
/// use orm::prelude::*;
/// async fn members(db: &Db) -> orm::Result<Option<i64>> {
///     Team::query().select(func::sum(Team::member_count)).one(db).await
/// }
/// ```
pub fn sum<E: Expression>(
    of: E,
) -> Aggregate<<<NotNull<E> as Sum>::Sum as Value>::Nullable, E::Reads>
where
    E::Reads: BeforeWindows,
    NotNull<E>: Sum,
{
    aggregate("sum", vec![computed::<E::Subject>(of.into_node())])
}

/// Aggregates of one number, with the type of an average.
macro_rules! averages {
    ($($(#[$doc:meta])* $name:ident: $number:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: Expression>(
            of: E,
        ) -> Aggregate<<<NotNull<E> as Sum>::Average as Value>::Nullable, E::Reads>
        where
            E::Reads: BeforeWindows,
            NotNull<E>: $number,
        {
            aggregate(stringify!($name), vec![computed::<E::Subject>(of.into_node())])
        }
    )*};
}

averages! {
    /// `avg(x)`: the mean, NULL over no rows. Of integers a [`Numeric`], of `real` and `double precision` an `f64`.
    avg: Sum;
    /// `stddev_samp(x)`: the standard deviation of a sample, NULL over fewer than two rows.
    stddev_samp: Deviation;
    /// `stddev_pop(x)`: the standard deviation of all values.
    stddev_pop: Deviation;
    /// `var_samp(x)`: the variance of a sample, NULL over fewer than two rows.
    var_samp: Deviation;
    /// `var_pop(x)`: the variance of all values.
    var_pop: Deviation;
}

/// Aggregates of conditions.
macro_rules! conditions {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: Expression>(of: E) -> Aggregate<Option<bool>, E::Reads>
        where
            E::Value: Boolean,
            E::Reads: BeforeWindows,
        {
            aggregate(stringify!($name), vec![of.into_node()])
        }
    )*};
}

conditions! {
    /// `bool_and(x)`: whether it holds for every row in which it is not NULL; NULL over no rows.
    bool_and;
    /// `bool_or(x)`: whether it holds for a row; NULL over no rows.
    bool_or;
    /// `every(x)`: another name of [`bool_and`], from the SQL standard.
    every;
}

/// An integer, whose bits can be combined.
#[diagnostic::on_unimplemented(message = "`{Self}` has no bits that are combined: not an integer")]
pub trait Bits: Value {}
macro_rules! have_bits {
    ($($integer:ty)*) => {$(
        impl Bits for $integer {}
    )*};
}

have_bits! { i8 i16 i32 i64 u8 u16 u32 u64 }

macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: Expression>(of: E) -> Aggregate<Nullable<E>, E::Reads>
        where
            NotNull<E>: Bits,
            E::Reads: BeforeWindows,
        {
            aggregate(stringify!($name), vec![of.into_node()])
        }
    )*};
}

bits! {
    /// `bit_and(x)`: the bits that all values have; NULL over no rows.
    bit_and;
    /// `bit_or(x)`: the bits that a value has; NULL over no rows.
    bit_or;
    /// `bit_xor(x)`: a checksum of the values; NULL over no rows.
    bit_xor;
}

/// `string_agg(x, separator)`: the texts one after another; NULL over no rows. Sorted by
/// [`order_by`](Aggregate::order_by).
pub fn string_agg<E: Expression, D: Operand<crate::types::Text>>(
    of: E,
    separator: D,
) -> Aggregate<Option<String>, (E::Reads, D::Reads)>
where
    E::Subject: TextSubject,
    E::Reads: BeforeWindows,
    D::Reads: BeforeWindows,
{
    aggregate("string_agg", vec![of.into_node(), separator.into_operand()])
}

/// `array_agg(x)`: the values as an array; NULL over no rows. Sorted by [`order_by`](Aggregate::order_by).
///
/// Of what can be NULL it is a `Vec<Option<_>>`; [`array_agg_not_null`] leaves NULLs out.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// async fn images(db: &Db) -> orm::Result<Option<Vec<Option<String>>>> {
///     User::query().select(func::array_agg(User::image)).one(db).await
/// }
/// ```
///
/// A column that is never NULL is NULL where an outer join has found no row: such rows are left out by
/// `FILTER (WHERE x IS NOT NULL)`, which is part of the call.
pub fn array_agg<E: Expression>(of: E) -> Aggregate<Option<Vec<E::Value>>, E::Reads>
where
    E::Value: ArrayElement,
    Option<Vec<E::Value>>: Value,
    E::Reads: BeforeWindows,
{
    if <E::Value as Value>::NULLABLE {
        return aggregate("array_agg", vec![of.into_node()]);
    }
    Aggregate::new(without_nulls(of.into_node()))
}

/// `array_agg(x) FILTER (WHERE x IS NOT NULL)`: the values that are not NULL as an array; NULL where there are none.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::array_agg_not_null(User::image));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT array_agg("user"."image") FILTER (WHERE "user"."image" IS NOT NULL) FROM "user""#
/// );
/// ```
pub fn array_agg_not_null<E: Expression>(of: E) -> Aggregate<Option<Vec<NotNull<E>>>, E::Reads>
where
    NotNull<E>: ArrayElement,
    Option<Vec<NotNull<E>>>: Value,
    E::Reads: BeforeWindows,
{
    Aggregate::new(without_nulls(of.into_node()))
}

fn without_nulls(value: Node) -> Call {
    let mut call = Call::new("array_agg", vec![value.clone()]);
    call.filter.push(Node::Postfix(Box::new(value), "IS NOT NULL"));
    call
}

/// `json_agg(x)`: as [`jsonb_agg`], as `json`: the text of the server, whose objects may repeat a key.
#[cfg(feature = "json")]
pub fn json_agg<E: Expression>(of: E) -> Aggregate<Option<serde_json::Value>, E::Reads>
where
    E::Reads: BeforeWindows,
{
    aggregate("json_agg", vec![of.into_node()])
}

/// `json_object_agg(key, value)`: as [`jsonb_object_agg`], as `json`.
#[cfg(feature = "json")]
pub fn json_object_agg<K: Expression, E: Expression>(
    key: K,
    value: E,
) -> Aggregate<Option<serde_json::Value>, (K::Reads, E::Reads)>
where
    K::Subject: TextSubject,
    K::Reads: BeforeWindows,
    E::Reads: BeforeWindows,
{
    aggregate("json_object_agg", vec![key.into_node(), value.into_node()])
}

/// `jsonb_agg(x)`: the values as a JSON array, with `null` for NULL; NULL over no rows.
#[cfg(feature = "json")]
pub fn jsonb_agg<E: Expression>(of: E) -> Aggregate<Option<serde_json::Value>, E::Reads>
where
    E::Reads: BeforeWindows,
{
    aggregate("jsonb_agg", vec![of.into_node()])
}

/// `jsonb_object_agg(key, value)`: a JSON object; NULL over no rows. A key that is NULL is an error of the server.
#[cfg(feature = "json")]
pub fn jsonb_object_agg<K: Expression, E: Expression>(
    key: K,
    value: E,
) -> Aggregate<Option<serde_json::Value>, (K::Reads, E::Reads)>
where
    K::Subject: TextSubject,
    K::Reads: BeforeWindows,
    E::Reads: BeforeWindows,
{
    aggregate("jsonb_object_agg", vec![key.into_node(), value.into_node()])
}

/// Statistics of pairs of `double precision`.
macro_rules! pairs {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<Y: Operand<Float8>, X: Operand<Float8>>(
            y: Y,
            x: X,
        ) -> Aggregate<Option<f64>, (Y::Reads, X::Reads)>
        where
            Y::Reads: BeforeWindows,
            X::Reads: BeforeWindows,
        {
            aggregate(stringify!($name), vec![y.into_operand(), x.into_operand()])
        }
    )*};
}

pairs! {
    /// `corr(y, x)`: the correlation coefficient.
    corr;
    /// `covar_pop(y, x)`: the covariance of all pairs.
    covar_pop;
    /// `covar_samp(y, x)`: the covariance of a sample.
    covar_samp;
    /// `regr_slope(y, x)`: the slope of the line that fits the pairs best.
    regr_slope;
    /// `regr_intercept(y, x)`: where that line crosses the y axis.
    regr_intercept;
    /// `regr_r2(y, x)`: the square of the correlation coefficient.
    regr_r2;
}

fn ordered<V, R>(
    name: &'static str,
    arguments: Vec<Node>,
    key: Node,
) -> Aggregate<V, R, SortedRows> {
    let mut call = Call::new(name, arguments);
    let order = crate::schema::SortOrder::Ascending;
    call.within_group.push(OrderKey { node: key, order, nulls: None, codec: None });
    Aggregate::new(call)
}

/// `mode() WITHIN GROUP (ORDER BY x)`: the most frequent value; NULL over no rows.
pub fn mode<E: Expression>(of: E) -> Aggregate<Nullable<E>, E::Reads, SortedRows>
where
    E::Reads: BeforeWindows,
{
    ordered("mode", Vec::new(), of.into_node())
}

/// `percentile_cont(fraction) WITHIN GROUP (ORDER BY x)`: the value below which this part of the values is, between two
/// values where none is there; NULL over no rows. `percentile_cont(0.5, x)` is the median.
///
/// ```
/// use auth::Team;
/// use orm::func;
/// use orm::prelude::*;
/// let query = Team::query().select(func::percentile_cont(0.5, Team::member_count.cast::<f64>()));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT percentile_cont($1) WITHIN GROUP (ORDER BY CAST("team"."member_count" AS double precision)) FROM "team""#
/// );
/// ```
pub fn percentile_cont<E: Expression>(
    fraction: f64,
    of: E,
) -> Aggregate<Option<f64>, E::Reads, SortedRows>
where
    E::Value: OfSqlType<Float8>,
    E::Reads: BeforeWindows,
{
    ordered("percentile_cont", vec![Node::Param(Param::of(fraction))], of.into_node())
}

/// `percentile_disc(fraction) WITHIN GROUP (ORDER BY x)`: the first value that is not below this part of the values;
/// NULL over no rows.
pub fn percentile_disc<E: Expression>(
    fraction: f64,
    of: E,
) -> Aggregate<Nullable<E>, E::Reads, SortedRows>
where
    E::Reads: BeforeWindows,
{
    ordered("percentile_disc", vec![Node::Param(Param::of(fraction))], of.into_node())
}

/// `GROUPING(..)`: a bit for each key, set where the row is of a grouping that leaves it out. One key, or a tuple of keys
/// of [`rollup`](crate::query::rollup), `cube` or `grouping_sets`.
pub fn grouping<K: super::window::Expressions>(
    keys: K,
) -> Expr<i32, crate::query::reads::NeverNull<(K::Reads, ())>>
where
    K::Reads: BeforeWindows,
{
    Expr::new(Node::Call(Box::new(Call::new("GROUPING", keys.into_nodes()))))
}
