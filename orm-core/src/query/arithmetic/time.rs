//! Arithmetic of dates and times: manual, section 9.9.

use super::{
    Arithmetic, Column, ColumnSql, DividedBy, Expr, Minus, Negation, Node, Of, Opaque, Param, Plus,
    Sub, TableColumn, Term, Times, Typed, Value, binary,
};
use crate::query::opaque::Interval;
use crate::types::{Date, Float4, Float8, Int2, Int4, Int8, Time, Timestamp, Timestamptz};
use bytes::{BufMut as _, BytesMut};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use postgres_types::{IsNull, ToSql, Type, accepts, to_sql_checked};
use std::sync::Arc;

results! {
    Date, Int4: Plus Minus => NaiveDate;
    Date, Int2: Plus Minus => NaiveDate;
    Int4, Date: Plus => NaiveDate;
    Date, Date: Minus => i32;
    Date, Time: Plus => NaiveDateTime;
    Time, Date: Plus => NaiveDateTime;
    Date, Interval: Plus Minus => NaiveDateTime;
    Timestamp, Interval: Plus Minus => NaiveDateTime;
    Timestamptz, Interval: Plus Minus => DateTime<Utc>;
    Time, Interval: Plus Minus => NaiveTime;
    Interval, Date: Plus => NaiveDateTime;
    Interval, Timestamp: Plus => NaiveDateTime;
    Interval, Timestamptz: Plus => DateTime<Utc>;
    Interval, Time: Plus => NaiveTime;
}

macro_rules! intervals {
    ($($left:ty, $right:ty: $($op:ident)*;)*) => {$($(
        impl Arithmetic<$op, $right> for $left {
            type Result<Null: Value> = Opaque<Interval, Null>;
        }
    )*)*};
}

intervals! {
    Timestamp, Timestamp: Minus;
    Timestamptz, Timestamptz: Minus;
    Time, Time: Minus;
    Interval, Interval: Plus Minus;
    Interval, Float8: Times DividedBy;
    Interval, Float4: Times DividedBy;
    Interval, Int2: Times DividedBy;
    Interval, Int4: Times DividedBy;
    Interval, Int8: Times DividedBy;
    Float8, Interval: Times;
    Float4, Interval: Times;
    Int2, Interval: Times;
    Int4, Interval: Times;
    Int8, Interval: Times;
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
    Minus Sub sub: DateTime<Utc> NaiveDateTime NaiveDate NaiveTime;
}

/// A span of time as an `interval` of microseconds, without days and months.
impl<C, Sql: Arithmetic<Op, Interval>, Op> Term<C, Sql, Op> for TimeDelta {
    type Result<Left: Value> = Sql::Result<Left>;
    type Reads = ();

    fn into_term(self) -> Node {
        Node::Param(Param::new(Arc::new(Span(self)), Type::INTERVAL))
    }
}

/// A span of time, as it is sent.
#[derive(Debug)]
struct Span(TimeDelta);

impl ToSql for Span {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let microseconds = self.0.num_microseconds();
        out.put_i64(microseconds.ok_or("the span is longer than an interval of PostgreSQL")?);
        // Days and months.
        out.put_i32(0);
        out.put_i32(0);
        Ok(IsNull::No)
    }

    accepts!(INTERVAL);
    to_sql_checked!();
}
