//! Ranges as values: those of this library, and Rust's own.

use super::node::{Node, Param};
use super::operand::{IntoValue, Operand};
use super::value::IntoExpression;
use crate::types::{Int4Range, Int8Range, Multirange, NumRange, Range, RangeElement};
use std::ops;

/// A parameter of a type that the program knows only by name says its type: next to an operator the server might take another.
pub(super) fn typed(node: Node) -> Node {
    match node {
        Node::Param(param) if param.ty.oid() == 0 => Node::Typed(param),
        node => node,
    }
}

macro_rules! operands {
    ($($range:ident;)*) => {$(
        impl<T: RangeElement, M> Operand<T::$range, M> for $range<T> {
            type Value = Self;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

operands! {
    Range;
    Multirange;
}

/// Rust's ranges as values. Each type by itself, so that `1..5` next to an `int8range` is one of `i64`.
macro_rules! rust_ranges {
    ($($element:ty => $sql:ty;)*) => {$(
        rust_ranges!(@each $element, $sql, ops::Range<$element>);
        rust_ranges!(@each $element, $sql, ops::RangeInclusive<$element>);
        rust_ranges!(@each $element, $sql, ops::RangeFrom<$element>);
        rust_ranges!(@each $element, $sql, ops::RangeTo<$element>);
        rust_ranges!(@each $element, $sql, ops::RangeToInclusive<$element>);
    )*};
    (@each $element:ty, $sql:ty, $range:ty) => {
        impl<M> Operand<$sql, M> for $range {
            type Value = Range<$element>;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(Range::from(self)))
            }
        }
    };
}

rust_ranges! {
    i32 => Int4Range;
    i64 => Int8Range;
    crate::types::Numeric => NumRange;
}

#[cfg(feature = "rust_decimal")]
rust_ranges! { rust_decimal::Decimal => NumRange; }
#[cfg(feature = "bigdecimal")]
rust_ranges! { bigdecimal::BigDecimal => NumRange; }
#[cfg(feature = "chrono")]
rust_ranges! {
    chrono::NaiveDate => crate::types::DateRange;
    chrono::NaiveDateTime => crate::types::TsRange;
    chrono::DateTime<chrono::Utc> => crate::types::TstzRange;
}

macro_rules! into_value {
    ($($range:ty;)*) => {$(
        impl<T: RangeElement> IntoValue<Range<T>> for $range {
            type Reads = ();

            fn into_value(self) -> Node {
                Node::Param(Param::of(Range::from(self)))
            }
        }
        impl<T: RangeElement> IntoExpression for $range {
            type Value = Range<T>;
            type Reads = ();

            fn into_expression(self) -> Node {
                Node::Param(Param::of(Range::from(self)))
            }
        }
        impl<T: RangeElement> IntoValue<Option<Range<T>>> for $range {
            type Reads = ();

            fn into_value(self) -> Node {
                Node::Param(Param::of(Some(Range::from(self))))
            }
        }
    )*};
}

into_value! {
    ops::Range<T>;
    ops::RangeInclusive<T>;
    ops::RangeFrom<T>;
    ops::RangeTo<T>;
    ops::RangeToInclusive<T>;
}
