//! Range and multirange functions: manual, section 9.20; their aggregates, section 9.21.

use super::aggregate::{Aggregate, aggregate};
use super::conditional::call;
use crate::query::derived::SetFunction;
use crate::query::expr::Expr;
use crate::query::expression::{Expression, Propagate};
use crate::query::node::Call;
use crate::query::operand::{ExactlyOrNull, Operand};
use crate::query::range_values::typed;
use crate::query::ranges::{RangeType, RangeValue};
use crate::query::reads::{BeforeWindows, NeverNull};
use crate::query::value::IntoExpression;
use crate::types::{Int4, Int8, Multirange, Numeric, Range, RangeElement, Text, Value};

/// The type of an expression that is not NULL.
type NotNull<E> = <<E as IntoExpression>::Value as Value>::NotNull;
/// The SQL type of an expression.
type SqlOf<E> = <<E as IntoExpression>::Value as Value>::Sql;
/// What a range is of.
type ElementOf<V> = <V as RangeValue>::Element;

/// A text, or a range or multirange: what `lower` and `upper` are of.
pub trait TextOrRange: IntoExpression {
    /// The type of the result: `String`, or the element of the range as an `Option`.
    type Lowered: Value;
}

#[diagnostic::do_not_recommend]
impl<E: IntoExpression> TextOrRange for E
where
    SqlOf<E>: LowerAndUpper<NotNull<E>>,
{
    type Lowered = <E::Value as Value>::Propagate<<SqlOf<E> as LowerAndUpper<NotNull<E>>>::Value>;
}

/// An SQL type that `lower` and `upper` are of; `V` is the Rust type of the argument.
#[diagnostic::on_unimplemented(
    message = "`lower` and `upper` are of a text or a range, and `{V}` is neither",
    label = "`{V}` is not a text or range",
    note = "`.cast::<String>()` makes a text of it"
)]
pub trait LowerAndUpper<V> {
    /// The Rust type of the result.
    type Value: Value;
}

impl<V> LowerAndUpper<V> for Text {
    type Value = String;
}

#[diagnostic::do_not_recommend]
impl<S: RangeType, V: RangeValue> LowerAndUpper<V> for S {
    type Value = <V::Element as Value>::Nullable;
}

/// `lower(x)`: of a text, in lower case. Of a range or multirange its lower bound: NULL where it is empty or has none.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select((func::lower(User::name), func::lower(orm::Range::from(1..5))));
/// assert_eq!(query.to_sql(), r#"SELECT lower("user"."name"), lower($1) FROM "user""#);
/// ```
pub fn lower<E: TextOrRange>(of: E) -> Expr<E::Lowered, (E::Reads, ())> {
    call("lower", vec![typed(of.into_expression())])
}

/// `upper(x)`: of a text, in upper case. Of a range or multirange its upper bound: NULL where it is empty or has none.
pub fn upper<E: TextOrRange>(of: E) -> Expr<E::Lowered, (E::Reads, ())> {
    call("upper", vec![typed(of.into_expression())])
}

/// Questions to a range or multirange.
macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: IntoExpression>(
            range: E,
        ) -> Expr<<E::Value as Value>::Propagate<bool>, (E::Reads, ())>
        where
            E::Value: RangeValue,
        {
            call(stringify!($name), vec![typed(range.into_expression())])
        }
    )*};
}

questions! {
    /// `isempty(range)`: whether there is no value in it.
    isempty;
    /// `lower_inc(range)`: whether its lower bound is in it.
    lower_inc;
    /// `upper_inc(range)`: whether its upper bound is in it.
    upper_inc;
    /// `lower_inf(range)`: whether it has no lower bound. A bound that is the value `-infinity` is one.
    lower_inf;
    /// `upper_inf(range)`: whether it has no upper bound. A bound that is the value `infinity` is one.
    upper_inf;
}

/// `range_merge(a, b)`: the smallest range with both in it.
pub fn range_merge<E: IntoExpression, O: Operand<SqlOf<E>>>(
    one: E,
    other: O,
) -> Expr<Propagate<E::Value, O::Value, Range<ElementOf<E::Value>>>, (E::Reads, O::Reads)>
where
    E::Value: RangeValue,
{
    call("range_merge", vec![typed(one.into_expression()), typed(other.into_operand())])
}

/// `range_merge(multirange)`: the smallest range with all ranges of a multirange in it.
pub fn range_merge_of<E: IntoExpression>(
    multirange: E,
) -> Expr<<E::Value as Value>::Propagate<Range<ElementOf<E::Value>>>, (E::Reads, ())>
where
    E::Value: RangeValue<Other = Range<ElementOf<E::Value>>>,
{
    call("range_merge", vec![typed(multirange.into_expression())])
}

/// `multirange(range)`: the multirange of one range.
pub fn multirange<E: IntoExpression>(
    range: E,
) -> Expr<<E::Value as Value>::Propagate<Multirange<ElementOf<E::Value>>>, (E::Reads, ())>
where
    E::Value: RangeValue<Other = Multirange<ElementOf<E::Value>>>,
{
    call("multirange", vec![typed(range.into_expression())])
}

/// `unnest(multirange)`: its ranges as rows.
pub fn unnest_multirange<T: RangeElement, E: Operand<T::Multirange>>(
    multirange: E,
) -> SetFunction<(Range<T>,), E::Reads> {
    SetFunction::new(Call::new("unnest", vec![typed(multirange.into_operand())]))
}

/// `range_agg(x)`: the values of all ranges, as a multirange; NULL over no rows. Of multiranges in PostgreSQL 15 and later.
///
/// ```
/// use orm::prelude::*;
/// use orm::{Multirange, Range, func};
/// #[derive(Table)]
/// struct Booking {
///     #[column(primary_key)]
///     id: i64,
///     during: Range<DateTime<Utc>>,
/// }
/// async fn taken(db: &Db) -> orm::Result<Option<Multirange<DateTime<Utc>>>> {
///     Booking::query().select(func::range_agg(Booking::during)).one(db).await
/// }
/// ```
pub fn range_agg<E: Expression>(
    of: E,
) -> Aggregate<Option<Multirange<ElementOf<E::Value>>>, E::Reads>
where
    E::Value: RangeValue,
    E::Reads: BeforeWindows,
{
    aggregate("range_agg", vec![of.into_node()])
}

/// `range_intersect_agg(x)`: the values that are in each of the ranges or multiranges; NULL over no rows.
pub fn range_intersect_agg<E: Expression>(
    of: E,
) -> Aggregate<<E::Value as Value>::Nullable, E::Reads>
where
    E::Value: RangeValue,
    E::Reads: BeforeWindows,
{
    aggregate("range_intersect_agg", vec![of.into_node()])
}

/// The functions that make a range of its bounds: NULL is no bound.
macro_rules! constructors {
    ($($(#[$meta:meta])* $name:ident $with_bounds:ident $sql:ty => $element:ty, $text:literal;)*) => {$(
        $(#[$meta])*
        #[doc = concat!("`", $text, "(lower, upper)`: with its lower bound, without its upper one. NULL is no bound.")]
        pub fn $name<A: Operand<$sql, ExactlyOrNull>, B: Operand<$sql, ExactlyOrNull>>(
            lower: A,
            upper: B,
        ) -> Expr<Range<$element>, NeverNull<(A::Reads, B::Reads)>> {
            call($text, vec![lower.into_operand(), upper.into_operand()])
        }

        $(#[$meta])*
        #[doc = concat!("`", $text, "(lower, upper, bounds)`: which bounds are in it is a text: `[)`, `[]`, `(]` or `()`.")]
        pub fn $with_bounds<A, B, C>(
            lower: A,
            upper: B,
            bounds: C,
        ) -> Expr<Range<$element>, NeverNull<(A::Reads, (B::Reads, C::Reads))>>
        where
            A: Operand<$sql, ExactlyOrNull>,
            B: Operand<$sql, ExactlyOrNull>,
            C: Operand<Text>,
        {
            call($text, vec![lower.into_operand(), upper.into_operand(), bounds.into_operand()])
        }
    )*};
}

constructors! {
    int4range int4range_bounds Int4 => i32, "int4range";
    int8range int8range_bounds Int8 => i64, "int8range";
    numrange numrange_bounds Numeric => Numeric, "numrange";
}

#[cfg(feature = "chrono")]
constructors! {
    tsrange tsrange_bounds crate::types::Timestamp => chrono::NaiveDateTime, "tsrange";
    tstzrange tstzrange_bounds crate::types::Timestamptz => chrono::DateTime<chrono::Utc>, "tstzrange";
    daterange daterange_bounds crate::types::Date => chrono::NaiveDate, "daterange";
}
