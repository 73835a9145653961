//! Operators of ranges and multiranges: manual, section 9.20.

use super::expr::Expr;
use super::expression::{Expression, Propagate, binary};
use super::node::Node;
use super::operand::{Comparable, Operand, Subject};
use super::range_values::typed;
use crate::types::{Multirange, Own, Range, RangeElement, SqlType, Value};

/// A Rust type that is a range or a multirange, or an `Option` of one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a range", label = "not a range")]
pub trait RangeValue: Value {
    /// What it is a range of.
    type Element: RangeElement;
    /// Of a range the multirange, of a multirange the range.
    type Other: Value;
}

macro_rules! range_values {
    ($($range:ident, $other:ident;)*) => {$(
        impl<T: RangeElement> RangeValue for $range<T> {
            type Element = T;
            type Other = $other<T>;
        }
        impl<T: RangeElement> RangeValue for Option<$range<T>> {
            type Element = T;
            type Other = $other<T>;
        }
    )*};
}

range_values! {
    Range, Multirange;
    Multirange, Range;
}

/// An SQL type of ranges or multiranges.
pub trait RangeType: SqlType {}

impl<T: RangeElement> RangeType for Own<Range<T>> {}
impl<T: RangeElement> RangeType for Own<Multirange<T>> {}

macro_rules! range_types {
    ($($(#[$meta:meta])* $name:ident)*) => {$(
        $(#[$meta])*
        impl RangeType for crate::types::$name {}
    )*};
}

range_types! {
    Int4Range Int4Multirange Int8Range Int8Multirange NumRange NumMultirange
    #[cfg(feature = "chrono")] TsRange
    #[cfg(feature = "chrono")] TsMultirange
    #[cfg(feature = "chrono")] TstzRange
    #[cfg(feature = "chrono")] TstzMultirange
    #[cfg(feature = "chrono")] DateRange
    #[cfg(feature = "chrono")] DateMultirange
}

/// A column or value that is a range or a multirange.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range",
    label = "not a range or multirange"
)]
pub trait RangeSubject: Subject<Value: RangeValue> {}
#[diagnostic::do_not_recommend]
impl<S: Subject> RangeSubject for S where S::Value: RangeValue {}

/// An operand of the type of the other one.
pub enum OfSameType {}
/// A multirange next to a range, or a range next to a multirange.
pub enum OfOtherType {}

/// A range or multirange next to the range or multirange `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range of the values of `{C}`",
    label = "not a range for `{C}`",
    note = "give a range or multirange of the same elements: a value, `a..b`, a column or an expression"
)]
pub trait Ranged<C, Kind> {
    /// The type of the comparison: `Option<bool>` where one of the two can be NULL.
    type Bool: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_ranged(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: RangeSubject, O: Comparable<C>> Ranged<C, OfSameType> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn into_ranged(self) -> Node {
        typed(self.into_comparable())
    }
}

#[diagnostic::do_not_recommend]
impl<C: RangeSubject, O> Ranged<C, OfOtherType> for O
where
    O: Operand<<<C::Value as RangeValue>::Other as Value>::Sql>,
{
    type Bool = Propagate<C::Value, O::Value, bool>;
    type Reads = O::Reads;

    fn into_ranged(self) -> Node {
        typed(self.into_operand())
    }
}

/// What a comparison of a range gives.
type Positioned<E, O, K> = Expr<
    <O as Ranged<<E as Expression>::Subject, K>>::Bool,
    (<E as Expression>::Reads, <O as Ranged<<E as Expression>::Subject, K>>::Reads),
>;

/// What two ranges make.
type Made<E, O> = Expr<
    Propagate<
        <E as Expression>::Value,
        <O as Comparable<<E as Expression>::Subject>>::Value,
        NotNull<E>,
    >,
    (<E as Expression>::Reads, <O as Comparable<<E as Expression>::Subject>>::Reads),
>;
type NotNull<E> = <<E as Expression>::Value as Value>::NotNull;

/// Operators of ranges and multiranges. `@>`, `<@` and `&&` are `contains`, `contained_in` and `overlaps` of
/// [`ContainerOperators`](super::ContainerOperators).
pub trait RangeOperators: Expression {
    /// `<<`: each value of it is less than all of the other.
    ///
    /// ```
    /// use orm::prelude::*;
    /// use orm::Range;
    /// #[derive(Table)]
    /// struct Booking {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     days: Range<i32>,
    /// }
    /// let query = Booking::query().filter(Booking::days.strictly_left_of(5..8)).select(Booking::id);
    /// assert!(query.to_sql().text.ends_with(r#"WHERE "booking"."days" << $1"#));
    /// ```
    fn strictly_left_of<O: Ranged<Self::Subject, K>, K>(self, other: O) -> Positioned<Self, O, K> {
        position(self, "<<", other)
    }

    /// `>>`: each value of it is greater than all of the other.
    fn strictly_right_of<O: Ranged<Self::Subject, K>, K>(self, other: O) -> Positioned<Self, O, K> {
        position(self, ">>", other)
    }

    /// `&<`: it does not extend to the right of the other.
    fn not_right_of<O: Ranged<Self::Subject, K>, K>(self, other: O) -> Positioned<Self, O, K> {
        position(self, "&<", other)
    }

    /// `&>`: it does not extend to the left of the other.
    fn not_left_of<O: Ranged<Self::Subject, K>, K>(self, other: O) -> Positioned<Self, O, K> {
        position(self, "&>", other)
    }

    /// `-|-`: the one ends where the other begins, and they have no value in common.
    fn adjacent_to<O: Ranged<Self::Subject, K>, K>(self, other: O) -> Positioned<Self, O, K> {
        position(self, "-|-", other)
    }

    /// `+`: the values of both. Of ranges an error of the server where there would be a gap between them.
    fn union<O: Comparable<Self::Subject>>(self, other: O) -> Made<Self, O>
    where
        Self::Subject: RangeSubject,
    {
        made(self, "+", other)
    }

    /// `*`: the values that are in both.
    fn intersection<O: Comparable<Self::Subject>>(self, other: O) -> Made<Self, O>
    where
        Self::Subject: RangeSubject,
    {
        made(self, "*", other)
    }

    /// `-`: its values that are not in the other. Of ranges an error of the server where two would be left.
    fn difference<O: Comparable<Self::Subject>>(self, other: O) -> Made<Self, O>
    where
        Self::Subject: RangeSubject,
    {
        made(self, "-", other)
    }
}

impl<E: Expression> RangeOperators for E {}

fn position<E: Expression, O: Ranged<E::Subject, K>, K>(
    one: E,
    op: &'static str,
    other: O,
) -> Positioned<E, O, K> {
    binary(one.into_node(), op, other.into_ranged())
}

fn made<E: Expression, O: Comparable<E::Subject>>(
    one: E,
    op: &'static str,
    other: O,
) -> Made<E, O> {
    binary(one.into_node(), op, typed(other.into_comparable()))
}

/// The SQL type of ranges of an expression's values.
pub(super) type RangeSqlOf<V> = <<V as Value>::NotNull as RangeElement>::Range;
/// The SQL type of multiranges of an expression's values.
pub(super) type MultirangeSqlOf<V> = <<V as Value>::NotNull as RangeElement>::Multirange;
/// The SQL type of the elements of a range.
pub(super) type ElementSql<V> = <<V as RangeValue>::Element as Value>::Sql;
