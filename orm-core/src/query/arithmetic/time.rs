//! Arithmetic of dates and times: manual, section 9.9.

use super::{
    Arithmetic, Column, ColumnSql, Expr, Negation, Node, Of, Opaque, Param, Sub, TableColumn, Term,
    Typed, Value, binary,
};
use crate::query::opaque::Interval;
use crate::query::operand::{Operand, computed};
use crate::types::{Date, Float4, Float8, Int2, Int4, Int8, Time, Timestamp, Timestamptz};
use crate::types::{Failure, Parameter};
use bytes::{BufMut as _, BytesMut};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use postgres_types::{IsNull, Type};
use std::sync::Arc;

results! {
    Date, Int4: '+' '-' => NaiveDate;
    Date, Int2: '+' '-' => NaiveDate;
    Int4, Date: '+' => NaiveDate;
    Date, Date: '-' => i32;
    Date, Time: '+' => NaiveDateTime;
    Time, Date: '+' => NaiveDateTime;
    Date, Interval: '+' '-' => NaiveDateTime;
    Timestamp, Interval: '+' '-' => NaiveDateTime;
    Timestamptz, Interval: '+' '-' => DateTime<Utc>;
    Time, Interval: '+' '-' => NaiveTime;
    Interval, Date: '+' => NaiveDateTime;
    Interval, Timestamp: '+' => NaiveDateTime;
    Interval, Timestamptz: '+' => DateTime<Utc>;
    Interval, Time: '+' => NaiveTime;
}

macro_rules! intervals {
    ($($left:ty, $right:ty: $($op:literal)*;)*) => {$($(
        impl Arithmetic<$op, $right> for $left {
            type Result<Null: Value> = Opaque<Interval, Null>;
        }
    )*)*};
}

intervals! {
    Timestamp, Timestamp: '-';
    Timestamptz, Timestamptz: '-';
    Time, Time: '-';
    Interval, Interval: '+' '-';
    Interval, Float8: '*' '/';
    Interval, Float4: '*' '/';
    Interval, Int2: '*' '/';
    Interval, Int4: '*' '/';
    Interval, Int8: '*' '/';
    Float8, Interval: '*';
    Float4, Interval: '*';
    Int2, Interval: '*';
    Int4, Interval: '*';
    Int8, Interval: '*';
}

impl Negation for Interval {
    type Result<Null: Value> = Opaque<Self, Null>;
}

values! {
    Timestamptz, DateTime<Utc>;
    Timestamp, NaiveDateTime;
    Date, NaiveDate;
    Date, NaiveTime;
    Date, i32;
    Time, NaiveTime;
    Time, NaiveDate;
    Interval, DateTime<Utc>;
    Interval, NaiveDateTime;
    Interval, NaiveDate;
    Interval, NaiveTime;
    Interval, f64;
    Interval, i32;
}

value_first! {
    '-' "-" Sub sub: DateTime<Utc> NaiveDateTime NaiveDate NaiveTime;
}

/// A span of time as an `interval` of microseconds, without days and months.
#[diagnostic::do_not_recommend]
impl<C, Sql: Arithmetic<OP, Interval>, const OP: char> Term<C, Sql, OP> for TimeDelta {
    type Result<Left: Value> = Sql::Result<Left>;
    type Reads = ();

    fn into_term(self) -> Node {
        <Self as Operand<Interval>>::into_operand(self)
    }
}

/// A span of time, as it is sent.
#[derive(Debug)]
struct Span(TimeDelta);

impl Parameter for Span {
    fn write_as(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let microseconds = self.0.num_microseconds();
        out.put_i64(microseconds.ok_or("the span is longer than an interval of PostgreSQL")?);
        // Days and months.
        out.put_i32(0);
        out.put_i32(0);
        Ok(IsNull::No)
    }
}

macro_rules! comparisons {
    ($($method:ident $symbol:literal;)*) => {
        /// Comparisons of intervals: a month is 30 days, a day 24 hours (manual, section 8.5.4).
        impl<N: Value, R> Expr<Opaque<Interval, N>, R> {$(
            #[doc = concat!("`", $symbol, "`.")]
            pub fn $method<O: Operand<Interval>>(
                self,
                other: O,
            ) -> Expr<N::Propagate<<O::Value as Value>::Propagate<bool>>, (R, O::Reads)> {
                crate::query::expression::binary(self.into_erased(), $symbol, other.into_operand())
            }
        )*}
    };
}

comparisons! {
    eq "=";
    ne "<>";
    lt "<";
    le "<=";
    gt ">";
    ge ">=";
}

impl<M> Operand<Interval, M> for TimeDelta {
    type Value = bool;
    type Reads = ();

    fn into_operand(self) -> Node {
        Node::Param(Param::new(Arc::new(Span(self)), Type::INTERVAL))
    }
}
