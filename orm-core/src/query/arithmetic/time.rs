//! Arithmetic of dates and times: manual, section 9.9. The result is of the crate of the operand.

use super::{
    Add, Arithmetic, Column, ColumnSql, Expr, Negation, Node, Of, Opaque, Param, Sub, TableColumn,
    Term, Typed, Value, binary, computed,
};
use crate::types::{Date, Float4, Float8, Int2, Int4, Int8, OrInfinity, Time, Timestamp};
use crate::types::{Dated, Interval, TimeTz, Timestamptz};

results! {
    Date, Date: '-' => i32;
    Timestamp, Timestamp: '-' => Interval;
    Timestamptz, Timestamptz: '-' => Interval;
    Time, Time: '-' => Interval;
    Interval, Interval: '+' '-' => Interval;
    Interval, Float8: '*' '/' => Interval;
    Interval, Float4: '*' '/' => Interval;
    Interval, Int2: '*' '/' => Interval;
    Interval, Int4: '*' '/' => Interval;
    Interval, Int8: '*' '/' => Interval;
    Float8, Interval: '*' => Interval;
    Float4, Interval: '*' => Interval;
    Int2, Interval: '*' => Interval;
    Int4, Interval: '*' => Interval;
    Int8, Interval: '*' => Interval;
}

negations! { Interval, Interval; }

/// Operators whose result has the type of the left or of the right operand.
macro_rules! same {
    ($($side:ident: $left:ty, $right:ty: $($op:literal)*;)*) => {$($(
        impl<L: Typed, R: Typed> Arithmetic<$op, $right, L, R> for $left {
            type Result<Null: Value> = <$side as Typed>::Of<Null>;
        }
    )*)*};
}

same! {
    L: Date, Int4: '+' '-';
    L: Date, Int2: '+' '-';
    R: Int4, Date: '+';
    R: Int2, Date: '+';
    L: Timestamp, Interval: '+' '-';
    L: Timestamptz, Interval: '+' '-';
    L: Time, Interval: '+' '-';
    L: TimeTz, Interval: '+' '-';
    R: Interval, Timestamp: '+';
    R: Interval, Timestamptz: '+';
    R: Interval, Time: '+';
    R: Interval, TimeTz: '+';
}

/// A date: with a time of the day, or an interval, it gives a timestamp.
#[diagnostic::on_unimplemented(
    message = "of the date `{Self}` no timestamp is known",
    label = "not a date of `chrono`, `jiff` or `time`",
    note = "cast it: `.cast::<chrono::NaiveDate>()`"
)]
pub trait Day {
    /// The timestamp, of the same crate.
    type Timestamp: Typed;
}

impl<D: Value + Day> Day for Option<D> {
    type Timestamp = D::Timestamp;
}

impl<N: Value> Day for Opaque<Date, N> {
    type Timestamp = Opaque<Timestamp, N>;
}

impl<D: Dated + Day> Day for OrInfinity<D>
where
    D::Timestamp: Dated,
{
    type Timestamp = OrInfinity<D::Timestamp>;
}

macro_rules! timestamps {
    ($($side:ident: $left:ty, $right:ty: $($op:literal)*;)*) => {$($(
        impl<L: Typed, R: Typed> Arithmetic<$op, $right, L, R> for $left
        where
            $side: Day,
        {
            type Result<Null: Value> = <<$side as Day>::Timestamp as Typed>::Of<Null>;
        }
    )*)*};
}

timestamps! {
    L: Date, Time: '+';
    R: Time, Date: '+';
    L: Date, Interval: '+' '-';
    R: Interval, Date: '+';
}

values! {
    Date, i32;
    Interval, f64;
    Interval, i32;
    Timestamptz, std::time::SystemTime;
    Interval, std::time::SystemTime;
    TimeTz, TimeTz;
    Interval, TimeTz;
    Time, crate::types::TimeOfDay;
    Date, crate::types::TimeOfDay;
    Interval, crate::types::TimeOfDay;
}

/// The types of a crate as operands.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! moments {
    ($timestamptz:ty, $timestamp:ty, $date:ty, $time:ty) => {
        values! {
            Timestamptz, $timestamptz;
            Timestamp, $timestamp;
            Date, $date;
            Date, $time;
            Time, $time;
            Time, $date;
            Interval, $timestamptz;
            Interval, $timestamp;
            Interval, $date;
            Interval, $time;
        }

        value_first! {
            '-' "-" Sub sub: $timestamptz $timestamp $date $time;
        }

        impl Day for $date {
            type Timestamp = $timestamp;
        }
    };
}

#[cfg(feature = "chrono")]
moments! { chrono::DateTime<chrono::Utc>, chrono::NaiveDateTime, chrono::NaiveDate, chrono::NaiveTime }
#[cfg(feature = "chrono")]
values! {
    Timestamptz, chrono::DateTime<chrono::FixedOffset>;
    Timestamptz, chrono::DateTime<chrono::Local>;
}
#[cfg(feature = "jiff")]
moments! { jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Date, jiff::civil::Time }
#[cfg(feature = "time")]
moments! { time::OffsetDateTime, time::PrimitiveDateTime, time::Date, time::Time }

value_first! {
    '+' "+" Add add: Interval;
    '-' "-" Sub sub: Interval;
}

/// Spans of time, which are sent as intervals.
macro_rules! spans {
    ($($span:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C, Sql: Arithmetic<OP, Interval, L, Interval>, L, const OP: char> Term<C, Sql, L, OP>
            for $span
        {
            type Result<Left: Value> = Sql::Result<Left>;
            type Reads = ();

            fn into_term(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

spans! { Interval, std::time::Duration }
#[cfg(feature = "chrono")]
spans! { chrono::TimeDelta }
#[cfg(feature = "jiff")]
spans! { jiff::Span, jiff::SignedDuration }
#[cfg(feature = "time")]
spans! { time::Duration }
